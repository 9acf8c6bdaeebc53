"""How a user rates a delivery: an ordered logit of lateness, cold and care."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log


@dataclass(frozen=True, slots=True)
class Rating:
    """What users weigh when they give stars.

    Parameters
    ----------
    cuts
        Logits of at least 2, 3, 4 and 5 stars when nothing went wrong; falling.
    late, late_per_min
        Logit units that being late takes off, and each minute of it.
    warm_min, cold_per_min
        Minutes between pickup and door that leave a meal warm, and what each further minute takes off.
    handled, missed
        Logit units that care adds where it was taken, and takes off where it was asked for in vain.
    trust
        Logit units that full trust before the order adds, and full distrust takes off.
    """

    cuts: tuple[float, ...]
    late: float
    late_per_min: float
    warm_min: float
    cold_per_min: float
    handled: float
    missed: float
    trust: float

    def stars(self, u: float, late_min: float, ride_min: float, care: bool, handled: bool, trust: float) -> int:
        """Stars from 1 to 5: never fewer for a larger `u` or more trust, and never more for a worse delivery.

        Parameters
        ----------
        u
            The user's uniform.
        late_min
            Minutes past the promise, negative when early.
        ride_min
            Minutes between pickup and door.
        care, handled
            Whether care was asked for, and whether it was taken.
        trust
            The user's trust before the order, from -1 to 1; 0 where nobody responds.
        """
        logit = self.trust * trust - self.cold_per_min * max(ride_min - self.warm_min, 0.0)
        if late_min > 0:
            logit -= self.late + self.late_per_min * late_min
        if care:
            logit += self.handled if handled else -self.missed
        return 1 + sum(u >= _logistic(-cut - logit) for cut in self.cuts)


def cuts(shares: tuple[float, ...]) -> tuple[float, ...]:
    """Logits of at least 2, 3, ... stars where ``shares`` are the shares of 1, 2, 3, ... stars."""
    return tuple(_logit(sum(shares[k:]), sum(shares[:k])) for k in range(1, len(shares)))


def _logit(yes: float, no: float) -> float:
    if yes <= 0:
        return -inf
    return log(yes / no) if no > 0 else inf


def _logistic(x: float) -> float:
    """The logistic function, safe for any x."""
    return 1 / (1 + exp(-x)) if x > -700 else 0.0

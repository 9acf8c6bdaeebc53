"""Screening policies: which wishes are refused as suspicious."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, sqrt
from statistics import NormalDist
from typing import Any, NamedTuple, Protocol

from sim.policies.bounds import MOST, inside


class Suspect(NamedTuple):
    """What the platform sees of a wish before it takes it.

    Parameters
    ----------
    now
        Time in seconds.
    user
        Who wishes.
    basket
        Price of the basket in fen.
    score
        Suspicion score: standard normal for honest users, higher on the whole for fraudulent ones.
    """

    now: float
    user: int
    basket: int
    score: float


class ScreeningPolicy(Protocol):
    """Decides on one wish."""

    def __call__(self, suspect: Suspect) -> bool:
        """Whether the wish is refused.

        Parameters
        ----------
        suspect
            What the platform sees.
        """
        ...


def trusting(suspect: Suspect) -> bool:
    """Refuse nobody."""
    return False


@dataclass(frozen=True, slots=True)
class Threshold:
    """Refuse every wish above a score.

    Parameters
    ----------
    score
        The score, in standard deviations of honest users; 2.33 is a false alarm for one honest wish in a hundred.
    """

    score: float = 2.33

    def __post_init__(self) -> None:
        inside("score", -MOST, MOST, self.score)

    def __call__(self, suspect: Suspect) -> bool:
        """Whether the score is above the threshold."""
        return suspect.score > self.score


@dataclass(frozen=True, slots=True)
class ExpectedLoss:
    """Refuse a wish when the loss that it threatens is larger than what it would bring (Bayes' rule).

    Parameters
    ----------
    share
        Share of wishes that the platform takes to be fraudulent, 0 to 1.
    auc
        How well it takes the score to tell them apart, above 0.5 and below 1.
    commission
        What an honest order brings, as a share of the basket.
    cost_yuan
        What a ride in vain costs.
    """

    share: float = 0.005
    auc: float = 0.9
    commission: float = 0.18
    cost_yuan: float = 6.0

    def __post_init__(self) -> None:
        inside("share", 0, 0.999, self.share)
        inside("auc", 0.501, 0.999, self.auc)
        inside("commission", 0, 1, self.commission)
        inside("cost_yuan", 0, 10000, self.cost_yuan)

    def __call__(self, suspect: Suspect) -> bool:
        """Whether the expected loss is above the expected gain."""
        shift = sqrt(2) * NormalDist().inv_cdf(self.auc)
        odds = self.share / (1 - self.share) * exp(shift * (suspect.score - shift / 2))
        return odds * (suspect.basket * (1 - self.commission) + self.cost_yuan * 100) > suspect.basket * self.commission


SCREENING: dict[str, Callable[..., Any]] = {
    "none": trusting,
    "threshold": Threshold,
    "expected_loss": ExpectedLoss,
}
"""Shipped screening policies by name."""

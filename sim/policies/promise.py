"""Promise policies: how long a user is told that his order will take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple, Protocol

from sim.policies.bounds import MOST, inside, whole
from sim.units import MINUTE


class Quote(NamedTuple):
    """What the platform knows of an order when it makes its promise.

    Parameters
    ----------
    now
        Time in seconds.
    usual_s
        The scenario's own promise in seconds.
    eta_s
        The platform's estimate of the time to the door in seconds.
    metres
        Way from the merchant to the door.
    errors
        By how many seconds the last estimates were too short (negative: too long), the newest last.
    """

    now: float
    usual_s: float
    eta_s: float
    metres: float
    errors: Sequence[float]


class PromisePolicy(Protocol):
    """Decides on one order."""

    def __call__(self, quote: Quote) -> float:
        """Promised time from placement to door in seconds, above 0.

        Parameters
        ----------
        quote
            What the platform knows.
        """
        ...


def fixed(quote: Quote) -> float:
    """Promise everybody the same: the scenario's `platform.promise_min`."""
    return quote.usual_s


@dataclass(frozen=True, slots=True)
class Distance:
    """Promise more time where the way is longer.

    Parameters
    ----------
    base_min
        Promise for a way of no length, in minutes.
    per_km_min
        Added for each kilometre from merchant to door, in minutes.
    """

    base_min: float = 30.0
    per_km_min: float = 5.0

    def __post_init__(self) -> None:
        inside("base_min", 0.01, MOST, self.base_min)
        inside("per_km_min", 0, MOST, self.per_km_min)

    def __call__(self, quote: Quote) -> float:
        """Base and distance."""
        return (self.base_min + self.per_km_min * quote.metres / 1000) * MINUTE


@dataclass(frozen=True, slots=True)
class LoadAware:
    """Promise the estimate and a margin that would have sufficed for most of the last estimates.

    Parameters
    ----------
    quantile
        Share of the last estimates for which the margin would have sufficed, 0 to 1.
    shortest_min, longest_min
        No promise is shorter or longer, in minutes.
    least
        Before as many estimates have been checked against the truth, the usual promise is made.
    """

    quantile: float = 0.9
    shortest_min: float = 15.0
    longest_min: float = 120.0
    least: int = 20

    def __post_init__(self) -> None:
        inside("quantile", 0, 1, self.quantile)
        inside("shortest_min", 0.01, MOST, self.shortest_min)
        inside("longest_min", self.shortest_min, MOST, self.longest_min)
        whole("least", 1, MOST, self.least)

    def __call__(self, quote: Quote) -> float:
        """Estimate and margin, in whole minutes."""
        if len(quote.errors) < self.least:
            return quote.usual_s
        ranked = sorted(quote.errors)
        margin = ranked[min(int(self.quantile * len(ranked)), len(ranked) - 1)]
        minutes = ceil((quote.eta_s + margin) / MINUTE)
        return min(max(minutes, self.shortest_min), self.longest_min) * MINUTE


PROMISE: dict[str, Callable[..., Any]] = {
    "fixed": fixed,
    "distance": Distance,
    "load_aware": LoadAware,
}
"""Shipped promise policies by name."""

"""Pay rules: what a rider gets for an order, beside the scenario's pay per order and kilometre."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sim.entities import Job, Weather
from sim.units import DAY, MINUTE, seconds


class PayRule(Protocol):
    """One rule of pay."""

    def __call__(self, job: Job) -> float:
        """What it adds to the pay of an order in fen; below 0 it is taken off.

        Parameters
        ----------
        job
            The order, as it is offered or has been delivered.
        """
        ...


@dataclass(frozen=True, slots=True)
class Flat:
    """The same for every order: yuan, from a day of the run on."""

    yuan: float = 1.0
    from_day: int = 0

    def __call__(self, job: Job) -> float:
        """The amount, once the day has come."""
        return self.yuan * 100 if job.now >= self.from_day * DAY else 0.0


@dataclass(frozen=True, slots=True)
class Peak:
    """More in some hours.

    Parameters
    ----------
    hours
        Spans such as ``11:00-13:00``.
    yuan
        Added to each order.
    """

    hours: tuple[str, ...] = ("11:00-13:00", "17:30-19:30")
    yuan: float = 1.5

    def __call__(self, job: Job) -> float:
        """The surcharge in its hours."""
        now = job.now % DAY
        spans = (span.split("-") for span in self.hours)
        return self.yuan * 100 if any(seconds(begin) <= now < seconds(end) for begin, end in spans) else 0.0


@dataclass(frozen=True, slots=True)
class InWeather:
    """More in rain, heat and cold: yuan added to each order."""

    yuan: float = 1.0

    def __call__(self, job: Job) -> float:
        """The surcharge in harsh weather."""
        return self.yuan * 100 if job.weather != Weather.DRY else 0.0


@dataclass(frozen=True, slots=True)
class AtNight:
    """More at night: yuan added to each order between two clock times."""

    begin: str = "22:00"
    end: str = "06:00"
    yuan: float = 1.5

    def __call__(self, job: Job) -> float:
        """The surcharge at night."""
        now, begin, end = job.now % DAY, seconds(self.begin), seconds(self.end)
        inside = begin <= now < end if begin <= end else now >= begin or now < end
        return self.yuan * 100 if inside else 0.0


@dataclass(frozen=True, slots=True)
class OfKind:
    """More for some kinds of order: yuan by index of the kind in the scenario's table."""

    yuan: Mapping[int, float] = field(default_factory=dict)

    def __call__(self, job: Job) -> float:
        """The surcharge of the kind."""
        return self.yuan.get(job.kind, 0.0) * 100


@dataclass(frozen=True, slots=True)
class Streak:
    """More from the n-th order of a shift on: yuan by number of orders delivered before."""

    yuan: Mapping[int, float] = field(default_factory=lambda: {10: 0.5, 20: 1.0})

    def __call__(self, job: Job) -> float:
        """The highest step that the shift has reached."""
        return 100 * max((yuan for least, yuan in self.yuan.items() if job.delivered >= least), default=0.0)


@dataclass(frozen=True, slots=True)
class Star:
    """More for star riders: yuan for each level."""

    yuan_per_level: float = 0.3

    def __call__(self, job: Job) -> float:
        """The surcharge of the level."""
        return self.yuan_per_level * 100 * job.level


@dataclass(frozen=True, slots=True)
class Late:
    """A deduction for lateness.

    Parameters
    ----------
    after_min
        Minutes after the promise from which on it is taken.
    yuan
        Taken off, no more than the rest of the order's pay.
    """

    after_min: float = 8.0
    yuan: float = 3.0

    def __call__(self, job: Job) -> float:
        """The deduction, below 0."""
        return -self.yuan * 100 if job.late_s > self.after_min * MINUTE else 0.0


PAY: dict[str, Callable[..., Any]] = {
    "flat": Flat,
    "peak": Peak,
    "weather": InWeather,
    "night": AtNight,
    "kind": OfKind,
    "streak": Streak,
    "star": Star,
    "late": Late,
}
"""Shipped pay rules by name."""

"""Pay rules: what a rider gets for an order, beside the scenario's pay per order and kilometre."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from sim.entities import Job, Weather
from sim.policies.bounds import MOST, inside, whole
from sim.policies.crew.hours import span, within
from sim.spelling import did_you_mean
from sim.units import DAY, MINUTE

MUCH = 10_000.0
"""No rule pays more yuan for an order."""


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

    def __post_init__(self) -> None:
        inside("yuan", -MUCH, MUCH, self.yuan)
        whole("from_day", 0, MOST, self.from_day)

    def __call__(self, job: Job) -> float:
        """The amount, once the day has come."""
        return self.yuan * 100 if job.now >= self.from_day * DAY else 0.0


@dataclass(frozen=True, slots=True)
class Peak:
    """More in some hours.

    Parameters
    ----------
    hours
        Spans such as ``11:00-13:00``, or ``22:00-02:00`` over midnight.
    yuan
        Added to each order.
    """

    hours: tuple[str, ...] = ("11:00-13:00", "17:30-19:30")
    yuan: float = 1.5

    def __post_init__(self) -> None:
        inside("yuan", 0, MUCH, self.yuan)
        for hours in self.hours:
            span(hours)

    def __call__(self, job: Job) -> float:
        """The surcharge in its hours."""
        return self.yuan * 100 if any(within(hours, job.now) for hours in self.hours) else 0.0


@dataclass(frozen=True, slots=True)
class InWeather:
    """More in rain, heat and cold: yuan added to each order."""

    yuan: float = 1.0

    def __post_init__(self) -> None:
        inside("yuan", 0, MUCH, self.yuan)

    def __call__(self, job: Job) -> float:
        """The surcharge in harsh weather."""
        return self.yuan * 100 if job.weather != Weather.DRY else 0.0


@dataclass(frozen=True, slots=True)
class AtNight:
    """More at night: yuan added to each order between two clock times."""

    begin: str = "22:00"
    end: str = "06:00"
    yuan: float = 1.5

    def __post_init__(self) -> None:
        inside("yuan", 0, MUCH, self.yuan)
        span(f"{self.begin}-{self.end}")

    def __call__(self, job: Job) -> float:
        """The surcharge at night."""
        return self.yuan * 100 if within(f"{self.begin}-{self.end}", job.now) else 0.0


@dataclass(frozen=True, slots=True)
class OfKind:
    """More for some kinds of order.

    Parameters
    ----------
    yuan
        Added to each order, by name of the kind.
    kinds
        Names of all kinds in the scenario's order; filled in when a scenario's rules are loaded.
    """

    yuan: Mapping[str, float] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for kind, yuan in self.yuan.items():
            inside(f"yuan.{kind}", 0, MUCH, yuan)

    def among(self, kinds: tuple[str, ...]) -> OfKind:
        """The rule in a scenario with such kinds.

        Raises
        ------
        ValueError
            When there is no such kind.
        """
        for name in self.yuan:
            if name not in kinds:
                hint = did_you_mean(name, kinds) or f"; there are: {', '.join(kinds) or 'none'}"
                raise ValueError(f"yuan: unknown kind {name!r}{hint}")
        return replace(self, kinds=kinds)

    def __call__(self, job: Job) -> float:
        """The surcharge of the kind."""
        return self.yuan.get(self.kinds[job.kind], 0.0) * 100 if self.kinds else 0.0


@dataclass(frozen=True, slots=True)
class Streak:
    """More from the n-th order of a shift on: yuan by number of orders delivered before, such as ``"10": 0.5``."""

    yuan: Mapping[str, float] = field(default_factory=lambda: {"10": 0.5, "20": 1.0})

    def __post_init__(self) -> None:
        for least, yuan in self.yuan.items():
            if not str(least).isdecimal():
                raise ValueError(f"yuan: expected numbers of orders such as '10', got {least!r}")
            inside(f"yuan.{least}", 0, MUCH, yuan)

    def __call__(self, job: Job) -> float:
        """The highest step that the shift has reached."""
        return 100 * max((yuan for least, yuan in self.yuan.items() if job.delivered >= int(least)), default=0.0)


@dataclass(frozen=True, slots=True)
class Star:
    """More for star riders: yuan for each level."""

    yuan_per_level: float = 0.3

    def __post_init__(self) -> None:
        inside("yuan_per_level", 0, MUCH, self.yuan_per_level)

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

    def __post_init__(self) -> None:
        inside("after_min", 0, MOST, self.after_min)
        inside("yuan", 0, MUCH, self.yuan)

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

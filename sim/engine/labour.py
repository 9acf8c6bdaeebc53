"""Riders at work: what the scenario fixes of breaks, fatigue, skills and reports, and what a run remembers of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from sim.entities import Ints
from sim.scenario.shifts import Fatigue, RoadReports, Skills
from sim.units import HOUR, MINUTE


class Tiring(NamedTuple):
    """Work without an effect in seconds, and how much longer things take with each further second."""

    after_s: float
    per_s: float

    @classmethod
    def of(cls, spec: Fatigue | None) -> Tiring | None:
        """How the riders of a scenario tire; None when they do not."""
        return None if spec is None else cls(spec.after_h * HOUR, spec.per_hour / HOUR)


class SkillTerms(NamedTuple):
    """What each rider offers (:class:`~sim.entities.Need` flags), and the price of what he does not, in s and m."""

    offered: Ints
    long_way_m: float
    stairs_s: float
    battery_m: float
    swap_s: float

    @classmethod
    def of(cls, spec: Skills | None, offered: Ints | None) -> SkillTerms | None:
        """Terms of a scenario in its city; None where every rider can do everything."""
        if spec is None or offered is None:
            return None
        stairs_s, swap_s = spec.stairs_extra_min * MINUTE, spec.swap_min * MINUTE
        return cls(offered, spec.long_way_km * 1000, stairs_s, spec.battery_km * 1000, swap_s)


class Hearing(NamedTuple):
    """How the platform heeds reports: age at which one counts half, weight of its own expectation, in seconds."""

    half_life_s: float
    prior_s: float

    @classmethod
    def of(cls, spec: RoadReports | None) -> Hearing | None:
        """How the platform of a scenario heeds reports; None when it does not."""
        return None if spec is None else cls(spec.half_life_min * MINUTE, spec.prior_min * MINUTE)


@dataclass(slots=True)
class Rests:
    """Breaks of a rider's shift: work before each, their length, and when the next is due, in seconds."""

    after_s: float
    length_s: float
    due_at: float


@dataclass(slots=True)
class Roads:
    """What riders have reported.

    Parameters
    ----------
    observed_s, expected_s
        Travel time of the finished legs, as it was and as it was expected; what is old has faded.
    heard_at
        When the last report came, in seconds.
    legs
        Legs under way, by rider: how long they take and were expected to take, in seconds.
    """

    observed_s: float = 0.0
    expected_s: float = 0.0
    heard_at: float = 0.0
    legs: dict[int, tuple[float, float]] = field(default_factory=dict)

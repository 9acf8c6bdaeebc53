"""Rules for riders, asked every night: stars, praise, training, prizes, insurance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.random import Generator

from sim.entities import CrewGrants, CrewNight


class CrewRule(Protocol):
    """One rule for riders: a typed callable, asked every night."""

    def __call__(self, night: CrewNight, rng: Generator) -> CrewGrants:
        """What the rule does after a day.

        Parameters
        ----------
        night
            What the platform knows; read-only.
        rng
            The rule's own randomness.
        """
        ...


@dataclass(frozen=True, slots=True)
class Stars:
    """Star riders (明星跑腿员): levels by punctuality, ratings and orders of the last 28 days.

    Parameters
    ----------
    orders
        Least orders in 28 days for each level, ascending.
    on_time
        Least share of orders in time for each level, 0 to 1.
    stars
        Least mean rating for each level; riders without ratings pass.
    """

    orders: tuple[int, ...] = (60, 120, 200)
    on_time: tuple[float, ...] = (0.85, 0.9, 0.95)
    stars: tuple[float, ...] = (4.0, 4.3, 4.6)

    def __call__(self, night: CrewNight, rng: Generator) -> CrewGrants:
        """The highest level whose three conditions are met; who steps up is praised."""
        crew = night.crew
        delivered, late = crew.within(28, crew.delivered), crew.within(28, crew.late)
        in_time = 1 - late / np.maximum(delivered, 1)
        rated = crew.within(28, crew.rated)
        mean = np.where(rated > 0, crew.within(28, crew.stars) / np.maximum(rated, 1), 5.0)
        level = np.zeros(len(crew), np.int64)
        for step, least in enumerate(zip(self.orders, self.on_time, self.stars, strict=True), 1):
            level[(delivered >= least[0]) & (in_time >= least[1]) & (mean >= least[2])] = step
        return CrewGrants(level=level, honoured=level > crew.level)


CREW: dict[str, Callable[..., Any]] = {"stars": Stars}
"""Shipped rules for riders by name."""

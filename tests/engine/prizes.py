"""Bonuses of a stranger: the same money by day and by week."""

import numpy as np
from numpy.random import Generator

from sim.entities import CrewGrants, CrewNight

FEN_PER_HOUR = 200


def daily(night: CrewNight, rng: Generator) -> CrewGrants:
    """Two yuan for each hour of the day."""
    return _for(night, 1)


def weekly(night: CrewNight, rng: Generator) -> CrewGrants:
    """Two yuan for each hour of the week, when it is over."""
    return _for(night, 7) if (night.day + 1) % 7 == 0 else CrewGrants()


def _for(night: CrewNight, days: int) -> CrewGrants:
    hours = night.crew.within(days, night.crew.worked_s) / 3600
    return CrewGrants(bonus=np.rint(FEN_PER_HOUR * hours).astype(np.int64), bonus_days=days)

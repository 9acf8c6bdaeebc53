"""Demand made by hand: two peaks a day, more on free days, some zones busier than others."""

import numpy as np

from sim.entities import Floats
from sim.forecast.calendar import Calendar

STEPS = 96


def calendar(days: int, steps: int = STEPS) -> Calendar:
    """Days from a Monday on."""
    weekday = np.arange(days) % 7
    return Calendar(steps, weekday, weekday >= 5)


def rates(days: int, zones: int = 4, orders: float = 400.0) -> Floats:
    """Poisson means by step and zone of days from a Monday on; about so many orders a working day."""
    hour = np.arange(STEPS) / 4
    shape = np.exp(-((hour - 12) ** 2) / 2) + 0.8 * np.exp(-((hour - 18.5) ** 2) / 4) + 0.01
    share = 1 / np.arange(1, zones + 1)
    day = orders * np.outer(shape / shape.sum(), share / share.sum())
    return np.concatenate([day * (1.3 if d % 7 >= 5 else 1.0) for d in range(days)])


def drawn(means: Floats, seed: int = 1) -> Floats:
    """Poisson counts."""
    return np.random.default_rng(seed).poisson(means).astype(np.float64)

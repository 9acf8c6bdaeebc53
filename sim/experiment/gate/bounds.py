"""Group-sequential levels: what a test may spend at each look so that all looks together err at most alpha.

The error is spent in proportion to the square of the share of the budget that is used (Kim and DeMets 1987:
``alpha t**2``), and the level of each look follows by numerical integration of the Brownian motion that has
not crossed before (Armitage, McPherson and Rowe 1969; Lan and DeMets 1983). A t test is made at these levels
with its own degrees of freedom (Jennison and Turnbull 2000, significance level approach).
"""

from __future__ import annotations

from functools import cache
from math import pi, sqrt

import numpy as np

from sim.entities import Floats

GRID = 401


@cache
def nominal_levels(alpha: float, fractions: tuple[float, ...]) -> tuple[float, ...]:
    """One-sided level of the test at each look.

    Parameters
    ----------
    alpha
        Chance of a crossing at any look when the null hypothesis holds.
    fractions
        Share of the budget that is used at each look, rising to 1.
    """
    from scipy.special import ndtr

    levels: list[float] = []
    x, mass, past = np.zeros(1), np.ones(1), 0.0
    for now in fractions:
        step, top = sqrt(now - past), sqrt(now)
        bound = _crossed_by(alpha * (now**2 - past**2), x, mass, step, top)
        levels.append(float(ndtr(-bound / top)))
        x, mass, past = *_left_below(bound, x, mass, step, top), now
    return tuple(levels)


def _crossed_by(share: float, x: Floats, mass: Floats, step: float, top: float) -> float:
    """The bound that so much of the mass lies above after a step of that standard deviation."""
    from scipy.optimize import brentq
    from scipy.special import ndtr

    return float(brentq(lambda bound: float(mass @ ndtr((x - bound) / step)) - share, -8 * top, 12 * top, xtol=1e-10))


def _left_below(bound: float, x: Floats, mass: Floats, step: float, top: float) -> tuple[Floats, Floats]:
    """Where the mass lies after the step, on a grid below the bound (trapezoidal rule)."""
    grid = np.linspace(-8 * top, bound, GRID)
    density = mass @ np.exp(-(((grid - x[:, None]) / step) ** 2) / 2) / (step * sqrt(2 * pi))
    weights = np.full(GRID, grid[1] - grid[0])
    weights[[0, -1]] /= 2
    return grid, density * weights

"""Group-sequential levels: what a test may spend at each look so that all looks together err at most alpha.

The error is spent in proportion to the square of the share of the budget that is used (Kim and DeMets 1987:
``alpha t**2``), and the level of each look follows by numerical integration of the Brownian motion that has
not crossed before (Armitage, McPherson and Rowe 1969; Lan and DeMets 1983). A t test is made at these levels
with its own degrees of freedom (Jennison and Turnbull 2000, significance level approach).
"""

from __future__ import annotations

from functools import cache
from math import sqrt

import numpy as np

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
    from scipy.optimize import brentq
    from scipy.special import ndtr

    levels: list[float] = []
    x, mass, past = np.zeros(1), np.ones(1), 0.0
    for now in fractions:
        step, spend = sqrt(now - past), alpha * (now**2 - past**2)
        top = sqrt(now)

        def excess(bound: float, x: np.ndarray = x, mass: np.ndarray = mass, d: float = step, s: float = spend) -> float:
            return float(mass @ ndtr((x - bound) / d)) - s

        bound = float(brentq(excess, -8 * top, 12 * top, xtol=1e-10))
        levels.append(float(ndtr(-bound / top)))
        grid = np.linspace(-8 * top, bound, GRID)
        density = mass @ np.exp(-(((grid - x[:, None]) / step) ** 2) / 2) / (step * sqrt(2 * np.pi))
        weights = np.full(GRID, grid[1] - grid[0])
        weights[[0, -1]] /= 2
        x, mass, past = grid, density * weights, now
    return tuple(levels)

"""The usual day: discounted means of past days by step and zone, pooled over zones where counts are few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.entities import Bools, Floats

TINY = 1e-6
"""Least expected count of a cell."""


@dataclass(frozen=True, slots=True)
class Usual:
    """How past days make the usual one.

    Parameters
    ----------
    discount
        Weight of a day against the next day of its kind, in (0, 1]: simple exponential smoothing with
        constant ``1 - discount``, exact from the first day on.
    pooled_days
        Weight, in days, of what the zone would have if all zones had the city's day.
    blur
        Steps on either side that are averaged in.
    """

    discount: float
    pooled_days: float
    blur: int

    def path(self, days: Floats, off: Bools) -> Floats:
        """The usual day as it was known before each day, and one more for each kind of day after the last.

        Parameters
        ----------
        days
            Counts, shape (days, steps, zones).
        off
            Whether each is a free day.

        Returns
        -------
        array
            Shape (days + 2, steps, zones); the last two rows are a working and a free day to come.
        """
        sums, weights = np.zeros((2, *days.shape[1:])), np.zeros(2)
        made = []
        smooth = blurred(days, self.blur)
        for day, free in zip([*smooth, None, None], [*off.astype(int).tolist(), 0, 1], strict=True):
            made.append(self._day(sums, weights, free))
            if day is not None:
                sums[free] = self.discount * sums[free] + day
                weights[free] = self.discount * weights[free] + 1
        return np.array(made)

    def _day(self, sums: Floats, weights: Floats, free: int) -> Floats:
        free = free if weights[free] else 1 - free
        total, weight = sums[free], weights[free]
        city = total.sum(axis=1, keepdims=True)
        pooled = city * total.sum(axis=0) / max(weight * city.sum(), TINY)
        return np.maximum((total + self.pooled_days * pooled) / max(weight + self.pooled_days, TINY), TINY)


def blurred(days: Floats, width: int) -> Floats:
    """Triangular mean over the steps on either side, round the clock; shape (..., steps, zones)."""
    weights = width + 1 - np.abs(np.arange(-width, width + 1))
    shifts = range(-width, width + 1)
    moved = (w * np.roll(days, shift, axis=-2) for w, shift in zip(weights.tolist(), shifts, strict=True))
    return np.asarray(sum(moved) / weights.sum())


def deviance(actual: Floats, mean: Floats) -> float:
    """Poisson deviance of some forecasts but for a constant: what forecasters choose their parameters by."""
    return float((mean - actual * np.log(mean)).sum())

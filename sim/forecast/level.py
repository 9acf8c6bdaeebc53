"""The level of today: how much more or less is ordered than usual, by a discounted gamma-Poisson filter.

Harvey and Fernandes (1989), *Time series models for count or qualitative observations*: exponential smoothing
in which a count weighs by what was expected of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from sim.entities import Floats

BLOCK = 96
"""Steps summed at once."""


@dataclass(frozen=True, slots=True)
class Level:
    """How fast the level follows the counts.

    Parameters
    ----------
    discount
        Weight of a step against the next, in (0, 1).
    prior
        Orders' worth of trust in the usual level, which is 1; infinite when the level never moves.
    damping
        Share of the level's excess over 1 that is left a step later.
    """

    discount: float
    prior: float
    damping: float = 1.0

    def of(self, actual: Floats, expected: Floats) -> Floats:
        """Level from discounted sums of what came and what was expected."""
        if np.isinf(self.prior):
            return np.ones(actual.shape)
        return np.asarray((self.prior + actual) / (self.prior + expected))

    def path(self, actual: Floats, expected: Floats) -> Floats:
        """Level before each step and after the last, shape (steps + 1, columns)."""
        return self.of(discounted(self.discount, actual), discounted(self.discount, expected))

    def ahead(self, level: Floats, lead: int) -> Floats:
        """Level some steps from now; 0 is the step that begins now."""
        return 1 + (level - 1) * self.damping**lead


def discounted(discount: float, values: Floats) -> Floats:
    """Discounted sums of the values before each step and after the last, shape (steps + 1, columns)."""
    sums = np.zeros((len(values) + 1, *values.shape[1:]))
    weights, powers = _weights(discount)
    for start in range(0, len(values), BLOCK):
        block = values[start : start + BLOCK]
        size = len(block)
        carried = np.multiply.outer(powers[:size], sums[start])
        sums[start + 1 : start + size + 1] = weights[:size, :size] @ block + carried
    return sums


@cache
def _weights(discount: float) -> tuple[Floats, Floats]:
    """Weight of each step of a block in the sum after each, and of what was carried into the block."""
    age = np.subtract.outer(np.arange(BLOCK), np.arange(BLOCK))
    return np.where(age >= 0, discount ** np.maximum(age, 0.0), 0.0), discount ** np.arange(1.0, BLOCK + 1)

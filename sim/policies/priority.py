"""Priority layers: who comes first, around any other dispatch policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import floor
from typing import Any

import numpy as np
from numpy.random import Generator

from sim.entities import Assignment, Bools, Ints, Wave, Weather
from sim.policies.bounds import inside, whole
from sim.policies.candidates import idle, left


@dataclass(frozen=True)
class Priority:
    """Ask another policy for one rank of orders after the other, the most urgent first.

    An order's rank is its priority (medicine, member tier, paid speed), plus its care flag, plus one in
    harsh weather for the dearest baskets (mission B6). What is left for the lower ranks are the riders that
    the higher ones did not take, less those kept back for them (mission B11).

    A VIP lane with reserved riders: in each wave a share of the idle riders is kept back for orders of rank 1 and
    above that may be placed before the next one. It is a share of those idle now, not of the fleet, and is rounded
    down: a fifth keeps back one of five idle riders and none of four. So the lane is wide while riders are idle and
    thins out at a peak; it never holds the last idle rider for orders that may not come. Who wants riders kept
    back where few are idle asks for a larger share: a half keeps one of two, and a reserve of 1 all but one.

    Parameters
    ----------
    inner, params
        The dispatch policy inside and its parameters.
    care
        Ranks that a customer who asked for care gains, 0 to 100.
    top_baskets
        Share of the open orders, the dearest, that gain a rank in harsh weather, 0 to 1.
    reserve
        Share of the idle riders that orders of rank 0 may not have, 0 to 1; rounded down to whole riders.
    """

    inner: str = "matching"
    params: Mapping[str, Any] = field(default_factory=dict)
    care: int = 1
    top_baskets: float = 0.2
    reserve: float = 0.0

    def __post_init__(self) -> None:
        from sim.policies.dispatch import DISPATCH  # this policy is in that table itself
        from sim.policies.registry import load_policy

        whole("care", 0, 100, self.care)
        inside("top_baskets", 0, 1, self.top_baskets)
        inside("reserve", 0, 1, self.reserve)
        object.__setattr__(self, "_policy", load_policy(DISPATCH, self.inner, self.params, ("inner",)))

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """Assign rank by rank."""
        ranks = self._ranks(wave)
        answer: list[Assignment] = []
        for rank in sorted(set(ranks) or {0}, reverse=True):
            orders = [order for order, its in zip(wave.orders.rows, ranks, strict=True) if its == rank]
            kept_back = self._reserved(wave) if rank <= 0 else None
            answer += self._policy(left(wave, orders, answer, kept_back), rng)  # type: ignore[attr-defined]
        return answer

    def _ranks(self, wave: Wave) -> list[int]:
        dear = float("inf")
        if wave.weather != Weather.DRY and self.top_baskets and len(wave.orders) > 1:
            dear = float(np.quantile(wave.orders.basket, 1 - self.top_baskets))
        return [order.priority + self.care * order.care + (order.basket > dear) for order in wave.orders]

    def _reserved(self, wave: Wave) -> Bools | None:
        """Riders kept back, evenly over the idle ones, and never the last of them."""
        if not self.reserve:
            return None
        free = idle(wave)
        many = min(floor(self.reserve * len(free) + 1e-9), len(free) - 1)
        if many <= 0:
            return None
        kept = np.zeros(len(wave.riders), dtype=np.bool_)
        kept[free[_evenly(many, len(free))]] = True
        return kept


@lru_cache
def _evenly(many: int, size: int) -> Ints:
    """So many of the indices of a sequence, the first and the last among them."""
    return np.linspace(0, size - 1, many).astype(np.int64)

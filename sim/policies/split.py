"""Two policies in one city: each decides for the half of the orders, riders or time that is its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from numpy.random import Generator

from sim.entities import Assignment, Bools, Order, Orders, Wave
from sim.policies.candidates import Part, left
from sim.policies.dispatch import DispatchPolicy

Unit = Literal["user", "rider", "zone", "time"]


@dataclass(frozen=True)
class Split:
    """Give each policy its arm of an A/B test inside one run.

    Parameters
    ----------
    a, b
        The policies of the two arms.
    by
        What is assigned to an arm.
    arm
        True where the second arm has it: per user, per rider, per *place* (for zones), per slot (for time).
    slot_s
        Length of a time slot in seconds.
    """

    a: DispatchPolicy
    b: DispatchPolicy
    by: Unit
    arm: Bools
    slot_s: float = 3600.0

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """Ask both policies for their halves; they take turns in asking first for the shared riders."""
        if self.by == "time":
            return self._policy(bool(self.arm[int(wave.now // self.slot_s) % len(self.arm)]))(wave, rng)
        first = bool(wave.index % 2)
        answer = list(self._policy(first)(self._half(wave, first, ()), rng))
        return answer + list(self._policy(not first)(self._half(wave, not first, answer), rng))

    def _policy(self, second: bool) -> DispatchPolicy:
        return self.b if second else self.a

    def _half(self, wave: Wave, second: bool, taken: Sequence[Assignment]) -> Wave:
        """What one arm sees: its orders, the riders it may use, nothing that the other has just taken."""
        orders = [order for order in wave.orders.rows if self._owns(order, second)]
        assigned = [order for order in wave.assigned.rows if self._owns(order, second)]
        hidden = self.arm[wave.riders.id] != second if self.by == "rider" else None
        return left(Part.of(wave, assigned=Orders(assigned)), orders, taken, hidden)

    def _owns(self, order: Order, second: bool) -> bool:
        if self.by == "rider":
            return True
        return bool(self.arm[order.user if self.by == "user" else order.dropoff]) == second

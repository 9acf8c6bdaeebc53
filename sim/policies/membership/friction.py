"""Friction: how much trouble it is to order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Grants, Night
from sim.policies.bounds import whole
from sim.policies.membership.people import high_value


@dataclass(frozen=True, slots=True)
class Checkout:
    """The checkout as it is offered; what a step is worth to a person is ``response.taste.step_yuan``.

    Parameters
    ----------
    usual
        Steps and forced fields that people are used to, on which the scenario's conversion rests.
    steps, fields
        Steps of this checkout, and fields that must be filled in.
    one_tap
        Whether those who ordered in the last 30 days may order again with one tap.
    """

    usual: int = 6
    steps: int = 4
    fields: int = 2
    one_tap: bool = False

    def __post_init__(self) -> None:
        whole("usual, steps, fields", 0, 100, self.usual, self.steps, self.fields)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Steps fewer than usual, by user."""
        members = night.members
        taken = np.full(len(members), self.steps + self.fields)
        if self.one_tap:
            taken = np.where(high_value(members, 1), np.minimum(taken, 1), taken)
        return Grants(steps=(self.usual - taken).astype(np.float64))

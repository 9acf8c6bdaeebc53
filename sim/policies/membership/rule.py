"""A rule of the membership programme: what it sees, what it may give, and how rules are combined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from numpy.random import Generator

from sim.entities import Bools, Grants, Night


class Rule(Protocol):
    """One rule of a programme: a typed callable, asked every night."""

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """What the rule gives after a day.

        Parameters
        ----------
        night
            What the platform knows; read-only.
        rng
            The rule's own randomness.
        """
        ...


@dataclass(frozen=True, slots=True)
class Clause:
    """A rule as it stands in a programme.

    Parameters
    ----------
    key
        What to call it in an error: its key in the scenario, or the policy that it alone is.
    rule
        What is asked.
    arm
        Users to whom it applies; None for everybody.
    first, last
        Days on which it holds.
    """

    key: str
    rule: Rule
    arm: Bools | None = None
    first: int = 0
    last: int = 3660

"""Rules for riders, asked every night, as a typed callable."""

from __future__ import annotations

from typing import Protocol

from numpy.random import Generator

from sim.entities import CrewGrants, CrewNight


class CrewRule(Protocol):
    """One rule for riders: a typed callable over all of them at once."""

    def __call__(self, night: CrewNight, rng: Generator) -> CrewGrants:
        """What the rule does after a day.

        Parameters
        ----------
        night
            What the platform knows; read-only.
        rng
            The rule's own randomness.
        """
        ...

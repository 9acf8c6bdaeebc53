"""A deal of the platform with its merchants: what it sees, and what it may agree."""

from __future__ import annotations

from typing import Protocol

from numpy.random import Generator

from sim.entities import Deals, TradeNight


class Deal(Protocol):
    """One deal: a typed callable, asked every night."""

    def __call__(self, night: TradeNight, rng: Generator) -> Deals:
        """What is agreed for the next day.

        Parameters
        ----------
        night
            What the platform knows; read-only.
        rng
            The deal's own randomness.
        """
        ...


def none(night: TradeNight, rng: Generator) -> Deals:
    """Nothing is agreed beside the usual commission."""
    return Deals()

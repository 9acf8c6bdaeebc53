"""Dispatch policies: who carries what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from numpy.random import Generator

from sim.entities import Assignment, Wave
from sim.policies.batch_match import BatchMatch
from sim.policies.external import External
from sim.policies.fair import Fair
from sim.policies.insertion import Insertion
from sim.policies.learned import Learned
from sim.policies.matching import Matching
from sim.policies.nearest import Nearest
from sim.policies.postpone import Postpone
from sim.policies.priority import Priority
from sim.policies.rolling_horizon import RollingHorizon


class DispatchPolicy(Protocol):
    """Decides who carries what; called at each wave and must not keep the wave."""

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """Routes for some of the riders, each the rider's *whole* remaining route.

        Parameters
        ----------
        wave
            What the platform sees.
        rng
            The policy's own stream; it disturbs nothing else.
        """
        ...


DISPATCH: dict[str, Callable[..., Any]] = {
    "nearest": Nearest,
    "matching": Matching,
    "rolling_horizon": RollingHorizon,
    "insertion": Insertion,
    "fair": Fair,
    "priority": Priority,
    "learned": Learned,
    "batch_match": BatchMatch,
    "postpone": Postpone,
    "exec": External,
}
"""Shipped dispatch policies by name."""

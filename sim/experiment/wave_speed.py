"""How fast dispatch policies decide: CPU time on waves of a lunch peak, each seen for the first time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import thread_time
from typing import NamedTuple

import numpy as np

from sim.city.build import build_city
from sim.experiment.snapshot import Peak
from sim.experiment.speed import RIDERS_PER_ORDER, district
from sim.policies.dispatch import DISPATCH
from sim.policies.registry import load_policy

TIMED = tuple(name for name in DISPATCH if name != "exec")
"""Shipped policies; what a program of somebody else's takes is not ours."""
WARM_UP = 2
"""Waves before the first that counts: imports, and what is compiled at first use."""


class Size(NamedTuple):
    """Waves of one size: open orders, riders on shift, and how many waves are timed."""

    orders: int
    riders: int
    waves: int


SIZES = Size(100, 500, 200), Size(600, 2600, 30)
"""An ordinary lunch, and that of a large platform."""


@dataclass(frozen=True, slots=True)
class Decided:
    """How long a policy took over the waves of one size on one core: median and 99th percentile in ms."""

    dispatch: str
    orders: int
    riders: int
    waves: int
    median_ms: float
    p99_ms: float
    assignments: float


def bench_waves(
    policies: Sequence[str] = TIMED, sizes: Sequence[Size] = SIZES, progress: Callable[[float], None] | None = None
) -> list[Decided]:
    """Time policies on the same waves of the generated district, each policy in its turn on each wave.

    Parameters
    ----------
    policies
        Names, or ``FILE.py:Name``.
    sizes
        Sizes of waves; the city grows with the fleet.
    progress
        Told the share that is done.

    Returns
    -------
    list of Decided
        By size, then by policy.

    Raises
    ------
    PolicyNotFound
        When there is no such policy.
    ValueError
        When the lunch of such a fleet has fewer orders than are asked for.
    """
    table: list[Decided] = []
    for row, size in enumerate(sizes):
        begun = row / len(sizes)
        table += _timed(policies, size, lambda share, begun=begun: progress and progress(begun + share / len(sizes)))  # type: ignore[misc]
    return table


def _timed(policies: Sequence[str], size: Size, tell: Callable[[float], object]) -> list[Decided]:
    scenario = district(round(size.riders / RIDERS_PER_ORDER) + 1)
    peak = Peak.of(scenario, build_city(scenario))
    deciding = [load_policy(DISPATCH, name) for name in policies]
    times = np.empty((len(policies), size.waves + WARM_UP))
    given = np.empty_like(times)
    for index in range(size.waves + WARM_UP):
        for row, policy in enumerate(deciding):
            wave, rng = peak.wave(size.orders, size.riders, index), np.random.default_rng(index)
            begun = thread_time()
            answer = policy(wave, rng)
            times[row, index], given[row, index] = 1000 * (thread_time() - begun), len(answer)
        tell((index + 1) / (size.waves + WARM_UP))
    columns = zip(
        policies, np.quantile(times[:, WARM_UP:], (0.5, 0.99), axis=1).T.tolist(), given.mean(axis=1), strict=True
    )
    return [Decided(name, *size, median, p99, float(many)) for name, (median, p99), many in columns]

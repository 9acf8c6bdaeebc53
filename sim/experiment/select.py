"""Ranking and selection: the best variant with a guarantee, by the sequential procedure of Kim and Nelson.

Kim, S.-H. and Nelson, B. L. (2001), A fully sequential procedure for indifference-zone selection in
simulation. It allows common random numbers, as the variants of a study have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

FIRST = 10
"""Replications of every variant before the first screening."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The variant selected, and what was spent: replications of each variant, in the order given.

    ``decided`` is False when the budget ended with several variants still in contention.
    """

    best: str
    kpi: str
    delta: float
    confidence: float
    replications: dict[str, int]
    decided: bool

    def __str__(self) -> str:
        spent = ", ".join(f"{name} {count}" for name, count in self.replications.items())
        if not self.decided:
            return f"No variant could be selected by {self.kpi} within the budget (replications: {spent})."
        return (
            f"{self.best} is best in {self.kpi}: selected with probability of at least {self.confidence:.0%} if it "
            f"is better than every other by {self.delta:g} or more (Kim-Nelson; replications: {spent})."
        )


def select_best(
    value: Callable[[str, int], float],
    variants: Sequence[str],
    kpi: str,
    higher: bool,
    delta: float,
    budget: int,
    confidence: float = 0.95,
) -> Selection:
    """Select the best variant.

    Parameters
    ----------
    value
        The KPI of a variant in a replication; asked for in rounds of one replication of each contender.
    delta
        Indifference zone: the smallest difference worth detecting, in the KPI's unit.
    budget
        Most replications of one variant.
    confidence
        Probability of a correct selection when the best is better by `delta`; KPI means must be about normal.

    Raises
    ------
    ValueError
        When `delta` is not positive, there are fewer than two variants, or the KPI has no value.
    """
    if delta <= 0:
        raise ValueError(f"the indifference zone must be positive, got {delta:g}")
    if len(variants) < 2:
        raise ValueError("ranking and selection needs two variants or more")
    source = _Source(value, variants, 1.0 if higher else -1.0, budget)
    procedure = _kim_nelson()(source, len(variants), delta, alpha=1 - confidence, n_0=FIRST)
    try:
        best, decided = int(procedure.solve()[0]), True
    except _BudgetSpent:
        best, decided = 0, False
    counts = dict(zip(variants, source.counts, strict=True))
    return Selection(variants[best], kpi, delta, confidence, counts, decided)


class _BudgetSpent(Exception):
    pass


class _Source:
    """The environment that sim-tools' procedures ask: simulate a design, tell the observers."""

    def __init__(self, value: Callable[[str, int], float], variants: Sequence[str], sign: float, budget: int) -> None:
        self._value, self._variants, self._sign, self._budget = value, variants, sign, budget
        self.counts = [0] * len(variants)
        self._observers: list[Any] = []

    def register_observer(self, observer: Any) -> None:
        self._observers.append(observer)

    def simulate(self, design: int) -> None:
        replication = self.counts[design]
        if replication >= self._budget:
            raise _BudgetSpent
        self.counts[design] += 1
        value = self._value(self._variants[design], replication)
        if not isfinite(value):  # it would drop every variant, the others too
            raise ValueError(f"{self._variants[design]} has no value in replication {replication} to select by")
        for observer in self._observers:
            observer.feedback(self, design, self._sign * value)


def _kim_nelson() -> type[Any]:
    from sim_tools.ovs.indifference_zone import KN

    class KimNelson(KN):  # type: ignore[misc]
        """KN with the variance of the right pair: sim-tools 1.3 looks it up one off where i > l."""

        def _limit_to_distance_from_sample_means(self, i: int, l: int) -> float:  # noqa: E741
            variance = self._variance_of_diffs[i * (self._k - 1) + l - (l > i)]
            return max(0.0, self._delta / (2 * self._r) * (self._h_squared * variance / self._delta**2 - self._r))

    return KimNelson

"""What a study can say about one difference, and how that is marked: by shape and by colour."""

from __future__ import annotations

from math import isnan
from typing import Literal

from sim.experiment.compare import Comparison, Effect
from sim.kpi.kpis import KPIS
from sim.report.style import FAINT, GOOD, MUTED, RIDER, WORSE

Verdict = Literal["better", "worse", "changed", "undecided", "equal", "no value"]

CERTAIN = 0.05
"""Adjusted p below which a difference is called one."""
MARKS: dict[Verdict, tuple[str, str]] = {
    "better": ("o", GOOD),
    "worse": ("D", WORSE),
    "changed": ("^", RIDER),
    "undecided": ("o", MUTED),
    "equal": ("|", FAINT),
    "no value": ("", FAINT),
}
"""Marker and colour; ``undecided`` is hollow. Teal and vermilion are told apart by colour-blind readers too."""
HOLLOW: frozenset[Verdict] = frozenset({"undecided"})


def verdict(effect: Effect) -> Verdict:
    """Better, worse or changed (where neither direction is better), if certain after Holm's adjustment."""
    estimate, better = effect.difference.estimate, KPIS[effect.kpi].better
    if isnan(estimate.mean):
        return "no value"
    if estimate.low == estimate.high == 0:
        return "equal"
    if not effect.adjusted_p < CERTAIN:
        return "undecided"
    if better == "none":
        return "changed"
    return "better" if (estimate.mean > 0) == (better == "higher") else "worse"


def others(result: Comparison) -> list[str]:
    """The variants that are compared with the baseline."""
    return [name for name in result.rows if name != result.study.reference]


def of_variant(result: Comparison, variant: str) -> dict[str, Effect]:
    """A variant's effects by KPI."""
    return {effect.kpi: effect for effect in result.effects if effect.variant == variant}


def varying(result: Comparison) -> list[str]:
    """KPIs that are not the same in all variants in every replication; the others need no picture."""
    verdicts = [(effect.kpi, verdict(effect)) for effect in result.effects]
    seen = {kpi for kpi, found in verdicts if found not in ("equal", "no value")}
    return [kpi for kpi in dict.fromkeys(kpi for kpi, _ in verdicts) if kpi in seen]

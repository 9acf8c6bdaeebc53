"""Paired differences in percent of the baseline, KPI by KPI: a forest plot for each variant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiment.compare import Comparison, Effect
from sim.experiment.stats import Estimate
from sim.report.comparison.labels import labels
from sim.report.comparison.numbers import amount, in_percent, percent, points, signed
from sim.report.comparison.panels import columns, grid, grid_height, name_panel
from sim.report.comparison.verdict import HOLLOW, MARKS, Verdict, of_variant, others, varying, verdict
from sim.report.style import FAINT, GRID, INK, MUTED, KeyEntry, heading, nothing
from sim.report.wording import MISSING, count, title

ROW = 0.215
"""Inches of one KPI."""
NAMES = 1.75
"""Inches of the KPIs' names."""
GAPS = (0.72, 0.62)
SAID: dict[Verdict, str] = {"better": "better", "worse": "worse", "changed": "changed, neither is better",
                            "undecided": "undecided"}  # fmt: skip


Row = tuple[Estimate, Verdict, str]
"""A difference in percent of the baseline, its verdict, and what is written beside it."""


@dataclass(frozen=True, slots=True)
class Forest:
    """For each variant and KPI the difference in percent of the baseline and its verdict."""

    variants: tuple[str, ...]
    kpis: tuple[str, ...]
    effects: dict[str, list[Row]]

    @property
    def alt(self) -> str:
        """The figure in words."""
        told = [f"{name} {_counted([v for _, v, _ in rows])}" for name, rows in self.effects.items()]
        return f"Forest plot of differences in {count(len(self.kpis), 'KPI')} to the baseline: {'; '.join(told)}."

    def height(self, width: float) -> float:
        """Inches of the panels in a figure of some width."""
        across = columns(len(self.effects), 3, 1, width)
        return grid_height(len(self.effects), across, ROW * max(len(self.kpis), 3), GAPS[1])

    @property
    def reach(self) -> float:
        """Percent at the edge of the scale: a few huge effects leave it rather than flatten the others."""
        sizes = [
            max(abs(e.low), abs(e.high)) for rows in self.effects.values() for e, _, _ in rows if np.isfinite(e.low)
        ]
        if not sizes or not max(sizes):
            return 1.0
        most, usual = max(sizes), float(np.quantile(sizes, 0.8))
        return 1.05 * most if most < 3 * usual else 1.25 * usual


def forest(result: Comparison) -> Forest:
    """All effects but those of KPIs that were equal throughout."""
    kpis = varying(result)
    effects = {name: of_variant(result, name) for name in others(result)}
    rows = {name: [_effect(result, own[kpi]) for kpi in kpis] for name, own in effects.items()}
    return Forest(tuple(result.rows), tuple(kpis), rows)


def plot_forest(data: Forest, ax: Axes) -> None:
    """A panel a variant: rows of KPIs, intervals as lines, the verdict as shape and colour."""
    key: list[KeyEntry] = [
        (text, MARKS[kind][1], ("-" if kind in HOLLOW else "") + MARKS[kind][0]) for kind, text in SAID.items()
    ]
    heading(ax, "Difference in percent of the baseline, 95% interval", key if data.kpis else ())
    if not data.kpis:
        nothing(ax, "No KPI differs in any replication.")
        return
    figure = ax.get_figure(root=True)
    assert figure is not None
    across = columns(len(data.effects), 3, 1, figure.get_figwidth())
    names = labels(data.variants)
    for at, panel in enumerate(grid(ax, len(data.effects), across, GAPS)):
        variant = list(data.effects)[at]
        _frame(data, panel, with_names=at % across == 0)
        name_panel(panel, names[variant])
        for row, effect in enumerate(data.effects[variant]):
            _row(panel, row, effect, data.reach)


def _effect(result: Comparison, effect: Effect) -> Row:
    """Where the baseline is 0 there is no percentage: then the difference is written in its unit."""
    kind, share = verdict(effect), in_percent(result, effect)
    amounts = f"{amount(effect)} {points(effect.kpi)}" if np.isfinite(effect.difference.estimate.mean) else MISSING
    text = "equal" if kind == "equal" else percent(share.mean) if np.isfinite(share.mean) else amounts
    return share, kind, text


def _frame(data: Forest, ax: Axes, with_names: bool) -> None:
    rows = range(len(data.kpis))
    ax.set_yticks(rows, [title(kpi) for kpi in data.kpis] if with_names else [""] * len(rows), color=INK)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(-data.reach, data.reach)
    ax.tick_params(axis="y", length=0, pad=8)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10], symmetric=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{signed(x, 0 if x == round(x) else 1)}%"))
    ax.grid(axis="x", color=GRID, linewidth=0.6)
    ax.axvline(0, color=MUTED, linewidth=0.9, zorder=1)
    ax.hlines([row + 0.5 for row in rows[2::3]], 0, 1, transform=ax.get_yaxis_transform(), colors=GRID, linewidth=0.6)


def _row(ax: Axes, row: int, told: Row, reach: float) -> None:
    effect, kind, text = told
    marker, colour = MARKS[kind]
    ax.annotate(text, (1, row), (6, 0), xycoords=ax.get_yaxis_transform(), textcoords="offset points", va="center",
                color=FAINT if kind == "equal" else colour, fontsize=8.5,
                fontweight="normal" if kind in ("undecided", "equal", "no value") else "bold")  # fmt: skip
    if not np.isfinite(effect.mean):
        return
    low, high = (effect.low, effect.high) if np.isfinite(effect.low) else (effect.mean, effect.mean)
    ax.hlines(row, max(low, -reach), min(high, reach), colors=colour, linewidth=1.5, zorder=2)
    for end, side, arrow in ((high, 1, ">"), (low, -1, "<")):
        if side * end > reach:
            ax.plot([side * reach], [row], marker=arrow, color=colour, markersize=5, clip_on=False, zorder=3)
    if abs(effect.mean) <= reach:
        face = "white" if kind in HOLLOW else colour
        ax.plot([effect.mean], [row], marker=marker, color=colour, markerfacecolor=face, markersize=5.5, zorder=4)


def _counted(kinds: list[Verdict]) -> str:
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in SAID if kind in kinds) or "all equal"

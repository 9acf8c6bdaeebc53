"""Every replication of every variant: one panel a KPI, lines join what is paired."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.entities import Floats
from sim.experiment.compare import Comparison
from sim.report.comparison.labels import labels
from sim.report.comparison.numbers import scale, unit
from sim.report.comparison.panels import columns, grid, grid_height, name_panel
from sim.report.comparison.verdict import varying
from sim.report.pictures import PHONE
from sim.report.style import FAINT, GRID, INK, MUTED, RIDER, heading, nothing
from sim.report.wording import count, title

ROW, TITLE = 0.24, 0.1
"""Inches of a variant in a panel, and of the room above and below the rows."""
GAPS = (0.3, 0.66)
NAMES, SHORT = 1.1, 18
"""Inches and letters of the variants' names; on a phone they are numbers."""
MANY_DOTS = 4000
"""Beyond, dots and lines are pixels in the SVG."""


@dataclass(frozen=True, slots=True)
class Strips:
    """Values by KPI, shape (variants, replications), in the unit shown."""

    variants: tuple[str, ...]
    values: dict[str, Floats]

    @property
    def alt(self) -> str:
        """The figure in words."""
        n = next((value.shape[1] for value in self.values.values()), 0)
        return (
            f"Dots of {count(n, 'replication')} of {count(len(self.variants), 'variant')} in "
            f"{count(len(self.values), 'KPI')}, joined where they met the same city."
        )

    def height(self, width: float) -> float:
        """Inches of the panels in a figure of some width."""
        across = columns(len(self.values), 4, 2, width)
        return grid_height(max(len(self.values), 1), across, TITLE + ROW * len(self.variants), GAPS[1])


def strips(result: Comparison) -> Strips:
    """The values of all KPIs that vary."""
    variants = tuple(result.rows)
    values = {kpi: scale(kpi) * np.array([result.values(v, kpi) for v in variants]) for kpi in varying(result)}
    return Strips(variants, values)


def plot_strips(data: Strips, ax: Axes) -> None:
    """Variants from top to bottom in the study's order, on a phone by number; a bar at each mean."""
    heading(ax, "One dot a replication, lines join the same city", [("mean", RIDER, "|")] if data.values else ())
    if not data.values:
        nothing(ax, "No KPI differs in any replication.")
        return
    figure = ax.get_figure(root=True)
    assert figure is not None
    across, on_phone = columns(len(data.values), 4, 2, figure.get_figwidth()), figure.get_figwidth() <= PHONE
    names = [*map(str, range(1, len(data.variants) + 1))] if on_phone else list(labels(data.variants, SHORT).values())
    for at, panel in enumerate(grid(ax, len(data.values), across, GAPS, 0 if on_phone else NAMES)):
        kpi = list(data.values)[at]
        _frame(panel, names if at % across == 0 else [""] * len(names))
        name_panel(panel, f"{title(kpi)} ({unit(kpi)})" if unit(kpi) and not on_phone else title(kpi), 8.5)
        _draw(panel, data.values[kpi], data.values[kpi].size * len(data.values) > MANY_DOTS)


def _frame(ax: Axes, names: list[str]) -> None:
    ax.set_yticks(range(len(names)), names, color=INK)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    ax.grid(axis="x", color=GRID, linewidth=0.6)


def _draw(ax: Axes, values: Floats, is_raster: bool) -> None:
    variants, replications = values.shape
    rows = np.arange(variants, dtype=np.float64)
    faint = min(1.0, 12 / replications + 0.15)
    lines = np.vstack([values, np.full(replications, np.nan)])
    ax.plot(lines.T.ravel(), np.tile([*rows, np.nan], replications), color=FAINT, linewidth=0.6, alpha=faint, zorder=2,
            rasterized=is_raster)  # fmt: skip
    ax.plot(values.ravel(), np.repeat(rows, replications), linestyle="", marker="o", markersize=3.4, color=MUTED,
            markeredgewidth=0, alpha=max(0.6 * faint, 0.15), zorder=3, rasterized=is_raster)  # fmt: skip
    means = [float(row[np.isfinite(row)].mean()) if np.isfinite(row).any() else np.nan for row in values]
    ax.plot(means, rows, linestyle="", marker="|", markersize=11, markeredgewidth=2, color=RIDER, zorder=4)

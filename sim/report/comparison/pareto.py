"""Two KPIs against each other: which variants no other beats in both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.experiment.compare import Comparison
from sim.experiment.stats import Estimate
from sim.kpi.kpis import KPIS, Direction
from sim.report.comparison.labels import labels
from sim.report.comparison.numbers import scale, scaled, unit
from sim.report.comparison.story import joined
from sim.report.style import GOOD, GRID, HALO, INK, LETTER, MUTED, heading, nothing, size_in
from sim.report.wording import title

Box = tuple[float, float, float, float]
PLACES = ((0.1, 0.1, "left"), (0.1, -0.24, "left"), (-0.1, 0.1, "right"), (-0.1, -0.24, "right"), (0.1, 0.3, "left"),
          (-0.1, 0.3, "right"), (0.1, -0.44, "left"), (-0.1, -0.44, "right"))  # fmt: skip
"""Where a name may stand beside its point: inches right and up, and which side is fixed."""
CLEAR = 0.2
"""Inches around a point that belong to its own name, and to those of points that lie there too."""


@dataclass(frozen=True, slots=True)
class Pareto:
    """Levels of two KPIs for each variant, and the variants that no other beats in both means."""

    variants: tuple[str, ...]
    kpis: tuple[str, str]
    points: dict[str, tuple[Estimate, Estimate]]
    best: tuple[str, ...]

    @property
    def alt(self) -> str:
        """The figure in words."""
        two = f"{title(self.kpis[0])} against {title(self.kpis[1]).lower()} of {len(self.points)} variants"
        return f"{two}; no other is better in both than {joined(self.best) or 'any'}."


def pareto(result: Comparison) -> Pareto:
    """Levels in the unit shown; variants without a value are left out."""
    across, up = kpis = result.study.pareto
    points = {v: (_shown(result, v, across), _shown(result, v, up)) for v in result.rows}
    points = {v: pair for v, pair in points.items() if np.isfinite([pair[0].mean, pair[1].mean]).all()}
    return Pareto(tuple(result.rows), kpis, points, _best(points, (KPIS[across].better, KPIS[up].better)))


def plot_pareto(data: Pareto, ax: Axes) -> None:
    """A cross of intervals for each variant, filled where no other is better in both."""
    heading(ax, "Mean and 95% interval of each variant",
            [("no other is better in both", GOOD, "o"), ("another is", MUTED, "-o")])  # fmt: skip
    if not data.points:
        nothing(ax, "No variant has a value of both KPIs.")
        return
    ax.grid(color=GRID, linewidth=0.6)
    ax.set_xlabel(_axis(data.kpis[0], "→", "←"))
    ax.set_ylabel(_axis(data.kpis[1], "↑", "↓"))
    for variant, (x, y) in data.points.items():
        _cross(ax, x, y, GOOD if variant in data.best else MUTED, variant in data.best)
    ax.margins(0.3, 0.14)
    _names(data, ax)


def _axis(kpi: str, higher: str, lower: str) -> str:
    arrow = {"higher": f"better {higher}", "lower": f"{lower} better", "none": ""}[KPIS[kpi].better]
    return "   ".join(filter(None, [", ".join(filter(None, [title(kpi), unit(kpi)])), arrow]))


def _shown(result: Comparison, variant: str, kpi: str) -> Estimate:
    return scaled(result.level(variant, kpi), scale(kpi))


def _best(points: dict[str, tuple[Estimate, Estimate]], better: tuple[Direction, Direction]) -> tuple[str, ...]:
    """Variants that no other matches in both KPIs and beats in one; a KPI without direction is ignored."""
    signs = np.array([{"higher": 1.0, "lower": -1.0, "none": 0.0}[direction] for direction in better])
    values = {variant: signs * [x.mean, y.mean] for variant, (x, y) in points.items()}
    return tuple(
        variant for variant, own in values.items()
        if not any((other >= own).all() and (other > own).any() for other in values.values())
    )  # fmt: skip


def _cross(ax: Axes, x: Estimate, y: Estimate, colour: str, is_best: bool) -> None:
    ax.plot([x.low, x.high], [y.mean, y.mean], color=colour, linewidth=1.1, alpha=0.75, zorder=2)
    ax.plot([x.mean, x.mean], [y.low, y.high], color=colour, linewidth=1.1, alpha=0.75, zorder=2)
    ax.plot([x.mean], [y.mean], marker="o", markersize=7, color=colour, markerfacecolor=colour if is_best else "white",
            zorder=3)  # fmt: skip


def _names(data: Pareto, ax: Axes) -> None:
    """Each name at the place beside its point where it is least in the way."""
    ax.autoscale_view()
    size = np.array(size_in(ax))
    inches = {
        v: size * ax.transAxes.inverted().transform(ax.transData.transform((x.mean, y.mean)))
        for v, (x, y) in data.points.items()
    }
    clear = {v: (x - CLEAR, y - CLEAR, x + CLEAR, y + CLEAR) for v, (x, y) in inches.items()}
    named: list[Box] = []
    short = labels(data.variants)
    for variant, (x, y) in inches.items():
        boxes = [_box(x + right, y + up, side, len(short[variant])) for right, up, side in PLACES]
        others = [box for box in clear.values() if not (box[0] < x < box[2] and box[1] < y < box[3])]
        costs = [_outside(box, size) + 10 * _overlaps(box, named) + _overlaps(box, others) for box in boxes]
        best = costs.index(min(costs))
        named.append(boxes[best])
        right, up, side = PLACES[best]
        ax.annotate(short[variant], ((x + right) / size[0], (y + up) / size[1]), xycoords="axes fraction", ha=side,
                    va="bottom", color=INK, zorder=5, path_effects=HALO, annotation_clip=False)  # fmt: skip


def _box(x: float, y: float, side: str, letters: int) -> Box:
    wide = LETTER * letters
    return (x, y, x + wide, y + 0.15) if side == "left" else (x - wide, y, x, y + 0.15)


def _overlaps(box: Box, others: list[Box]) -> float:
    return sum(_overlap(box, other) for other in others)


def _overlap(a: Box, b: Box) -> float:
    return max(min(a[2], b[2]) - max(a[0], b[0]), 0) * max(min(a[3], b[3]) - max(a[1], b[1]), 0)


def _outside(box: Box, size: np.ndarray) -> float:
    """Inches by which a name would leave the axes, which weigh more than any overlap with a point."""
    return 10 * float(max(-box[0], 0) + max(-box[1], 0) + max(box[2] - size[0], 0) + max(box[3] - size[1], 0))

"""Click-to-door against cost per order over a policy's settings, beside what is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
from matplotlib.axes import Axes

from sim.experiment.mdrp.published import known, published
from sim.experiment.mdrp.sweep import means
from sim.report.comparison.panels import columns, grid, name_panel
from sim.report.style import GOOD, GRID, HALO, INK, MUTED, RIDER, WORSE, heading

PUBLISHED = {"all": "Reyes et al. 2018", "no bundling": "Reyes et al., no bundling", "foodmatch": "FoodMatch"}
"""Published means over all 240 instances, by subset."""
LINES = {"ctd_optimum": "exact optimum", "ctd_rolling": "published rolling horizon"}
"""Published click-to-door of single instances."""
KEY = [("no other is better in both", GOOD, "o"), ("another is", MUTED, "-o"), ("default", INK, "-o"),
       ("published, all 240 instances", WORSE, "D"), ("published, the same instances", RIDER, "_")]  # fmt: skip
GAPS = (0.75, 1.25)


@dataclass(frozen=True, slots=True)
class Cloud:
    """Means of every setting over some instances.

    Parameters
    ----------
    name
        Which instances these are.
    table
        Result of :func:`sim.experiment.mdrp.sweep.means`.
    points
        Published (cost per order, click-to-door in minutes) by name.
    levels
        Published click-to-door of the same instances, in minutes, by name.
    least_cost
        Least cost per order published for the same instances; NaN where none is.
    """

    name: str
    table: pd.DataFrame
    points: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)
    least_cost: float = float("nan")


@dataclass(frozen=True, slots=True)
class BenchPareto:
    """The settings of a policy over all instances given, and over those with a known optimum."""

    dispatch: str
    clouds: tuple[Cloud, ...]

    @property
    def alt(self) -> str:
        """The figure in words."""
        table = self.clouds[0].table
        best = table[table["best"]].sort_values("ctd_mean")
        told = "; ".join(f"{row.setting}: {row.ctd_mean:.2f} min at {row.cost_per_order:.2f}"
                         for row in best.itertuples())  # fmt: skip
        return f"Click-to-door against cost per order of {len(table)} settings of {self.dispatch}. Best: {told}."


def bench_pareto(frame: pd.DataFrame, dispatch: str) -> BenchPareto:
    """From the result of :func:`sim.experiment.mdrp.sweep.sweep`."""
    names = frame["instance"].drop_duplicates()
    points = {
        name: (published()[key, "cost_per_order"].value, published()[key, "ctd_mean"].value)
        for key, name in PUBLISHED.items()
    }
    clouds = [Cloud(f"Instances given: {len(names)}", means(frame), points)]
    solved = names[known(names, "ctd_optimum").notna().to_numpy()]
    if len(solved):
        levels = {name: float(known(solved, metric).mean()) for metric, name in LINES.items()}
        some = means(frame[frame["instance"].isin(solved)])
        title = f"Of these, with a known optimum: {len(solved)}"
        clouds.append(Cloud(title, some, {}, levels, float(known(solved, "cost_best").mean())))
    return BenchPareto(dispatch, tuple(clouds))


def plot_bench_pareto(data: BenchPareto, ax: Axes) -> None:
    """A panel for each set of instances."""
    heading(ax, f"Mean over the instances of each of {len(data.clouds[0].table)} settings of {data.dispatch}", KEY)
    across = columns(len(data.clouds), 2, 1, float(ax.get_figure(root=True).get_figwidth()))  # type: ignore[union-attr]
    for panel, cloud in zip(grid(ax, len(data.clouds), across, GAPS), data.clouds, strict=True):
        name_panel(panel, cloud.name)
        _plot_cloud(cloud, panel)


def _plot_cloud(cloud: Cloud, ax: Axes) -> None:
    ax.grid(color=GRID, linewidth=0.6)
    ax.set_xlabel("Cost per order, in the benchmark's money   ← better")
    ax.set_ylabel("Click-to-door, min   ↓ better")
    ax.annotate(_ends(cloud.table), (0, 0), (0, -40), xycoords="axes fraction", textcoords="offset points", va="top",
                color=INK, annotation_clip=False)  # fmt: skip
    for best, colour, face in ((False, MUTED, "white"), (True, GOOD, GOOD)):
        some = cloud.table[cloud.table["best"] == best]
        ax.plot(some["cost_per_order"], some["ctd_mean"], "o", color=colour, markerfacecolor=face, markersize=6,
                zorder=3 + best)  # fmt: skip
    usual = cloud.table[cloud.table["default"]]
    ax.plot(usual["cost_per_order"], usual["ctd_mean"], "o", color=INK, markerfacecolor="none", markersize=11, zorder=5)
    dearest = max((cost for cost, _ in cloud.points.values()), default=0.0)
    for name, (cost, ctd) in cloud.points.items():
        ax.plot([cost], [ctd], "D", color=WORSE, markersize=6, zorder=4)
        place = (6, 8) if cost == dearest else (-8, -3)
        ax.annotate(name, (cost, ctd), place, textcoords="offset points", ha="right", color=WORSE, path_effects=HALO,
                    zorder=6)  # fmt: skip
    ax.margins(0.12)
    _levels(cloud, ax)


def _ends(table: pd.DataFrame) -> str:
    """Which settings stand at the ends of the frontier."""
    best = table[table["best"]].sort_values(["ctd_mean", "cost_per_order"])
    return f"fastest: {best['setting'].iloc[0]}\ncheapest: {best['setting'].iloc[-1]}"


def _levels(cloud: Cloud, ax: Axes) -> None:
    for name, ctd in cloud.levels.items():
        ax.axhline(ctd, color=RIDER, linewidth=1.2)
        ax.annotate(f"{name} {ctd:.2f}", (1, ctd), (-2, 5), xycoords=("axes fraction", "data"),
                    textcoords="offset points", ha="right", color=RIDER, path_effects=HALO)  # fmt: skip
    if cloud.least_cost == cloud.least_cost:
        ax.axvline(cloud.least_cost, color=RIDER, linewidth=1.2)
        ax.annotate(f"least cost found {cloud.least_cost:.2f}", (cloud.least_cost, 0.5), (4, 0), rotation=90,
                    xycoords=("data", "axes fraction"), textcoords="offset points", va="center", color=RIDER,
                    path_effects=HALO)  # fmt: skip

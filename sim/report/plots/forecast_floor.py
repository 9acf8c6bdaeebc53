"""How the error of forecasts falls with the expected count, and the floor of the dice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.entities import Floats
from sim.forecast.score import attainable_from, least_error, relative_noise
from sim.report.style import GOOD, GRID, HALO, INK, LATE, MUTED, heading
from sim.twin.backtest_forecast import CLAIMED, Backtest

BINS = 9
FEWEST_CELLS = 50
"""Cells in a dot; with fewer it would show the dice."""
COLOURS = {"zone, 15 min": "#57a89e", "zone, hour": GOOD, "city, 15 min": "#8d90c9", "city, hour": "#4a4e9b"}


@dataclass(frozen=True, slots=True)
class FloorDots:
    """Expected counts and relative errors of the best forecaster, by grain."""

    dots: dict[str, tuple[Floats, Floats]]
    claimed: float
    needed: float

    @property
    def alt(self) -> str:
        """The figure in words."""
        return (
            f"Error as a share of the expected count, on log scales: the floor falls from above 100% below one order "
            f"to {self.claimed:.0%} at {self.needed:.0f} orders; the best forecasters' dots lie on it or above."
        )


def floor_dots(backtest: Backtest) -> FloorDots:
    """Group the tested cells by their expected count, and weigh the errors of each group."""
    found = {}
    for grain in backtest.grains:
        steps = grain.counts.calendar.steps
        means, actual = grain.means.ravel(), grain.counts.values[grain.train * steps :].ravel()
        error = np.abs(actual - grain.trials[grain.best].path[0].ravel())
        found[grain.name] = _grouped(means, error)
    return FloorDots(found, CLAIMED, attainable_from(CLAIMED))


def plot_floor(data: FloorDots, ax: Axes) -> None:
    """Log scales: the floor as a line, the claim as a dashed one, a dot for each group of cells."""
    key = [(name, COLOURS.get(name, INK), "o") for name, (x, _) in data.dots.items() if len(x)]
    heading(ax, "Absolute error over expected count, two hours ahead", key)
    ax.set_xscale("log")
    ax.set_yscale("log")
    x = np.geomspace(0.05, 1000, 400)
    ax.grid(color=GRID, linewidth=0.8)
    ax.fill_between(x, least_error(x) / x, 0.01, color="#f1f3f5", linewidth=0)
    ax.plot(x, relative_noise(x), color=INK, linewidth=1.3)
    ax.axhline(data.claimed, color=LATE, linewidth=1.2, linestyle=(0, (4, 3)))
    ax.axvline(data.needed, color=LATE, linewidth=1.2, linestyle=(0, (4, 3)))
    ax.annotate(f"{data.claimed:.0%} takes {data.needed:.0f} orders", (data.needed, 1.2), (-5, 0),
                textcoords="offset points", ha="right", color="#8a5208", path_effects=HALO)  # fmt: skip
    ax.annotate("no forecast errs less", (0.07, 0.03), color=MUTED)
    for name, (mean, error) in data.dots.items():
        ax.plot(mean, error, "o", color=COLOURS.get(name, INK), markersize=5, markeredgecolor="white")
    ax.set_xlim(0.05, 1000)
    ax.set_ylim(0.02, 3)
    ax.set_xlabel("expected orders in a cell", color=MUTED)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}"))


def _grouped(means: Floats, error: Floats) -> tuple[Floats, Floats]:
    full = means > 0.05
    means, error = means[full], error[full]
    groups = np.array_split(np.argsort(means, kind="stable"), max(1, min(BINS, len(means) // FEWEST_CELLS)))
    rows = [(means[of].mean(), error[of].sum() / means[of].sum()) for of in groups if len(of)]
    x, y = np.array(rows).reshape(-1, 2).T
    return x, y

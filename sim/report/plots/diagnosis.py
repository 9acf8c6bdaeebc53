"""Where and when fewer orders arrived on time than in the whole run, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from sim.entities import Floats
from sim.kpi.diagnosis import CAUSES, FEWEST_PEOPLE, WHOLE
from sim.report.style import GOOD, INK, LATE, MUTED, RIDER, heading, nothing
from sim.report.time_axis import TimeAxis

USUAL = "#e9edf0"
COLOURS = {"kitchen": LATE, "assignment": RIDER, "travel": GOOD, "door": "#b65a86", "promise": MUTED}
NAMES = {
    "kitchen": "kitchen",
    "assignment": "wait for a rider",
    "travel": "travel",
    "door": "at the door",
    "promise": "promise too short",
}
"""Causes as a reader calls them."""
ROWS = 24
"""Zones shown, those with most orders."""
ROW_IN = 0.235
"""Height of a zone's row in inches."""


@dataclass(frozen=True, slots=True)
class LateCells:
    """Main cause (index into the causes; -1 not named, NaN too few people) and late orders by zone and hour."""

    zones: tuple[str, ...]
    first_h: int
    cause: Floats
    late: Floats

    @property
    def alt(self) -> str:
        """The figure in words."""
        if not self.zones:
            return f"No zone and hour has {FEWEST_PEOPLE} people who ordered."
        seen, named = int(np.isfinite(self.cause).sum()), self.cause[self.cause >= 0].astype(int)
        main = ", ".join(f"{NAMES[name]} {n}" for name, n in zip(CAUSES, _counts(named), strict=True) if n)
        return f"Grid of {seen} zones by hours, {len(named)} of them later than the whole run" + (
            f"; main causes: {main}." if main else "."
        )

    @property
    def height(self) -> float:
        """Height of the rows in inches."""
        return max(ROW_IN * len(self.zones), 0.9)


def late_cells(diagnosis: pd.DataFrame, names: Sequence[str]) -> LateCells:
    """The grid of a diagnosis: the busiest zones in the order of their names, and the hours between them."""
    cells = diagnosis[diagnosis["zone"] != WHOLE]
    busiest = cells.groupby("zone")["orders"].sum().sort_values(ascending=False, kind="stable").index[:ROWS]
    zones = sorted(busiest.tolist())
    cells = cells[cells["zone"].isin(zones)]
    hours = cells["hour"].to_numpy()
    low, high = (int(hours.min()), int(hours.max()) + 1) if len(cells) else (0, 0)
    cause, late = np.full((2, len(zones), high - low), np.nan)
    at = np.searchsorted(zones, cells["zone"]), hours - low
    codes = cells["cause"].map({name: code for code, name in enumerate(CAUSES)})
    cause[at], late[at] = np.where(cells["named"], codes, -1.0), cells["late"]
    return LateCells(tuple(names[z] for z in zones), low, cause, late)


def plot_late_cells(data: LateCells, ax: Axes) -> None:
    """A cell for each zone and hour, coloured by the main cause and with its late orders where it is named."""
    counts = _counts(data.cause[data.cause >= 0].astype(int))
    key = [(NAMES[name], COLOURS[name]) for name, n in zip(CAUSES, counts, strict=True) if n]
    heading(ax, "Late orders by zone and hour, and their main cause", key)
    if not data.zones:
        nothing(ax, f"No zone and hour has {FEWEST_PEOPLE} people who ordered.")
        return
    colours = ListedColormap([USUAL, *(COLOURS[name] for name in CAUSES)])
    hours = data.first_h + np.arange(data.cause.shape[1] + 1)
    rows = np.arange(len(data.zones) + 1)
    ax.pcolormesh(hours, rows, np.ma.masked_invalid(data.cause), cmap=colours, vmin=-1.5, vmax=len(CAUSES) - 0.5,
                  edgecolors="white", linewidth=1.2)  # fmt: skip
    _numbers(data, ax)
    TimeAxis(float(hours[0]), float(hours[-1]), 1.0, date.min).show(ax)
    ax.set_yticks(rows[:-1] + 0.5, data.zones, color=INK)
    ax.set_ylim(len(data.zones), 0)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params(axis="y", length=0)


def _numbers(data: LateCells, ax: Axes) -> None:
    for row, column in np.argwhere(data.cause >= 0).tolist():
        ink = INK if CAUSES[int(data.cause[row, column])] == "kitchen" else "white"
        ax.text(data.first_h + column + 0.5, row + 0.5, f"{data.late[row, column]:.0f}", color=ink, size=8,
                ha="center", va="center_baseline")  # fmt: skip


def _counts(codes: np.typing.NDArray[np.int64]) -> list[int]:
    return np.bincount(codes, minlength=len(CAUSES)).tolist()

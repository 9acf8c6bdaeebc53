"""The weekly report's figures: changes in usual changes, and what each lever brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.experiment.bookkeeping import CONTRIBUTION
from sim.experiment.levers import LeverTest, Trial
from sim.report.comparison.verdict import MARKS, Verdict
from sim.report.style import GRID, INK, MUTED, KeyEntry, heading, nothing
from sim.report.week_changes import UNUSUAL, Change
from sim.report.wording import count, number, title

ROW = 0.24
"""Inches of one row."""
SAID: dict[Verdict, str] = {"better": "better", "worse": "worse", "changed": "changed", "undecided": "usual"}
FRAME = 1.05
"""Inches above and below the rows."""


@dataclass(frozen=True, slots=True)
class Moves:
    """Changes of which it is known how large they usually are."""

    rows: tuple[Change, ...]

    @property
    def alt(self) -> str:
        """The figure in words."""
        if not self.rows:
            return "There are too few earlier weeks to compare the change with."
        told = [f"{title(c.kpi.name)} {number(c.times, 1)}" for c in self.rows if c.is_unusual]
        return f"Changes of {count(len(self.rows), 'figure')} in usual changes; unusual: {', '.join(told) or 'none'}."

    @property
    def height(self) -> float:
        """Inches that the figure needs."""
        return FRAME + ROW * max(len(self.rows), 3)


@dataclass(frozen=True, slots=True)
class Gains:
    """Contribution that each lever brings, the best first."""

    trials: tuple[Trial, ...]

    @property
    def alt(self) -> str:
        """The figure in words."""
        told = [f"{t.name} {number(t.gain)}{'' if t.is_certain else ' (undecided)'}" for t in self.trials]
        return f"Contribution in yuan a week more than as it was, by lever: {', '.join(told)}."

    @property
    def height(self) -> float:
        """Inches that the figure needs."""
        return FRAME + ROW * max(len(self.trials), 3)


def moves(changes: Sequence[Change]) -> Moves:
    """The changes that can be compared with earlier ones."""
    return Moves(tuple(c for c in changes if c.usual > 0))


def gains(test: LeverTest) -> Gains:
    """All levers that were tried."""
    return Gains(tuple(sorted(test.trials, key=lambda trial: -trial.gain)))


def judged(change: Change) -> Verdict:
    """How a change is marked: only what is unusual is better or worse."""
    if not change.is_unusual:
        return "undecided"
    if change.is_good is None:
        return "changed"
    return "better" if change.is_good else "worse"


def plot_moves(data: Moves, ax: Axes) -> None:
    """A mark a figure, against a band of what is usual."""
    key: list[KeyEntry] = [(text, *_look(kind)) for kind, text in SAID.items()]
    heading(ax, "Change against the week before, in usual changes from week to week", key if data.rows else ())
    if not data.rows:
        nothing(ax, "There are too few earlier weeks to say what is usual.")
        return
    ax.axvspan(-UNUSUAL, UNUSUAL, color=GRID, alpha=0.6, linewidth=0)
    _rows(ax, [title(change.kpi.name) for change in data.rows])
    for row, change in enumerate(data.rows):
        _mark(ax, row, change.times, judged(change))
    reach = 1.1 * max(UNUSUAL, *(abs(change.times) for change in data.rows))
    ax.set_xlim(-reach, reach)


def plot_gains(data: Gains, ax: Axes) -> None:
    """A line of the interval and a mark of the mean for each lever."""
    key: list[KeyEntry] = [("more", *_look("better")), ("less", *_look("worse")), ("undecided", *_look("undecided"))]
    heading(ax, "Contribution less that of the week as it was, yuan a week, 95% interval", key)
    _rows(ax, [trial.name for trial in data.trials])
    for row, trial in enumerate(data.trials):
        kind: Verdict = "undecided" if not trial.is_certain else "better" if trial.gain > 0 else "worse"
        found = trial.effects[CONTRIBUTION].difference.estimate
        ax.hlines(row, found.low, found.high, colors=MARKS[kind][1], linewidth=1.5, zorder=2)
        _mark(ax, row, trial.gain, kind)
    ax.xaxis.set_major_locator(MaxNLocator(6, symmetric=True))


def _look(kind: Verdict) -> tuple[str, str]:
    marker, colour = MARKS[kind]
    return colour, f"-{marker}" if kind == "undecided" else marker


def _rows(ax: Axes, names: Sequence[str]) -> None:
    ax.set_yticks(range(len(names)), list(names), color=INK)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0, pad=8)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=GRID, linewidth=0.6)
    ax.axvline(0, color=MUTED, linewidth=0.9, zorder=1)


def _mark(ax: Axes, row: int, x: float, kind: Verdict) -> None:
    marker, colour = MARKS[kind]
    face = "white" if kind == "undecided" else colour
    ax.plot([x], [row], marker=marker, color=colour, markerfacecolor=face, markersize=6, zorder=3)

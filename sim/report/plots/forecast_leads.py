"""Error by how far ahead is looked, for each forecaster."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.entities import Floats
from sim.report.style import GOOD, INK, LATE, MUTED, heading, horizontal_grid
from sim.twin.backtest_forecast import KNOWING, Grain

COLOURS = (LATE, "#b3bcc5", "#4a4e9b", GOOD, "#8d90c9", "#b4531a")


@dataclass(frozen=True, slots=True)
class LeadErrors:
    """WAPE of each forecaster and the floor, by minutes to the end of the step."""

    grain: str
    minutes: Floats
    errors: dict[str, Floats]
    floor: Floats

    @property
    def alt(self) -> str:
        """The figure in words."""
        told = ", ".join(f"{name} {each[0]:.0%} to {each[-1]:.0%}" for name, each in self.errors.items())
        return f"Error by lead, {self.grain}: {told}; the floor is {self.floor[-1]:.0%}."


def lead_errors(grain: Grain) -> LeadErrors:
    """Errors of one grain by lead."""
    leads = range(grain.floor.actual.shape[1])
    spans = [slice(lead, lead + 1) for lead in leads]
    past = {name: trial for name, trial in grain.trials.items() if name not in KNOWING}
    errors = {name: np.array([trial.wape(span).mean for span in spans]) for name, trial in past.items()}
    floor = np.array([grain.floor.floor(grain.floor.noise, span) for span in spans])
    return LeadErrors(grain.name, (np.array(leads) + 1.0) * grain.counts.minutes, errors, floor)


def plot_leads(data: LeadErrors, ax: Axes) -> None:
    """A line for each forecaster, and the floor."""
    key = [(name, colour, "o") for name, colour in zip(data.errors, COLOURS, strict=False)]
    heading(ax, f"WAPE by minutes ahead: {data.grain}", [*key, ("floor", INK, "_")])
    horizontal_grid(ax)
    for (name, error), colour in zip(data.errors.items(), COLOURS, strict=False):
        ax.plot(data.minutes, error, "o-", color=colour, markersize=4, label=name)
    ax.fill_between(data.minutes, 0, data.floor, color="#f1f3f5", linewidth=0)
    ax.plot(data.minutes, data.floor, color=INK, linewidth=1.3)
    ax.set_xticks(data.minutes)
    ax.set_xlabel("minutes to the end of the step", color=MUTED)
    ax.set_ylim(0, 1.1 * max(float(each.max()) for each in (data.floor, *data.errors.values())))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}"))

"""The page of a back-test of forecasts: error beside the floor, and what 8% would take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes

from sim.experiment.stats import Estimate
from sim.forecast.score import attainable_from
from sim.report.page import write_page
from sim.report.pictures import FULL, HALF, Plot, draw_all
from sim.report.plots.forecast_floor import floor_dots, plot_floor
from sim.report.plots.forecast_leads import lead_errors, plot_leads
from sim.report.plots.forecast_path import forecast_path, plot_forecast_path
from sim.report.wording import number, share
from sim.twin.backtest_forecast import CLAIMED, KNOWING, Backtest, Grain

SHOWN = "zone, 15 min", "city, 15 min"
"""Grains with pictures. Of real orders no zone is drawn: its quarters of an hour are often one person's."""
Margins = tuple[float, float, float, float]
FLOOR, LEADS, PATH = (0.6, 0.25, 0.62, 0.62), (0.55, 0.12, 0.62, 0.8), (0.5, 0.42, 0.55, 0.62)


@dataclass(frozen=True, slots=True)
class ForecasterRow:
    """One forecaster in words; `knows` marks those who are told the scenario, `best` the best of the others."""

    name: str
    wape: str
    interval: str
    soon: str
    late: str
    loss: str
    loss_interval: str
    within_80: str
    within_95: str
    knows: bool
    best: bool


@dataclass(frozen=True, slots=True)
class GrainBlock:
    """A grain's table."""

    name: str
    floor: str
    least: str
    loss_floor: str
    mean: str
    fullest: str
    full_share: str
    soon: str
    dispersion: str
    rows: list[ForecasterRow]


def report_forecast(backtest: Backtest, folder: Path) -> Path:
    """Write ``forecast.html`` and ``figures/``; the same back-test gives the same bytes.

    Returns
    -------
    Path
        The page.
    """
    pictures = draw_all(_plots(backtest), folder / "figures", " ".join(backtest.counts.zones))
    first = backtest.grains[0]
    values = {
        "name": backtest.counts.name,
        "lead": lead(backtest),
        "claimed": share(CLAIMED).replace(".0", ""),
        "needed": number(attainable_from(CLAIMED)),
        "exact": backtest.exact,
        "learn": backtest.train,
        "tested": backtest.counts.days - backtest.train,
        "zones": len(backtest.counts.zones),
        "orders": number(float(backtest.counts.values[backtest.train * first.counts.calendar.steps :].sum())),
        "grains": [block(grain) for grain in backtest.grains],
        "floor": pictures[0],
        "leads": [picture for picture in pictures if picture.name.startswith("leads")],
        "paths": [picture for picture in pictures if picture.name.startswith("path")],
    }
    return write_page(folder / "forecast.html", "forecast.html", values)


def lead(backtest: Backtest) -> str:
    """What came out, in a sentence or two."""
    first = backtest.grains[0]
    best, floor = first.trials[first.best].wape(), first.floor.floor(first.floor.noise)
    reach = [grain.name for grain in backtest.grains if grain.floor.floor(grain.floor.noise) <= CLAIMED]
    can = f"it can be had for {', '.join(reach)}" if reach else "it cannot be had at any grain tested here"
    about = "" if backtest.exact else "about "
    return (
        f"The best forecast ({first.best}) errs by {share(best.mean)} ({first.name}), where {about}{share(floor)} is "
        f"noise that nobody can forecast. An error of {CLAIMED:.0%} takes {number(attainable_from(CLAIMED))} expected "
        f"orders in a cell: {can}."
    )


def block(grain: Grain) -> GrainBlock:
    """A grain in words."""
    floor = grain.floor
    return GrainBlock(
        name=grain.name,
        floor=share(floor.floor(floor.noise)),
        least=share(floor.floor(floor.least)),
        loss_floor=share(floor.floor(floor.noise_loss)),
        mean=number(float(grain.means.mean()), 2),
        fullest=number(float(grain.means.max()), 1),
        full_share=share(grain.share_from(attainable_from(CLAIMED))),
        soon=f"{grain.counts.minutes} min",
        dispersion=number(grain.trials[grain.best].dispersion, 2),
        rows=[_row(name, grain) for name in grain.trials],
    )


def _row(name: str, grain: Grain) -> ForecasterRow:
    trial = grain.trials[name]
    wape, loss, last = trial.wape(), trial.share(trial.loss), trial.actual.shape[1] - 1
    soon, late = (share(trial.wape(slice(at, at + 1)).mean) for at in (0, last))
    return ForecasterRow(
        name=name,
        wape=share(wape.mean),
        interval=_interval(wape),
        soon=soon,
        late=late,
        loss=share(loss.mean),
        loss_interval=_interval(loss),
        within_80=share(float(trial.within_80.mean())),
        within_95=share(float(trial.within_95.mean())),
        knows=name in KNOWING,
        best=name == grain.best,
    )


def _interval(of: Estimate) -> str:
    return f"{number(100 * of.low, 1)} to {share(of.high)}"


def _plots(backtest: Backtest) -> Iterator[Plot]:
    yield _plot("floor", plot_floor, floor_dots(backtest), FULL, 4.2, FLOOR)
    for grain in backtest.grains:
        if grain.name in SHOWN:
            yield _plot(f"leads_{grain.name.split(',')[0]}", plot_leads, lead_errors(grain), HALF, 3.6, LEADS)
    for grain in backtest.grains:
        if grain.name in SHOWN and (backtest.exact or len(grain.counts.zones) == 1):
            zone = int(grain.counts.values.sum(axis=0).argmax())
            where = "the city" if len(grain.counts.zones) == 1 else f"zone {grain.counts.zones[zone]}"
            path = forecast_path(grain, zone, f"Orders per {grain.counts.minutes} min in {where}")
            yield _plot(f"path_{grain.name.split(',')[0]}", plot_forecast_path, path, FULL, 3.4, PATH)


def _plot(name: str, draw: Callable[[Any, Axes], None], data: Any, width: float, tall: float, box: Margins) -> Plot:
    return Plot(name, data.alt, partial(draw, data), width, tall, 3.4, box)

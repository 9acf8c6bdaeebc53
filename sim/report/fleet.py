"""The figures of riders over weeks."""

from __future__ import annotations

from collections.abc import Iterator

from sim.events import Kind
from sim.experiment.run import RunResult
from sim.kpi.events import of
from sim.report.pictures import Plot
from sim.report.plots.fleet import fleet, plot_fleet, plot_staying, plot_wage, plot_worked
from sim.report.plots.stars import plot_stars, stars


def of_fleet(result: RunResult) -> Iterator[Plot]:
    """Figures of a run in which riders respond; none where they do not."""
    if not len(of(result.tables.events, Kind.FLEET)):
        return
    data = fleet(result.tables, result.scenario.calendar.start)
    yield Plot("fleet", data.alt, lambda ax: plot_fleet(data, ax))
    yield Plot("wage", data.wage_alt, lambda ax: plot_wage(data, ax))
    yield Plot("staying", data.staying_alt, lambda ax: plot_staying(data, ax))
    yield Plot("worked", data.worked_alt, lambda ax: plot_worked(data, ax))
    if len(of(result.tables.events, Kind.LEVEL)):
        mix = stars(result.tables, result.scenario.calendar.start)
        yield Plot("stars", mix.alt, lambda ax: plot_stars(mix, ax))

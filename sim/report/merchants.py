"""The figures of merchants over weeks."""

from __future__ import annotations

from collections.abc import Iterator

from sim.events import Kind
from sim.experiment.run import RunResult
from sim.kpi.events import of
from sim.report.pictures import Plot
from sim.report.plots.merchants import plot_margins, plot_spread, plot_traders, traders


def of_merchants(result: RunResult) -> Iterator[Plot]:
    """Figures of a run in which merchants respond; none where they do not."""
    if not len(of(result.tables.events, Kind.TRADED)):
        return
    data = traders(result.tables, result.scenario.calendar.start)
    yield Plot("traders", data.alt, lambda ax: plot_traders(data, ax))
    yield Plot("margins", data.margin_alt, lambda ax: plot_margins(data, ax))
    yield Plot("spread", data.spread_alt, lambda ax: plot_spread(data, ax))

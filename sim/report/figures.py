"""The figures of a run: what each shows, how large, and the files they become."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.plots.city_map import map_data, plot_map
from sim.report.plots.delivery_time import delivery_times, plot_delivery_time
from sim.report.plots.demand import demand, plot_demand
from sim.report.plots.income import incomes, plot_income
from sim.report.plots.load import load, plot_load
from sim.report.plots.minutes import minutes, plot_minutes
from sim.report.style import RC
from sim.report.time_axis import time_axis
from sim.report.view import RunView

Draw = Callable[[Axes], None]

FULL, HALF, PHONE = 10.4, 5.05, 3.6
"""Widths in inches, at 96 pixels each: the page, half of it, a phone."""
PNG_DPI = 192


@dataclass(frozen=True, slots=True)
class Plot:
    """One figure.

    Parameters
    ----------
    width, height
        Size in inches on a wide page.
    phone_height
        Height in inches on a phone.
    margins
        Inches left, right, below and above the axes.
    """

    name: str
    title: str
    caption: str
    draw: Draw
    width: float = HALF
    height: float = 3.3
    phone_height: float = 3.0
    margins: tuple[float, float, float, float] = (0.5, 0.12, 0.5, 0.62)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn figure as the page needs it: data URIs for a wide page and a phone, and their sizes in pixels."""

    name: str
    title: str
    caption: str
    wide: str
    phone: str
    size: tuple[int, int]


def plots(view: RunView) -> Iterator[Plot]:
    """The figures of a run, in reading order."""
    tables, calendar = view.tables, view.scenario.calendar
    axis = time_axis(tables, calendar.start, calendar.days)
    hourly, times, spent = demand(tables, axis), delivery_times(tables), minutes(tables)
    pay, fleet, city = incomes(tables), load(tables, axis), map_data(view.city, tables)
    wide_margins = (0.5, 0.12, 0.42, 0.62)
    yield Plot("demand", "Demand and what became of it",
               "Each order is counted when it was placed, so the bars add up to all orders. Late means delivered after "
               "the promised time.", lambda ax: plot_demand(hourly, ax), FULL, 3.1, 3.0, wide_margins)  # fmt: skip
    yield Plot("load", "Supply against demand",
               "Riders on shift, those with no route, and orders that no rider has been given yet. Where the line "
               "rises there were too few riders.", lambda ax: plot_load(fleet, ax), FULL, 3.1, 3.2,
               wide_margins)  # fmt: skip
    yield Plot(
        "delivery_time",
        "Delivery time",
        "From placement to drop-off, delivered orders only.",
        lambda ax: plot_delivery_time(times, ax),
    )
    yield Plot("income", "Riders' income",
               "Earnings, guarantees included, over the planned length of the shifts. p10: a tenth of the riders earns "
               "less. Gini: 0 is equal.", lambda ax: plot_income(pay, ax))  # fmt: skip
    yield Plot("minutes", "Where the minutes go",
               "The four phases add up to click-to-door. A meal that waits is short of riders; an order that queues is "
               "short of stations.", lambda ax: plot_minutes(spent, ax), FULL, 2.7, 3.2,
               (1.15, 0.12, 0.5, 0.62))  # fmt: skip
    tall = min(max((city.extent[3] - city.extent[2]) / (city.extent[1] - city.extent[0]), 0.5), 1.6)
    yield Plot("map", "The city",
               "Shaded hexagons: drop-offs of all orders placed. Circles: rider-hours without a route, by the place "
               "where the rider waited.", lambda ax: plot_map(city, ax), 6.4, 6.4 * tall + 0.8, PHONE * tall + 0.9,
               (0.04, 0.04, 0.55, 0.4))  # fmt: skip


def figure(plot: Plot, phone: bool = False) -> Figure:
    """Draw one figure; call it inside :func:`matplotlib.rc_context`."""
    width, height = (PHONE, plot.phone_height) if phone else (plot.width, plot.height)
    left, right, below, above = plot.margins
    above += 0.42 if phone and plot.name != "map" else 0
    drawn = Figure(figsize=(width, height + (0.42 if phone else 0)), facecolor="white")
    height = drawn.get_figheight()
    box = (left / width, below / height, 1 - (left + right) / width, 1 - (below + above) / height)
    plot.draw(drawn.add_axes(box))
    return drawn


def draw_all(view: RunView, folder: Path) -> list[Picture]:
    """Draw every figure, write it as PNG and SVG, and return it for the page."""
    folder.mkdir(parents=True, exist_ok=True)
    with rc_context(RC):
        return [_drawn(plot, folder) for plot in plots(view)]


def _drawn(plot: Plot, folder: Path) -> Picture:
    wide = figure(plot)
    (folder / f"{plot.name}.png").write_bytes(_bytes(wide, "png"))
    svg = _bytes(wide, "svg")
    (folder / f"{plot.name}.svg").write_bytes(svg)
    phone = _bytes(figure(plot, phone=True), "svg")
    size = round(plot.width * 96), round(plot.height * 96)
    return Picture(plot.name, plot.title, plot.caption, _uri(svg), _uri(phone), size)


def _bytes(drawn: Figure, kind: str) -> bytes:
    buffer = BytesIO()
    metadata = {"Date": None} if kind == "svg" else {"Software": None}
    drawn.savefig(buffer, format=kind, dpi=PNG_DPI, metadata=metadata)
    return buffer.getvalue()


def _uri(svg: bytes) -> str:
    return "data:image/svg+xml;base64," + b64encode(svg).decode()

"""Each figure shows the numbers of the run, and says so when there are none."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.run import RunResult
from sim.kpi.tables import Tables
from sim.report.figures import plots
from sim.report.pictures import figure
from sim.report.plots.city_map import idle_hours, map_data, plot_map
from sim.report.plots.delivery_time import DeliveryTimes, delivery_times, plot_delivery_time
from sim.report.plots.demand import COLOURS, demand, plot_demand
from sim.report.plots.histogram import pooled, round_edges
from sim.report.plots.income import Incomes, incomes, plot_income
from sim.report.plots.load import level, load, plot_load
from sim.report.plots.minutes import minutes, plot_minutes
from sim.report.style import RC
from sim.report.time_axis import TimeAxis, time_axis

MONDAY = date(2026, 3, 2)


@pytest.fixture
def ax() -> Iterator[Axes]:
    with rc_context(RC):
        yield Figure(figsize=(8, 4)).add_axes((0.1, 0.15, 0.85, 0.65))


def axis_of(tables: Tables, days: int = 1) -> TimeAxis:
    return time_axis(tables, MONDAY, days)


def texts(ax: Axes) -> str:
    return " ".join(text.get_text() for text in ax.texts)


def height(ax: Axes) -> float:
    """All bars together."""
    return float(sum(bar.get_height() for bar in ax.patches))  # type: ignore[attr-defined]


def test_demand_counts_every_order_once_when_it_was_placed(by_hand: RunResult, ax: Axes) -> None:
    data = demand(by_hand.tables, axis_of(by_hand.tables))
    assert data.axis.edges.tolist() == [10, 11, 12, 13, 14]
    assert {name: count.tolist() for name, count in data.counts.items()} == {
        "on time": [0, 1, 0, 0], "late": [0, 1, 0, 0], "cancelled": [0, 0, 1, 0], "open": [0, 0, 0, 1],
    }  # fmt: skip
    plot_demand(data, ax)
    assert height(ax) == 4
    assert {c.get_label() for c in ax.containers} == set(COLOURS)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["10:00", "11:00", "12:00", "13:00", "14:00"]


def test_demand_of_simulated_runs_adds_up(town: RunResult, week: RunResult, ax: Axes) -> None:
    for result, days in ((town, 1), (week, 7)):
        ax.clear()
        data = demand(result.tables, axis_of(result.tables, days))
        plot_demand(data, ax)
        assert height(ax) == data.total == len(result.tables.orders)


def test_delivery_time_splits_on_time_and_late_and_names_the_marks(by_hand: RunResult, ax: Axes) -> None:
    data = delivery_times(by_hand.tables)
    assert data.minutes.tolist() == [30, 50]
    assert data.on_time.tolist() == [True, False]
    plot_delivery_time(data, ax)
    assert {"mean 40.0", "p90 48.0", "promise 40"} <= {text.get_text() for text in ax.texts}
    lines = sorted(c.get_segments()[0][0][0] for c in ax.collections if hasattr(c, "get_segments"))
    assert lines == pytest.approx([40, 40, 48])


def test_no_delivery_is_left_out_of_the_histogram(ax: Axes) -> None:
    long_tail = np.r_[np.linspace(10, 60, 999), 5000.0]
    plot_delivery_time(DeliveryTimes(long_tail, long_tail <= 40, 40.0), ax)
    # A stacked histogram's second series stands on the first, so heights are still counts.
    assert height(ax) == 1000
    assert "up to 5000" in ax.get_xlabel()
    assert ax.get_xlim()[1] < 100


def test_income_is_of_all_riders(by_hand: RunResult, town: RunResult, ax: Axes) -> None:
    assert incomes(by_hand.tables).per_hour.tolist() == [3.0]
    data = incomes(town.tables)
    plot_income(data, ax)
    assert height(ax) == len(town.tables.riders) == len(data.per_hour)
    assert f"mean {data.per_hour.mean():.1f}" in texts(ax)


def test_riders_who_earn_nothing_can_be_drawn(ax: Axes) -> None:
    plot_income(Incomes(np.zeros(5)), ax)
    assert height(ax) == 5


def test_minutes_add_up_to_click_to_door(by_hand: RunResult, town: RunResult, ax: Axes) -> None:
    data = minutes(by_hand.tables)
    assert data.groups == ("all delivered", "on time", "late")
    assert data.sizes == (2, 1, 1)
    assert data.means.tolist() == [[2.5, 12.5, 7.5, 17.5], [1, 9, 5, 15], [4, 16, 10, 20]]
    assert minutes(town.tables).means[0].sum() == pytest.approx(town.kpis["click_to_door_mean"])
    plot_minutes(data, ax)
    assert sum(bar.get_width() for bar in ax.patches[::3]) == pytest.approx(40)  # type: ignore[attr-defined]
    assert {"40.0", "30.0", "50.0"} <= {text.get_text() for text in ax.texts}


def test_load_is_read_off_the_log(by_hand: RunResult, ax: Axes) -> None:
    data = load(by_hand.tables, axis_of(by_hand.tables))
    middle = (data.edges[1:] + data.edges[:-1]) / 2
    assert data.on_shift == pytest.approx(np.ones(len(middle)))
    assert data.idle == pytest.approx((middle < 11.5).astype(float))
    hours = np.diff(data.edges)
    assert (data.waiting * hours).sum() * 60 == pytest.approx(1 + 1 + 30 + 10)
    plot_load(data, ax)
    assert ax.get_ylim()[1] > data.on_shift.max()


def test_level_is_the_mean_number_of_spells() -> None:
    assert level([0, 1], [2, 5], np.array([0.0, 1, 2, 4, 6])).tolist() == [1, 2, 1, 0.5]
    assert level([], [], np.array([0.0, 1])).tolist() == [0]


def test_idle_hours_are_by_place(by_hand: RunResult) -> None:
    place, hours = idle_hours(by_hand.tables)
    assert (place.tolist(), hours.tolist()) == ([3], [1.5])


def test_the_map_shows_all_orders_merchants_and_idle_hours(town: RunResult, ax: Axes) -> None:
    data = map_data(town.city, town.tables)
    plot_map(data, ax)
    cells = next(c for c in ax.collections if c.get_array() is not None)
    assert np.asarray(cells.get_array()).sum() == len(town.tables.orders)
    dots = next(c for c in ax.collections if c.get_label() == "merchants")
    assert np.asarray(dots.get_offsets()).shape == (12, 2)
    idle = (town.tables.idle["end"] - town.tables.idle["start"]).sum() / 3600
    assert data.idle_h.sum() == pytest.approx(idle)
    assert texts(ax) == "200 m"


def test_the_map_shows_streets_and_river(made: object, ax: Axes) -> None:
    result = made(city={"kind": "district", "width_m": 1500, "height_m": 1200}, population={"users": 20})  # type: ignore[operator]
    plot_map(map_data(result.city, result.tables), ax)
    lines = {str(line.get_label()): np.asarray(line.get_xdata()) for line in ax.lines}
    assert np.isfinite(lines["streets"]).sum() == 2 * len(result.city.map.streets) > 0
    assert len(lines["river"]) == len(result.city.map.river) > 0


@pytest.mark.parametrize("name", ["nobody", "no_riders", "week", "by_hand", "town"])
@pytest.mark.parametrize("phone", [False, True])
def test_every_run_can_be_drawn(name: str, phone: bool, request: pytest.FixtureRequest) -> None:
    result = request.getfixturevalue(name)
    with rc_context(RC):
        drawn = {plot.name: figure(plot, phone) for plot in plots(result)}
    assert list(drawn) == ["demand", "load", "delivery_time", "income", "minutes", "map", "diagnosis"]
    if name == "nobody":
        assert "No order was placed." in texts(drawn["demand"].axes[0])
        assert "No order was delivered." in texts(drawn["delivery_time"].axes[0])
        assert "No rider came on shift." in texts(drawn["income"].axes[0])


@pytest.mark.parametrize(
    ("hours", "bin_h", "unit"), [(5, 1, "hour"), (7 * 24, 1, "hour"), (30 * 24, 24, "day"), (400 * 24, 168, "week")]
)
def test_long_runs_are_counted_by_day_and_week(hours: int, bin_h: float, unit: str, by_hand: RunResult) -> None:
    rows = by_hand.tables.events[:2].copy()
    rows["t"], rows["kind"] = [0, hours * 3600], 11
    axis = axis_of(Tables(rows))
    assert (axis.bin_h, axis.unit, axis.start_h) == (bin_h, unit, 0)
    assert axis.edges[-1] == axis.end_h >= hours


@pytest.mark.parametrize("days", [1, 1.5, 3, 7, 14, 60, 400])
def test_labels_of_the_time_axis_do_not_crowd(days: float, ax: Axes) -> None:
    TimeAxis(0, 24 * days, 1, MONDAY).show(ax)
    labels = [tick.get_text() for tick in ax.get_xticklabels()]
    assert 2 <= len(labels) <= 14
    if days > 1:
        assert labels[0].endswith("Mon 2 Mar")
    if days > 2:
        assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("values", [np.array([0.0]), np.array([1e-12, 3]), np.array([7.0] * 9), np.arange(5000.0)])
def test_bins_hold_every_value(values: np.ndarray) -> None:
    edges = round_edges(values)
    assert len(edges) < 120
    assert np.histogram(pooled(values, edges), edges)[0].sum() == len(values)

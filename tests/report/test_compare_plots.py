"""The figures of a study show its numbers, and can be drawn whatever they are."""

from collections.abc import Iterator
from dataclasses import replace
from math import nan

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.city.build import build_city
from sim.experiment.compare import Comparison
from sim.experiment.stats import Estimate
from sim.report.comparison.figures import plots
from sim.report.comparison.forest import forest, plot_forest
from sim.report.comparison.labels import labels
from sim.report.comparison.panels import columns, grid, grid_height
from sim.report.comparison.pareto import pareto, plot_pareto
from sim.report.comparison.strips import plot_strips, strips
from sim.report.comparison.zone_change import FEWEST, zone_changes
from sim.report.comparison.zone_map import plot_zone_change
from sim.report.pictures import figure
from sim.report.style import settings
from tests.report.studies import ZONES, made


@pytest.fixture
def ax() -> Iterator[Axes]:
    with rc_context(settings()):
        yield Figure(figsize=(10, 6)).add_axes((0.2, 0.1, 0.7, 0.75))


def panels(ax: Axes) -> list[Axes]:
    return [child for child in ax.child_axes if isinstance(child, Axes)]


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_the_forest_shows_percent_interval_and_verdict(ax: Axes) -> None:
    data = forest(made())
    assert data.kpis == ("on_time_share", "click_to_door_mean", "utilisation", "income_gini", "contribution_per_order")
    assert [kind for _, kind, _ in data.effects["new"]] == ["better", "better", "changed", "undecided", "worse"]
    plot_forest(data, ax)
    (panel,) = panels(ax)
    assert texts(panel) == ["+12.5%", "−6.7%", "−4.6%", "0.0%", "−3.0%"]
    points = [line for line in panel.lines if line.get_marker() in ("o", "D", "^") and len(line.get_xdata()) == 1]  # type: ignore[arg-type]
    assert [line.get_marker() for line in points] == ["o", "o", "^", "o", "D"]
    assert "2 better, 1 worse, 1 changed, 1 undecided" in data.alt


def test_without_a_percentage_the_difference_is_written_in_its_unit(ax: Axes) -> None:
    share = {"old": 0.0, "new": 0.02}
    data = forest(made(change=lambda name, r, kpis: {"cancelled_share": share[name] * (1 + r / 10)}))
    plot_forest(data, ax)
    assert data.kpis == ("cancelled_share",)
    assert texts(panels(ax)[0]) == ["+2.50 points"]


def test_huge_effects_leave_the_scale_with_an_arrow(ax: Axes) -> None:
    def change(name: str, r: int, kpis: dict[str, float]) -> dict[str, float]:
        by = {"overage_mean": 9.0}
        return {k: v * by.get(k, 1.02 + 0.001 * (r % 2)) for k, v in kpis.items()} if name == "new" else {}

    data = forest(made(change=change))
    assert data.reach < 100
    plot_forest(data, ax)
    arrows = [line for line in panels(ax)[0].lines if line.get_marker() == ">"]
    assert len(arrows) == 1
    assert "+800%" in texts(panels(ax)[0])


def test_strips_join_the_replications(ax: Axes) -> None:
    data = strips(made())
    assert data.values["on_time_share"].shape == (2, 6)
    assert data.values["on_time_share"][0].mean() == pytest.approx(79.733, abs=0.01)
    plot_strips(data, ax)
    assert len(panels(ax)) == 5
    joined = panels(ax)[0].lines[0]
    assert np.isfinite(np.asarray(joined.get_xdata(), dtype=float)).sum() == 12
    assert [tick.get_text() for tick in panels(ax)[0].get_yticklabels()] == ["old", "new"]


def test_pareto_knows_which_variant_no_other_beats(ax: Axes) -> None:
    def change(name: str, r: int, kpis: dict[str, float]) -> dict[str, float]:
        faster, dearer = {"old": (0, 0), "fast": (5, -1), "bad": (-5, -1), "rich": (0, 1)}[name]
        return {"click_to_door_mean": kpis["click_to_door_mean"] - faster,
                "contribution_per_order": kpis["contribution_per_order"] + dearer}  # fmt: skip

    data = pareto(made(names=("old", "fast", "bad", "rich"), change=change))
    assert data.best == ("fast", "rich")
    plot_pareto(data, ax)
    assert set(texts(ax)) == {"old", "fast", "bad", "rich"}
    assert "← better" in ax.get_xlabel()
    assert "better ↑" in ax.get_ylabel()
    assert "no other is better in both than fast and rich" in data.alt


def test_a_kpi_without_direction_does_not_count_in_the_trade_off(ax: Axes) -> None:
    data = pareto(made(pareto=["utilisation", "on_time_share"]))
    assert data.best == ("new",)
    plot_pareto(data, ax)
    assert "better" not in ax.get_xlabel()


def test_names_of_points_that_coincide_do_not_cover_each_other(ax: Axes) -> None:
    plot_pareto(pareto(made(names=("old", *"abcdefg"))), ax)
    places = [(text.xy, text.get_ha()) for text in ax.texts if text.get_text()]  # type: ignore[attr-defined]
    assert len(set(places)) == 8


def test_a_name_stands_nearer_to_its_own_point_than_to_another(ax: Axes) -> None:
    """Of two points side by side the left one is named on the left: on the right the name would be the other's."""
    data = pareto(made(names=("old", "fast")))
    points = {"right one": (at(10.5), at(2.0)), "left one": (at(10.0), at(2.0)), "far": (at(5.0), at(9.0))}
    plot_pareto(replace(data, variants=tuple(points), points=points), ax)
    sides = {text.get_text(): text.get_ha() for text in ax.texts}  # type: ignore[attr-defined]
    assert (sides["left one"], sides["right one"]) == ("right", "left")


def at(mean: float) -> Estimate:
    return Estimate(mean, mean - 0.1, mean + 0.1, 9)


def test_zones_show_pooled_differences_and_grey_where_orders_are_few() -> None:
    result = made(replications=2)
    on_time, minutes = zone_changes(result, build_city(result.scenarios["old"]))
    few = np.arange(ZONES) * 20 * 2 < FEWEST
    assert np.isnan(on_time.change["new"]).tolist() == few.tolist()
    assert on_time.change["new"][~few] == pytest.approx(np.zeros(11))
    assert minutes.change["new"][~few] == pytest.approx([z % 4 - 2 for z in range(1, ZONES)])
    assert "new better in 5 zones, worse in 3" in minutes.alt


def test_zones_are_squares_that_touch() -> None:
    result = made()
    change = zone_changes(result, build_city(result.scenarios["old"]))[0]
    west, south, east, north = change.boxes.T
    assert (east > west).all()
    assert (north > south).all()
    assert len(set(east) & set(west)) == 3
    assert len(set(south) & set(north)) == 2


def test_the_map_colours_better_alike_in_both_measures(ax: Axes) -> None:
    result = made()
    minutes = zone_changes(result, build_city(result.scenarios["old"]))[1]
    plot_zone_change(minutes, ax)
    (panel,) = panels(ax)
    red, green, _ = np.asarray(panel.collections[0].get_facecolor())[:, :3].T
    better = minutes.change["new"] < 0
    assert (green[better] > red[better]).all()
    assert {"−2.0", "+1.0", "0.0"} <= set(texts(panel))


STUDIES = {
    "two replications": lambda: made(replications=2),
    "identical": lambda: made(change=lambda name, r, kpis: {}),
    "no values": lambda: made(change=lambda name, r, kpis: dict.fromkeys(kpis, nan)),
    "one value": lambda: made(change=lambda name, r, kpis: dict.fromkeys(list(kpis)[:30], nan if r else 1.0)),
    "shifted": lambda: made(change=lambda name, r, kpis: {k: round(v) + len(name) % 2 for k, v in kpis.items()}),
    "eight": lambda: made(names=("old", "跑腿", "x" * 99, "$a_b$", *"abcd"), replications=3),
    "many replications": lambda: made(replications=500),
}


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("name", STUDIES)
def test_every_study_can_be_drawn(name: str, phone: bool) -> None:
    result: Comparison = STUDIES[name]()
    with rc_context(settings("".join(result.rows))):
        drawn = {plot.name: figure(plot, phone) for plot in plots(result, build_city(result.scenarios["old"]))}
        for one in drawn.values():
            one.draw_without_rendering()
    assert list(drawn) == ["forest", "pareto", "replications", "zones_on_time_share", "zones_click_to_door"]
    if name == "identical":
        assert "No KPI differs in any replication." in texts(drawn["forest"].axes[0])
    if name == "no values":
        assert "No variant has a value of both KPIs." in texts(drawn["pareto"].axes[0])


def test_names_in_figures_are_short_and_apart() -> None:
    with rc_context(settings()):
        found = labels(["a\n b", "y" * 40 + "1", "y" * 40 + "2", "\U000f0000"])
    assert list(found.values()) == ["a b", "variant 2", "variant 3", "variant 4"]


def test_a_grid_fills_its_axes(ax: Axes) -> None:
    places = [panel.get_position().bounds for panel in grid(ax, 5, 3, (0.3, 0.4), names=0.5)]
    assert len(places) == 5
    assert places[0][1] == pytest.approx(places[2][1])
    assert places[0][1] > places[3][1]
    assert places[2][0] + places[2][2] == pytest.approx(0.9)
    assert places[3][1] == pytest.approx(0.1)
    assert (columns(7, 3, 1, 10), columns(7, 3, 1, 3.6), columns(0, 3, 1, 10)) == (3, 1, 1)
    assert grid_height(4, 3, 2, 0.5) == pytest.approx(4.77)

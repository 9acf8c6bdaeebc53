"""The shipped studies of dispatch: which policies meet which cities, that nothing is tuned, and that each runs."""

from pathlib import Path

import numpy as np
import pytest

from sim.city.build import build_city
from sim.city.model import Day
from sim.city.weather import Atmosphere
from sim.entities import Weather
from sim.experiment.run import run
from sim.kpi.kpis import KPIS
from sim.policies.dispatch import DISPATCH
from sim.policies.reposition import REPOSITION
from sim.scenario import yaml12
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.scenario.study import Study, scenarios_of, with_given
from sim.scenario.weather import ChainWeather
from sim.streams import Streams
from sim.units import HOUR
from tests.test_scenarios import SMALL, numbers

FOLDER = Path(__file__).parents[1] / "scenarios" / "studies"
NAMES = ["dispatch_rain", "dispatch_burst", "reposition_burst"]
EVENING = 16 * HOUR

each = pytest.mark.parametrize("path", [FOLDER / f"{name}.yaml" for name in NAMES], ids=NAMES)
dispatch = pytest.mark.parametrize("name", NAMES[:2])


def study(name: str) -> Study:
    return load(FOLDER / f"{name}.yaml", Study)


def scenarios(name: str) -> dict[str, Scenario]:
    return scenarios_of(study(name), FOLDER)


def first_day(scenario: Scenario, replication: int) -> Day:
    return build_city(scenario).day(0, Streams(scenario.seed, replication))


@each
def test_it_compares_what_the_table_needs_often_enough(path: Path) -> None:
    read = study(path.stem)
    assert read.name == path.stem
    assert read.replications.count == 20
    assert {"on_time_share", "click_to_door_mean", "cancelled_share"} <= set(read.kpis) <= set(KPIS)
    assert all(KPIS[kpi].better != "none" for kpi in read.kpis)


@each
def test_its_first_lines_say_what_it_is_and_how_it_is_run(path: Path) -> None:
    first, second = path.read_text(encoding="utf-8").splitlines()[:2]
    assert first.startswith("# ")
    assert f"paotui compare scenarios/studies/{path.name}" in second


@each
def test_every_number_of_the_city_has_its_reason(path: Path) -> None:
    document, lines = yaml12.read(path), path.read_text(encoding="utf-8").splitlines()
    marks = {at: document.marks[at][0] for at, _ in numbers(document.data) if at[0] in ("settings", "variants")}
    assert [f"line {line}: {at}" for at, line in marks.items() if "#" not in lines[line - 1]] == []


@dispatch
def test_every_shipped_policy_is_compared_with_matching_and_none_is_tuned(name: str) -> None:
    made = scenarios(name)
    assert study(name).reference == "matching"
    assert {"income_per_hour_mean", "income_gini", "rider_cost_per_order"} <= set(study(name).kpis)
    assert {s.dispatch.policy for s in made.values()} == set(DISPATCH) - {"exec"}
    assert [s.dispatch.params for s in made.values()] == [{}] * len(made)


@dispatch
def test_only_who_decides_differs(name: str) -> None:
    made = scenarios(name)
    differing = {"dispatch": made["matching"].dispatch, "riders": made["matching"].riders}
    assert all(s.model_copy(update=differing) == made["matching"] for s in made.values())
    free = [key for key, s in made.items() if s.riders != made["matching"].riders]
    assert free == ["grab hall", "matching, may refuse"]
    assert made[free[0]].riders == made[free[1]].riders
    assert [key for key, s in made.items() if s.dispatch.hall.post_s] == ["grab hall"]


def test_it_rains_all_day_and_every_replication_has_heavy_rain_of_its_own() -> None:
    scenario = scenarios("dispatch_rain")["matching"]
    assert isinstance(scenario.weather, ChainWeather)
    air = Atmosphere.of(scenario.weather, scenario.calendar.start)
    hours = np.array([air.sky(1, Streams(scenario.seed, r)).weather[:24] for r in range(20)])
    assert set(hours.ravel().tolist()) == {Weather.RAIN, Weather.HEAVY_RAIN}
    assert 0.15 < (hours == Weather.HEAVY_RAIN).mean() < 0.35  # a quarter: 0.4 / 2.4 against 1 / 2
    assert len({row.tobytes() for row in hours}) == 20


def test_the_burst_evening_is_that_of_concert_night() -> None:
    evening, night = (
        first_day(scenario, 3).intents.t
        for scenario in (scenarios("dispatch_burst")["matching"], load("concert_night", Scenario))
    )
    assert evening.min() >= EVENING
    np.testing.assert_array_equal(evening, night[night >= EVENING])


def test_as_many_riders_as_on_concert_night_work_that_evening() -> None:
    evening, night = scenarios("dispatch_burst")["matching"].riders, load("concert_night", Scenario).riders
    for name, shift in evening.shifts.items():
        whole = night.shifts[name]
        assert (shift.start, shift.hours) == (whole.start, whole.hours)
        assert evening.count * shift.share == pytest.approx(night.count * whole.share, abs=1)
    assert all(t.start < "10:30" for name, t in night.shifts.items() if name not in evening.shifts)


def test_the_riders_of_the_third_study_wait_in_every_shipped_way() -> None:
    made = scenarios("reposition_burst")
    assert {s.reposition.policy for s in made.values()} == set(REPOSITION)
    assert study("reposition_burst").reference == "stay"
    assert {s.reposition.forecast for s in made.values()} == {"planned"}
    assert [burst.announced for burst in made["stay"].demand.bursts] == [True]


@pytest.mark.parametrize(
    ("name", "variant", "bursts"),
    [
        ("dispatch_rain", "insertion", []),
        ("dispatch_burst", "grab hall", ["demand.bursts.0.orders=20", "demand.bursts.1.orders=6"]),
        ("reposition_burst", "flow", ["demand.bursts.0.orders=20"]),
    ],
)
def test_a_small_replication_runs(name: str, variant: str, bursts: list[str]) -> None:
    small = [setting for setting in SMALL if not setting.startswith("demand.bursts")]
    result = run(scenarios_of(with_given(study(name), [*small, *bursts]), FOLDER)[variant])
    assert result.kpis["orders"] > 15
    assert result.kpis["delivered_share"] > 0.6
    assert np.isfinite([result.kpis[kpi] for kpi in study(name).kpis]).all()

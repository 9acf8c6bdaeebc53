"""From a scenario to its city: people in the right houses, shifts and attendance, the straight-line plane."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.city.build import build_city
from sim.city.model import City, LandUse, Shifts
from sim.city.people import gamma_mean_one
from sim.city.travel import StraightTravel, TableTravel
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY, HOUR, MINUTE

SMALL: dict[str, Any] = {"population": {"users": 400}, "riders": {"count": 60}}
PLANE = {"kind": "plane", "places": 90, "width_m": 2000, "height_m": 1000}


def build(**blocks: Any) -> City:
    return build_city(Scenario.model_validate({**SMALL, **blocks}))


@pytest.fixture(scope="module")
def district() -> City:
    return build(population={"users": 3000})


def standing(city: City, of: np.ndarray) -> set[int]:
    return set(city.places.use[of].tolist())


def test_people_live_and_work_where_they_should(district: City) -> None:
    users, segment = district.users, np.array(district.segments)[district.users.segment]
    student = segment == "student"
    assert standing(district, users.home[student]) == {LandUse.DORMITORY}
    assert standing(district, users.work[student]) == {LandUse.TEACHING}
    assert standing(district, users.home[~student]) == {LandUse.HOUSING}
    assert standing(district, users.work[~student]) == {LandUse.OFFICE}
    assert standing(district, district.merchants.place) == {LandUse.SHOPFRONT}
    assert set(district.riders.start.tolist()) <= set(district.merchants.place.tolist())


def test_segments_have_their_shares(district: City) -> None:
    assert district.segments == ("student", "office", "resident", "parent", "elder")
    counts = np.bincount(district.users.segment, minlength=5)
    assert stats.chisquare(counts, 3000 * np.array([0.35, 0.25, 0.20, 0.12, 0.08])).pvalue > 0.01


def test_tastes_have_mean_one_and_the_spread_asked_for(district: City) -> None:
    taste = district.users.taste
    assert abs(taste.mean() - 1) < 4 * 0.8 / np.sqrt(3000)
    assert taste.std() == pytest.approx(0.8, rel=0.1)


def test_no_spread_is_the_same_for_all() -> None:
    assert gamma_mean_one(0, 5, np.random.default_rng(1)).tolist() == [1] * 5
    assert build(population={"users": 50, "taste_cv": 0}).users.taste.tolist() == [1] * 50


def test_merchants_have_the_numbers_of_their_class(district: City) -> None:
    merchants = district.merchants
    assert np.bincount(merchants.kind).tolist() == [140, 40]
    shop = merchants.kind == 1
    assert set(merchants.stations[shop].tolist()) == {2}
    assert set(merchants.prep_s[shop].tolist()) == {5 * MINUTE}
    assert set(merchants.opens[shop].tolist()) == {8 * HOUR}
    assert set(merchants.closes[shop].tolist()) == {23.5 * HOUR}
    assert set(merchants.prep_shape[~shop].tolist()) == {2.12}
    assert (merchants.popularity > 0).all()


def test_a_class_with_no_merchants_leaves_the_others(district: City) -> None:
    city = build(merchants={"classes": {"none": {"count": 0}, "some": {"count": 3, "stations": 5}}})
    assert city.merchants.kind.tolist() == [1, 1, 1]
    assert city.merchants.stations.tolist() == [5, 5, 5]


@pytest.mark.parametrize("blocks", [{}, {"city": PLANE}], ids=["district", "plane"])
def test_a_seed_is_a_city(blocks: dict[str, Any]) -> None:
    one, two, other = build(seed=3, **blocks), build(seed=3, **blocks), build(seed=4, **blocks)
    for table in ("places", "users", "merchants", "riders"):
        a, b, c = (getattr(city, table) for city in (one, two, other))
        for name in a.__slots__:
            np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
        assert any(not np.array_equal(getattr(a, name), getattr(c, name)) for name in a.__slots__)


def test_the_policy_and_the_name_of_a_scenario_change_no_city() -> None:
    one, two = build(city=PLANE), build(city=PLANE, name="other", dispatch={"policy": "nearest"})
    np.testing.assert_array_equal(one.users.home, two.users.home)
    np.testing.assert_array_equal(one.day(0, Streams(1)).intents.t, two.day(0, Streams(1)).intents.t)


def test_more_riders_change_no_user_and_no_intent() -> None:
    few, many = build(city=PLANE, riders={"count": 10}), build(city=PLANE, riders={"count": 90})
    np.testing.assert_array_equal(few.users.taste, many.users.taste)
    np.testing.assert_array_equal(few.merchants.place, many.merchants.place)
    np.testing.assert_array_equal(few.day(0, Streams(1)).intents.basket, many.day(0, Streams(1)).intents.basket)


def test_the_plane_is_a_rectangle_with_straight_lines() -> None:
    city = build(city=PLANE)
    assert isinstance(city.travel, StraightTravel)
    assert len(city.places.x) == 90
    assert 1500 < np.ptp(city.places.x) <= 2000
    assert 700 < np.ptp(city.places.y) <= 1000
    assert city.zones == ("A1", "B1")
    assert city.travel.distance(0, 1) == pytest.approx(np.hypot(*(np.diff(c[:2]) for c in pair(city)))[0])
    assert not len(city.map.streets)


def pair(city: City) -> tuple[np.ndarray, np.ndarray]:
    return city.places.x, city.places.y


@pytest.mark.parametrize("city", [PLANE, {"kind": "district", "width_m": 2000, "height_m": 2000}])
def test_metric_and_rounding_reach_the_travel_times(city: dict[str, Any]) -> None:
    plain, whole = build(city=city), build(city=city, travel={"whole_minutes": True, "metres_per_minute": 250})
    every = np.arange(80)
    times, rounded = (c.travel.times(every[:, None], every) for c in (plain, whole))
    np.testing.assert_array_equal(rounded, np.ceil(times / 60) * 60)
    if city is PLANE:
        grid = build(city={**PLANE, "metric": "manhattan"}).travel.times(every[:, None], every)
        assert (grid >= times - 1e-9).all()
        assert grid.sum() > 1.2 * times.sum()


def test_the_district_travels_by_table(district: City) -> None:
    assert isinstance(district.travel, TableTravel)
    assert len(district.map.streets) > 500
    assert district.map.river.shape[1] == 2


def test_some_uses_may_be_missing_and_people_still_have_a_home() -> None:
    """On a plane all is housing: students, offices and merchants go anywhere."""
    city = build(city=PLANE)
    assert standing(city, np.arange(90)) == {LandUse.HOUSING}
    assert len(set(city.merchants.place.tolist())) > 30
    assert len(set(city.users.work.tolist())) > 30


def test_without_merchants_riders_start_anywhere() -> None:
    city = build(city=PLANE, merchants={"classes": {"none": {"count": 0}}})
    assert len(set(city.riders.start.tolist())) > 20


SHIFTS = {
    "early": {"start": "06:30", "hours": 2.5, "share": 0.25},
    "night": {"start": "22:00", "hours": 8, "share": 0.75},
}


def shifts(day: int = 0, replication: int = 0, **riders: Any) -> tuple[City, Shifts]:
    city = build(city=PLANE, riders={"count": 1500, "shifts": SHIFTS, **riders})
    return city, city.day(day, Streams(1, replication)).shifts


def test_shifts_begin_and_end_by_their_template() -> None:
    city, drawn = shifts(day=2, start_jitter_min=0, attendance=1)
    assert drawn.rider.tolist() == list(range(1500))
    template = city.riders.template[drawn.rider]
    np.testing.assert_array_equal(drawn.on, 2 * DAY + np.where(template == 0, 6.5 * HOUR, 22 * HOUR))
    np.testing.assert_array_equal(drawn.off - drawn.on, np.where(template == 0, 2.5 * HOUR, 8 * HOUR))
    np.testing.assert_array_equal(drawn.place, city.riders.start)


def test_templates_have_their_shares() -> None:
    city, _ = shifts()
    assert stats.chisquare(np.bincount(city.riders.template), [375, 1125]).pvalue > 0.01


def test_attendance_is_the_share_who_come() -> None:
    counts = [len(shifts(replication=r, attendance=0.7)[1].rider) for r in range(5)]
    low, high = stats.binom.interval(0.99, 5 * 1500, 0.7)
    assert low <= sum(counts) <= high
    assert len(set(counts)) > 1
    assert len(shifts(attendance=0)[1].rider) == 0


def test_jitter_spreads_the_start_in_whole_minutes() -> None:
    city, drawn = shifts(start_jitter_min=45, attendance=1)
    late = (drawn.on - np.where(city.riders.template == 0, 6.5 * HOUR, 22 * HOUR)) / MINUTE
    assert sorted(set(late.tolist())) == list(range(45))
    assert stats.chisquare(np.bincount(late.astype(int))).pvalue > 0.01


def test_attendance_does_not_move_who_comes_when() -> None:
    (_, all_), (_, some) = shifts(attendance=1), shifts(attendance=0.5)
    np.testing.assert_array_equal(all_.on[some.rider], some.on)


def test_capacity_is_the_scenarios() -> None:
    assert set(build(city=PLANE, riders={"count": 9, "capacity": 2}).riders.capacity.tolist()) == {2}


def test_a_fleet_may_be_empty() -> None:
    city = build(city=PLANE, riders={"count": 0})
    assert len(city.day(0, Streams(1)).shifts.rider) == 0

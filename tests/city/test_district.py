"""The generated district: equal for equal seeds, connected, and cut by a river with n bridges."""

import numpy as np
import pytest
from numpy.random import default_rng

from sim.city.district import DOOR_M, PER_CROSSING, build_district
from sim.city.model import LandUse, Map, Places
from sim.city.streets import RIVER_WIDTH_M, Streets, lay_streets, river_y
from sim.city.travel import TableTravel
from sim.scenario.city import District, TravelSpeed

CITY = District(width_m=3000, height_m=2500)
SEEDS = range(6)
SHAPES = {
    "default": District(),
    "small": CITY,
    "tiny": District(width_m=1000, height_m=1000, block_m=200, bridges=1),
    "wide": District(width_m=8000, height_m=1500, block_m=250, bridges=6),
    "coarse": District(width_m=4000, height_m=4000, block_m=900, bridges=2),
}


def district(seed: int = 1, city: District = CITY) -> tuple[Places, tuple[str, ...], TableTravel, Map]:
    return build_district(city, TravelSpeed(), default_rng(seed))


def side(city: District, streets: Streets) -> np.ndarray:
    """Metres north of the middle of the river, for each crossing."""
    return streets.y - river_y(city, streets.x)


def over(city: District, streets: Streets) -> np.ndarray:
    """Rows of the segments whose ends lie on two sides of the middle of the river."""
    a, b = side(city, streets)[streets.segments.T]
    return np.flatnonzero(a * b <= 0)


def test_a_seed_is_a_district() -> None:
    (one, names, travel, lines), (two, same_names, same_travel, same_lines) = district(5), district(5)
    for a, b in ((one.x, two.x), (one.y, two.y), (one.use, two.use), (one.zone, two.zone)):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(travel.metres, same_travel.metres)
    np.testing.assert_array_equal(lines.streets, same_lines.streets)
    assert names == same_names


def test_another_seed_is_another_district() -> None:
    assert not np.array_equal(district(1)[0].x[:50], district(2)[0].x[:50])


@pytest.mark.parametrize("city", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_place_can_reach_every_other(city: District, seed: int) -> None:
    streets = lay_streets(city, default_rng(seed))
    metres = streets.distances()
    assert np.isfinite(metres).all()
    np.testing.assert_allclose(metres, metres.T)
    assert len(streets.x) > 0.6 * (city.width_m // city.block_m) * (city.height_m // city.block_m)


def test_travel_is_finite_symmetric_and_not_shorter_than_the_crow_flies() -> None:
    places, _, travel, _ = district()
    metres = travel.metres.astype(float)
    assert np.isfinite(metres).all()
    np.testing.assert_array_equal(metres, metres.T)
    assert not metres.diagonal().any()
    straight = np.hypot(places.x[:, None] - places.x, places.y[:, None] - places.y)
    assert (metres >= straight - 0.01).all()
    assert metres[~np.eye(len(metres), dtype=bool)].min() >= 2 * DOOR_M - 0.01
    assert 1.1 < np.median(metres[metres > 1000] / straight[metres > 1000]) < 2


@pytest.mark.parametrize("city", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_river_is_crossed_at_the_bridges_only(city: District, seed: int) -> None:
    streets = lay_streets(city, default_rng(seed))
    assert len(over(city, streets)) == city.bridges


def segments_cut(lines: np.ndarray, course: np.ndarray) -> int:
    """How many (x1, y1, x2, y2) cut a course of straight pieces: geometry, with no knowledge of the generator."""
    x1, y1, x2, y2 = (lines[:, [i]] for i in range(4))
    ax, ay = course[:-1].T
    bx, by = course[1:].T

    def turn(px, py, qx, qy, rx, ry):
        return np.sign((qx - px) * (ry - py) - (qy - py) * (rx - px))

    cut = (turn(x1, y1, x2, y2, ax, ay) != turn(x1, y1, x2, y2, bx, by)) & (
        turn(ax, ay, bx, by, x1, y1) != turn(ax, ay, bx, by, x2, y2)
    )
    return int(cut.any(axis=1).sum())


@pytest.mark.parametrize("bridges", [1, 2, 3, 5])
def test_the_map_shows_as_many_bridges_as_were_asked_for(bridges: int) -> None:
    *_, lines = district(3, CITY.model_copy(update={"bridges": bridges}))
    assert segments_cut(lines.streets, lines.river) == bridges


def test_streets_keep_out_of_the_water_except_at_bridges() -> None:
    streets = lay_streets(CITY, default_rng(1))
    wet = np.abs(side(CITY, streets)) < RIVER_WIDTH_M / 2
    touching = wet[streets.segments].any(axis=1)
    a, b = streets.segments[touching].T
    assert (np.abs(streets.x[a] - streets.x[b]) < 0.5 * CITY.block_m).all(), "a street along the river bed"
    assert len(np.unique(np.round(streets.x[a] / CITY.block_m))) <= CITY.bridges


def test_a_way_over_the_river_passes_a_bridge() -> None:
    """Without the segments over the river no crossing of the north reaches one of the south."""
    streets = lay_streets(CITY, default_rng(1))
    rest = np.delete(streets.segments, over(CITY, streets), axis=0)
    metres = Streets(streets.x, streets.y, rest, streets.river).distances()
    north = side(CITY, streets) > 0
    assert np.isinf(metres[np.ix_(north, ~north)]).all()
    assert north.any()
    assert (~north).any()


def test_more_bridges_make_shorter_ways() -> None:
    one, six = (lay_streets(CITY.model_copy(update={"bridges": n}), default_rng(1)) for n in (1, 6))
    assert six.distances().mean() < one.distances().mean() - 50


def test_segments_are_about_a_block_long() -> None:
    streets = lay_streets(CITY, default_rng(1))
    assert 0.9 < streets.lengths().mean() / CITY.block_m < 1.1
    assert streets.lengths().max() < 2 * CITY.block_m


def test_every_crossing_has_its_addresses_at_the_door() -> None:
    rng = default_rng(1)
    streets = lay_streets(CITY, rng)
    places, *_ = district(1)
    assert len(places.x) == PER_CROSSING * len(streets.x)
    away = np.hypot(places.x - np.repeat(streets.x, 2), places.y - np.repeat(streets.y, 2))
    np.testing.assert_allclose(away, DOOR_M)


@pytest.mark.parametrize("city", [SHAPES["default"], CITY], ids=["default", "small"])
@pytest.mark.parametrize("seed", SEEDS)
def test_every_land_use_is_present(city: District, seed: int) -> None:
    places, *_ = district(seed, city)
    counts = np.bincount(places.use, minlength=len(LandUse))
    assert (counts > 0).all()
    assert counts[LandUse.HOUSING] == counts.max()
    campus = np.isin(places.use, (LandUse.DORMITORY, LandUse.TEACHING))
    assert places.x[campus].max() < 0.4 * city.width_m
    assert places.y[campus].max() < 0.45 * city.height_m
    assert places.x[places.use == LandUse.OFFICE].min() > 0.5 * city.width_m


def test_zones_cover_the_district() -> None:
    places, names, *_ = district(1, District())
    assert {"A1", "E4"} <= set(names)
    assert len(names) == 20
    assert set(places.zone.tolist()) == set(range(20))


def test_speed_sets_the_time() -> None:
    _, _, slow, _ = build_district(CITY, TravelSpeed(metres_per_minute=100), default_rng(1))
    _, _, fast, _ = build_district(CITY, TravelSpeed(metres_per_minute=200), default_rng(1))
    assert slow.time(0, 9) == pytest.approx(2 * fast.time(0, 9))
    assert slow.time(0, 9) == pytest.approx(slow.distance(0, 9) / 100 * 60)

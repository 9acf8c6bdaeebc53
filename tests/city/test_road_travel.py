"""Travel along roads: the same from a table and row by row, and with roads closed."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from sim.city.fastest import Ways
from sim.city.road_travel import Network, RoadTravel, RowTravel, travel_without
from sim.city.roads import ON_FOOT
from sim.city.travel import StraightTravel
from tests.city.test_fastest import random_roads
from tests.city.test_roads import RING, made


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PAOTUI_CACHE", str(tmp_path))
    return tmp_path


def networks(**how: object) -> tuple[RoadTravel, RowTravel]:
    at = np.random.default_rng(5).integers(0, 60, 200)
    table = Network(random_roads(1), at, **how).travel()  # type: ignore[arg-type]
    rows = Network(random_roads(1), at, **how, table_gb=0).travel()  # type: ignore[arg-type]
    assert isinstance(table, RoadTravel)
    assert isinstance(rows, RowTravel)
    return table, rows


@pytest.mark.parametrize("whole", [False, True])
def test_row_by_row_is_the_same_to_the_last_bit(whole: bool) -> None:
    table, rows = networks(whole_minutes=whole)
    places = np.arange(200)
    np.testing.assert_array_equal(table.times(places[:, None], places), rows.times(places[:, None], places))
    for travel in (table, rows):
        pairs = [(3, 170), (170, 3), (9, 9)]
        assert [travel.time(*pair) for pair in pairs] == [float(travel.times(*pair)) for pair in pairs]
        assert [travel.distance(*pair) for pair in pairs] == [table.distance(*pair) for pair in pairs]
        if whole:
            assert travel.time(3, 170) % 60 == 0


either = pytest.mark.parametrize("which", [0, 1], ids=["table", "rows"])


@either
def test_places_broadcast(which: int) -> None:
    travel = networks()[which]
    assert travel.times(np.arange(4)[:, None], np.arange(5)).shape == (4, 5)
    assert travel.times(0, np.arange(5)).shape == (5,)
    assert travel.times(np.arange(5), 0).dtype == np.float64
    assert travel.times(np.empty(0, np.int64), np.empty(0, np.int64)).shape == (0,)
    with pytest.raises(IndexError):
        travel.time(0, 200)


@either
def test_a_policy_cannot_move_the_city(which: int) -> None:
    travel = networks()[which]
    with pytest.raises(ValueError, match="read-only"):
        travel.row[0] = 1
    if isinstance(travel, RoadTravel):
        with pytest.raises(ValueError, match="read-only"):
            travel.table[0, 0, 0] = 1


@either
def test_it_travels_to_other_processes(which: int) -> None:
    travel = networks()[which]
    before = travel.time(1, 2)
    again = pickle.loads(pickle.dumps(travel))
    assert (again.time(1, 2), again.distance(5, 6)) == (before, travel.distance(5, 6))


def test_only_so_many_rows_are_kept() -> None:
    _, rows = networks()
    few = RowTravel(rows.network, rows.row, rows.ways, 3)
    first = [few.time(0, place) for place in range(200)]
    for origin in range(200):
        few.time(origin, 0)
    assert len(few._rows) == 3
    assert [few.time(0, place) for place in range(200)] == first


def test_the_table_is_kept_under_the_content_of_the_roads(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    networks()
    kept = sorted(path.name for path in cache.iterdir())
    assert len(kept) == 1
    monkeypatch.setattr(Ways, "table", None)
    networks()
    monkeypatch.undo()
    monkeypatch.setenv("PAOTUI_CACHE", str(cache))
    Network(random_roads(2), np.arange(60)).travel()
    assert len(list(cache.iterdir())) == 2


def test_a_closed_bridge_makes_the_way_longer() -> None:
    travel = Network(made(*RING), np.array([0, 1, 2, 3])).travel()
    assert (travel.time(1, 2), travel.distance(1, 2)) == (40, 400)
    closed = travel_without(travel, ["East Bridge"])
    assert (closed.time(1, 2), closed.distance(1, 2)) == (100, 1000)
    assert closed.time(0, 3) == 40
    both = travel_without(travel, ["East Bridge", "West Bridge"])
    assert both.time(1, 2) == pytest.approx(400 / ON_FOOT)
    assert travel.time(1, 2) == 40


def test_only_real_roads_can_be_closed() -> None:
    with pytest.raises(ValueError, match="only a city of kind osm"):
        travel_without(StraightTravel(np.zeros(2), np.ones(2), 250), ["East Bridge"])
    with pytest.raises(ValueError, match="no road is named"):
        travel_without(Network(made(*RING), np.arange(4)).travel(), ["Northern"])

"""Closed roads: ways get longer and never shorter, every address can be reached, nonsense is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.random import default_rng
from scipy.sparse.csgraph import connected_components

from sim.city.build import build_city
from sim.city.closures import MOST_TABLES, _graph, _without
from sim.city.model import City
from sim.city.streets import Streets, lay_streets, over_the_river, river_y
from sim.scenario.city import District
from sim.scenario.disruptions import RoadClosed
from sim.scenario.errors import ScenarioError
from sim.scenario.schema import Scenario
from tests.city.small_map import write

CITY = {"kind": "district", "width_m": 3000, "height_m": 2500}
BOX = [500, 300, 1300, 1000]


def build(*roads: dict[str, Any], city: dict[str, Any] = CITY) -> City:
    closed = [{"kind": "road_closed", "from": f"{n}:00", "to": f"{n + 1}:00", **spec} for n, spec in enumerate(roads)]
    blocks = {"population": {"users": 50}, "riders": {"count": 5}, "city": city, "disruptions": closed}
    return build_city(Scenario.model_validate(blocks))


def metres(city: City) -> list[np.ndarray]:
    places = np.arange(len(city.places.x))
    return [travel.times(places[:, None], places) * 250 / 60 for travel in city.travels]


def streets() -> Streets:
    return lay_streets(District.model_validate(CITY), default_rng(1))


def shut(**roads: Any) -> RoadClosed:
    return RoadClosed.model_validate({"kind": "road_closed", "from": "1:00", "to": "2:00", **roads})


def test_without_closures_there_is_one_travel() -> None:
    city = build()
    assert city.travels == (city.travel,)


def test_bridges_are_numbered_from_the_west() -> None:
    town = streets()
    bridges = over_the_river(town)
    x = town.x[town.segments[bridges, 0]]
    assert len(bridges) == 3
    assert (np.diff(x) > 0).all()
    middle = river_y(District.model_validate(CITY), town.x)
    a, b = (town.y - middle)[town.segments[bridges].T]
    assert (a * b < 0).all()


def test_a_closed_bridge_makes_a_detour_and_no_short_cut() -> None:
    normal, closed = metres(build({"bridges": [2]}))
    assert (closed >= normal - 0.1).all()
    assert np.isfinite(closed).all()
    assert closed.mean() > normal.mean() + 20
    np.testing.assert_array_equal(closed, closed.T)


def test_more_closed_bridges_make_longer_ways() -> None:
    normal, one, two = metres(build({"bridges": [1]}, {"bridges": [1, 2]}))
    assert normal.mean() < one.mean() < two.mean()
    assert (two >= one - 0.1).all()


def test_one_bank_does_not_mind_the_bridges_of_the_other() -> None:
    city = build({"bridges": [1, 3]})
    normal, closed = metres(city)
    south = city.places.y < 1000
    np.testing.assert_allclose(closed[np.ix_(south, south)], normal[np.ix_(south, south)], rtol=1e-6)


def test_the_last_bridge_stays_open() -> None:
    with pytest.raises(ScenarioError, match=r"disruptions\.0: with these roads closed, \d+ of \d+ crossings cannot"):
        build({"bridges": [1, 2, 3]})


def test_a_closed_box_offers_no_way_through_but_all_its_addresses() -> None:
    city = build({"box": BOX})
    normal, closed = metres(city)
    x, y = city.places.x, city.places.y
    inside = (x > 600) & (x < 1200) & (y > 400) & (y < 900)
    west, east = (x < 450) & (y > 400) & (y < 900), (x > 1350) & (x < 2000) & (y > 400) & (y < 900)
    assert inside.sum() > 10
    assert np.isfinite(closed).all()
    assert closed[np.ix_(west, east)].mean() > normal[np.ix_(west, east)].mean() + 100


def test_what_is_entered_in_a_box_is_a_tree() -> None:
    """Each closed street that stays passable joins two parts that nothing else joins."""
    town = streets()
    rest = _without(town, {0: shut(box=BOX)})
    x, y = (column[rest.segments].mean(axis=1) for column in (rest.x, rest.y))
    entered = np.flatnonzero((x >= BOX[0]) & (x <= BOX[2]) & (y >= BOX[1]) & (y <= BOX[3]))
    assert 0 < len(entered) < 0.8 * (len(town.segments) - len(rest.segments) + len(entered))
    for one in entered.tolist():
        without = Streets(rest.x, rest.y, np.delete(rest.segments, one, axis=0), rest.river)
        assert connected_components(_graph(without), directed=False)[0] == 2


def test_a_bridge_that_is_barred_is_not_entered_by_a_box() -> None:
    """The box covers the second bridge as well; the way over it stays closed."""
    town = streets()
    middle = over_the_river(town)[1]
    x, y = (column[town.segments[middle]].mean() for column in (town.x, town.y))
    around = shut(box=[x - 150, y - 150, x + 150, y + 150])
    rest = _without(town, {0: around, 1: shut(bridges=[2])})
    pairs = {tuple(sorted(pair)) for pair in rest.segments.tolist()}
    assert tuple(sorted(town.segments[middle].tolist())) not in pairs


def test_a_box_does_not_open_the_last_bridge() -> None:
    town = streets()
    middle = over_the_river(town)[1]
    x, y = (column[town.segments[middle]].mean() for column in (town.x, town.y))
    around = shut(box=[x - 150, y - 150, x + 150, y + 150])
    with pytest.raises(ScenarioError, match="cannot be reached; leave a bridge open"):
        _without(town, {0: around, 1: shut(bridges=[1, 2, 3])})


def test_closures_at_once_share_a_table() -> None:
    roads = [{"bridges": [1], "from": "10:00", "to": "12:00"}, {"bridges": [2], "from": "11:00", "to": "13:00"}]
    city = build(*roads)
    normal, first, both, second = metres(city)
    np.testing.assert_array_equal(both, metres(build({"bridges": [1, 2]}))[1])
    assert (both >= np.maximum(first, second) - 0.1).all()
    assert (normal <= np.minimum(first, second) + 0.1).all()


def test_too_many_sets_are_refused() -> None:
    roads = [{"box": [0, 0, 300 + 100 * n, 900]} for n in range(MOST_TABLES + 1)]
    assert len(build(*roads[:MOST_TABLES]).travels) == MOST_TABLES + 1
    with pytest.raises(ScenarioError, match="9 different sets of closed roads; at most 8 fit"):
        build(*roads)


@pytest.mark.parametrize(
    ("roads", "words"),
    [
        ({"bridges": [4]}, "disruptions.0.bridges: no bridge 4, there are 3"),
        ({"streets": ["Main Street"]}, "disruptions.0.streets: the streets of a generated district have no names"),
        ({"box": [90000, 0, 90001, 1]}, "disruptions.0.box: no street's middle is inside"),
    ],
)
def test_roads_that_are_not_there_are_refused(roads: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError) as error:
        build(roads)
    assert str(error.value) == words


@pytest.mark.parametrize("roads", [{"bridges": [1]}, {"box": [0, 0, 1, 1]}, {"streets": ["A"]}])
def test_a_plane_has_no_roads(roads: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError, match=r"disruptions\.0"):
        build(roads, city={"kind": "plane"})


# ---------------------------------------------------------------- a real place


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A small map of two banks with two bridges."""
    monkeypatch.setenv("PAOTUI_CACHE", str(tmp_path / "cache"))
    return {"osm": {"file": str(write(tmp_path / "small.osm")), "address_m": 20}}


def test_a_street_of_a_real_place_is_closed_by_name(real: dict[str, Any]) -> None:
    normal, closed = metres(build({"streets": ["West Bridge"]}, city=real))
    assert np.isfinite(closed).all()
    assert closed.mean() > normal.mean()


@pytest.mark.parametrize(
    ("roads", "words"),
    [
        ({"streets": ["West Brigde"]}, "disruptions.0: no road is named 'West Brigde' (did you mean 'West Bridge'?)"),
        ({"bridges": [1]}, "disruptions.0.bridges: only a generated district numbers its bridges"),
        ({"box": [0.0, 0.0, 1.0, 1.0]}, "disruptions.0: no road touches the box"),
    ],
)
def test_roads_that_are_not_on_the_map_are_refused(real: dict[str, Any], roads: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError) as error:
        build(roads, city=real)
    assert str(error.value).startswith(words)

"""From an OpenStreetMap file or place to roads: what is usable, how long, how fast, and errors to act on."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.city.osm_graph import read_roads, settings
from sim.city.roads import Roads
from sim.scenario.roads import Osm
from tests.city.small_map import SOUTH, STEP, TALL_M, WEST, WIDE_M, write, xml


def roads(path: Path, vehicle: str = "e-bike") -> Roads:
    return read_roads(Osm(file=str(path), vehicle=vehicle), path)[0]


def one(roads: Roads, name: str, north_or_east: bool = True) -> int:
    """The road of that name whose course leads north or east, or the other one."""
    sense = np.sign((roads.x[roads.b] - roads.x[roads.a]) + (roads.y[roads.b] - roads.y[roads.a]))
    return int(np.flatnonzero((roads.name == name) & (sense == (1 if north_or_east else -1)))[0])


@pytest.fixture(scope="module", params=["small.osm", "small.osm.gz"])
def path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("map") / request.param)


def test_only_usable_roads_of_the_largest_part_remain(path: Path) -> None:
    by_bike = roads(path)
    assert sorted(by_bike.name.tolist()) == 2 * ["East Bridge"] + 2 * ["North Road"] + 2 * ["South Road"] + [
        "West Bridge"
    ] * 2  # fmt: skip
    assert len(by_bike.x) == 4
    by_car = roads(path, "car")
    assert by_car.name.tolist().count("East Bridge") == 1
    assert "Expressway" in by_car.name
    assert "Expressway" not in roads(path, "motorcycle").name
    assert roads(path, "walk").name.tolist().count("East Bridge") == 2


def test_lengths_and_times_are_those_of_the_map(path: Path) -> None:
    by_bike = roads(path)
    north, south, bridge = (one(by_bike, name) for name in ("North Road", "South Road", "West Bridge"))
    assert by_bike.metres[north] == pytest.approx(2 * WIDE_M, rel=1e-3)
    assert by_bike.metres[bridge] == pytest.approx(2 * TALL_M, rel=1e-3)
    assert by_bike.seconds[bridge] == pytest.approx(by_bike.metres[bridge] / 17.1 * 3.6)
    assert by_bike.seconds[south] == pytest.approx(by_bike.metres[south] / 17.1 * 3.6 + 11)
    by_car = roads(path, "car")
    south, north = (one(by_car, name) for name in ("South Road", "North Road"))
    assert by_car.seconds[south] == pytest.approx(by_car.metres[south] / (0.8 * 30) * 3.6 + 11)
    assert by_car.seconds[north] == pytest.approx(by_car.metres[north] / 25 * 3.6)
    fast = one(by_car, "Expressway")
    assert by_car.seconds[fast] == pytest.approx(by_car.metres[fast] / (0.8 * 50 * 1.609344) * 3.6)


def test_both_directions_of_a_contraflow_street_have_a_course(path: Path) -> None:
    by_bike = roads(path)
    up, down = (one(by_bike, "East Bridge", sense) for sense in (True, False))
    assert by_bike.metres[up] == pytest.approx(by_bike.metres[down])
    courses = [by_bike.course[by_bike.corner[road] : by_bike.corner[road + 1]] for road in (up, down)]
    np.testing.assert_allclose(courses[0], courses[1][::-1])


def test_positions_are_metres_from_the_corner_and_degrees(path: Path) -> None:
    by_bike = roads(path)
    assert by_bike.course[:, :2].min(axis=0).tolist() == [0, 0]
    assert by_bike.x.max() == pytest.approx(2 * WIDE_M, rel=0.02)
    assert by_bike.y.max() == pytest.approx(2 * TALL_M, rel=0.02)
    np.testing.assert_allclose(by_bike.course[:, 2].max(), WEST + 2 * STEP)
    np.testing.assert_allclose(by_bike.course[:, 3].min(), SOUTH)
    np.testing.assert_allclose(by_bike.course[by_bike.corner[:-1], 0], by_bike.x[by_bike.a], atol=1e-6)


@pytest.mark.parametrize("projected", [False, True])
def test_a_graphml_gives_the_same_roads(path: Path, tmp_path: Path, projected: bool) -> None:
    with settings() as osmnx:
        graph = osmnx.graph_from_xml(write(tmp_path / "small.osm"), simplify=False, retain_all=True)
        osmnx.save_graphml(osmnx.project_graph(graph) if projected else graph, tmp_path / "small.graphml")
    one, two = roads(path, "car"), roads(tmp_path / "small.graphml", "car")
    for name in ("x", "y", "metres", "seconds", "name"):
        column, other = (np.sort(getattr(r, name)) for r in (one, two))
        if name == "name":
            assert column.tolist() == other.tolist()
        else:
            np.testing.assert_allclose(column, other, atol=1e-3)


def test_a_simplified_graphml_is_taken_as_it_is(tmp_path: Path) -> None:
    with settings() as osmnx:
        graph = osmnx.graph_from_xml(write(tmp_path / "small.osm"))
        osmnx.save_graphml(graph, tmp_path / "small.graphml")
    assert "North Road" in " ".join(roads(tmp_path / "small.graphml", "walk").name.tolist())


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.osm", "no XML", "not a readable OpenStreetMap file"),
        ("b.osm", "<osm></osm>", "b.osm: "),
        ("c.graphml", "<graphml/>", "not a readable OpenStreetMap file"),
        (
            "d.osm",
            xml(ways=(("Track", ("00", "01"), {"highway": "raceway"}),)),
            "no road that a vehicle 'e-bike' may use",
        ),
        ("e.osm", xml(ways=(("Exit", ("00", "01"), {"highway": "primary", "oneway": "yes"}),)), "no two crossings"),
    ],
)
def test_a_map_that_cannot_be_used_is_named(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = write(tmp_path / name, text)
    with pytest.raises(ValueError, match=message) as error:
        roads(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_packed_file_that_is_broken_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.osm.gz").write_bytes(b"not gzip")
    with pytest.raises(ValueError, match=r"x\.osm\.gz: not a readable"):
        roads(tmp_path / "x.osm.gz")


def test_a_place_without_a_network_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PAOTUI_CACHE", str(tmp_path))
    with settings() as osmnx:
        asked: dict[str, Any] = {}

        def refuse(place: str, **how: Any) -> None:
            asked.update(how, place=place, cache=str(osmnx.settings.cache_folder))
            raise ConnectionError("no network")

        monkeypatch.setattr(osmnx, "graph_from_place", refuse)
    with pytest.raises(ValueError, match=r"place 'Nankai, Tianjin': the map service cannot be reached .* city\.file"):
        read_roads(Osm(place="Nankai, Tianjin", vehicle="car"), None)
    assert asked["place"] == "Nankai, Tianjin"
    assert '"highway"~"^(' in asked["custom_filter"]
    assert "motorway" in asked["custom_filter"]
    assert asked["cache"] == str(tmp_path / "osmnx")


def test_a_place_is_read_as_a_file_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = write(tmp_path / "small.osm")
    with settings() as osmnx:
        graph = osmnx.graph_from_xml(path, simplify=False, retain_all=True)
        monkeypatch.setattr(osmnx, "graph_from_place", lambda place, **how: graph)
    found, _, _ = read_roads(Osm(place="Small, Nowhere"), None)
    assert sorted(found.name.tolist()) == sorted(roads(path).name.tolist())


def test_settings_are_put_back() -> None:
    import osmnx

    before = list(osmnx.settings.useful_tags_way)
    with settings() as ours:
        assert "oneway:bicycle" in ours.settings.useful_tags_way
    assert osmnx.settings.useful_tags_way == before

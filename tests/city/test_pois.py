"""Food places and shops: from a CSV, an OpenStreetMap file or a place."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.city.osm_graph import settings
from sim.city.pois import Pois, read_pois
from sim.scenario.roads import Osm
from tests.city.small_map import degrees, write, xml

HEAD = "osm_type,osm_id,lat,lon,amenity,shop,cuisine,name\n"


def of_csv(tmp_path: Path, text: str) -> Pois:
    (tmp_path / "pois.csv").write_text(text, encoding="utf-8")
    return read_pois(Osm(file="x.osm"), tmp_path / "pois.csv", None)


def of_map(path: Path) -> Pois:
    return read_pois(Osm(file=str(path)), None, path)


def test_a_csv_has_a_column_for_each_tag(tmp_path: Path) -> None:
    rows = 'n,1,39.1,117.2,restaurant,,pizza,"Luigi, the best"\nw,2,39,117,,convenience;deli,,\n'
    pois = of_csv(tmp_path, HEAD + rows)
    assert pois.latitude.tolist() == [39.1, 39]
    assert pois.longitude.tolist() == [117.2, 117]
    assert pois.tags.tolist() == [";amenity=restaurant;", ";shop=convenience;shop=deli;"]


def test_tags_match_whole_values() -> None:
    pois = Pois(np.zeros(3), np.zeros(3), np.array([";amenity=cafe;", ";shop=bakery;shop=deli;", ";shop=car;"]))
    assert pois.matching(["amenity=cafe", "shop=deli"]).tolist() == [True, True, False]
    assert pois.matching(["shop=*"]).tolist() == [False, True, True]
    assert pois.matching(["shop=bake", "amenity=restaurant"]).tolist() == [False] * 3
    assert Pois(np.empty(0), np.empty(0), np.array([], np.str_)).matching(["shop=*"]).tolist() == []


def test_a_row_without_a_wanted_tag_is_left_out(tmp_path: Path) -> None:
    assert of_csv(tmp_path, HEAD + "n,1,39,117,,,,Nothing\n").tags.tolist() == []
    assert of_csv(tmp_path, HEAD).tags.tolist() == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,lon\nx,1\n", r"pois\.csv:1: no column lat"),
        ("", r"pois\.csv:1: no column lat and no column lon"),
        (HEAD + "n,1,39,east,cafe,,,\n", r"pois\.csv:2: lat '39', lon 'east': expected degrees"),
        (HEAD + "n,1,39,117,cafe,,,\nn,2,139,117,cafe,,,\n", r"pois\.csv:3: lat 139, lon 117: outside the world"),
        (HEAD + "n,1\n", r"pois\.csv:2: lat None, lon None"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        of_csv(tmp_path, text)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "pois.csv").write_bytes(b"\xff\xfe\x00lat")
    with pytest.raises(ValueError, match=r"pois\.csv: not a readable CSV"):
        read_pois(Osm(file="x.osm"), tmp_path / "pois.csv", None)


@pytest.mark.parametrize("name", ["small.osm", "small.osm.gz"])
def test_without_a_csv_the_map_tells(tmp_path: Path, name: str) -> None:
    pois = of_map(write(tmp_path / name))
    assert sorted(pois.tags.tolist()) == [
        ";amenity=cafe;", ";amenity=restaurant;", ";amenity=restaurant;",
        ";shop=bakery;shop=florist;", ";shop=bicycle;",
    ]  # fmt: skip
    cafe = pois.tags.tolist().index(";amenity=cafe;")
    assert (pois.latitude[cafe], pois.longitude[cafe]) == pytest.approx(degrees(0.1, 1.5))


def test_a_map_may_know_no_shops(tmp_path: Path) -> None:
    assert of_map(write(tmp_path / "none.osm", xml(pois=()))).tags.tolist() == []
    assert of_map(tmp_path / "any.graphml").tags.tolist() == []


def test_a_place_is_asked_for_the_tags_we_want(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with settings() as osmnx:
        frame = osmnx.features_from_xml(write(tmp_path / "small.osm"), tags={"amenity": True, "shop": True})
        asked: dict[str, Any] = {}
        monkeypatch.setattr(osmnx, "features_from_place", lambda place, tags: asked.update({place: tags}) or frame)
    pois = read_pois(Osm(place="Small, Nowhere"), None, None)
    assert asked == {"Small, Nowhere": {"amenity": True, "shop": True}}
    assert len(pois.tags) == 5

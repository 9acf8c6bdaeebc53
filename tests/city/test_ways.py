"""Tags of one way: speed, access, direction."""

import pytest

from sim.city.ways import both_ways, limit_kmh, listed, speed_kmh
from sim.scenario.roads import Osm

VEHICLES = Osm(place="somewhere").vehicles


@pytest.mark.parametrize(
    ("text", "kmh"),
    [("50", 50), ("30 mph", 48.28032), ("25mph", 40.2336), ("20 km/h", 20), ("walk", 6), ("none", None), ("0", None),
     ("signals", None), ("FR:urban", None), ("5 knots", None), ("", None), ("nan", None)],
)  # fmt: skip
def test_a_limit_is_read_in_any_unit(text: str, kmh: float | None) -> None:
    assert limit_kmh(text) == (pytest.approx(kmh) if kmh else None)


def test_a_tag_may_hold_several_values() -> None:
    assert listed("50;30") == ["50", "30"]
    assert listed(["a", "b; c"]) == ["a", "b", "c"]
    assert listed(None) == listed(float("nan")) == listed(" ; ") == []


def test_without_a_sign_the_class_decides() -> None:
    assert speed_kmh({"highway": "residential"}, VEHICLES["car"]) == 25
    assert speed_kmh({"highway": "residential"}, VEHICLES["e-bike"]) == 17.1
    assert speed_kmh({"highway": "pedestrian"}, VEHICLES["e-bike"]) == 4
    assert speed_kmh({"highway": "primary"}, VEHICLES["motorcycle"]) == 45


def test_a_signed_limit_counts_up_to_the_top_speed() -> None:
    fast, slow = {"highway": "primary", "maxspeed": "70"}, {"highway": "primary", "maxspeed": "30"}
    assert speed_kmh(fast, VEHICLES["car"]) == pytest.approx(56)
    assert speed_kmh(fast, VEHICLES["motorcycle"]) == 45
    assert speed_kmh(slow, VEHICLES["motorcycle"]) == pytest.approx(24)
    assert speed_kmh(fast, VEHICLES["e-bike"]) == 17.1
    assert speed_kmh({"highway": "residential", "maxspeed": "10"}, VEHICLES["e-bike"]) == 10


def test_the_slowest_of_several_counts() -> None:
    assert speed_kmh({"highway": ["primary", "residential"]}, VEHICLES["car"]) == 25
    assert speed_kmh({"highway": "primary", "maxspeed": ["50", "30"]}, VEHICLES["car"]) == pytest.approx(24)


@pytest.mark.parametrize(
    ("vehicle", "kind"),
    [("e-bike", "motorway"), ("bicycle", "trunk"), ("walk", "motorway_link"), ("motorcycle", "motorway"),
     ("car", "cycleway"), ("car", "footway"), ("e-bike", "steps"), ("car", "proposed"), ("walk", None)],
)  # fmt: skip
def test_some_ways_are_not_for_all(vehicle: str, kind: str | None) -> None:
    assert speed_kmh({"highway": kind}, VEHICLES[vehicle]) == 0


@pytest.mark.parametrize(
    ("tags", "may"),
    [({"access": "private"}, False), ({"access": "private", "bicycle": "yes"}, True), ({"bicycle": "no"}, False),
     ({"access": "destination"}, True), ({"vehicle": "no"}, False), ({"motor_vehicle": "no"}, True),
     ({"bicycle": "use_sidepath"}, True)],
)  # fmt: skip
def test_the_most_special_tag_decides_who_may_enter(tags: dict[str, str], may: bool) -> None:
    assert bool(speed_kmh({"highway": "service", **tags}, VEHICLES["e-bike"])) is may


def test_one_way_binds_drivers_but_not_walkers() -> None:
    assert not both_ways({"oneway": True}, VEHICLES["car"])
    assert not both_ways({"oneway": True}, VEHICLES["e-bike"])
    assert both_ways({"oneway": True}, VEHICLES["walk"])
    assert both_ways({"oneway:bicycle": "no"}, VEHICLES["e-bike"])
    assert not both_ways({"oneway:bicycle": "no"}, VEHICLES["car"])

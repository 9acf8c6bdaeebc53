"""A benchmark instance as a city: nothing is drawn, everything is where the files say."""

from pathlib import Path

import numpy as np
import pytest

from sim.city.build import build_city
from sim.city.mdrp import PATIENT_S, build_mdrp
from sim.city.model import City
from sim.scenario.city import TravelSpeed
from sim.scenario.schema import Scenario
from sim.streams import Streams
from tests.city.test_instance import GOOD

SPEED = TravelSpeed(metres_per_minute=320, whole_minutes=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("instance")
    for name, text in GOOD.items():
        (made / name).write_text(text)
    return made


@pytest.fixture(scope="module")
def city(folder: Path) -> City:
    return build_mdrp(folder, SPEED)


def test_places_are_restaurants_then_doors_then_couriers(city: City) -> None:
    assert city.places.x.tolist() == [100, 300.5, 1, 3, 5, 0, 9]
    assert city.places.y.tolist() == [200, -400, 2, 4, 6, 0, 9]
    assert city.merchants.place.tolist() == [0, 1]
    assert city.users.home.tolist() == [2, 3, 4]
    assert city.riders.start.tolist() == [5, 6]


def test_orders_are_intents_in_order_of_time(city: City) -> None:
    intents = city.day(0, Streams(1)).intents
    assert intents.t.tolist() == [600, 600, 1200]
    assert intents.user.tolist() == [1, 2, 0]
    assert intents.place.tolist() == [3, 4, 2]
    assert intents.merchant.tolist() == [0, 0, 1]
    assert intents.prep_s.tolist() == [0, 750, 900]
    assert (intents.patience_s == PATIENT_S).all()
    assert not intents.basket.any()


def test_couriers_are_riders_with_room_for_all(city: City) -> None:
    shifts = city.day(0, Streams(1)).shifts
    assert shifts.rider.tolist() == [0, 1]
    assert shifts.place.tolist() == [5, 6]
    assert shifts.on.tolist() == [0, 3600]
    assert shifts.off.tolist() == [5400, 10800]
    assert (city.riders.capacity >= 3).all()


def test_no_meal_waits_for_a_stove_and_no_kitchen_closes(city: City) -> None:
    assert (city.merchants.stations > 3).all()
    assert np.isinf(city.merchants.closes).all()
    assert not city.merchants.opens.any()


def test_the_second_day_is_empty(city: City) -> None:
    day = city.day(1, Streams(1))
    assert (len(day.intents), len(day.shifts.rider)) == (0, 0)


@pytest.mark.parametrize(("seed", "replication"), [(1, 0), (2, 0), (1, 5)])
def test_chance_has_no_part_in_it(city: City, seed: int, replication: int) -> None:
    one, two = city.day(0, Streams(seed, replication)), city.day(0, Streams(99, 9))
    np.testing.assert_array_equal(one.intents.t, two.intents.t)
    np.testing.assert_array_equal(one.intents.prep_s, two.intents.prep_s)


def test_travel_is_in_whole_minutes_of_the_given_speed(city: City) -> None:
    metres = np.hypot(200.5, 600)
    assert city.travel.distance(0, 1) == pytest.approx(metres)
    assert city.travel.time(0, 1) == 60 * np.ceil(metres / 320) == 120


def test_a_scenario_may_name_the_folder(folder: Path) -> None:
    scenario = Scenario.model_validate({"city": {"kind": "mdrp", "dir": str(folder)}})
    assert len(build_city(scenario).users.home) == 3


def test_a_scenario_with_a_bad_folder_says_which_file(tmp_path: Path) -> None:
    scenario = Scenario.model_validate({"city": {"kind": "mdrp", "dir": str(tmp_path)}})
    with pytest.raises(ValueError, match=r"restaurants\.txt: cannot be read"):
        build_city(scenario)

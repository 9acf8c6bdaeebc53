"""The last metres, second by second: doors, lockers, care and stars."""

import pickle
from typing import Any

import numpy as np
import pytest

from sim.city.model import City
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.entities import Need
from sim.events import Kind, Purpose
from tests.engine.labour import able
from tests.engine.latents import doors, dressed
from tests.engine.toy import drop, give, pick, play, play_on, rows, scripted, times, toy_city, toy_scenario, want

RIDE = {0: lambda wave: [give(0, pick(0), drop(0))]}
FLAT = [0.0] * 6
STAIRS = [0, 0, 0, 100.0, 40.0, 0]
USUAL = 180 + 60 + 360 + 60
"""When the order placed at 100 is delivered at place 3: counter, back, way, and half of the two minutes at the door."""


def test_stairs_take_their_time_there_and_back() -> None:
    events = play(dressed(toy_city([want(100)]), doors(STAIRS)), scripted(RIDE))
    assert times(events, Kind.DELIVERED) == [USUAL + 50]
    assert times(events, Kind.IDLE)[-1] == USUAL + 50 + 110


def test_no_door_at_all_is_a_flat_one() -> None:
    usual = play(toy_city([want(100)]), scripted(RIDE))
    assert play(dressed(toy_city([want(100)]), doors(FLAT)), scripted(RIDE)).tolist() == usual.tolist()


def test_the_platform_reckons_with_what_it_knows() -> None:
    for reckoned, free in ((STAIRS, USUAL + 50 + 110), ([0, 0, 0, 30.0, 0, 0], USUAL + 15 + 75)):
        policy = scripted(RIDE | {1: lambda wave: []})
        wishes = [want(100), want(130, 1, 4)]
        play(dressed(toy_city(wishes), doors(STAIRS, reckoned)), policy, until=200.0)
        assert policy.seen[0].orders[0].door_s == reckoned[3]
        assert policy.seen[1].riders.free_at[0] == free


def test_a_surprise_at_the_door_corrects_the_plan() -> None:
    route = [pick(0), pick(1), drop(0), drop(1, 4)]
    policy = scripted({0: lambda wave: [give(0, *route)]})
    wishes = [want(100, place=3), want(101, place=4), want(600, 1, 5)]
    play(dressed(toy_city(wishes), doors(STAIRS, FLAT)), policy, until=1500.0)
    free = {wave.now: wave.riders.free_at[0] for wave in policy.seen if wave.now >= 600}
    assert free[690] == 180 + 60 + 360 + 120 + 120 + 120
    assert free[720] == free[690] + 100, "he was 50 s late at the door, and has as much before him"


def test_stairs_need_somebody_fit() -> None:
    table = doors(STAIRS)
    table.stairs[3] = True
    policy = scripted()
    play(dressed(toy_city([want(100), want(101, place=5)]), table), policy, until=150.0)
    assert [order.needs for order in policy.seen[0].orders] == [Need.STAIRS, 0]


LOCKERS: dict[str, Any] = {"lockers": {"slots": 1, "dropoff_s": 40, "use": "housing"}}


def cabinet(*collect_s: float) -> City:
    """Orders 20 s apart for one address with a locker and stairs; they agree to a locker where collect_s >= 0."""
    wishes = [want(100 + 20 * i) for i in range(len(collect_s))]
    return dressed(toy_city(wishes), doors(STAIRS, locker=[3]), collect_s=collect_s)


def carry(*orders: int) -> Any:
    stops = [*(pick(order) for order in orders), *(drop(order) for order in orders)]
    return scripted({2: lambda wave: [give(0, *stops)]})


def test_a_locker_takes_its_own_time_and_the_user_collects_later() -> None:
    policy = carry(0)
    events, outcome = play_on(cabinet(500.0), policy, **LOCKERS)
    at = 180 + 60 + 60 + 360 + 20
    assert times(events, Kind.DELIVERED) == times(events, Kind.STORED) == [at]
    assert [rows(events, Kind.COLLECTED)[0][name] for name in ("t", "user", "place", "amount")] == [at + 500, 7, 3, 500]
    assert policy.seen[0].orders[0].door_s == 40 - 120
    assert outcome.world.lockers == {3: 0}
    assert outcome.world.stored == {}


def test_a_full_locker_means_the_stairs() -> None:
    events = play(cabinet(5000.0, 5000.0), carry(0, 1), **LOCKERS)
    first, second = times(events, Kind.DELIVERED)
    assert second - first == 20 + 0 + 60 + 50
    assert rows(events, Kind.STORED)["order"].tolist() == [0]


def test_a_slot_is_free_again_when_it_is_collected() -> None:
    events = play(cabinet(30.0, 30.0), carry(0, 1), **LOCKERS)
    assert rows(events, Kind.STORED)["order"].tolist() == [0], "he arrives 20 s after the first drop-off"
    events = play(cabinet(19.0, 30.0), carry(0, 1), **LOCKERS)
    assert rows(events, Kind.STORED)["order"].tolist() == [0, 1]


def test_nobody_climbs_to_a_locker() -> None:
    """The rider is not fit for stairs, which cost him 90 s more; at the locker they do not."""
    skills = {"skills": {"box": 0, "stairs": 0, "range": 0, "stairs_extra_min": 1.5}}
    arrivals = []
    for collect_s in (-1.0, 60.0):
        city = able(cabinet(collect_s), 0)
        assert city.doors is not None
        city.doors.stairs[3] = True
        events = play(city, carry(0), riders=skills, **LOCKERS)
        arrivals.append(times(events, Kind.DELIVERED)[0] - times(events, Kind.ARRIVED)[1])
    assert arrivals == [60 + 50 + 45, 20]


def test_who_refuses_a_locker_gets_it_at_the_door() -> None:
    events = play(cabinet(-1.0), carry(0), **LOCKERS)
    assert not len(rows(events, Kind.STORED))
    assert not len(rows(events, Kind.COLLECTED))
    assert times(events, Kind.DELIVERED) == [180 + 60 + 60 + 360 + 60 + 50]


CARE: dict[str, Any] = {"share": 0.5, "pickup_s": 30, "door_s": 80}


@pytest.mark.parametrize("handled", [True, False])
def test_care_takes_time_at_both_ends_where_it_is_taken(handled: bool) -> None:
    policy = scripted(RIDE)
    events = play(dressed(toy_city([want(100, prep_s=10)]), care=[True]), policy, care=CARE | {"handled": handled})
    order = policy.seen[0].orders[0]
    assert (order.care, order.handling_s, order.door_s) == (1, 30 * handled, 80 * handled)
    assert times(events, Kind.PICKED_UP) == [180 + 30 * handled]
    assert times(events, Kind.DELIVERED) == [USUAL + (30 + 40) * handled]
    assert len(rows(events, Kind.COOKING)) == len(rows(events, Kind.READY)) == 1, "the kitchen's, not the rider's"


def test_care_waits_for_the_kitchen_too() -> None:
    events = play(dressed(toy_city([want(100, prep_s=200)]), care=[True]), scripted(RIDE), care=CARE)
    assert times(events, Kind.PICKED_UP) == [300]


def test_a_frail_customer_is_sent_to_no_locker() -> None:
    city = dressed(toy_city([want(100)]), doors(FLAT, locker=[3]), collect_s=[60.0], care=[True])
    assert not len(rows(play(city, scripted(RIDE), care=CARE, **LOCKERS), Kind.STORED))
    unheard = play(city, scripted(RIDE), care=CARE | {"handled": False}, **LOCKERS)
    assert len(rows(unheard, Kind.STORED)) == 1


def stars(u: float, care: bool = False, handled: bool = True, promise_min: float = 40) -> list[tuple[int, int]]:
    city = dressed(toy_city([want(100, prep_s=10)]), opinion=[u], care=[care])
    blocks = {"care": {"share": 0.5, "handled": handled, "pickup_s": 0, "door_s": 0}, "ratings": {"share": 0.5}}
    events = play(city, scripted(RIDE), platform={"promise_min": promise_min}, **blocks)
    return [(row["amount"].item(), row["detail"].item()) for row in rows(events, Kind.RATED)]


def test_stars_follow_lateness_and_care() -> None:
    assert stars(-1.0) == []
    assert stars(0.5) == [(5, 0)]
    assert stars(0.5, promise_min=5) == [(3, 0)], "four minutes late"
    assert stars(0.3) == [(4, 0)]
    assert stars(0.3, care=True) == [(5, 1)]
    assert stars(0.3, care=True, handled=False) == [(3, 1)]


EVERYTHING: dict[str, Any] = LOCKERS | {"care": CARE, "ratings": {"share": 1}}


@pytest.mark.parametrize("t", [110, 190, 240, 650, 660, 679, 680, 700, 1100, 1178, 3000])
def test_the_last_metres_can_be_cut_anywhere(t: float) -> None:
    wishes = [want(100), want(120), want(140)]
    city = dressed(
        toy_city(wishes), doors(STAIRS, FLAT, locker=[3]),
        collect_s=[498.0, 60.0, -1.0], care=[False, False, True], opinion=[0.5, 0.2, 0.01],
    )  # fmt: skip
    whole, first, second = Log(), Log(), Log()
    scenario = toy_scenario(**EVERYTHING)
    simulate(scenario, city, carry(0, 1, 2), whole)
    outcome = simulate(scenario, city, carry(0, 1, 2), first, until=t)
    simulate(scenario, city, carry(0, 1, 2), second, world=pickle.loads(pickle.dumps(outcome.world)))
    assert [*first.events().tolist(), *second.events().tolist()] == whole.events().tolist()
    kinds = [len(rows(whole.events(), kind)) for kind in (Kind.DELIVERED, Kind.STORED, Kind.COLLECTED, Kind.RATED)]
    assert kinds == [3, 1, 1, 3]


def test_nothing_costs_money() -> None:
    city = dressed(toy_city([want(100)]), doors(STAIRS, locker=[3]), collect_s=[60.0], care=[False], opinion=[0.5])
    usual, all_on = play(toy_city([want(100)]), scripted(RIDE)), play(city, scripted(RIDE), **EVERYTHING)
    sums = [
        {Purpose(row["detail"]): row["amount"].item() for row in rows(events, Kind.PAID)} for events in (usual, all_on)
    ]
    assert sums[0] == sums[1]
    assert np.isin([Kind.STORED, Kind.COLLECTED, Kind.RATED], all_on["kind"]).all()

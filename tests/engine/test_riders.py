"""Riders in the toy city: shifts, waiting, bundles, diversion, guarantees, all to the second."""

import numpy as np

from sim.entities import Stop
from sim.events import NONE, Kind, Purpose
from tests.engine.strangers import Bundler, bundle
from tests.engine.toy import REPOSITION, drop, give, pick, play, rows, scripted, story, toy_city, want
from tests.engine.toy import times as at

RIDING = (Kind.DEPARTED, Kind.ARRIVED)


def test_a_rider_comes_and_goes() -> None:
    events = play(toy_city([want(50000)], [(0, 2, 600, 4200)]), scripted())
    assert story(events, Kind.ON_SHIFT, Kind.IDLE, Kind.OFF_SHIFT) == [
        (600, "ON_SHIFT"),
        (600, "IDLE"),
        (4200, "OFF_SHIFT"),
    ]
    row = rows(events, Kind.ON_SHIFT)[0]
    assert (row["rider"], row["place"], row["amount"]) == (0, 2, 3600)


def test_a_rider_finishes_what_he_carries_after_his_off_time() -> None:
    city = toy_city([want(100)], [(0, 0, 0, 300)])
    events = play(city, scripted({0: lambda wave: [give(0, pick(0), drop(0))]}))
    assert at(events, Kind.DELIVERED) == [660]
    assert at(events, Kind.OFF_SHIFT) == [720]
    assert rows(events, Kind.OFF_SHIFT)["place"].tolist() == [3]


def test_a_rider_who_is_home_is_asked_nothing() -> None:
    policy = scripted()
    play(toy_city([want(100), want(700)], [(0, 0, 0, 600)]), policy)
    assert [wave.now for wave in policy.seen] == [float(t) for t in range(120, 600, 30)]


def test_two_pickups_at_one_place_share_the_visit_and_wait_for_the_last_meal() -> None:
    city = toy_city([want(100, place=2), want(110, place=3, prep_s=600)])
    route = (pick(0), pick(1), drop(0, 2), drop(1, 3))
    events = play(city, scripted({0: lambda wave: [give(0, *route)]}))
    assert at(events, Kind.READY) == [130, 730]
    assert at(events, Kind.PICKED_UP) == [730, 730]
    assert at(events, Kind.DELIVERED) == [730 + 60 + 240 + 60, 730 + 60 + 240 + 120 + 120 + 60]
    assert [t for t, _ in story(events, *RIDING)] == [120, 120, 790, 1030, 1150, 1270]


def test_two_pickups_at_two_places_are_two_visits() -> None:
    city = toy_city([want(100), want(110, merchant=1)], stations=(1, 1))
    route = (pick(0), pick(1, 1), drop(0), drop(1))
    events = play(city, scripted({0: lambda wave: [give(0, *route)]}))
    assert at(events, Kind.PICKED_UP) == [180, 180 + 60 + 120 + 60]


def test_a_bundling_policy_fills_the_box_and_no_more() -> None:
    wishes = [want(100 + i, place=3) for i in range(5)]
    events = play(toy_city(wishes, stations=(9, 1), capacity=3), Bundler())
    picked = rows(events, Kind.PICKED_UP)
    assert [picked["t"].tolist().count(t) for t in np.unique(picked["t"])] == [3, 2]
    assert len(at(events, Kind.DELIVERED)) == 5
    assert at(events, Kind.DELIVERED)[:3] == [660, 780, 900]


def test_a_rider_is_sent_elsewhere_and_waits_there() -> None:
    events = play(toy_city([want(100)]), scripted({0: lambda wave: [give(0, Stop(REPOSITION, -1, 5))]}), until=5000)
    assert story(events, *RIDING, Kind.IDLE) == [(0, "IDLE"), (120, "DEPARTED"), (720, "ARRIVED"), (720, "IDLE")]
    assert rows(events, Kind.DEPARTED)["order"].tolist() == [NONE]
    assert rows(events, Kind.ARRIVED)["place"].tolist() == [5]


def test_a_new_route_takes_effect_at_the_next_stop() -> None:
    """On his way to order 0 since 120, he is told at 150 to fetch order 1 first: he arrives at 0 all the same."""
    city = toy_city([want(100, merchant=1, place=5), want(130, merchant=1, place=2)], stations=(1, 9))
    answers = {
        0: lambda wave: [give(0, pick(0, 1), drop(0, 5))],
        1: lambda wave: [give(0, pick(0, 1), pick(1, 1), drop(1, 2), drop(0, 5))],
    }
    policy = scripted(answers)
    events = play(city, policy)
    assert policy.seen[1].riders.under_way.tolist() == [True]
    assert policy.seen[1].riders.route[0] == (pick(0, 1), drop(0, 5))
    assert at(events, Kind.ARRIVED)[0] == 240
    assert at(events, Kind.PICKED_UP) == [300, 300]
    assert rows(events, Kind.DELIVERED)["order"].tolist() == [1, 0]


def test_what_is_on_board_can_be_delivered_in_another_order() -> None:
    """Drop 0 is under way since 240; at 300 order 1 (on board too) may only come after it."""
    wishes = [want(100, place=5), want(101, place=4), want(280, merchant=1, place=2)]
    both = (pick(0), pick(1), drop(0, 5), drop(1, 4))
    answers = {
        0: lambda wave: [give(0, *both)],
        1: lambda wave: [give(0, drop(0, 5), pick(2, 1), drop(2, 2), drop(1, 4))],
    }
    policy = scripted(answers)
    events = play(toy_city(wishes, stations=(2, 1)), policy)
    assert policy.seen[1].riders.on_board[0] == {0, 1}
    assert rows(events, Kind.DELIVERED)["order"].tolist() == [0, 2, 1]


def test_a_rider_at_the_counter_can_be_given_one_more_meal() -> None:
    """He waits for order 0 (ready at 1000); order 1 of the same kitchen joins his visit and both leave at 1300."""
    wishes = [want(100, prep_s=900), want(700, prep_s=600)]
    answers = {
        0: lambda wave: [give(0, pick(0), drop(0))],
        1: lambda wave: [give(0, pick(0), pick(1), drop(0), drop(1))],
    }
    events = play(toy_city(wishes, stations=(2, 1)), scripted(answers))
    assert at(events, Kind.PICKED_UP) == [1300, 1300]
    assert rows(events, Kind.PICKED_UP)["amount"].tolist() == [1120, 1120]


def test_a_second_shift_begins_where_the_plan_says() -> None:
    city = toy_city([want(50000)], [(0, 2, 600, 1200), (0, 5, 4000, 5000)])
    events = play(city, scripted())
    assert rows(events, Kind.ON_SHIFT)["place"].tolist() == [2, 5]
    assert at(events, Kind.OFF_SHIFT) == [1200, 5000]


def test_a_rider_still_out_when_his_next_shift_begins_goes_on() -> None:
    city = toy_city([want(100)], [(0, 0, 0, 300), (0, 0, 400, 2000)])
    events = play(city, scripted({0: lambda wave: [give(0, pick(0), drop(0))]}))
    assert at(events, Kind.ON_SHIFT) == [0, 400]
    assert at(events, Kind.DELIVERED) == [660]
    assert at(events, Kind.OFF_SHIFT) == [2000]


PAY = {"per_order_yuan": 6, "per_km_yuan": 0, "guarantee_yuan_per_hour": 15}


def top_ups(events: np.ndarray) -> list[tuple[float, int, int]]:
    paid = rows(events, Kind.PAID)
    chosen = paid[paid["detail"] == Purpose.GUARANTEE]
    return list(zip(chosen["t"].tolist(), chosen["rider"].tolist(), chosen["amount"].tolist(), strict=True))


def test_the_guarantee_tops_up_what_was_not_earned() -> None:
    """Rider 0 earns 6 yuan in a two-hour shift worth 30; rider 1 earns nothing in one hour."""
    city = toy_city([want(100)], [(0, 0, 0, 7200), (1, 0, 0, 3600)])
    events = play(city, scripted({0: lambda wave: [give(0, pick(0), drop(0))]}), pay=PAY)
    assert top_ups(events) == [(3600, 1, 1500), (7200, 0, 2400)]


def test_who_earned_enough_gets_no_top_up() -> None:
    city = toy_city([want(100)], [(0, 0, 0, 1440)])
    events = play(city, scripted({0: lambda wave: [give(0, pick(0), drop(0))]}), pay=PAY)
    assert top_ups(events) == []
    assert top_ups(play(city, scripted(), pay={**PAY, "guarantee_yuan_per_hour": 0})) == []


def test_each_shift_has_its_own_guarantee() -> None:
    city = toy_city([want(100)], [(0, 0, 0, 3600), (0, 0, 7200, 10800)])
    events = play(city, scripted({0: lambda wave: [give(0, pick(0), drop(0))]}), pay=PAY)
    assert top_ups(events) == [(3600, 0, 900), (10800, 0, 1500)]


def test_a_rider_who_goes_from_shift_to_shift_is_guaranteed_both() -> None:
    """Out until 720 of a shift 0 to 300, and at work again from 400 to 2000: 1900 s at 15 yuan an hour."""
    city = toy_city([want(100)], [(0, 0, 0, 300), (0, 0, 400, 2000)])
    events = play(city, scripted({0: lambda wave: [give(0, pick(0), drop(0))]}), pay=PAY)
    assert top_ups(events) == [(2000, 0, round(1500 * 1900 / 3600) - 600)]


def test_a_rider_with_nothing_to_do_may_be_told_so() -> None:
    """An empty route for a rider who has none changes nothing."""
    events = play(toy_city([want(100)]), scripted({0: lambda wave: [give(0)], 1: lambda wave: [give(0)]}), until=900)
    assert story(events, *RIDING) == []


def test_a_route_can_be_taken_back_at_the_door() -> None:
    """Told at 210, while he walks back from the kitchen, that order 1 is no longer his."""
    wishes = [want(100, place=5), want(101, merchant=1, place=4), want(200, place=3)]
    answers = {
        0: lambda wave: [give(0, pick(0), drop(0, 5), pick(1, 1), drop(1, 4))],
        1: lambda wave: [give(0, drop(0, 5))],
    }
    events = play(toy_city(wishes), scripted(answers), until=5000)
    assert story(events, Kind.RELEASED) == [(210, "RELEASED")]
    assert rows(events, Kind.DELIVERED)["order"].tolist() == [0]


def test_a_bundle_is_pickups_then_drop_offs() -> None:
    policy = scripted()
    play(toy_city([want(100), want(101, place=4)]), policy)
    orders = policy.seen[0].orders.rows
    assert bundle(orders) == (pick(0), pick(1), drop(0), drop(1, 4))

"""The life of an order in the toy city, to the second and the fen."""

import numpy as np
import pytest

from sim.events import NONE, Kind, Purpose, Reason
from tests.engine.toy import drop, give, pick, play, rows, scripted, story, toy_city, want
from tests.engine.toy import times as at

GIVE_AT_ONCE = {0: lambda wave: [give(0, pick(0), drop(0))]}
PAYMENTS = {"platform": {"delivery_fee_yuan": 4, "commission": 0.2, "promise_min": 30}}
PAY = {"pay": {"per_order_yuan": 5, "per_km_yuan": 1}}


def test_one_errand_to_the_second() -> None:
    """Placed at 100, ready at 130, wave at 120; one minute to park, one to walk back, six minutes to ride."""
    events = play(toy_city([want(100)]), scripted(GIVE_AT_ONCE))
    assert story(events) == [
        (0, "ON_SHIFT"),
        (0, "IDLE"),
        (100, "PLACED"),
        (100, "COOKING"),
        (120, "ASSIGNED"),
        (120, "DEPARTED"),
        (120, "ARRIVED"),
        (130, "READY"),
        (180, "PICKED_UP"),
        (240, "DEPARTED"),
        (600, "ARRIVED"),
        (660, "DELIVERED"),
        (720, "IDLE"),
        (86400, "OFF_SHIFT"),
    ]
    assert rows(events, Kind.DEPARTED)["amount"].tolist() == [0, 360]
    assert rows(events, Kind.DEPARTED)["place"].tolist() == [0, 0]
    assert rows(events, Kind.ARRIVED)["place"].tolist() == [0, 3]


def test_a_slow_meal_is_waited_for() -> None:
    events = play(toy_city([want(100, prep_s=900)]), scripted(GIVE_AT_ONCE))
    assert at(events, Kind.READY) == at(events, Kind.PICKED_UP) == [1000]
    assert rows(events, Kind.PICKED_UP)["amount"].tolist() == [1000 - 180]
    assert at(events, Kind.DELIVERED) == [1000 + 60 + 360 + 60]


def test_placed_says_what_was_wanted_and_promised() -> None:
    row = rows(play(toy_city([want(100, 1, 4, basket=2345)]), scripted(), **PAYMENTS), Kind.PLACED)[0]
    assert (row["order"], row["merchant"], row["user"], row["place"]) == (0, 1, 7, 4)
    assert (row["amount"], row["detail"]) == (2345, 1800)


def payments(events: np.ndarray) -> list[tuple[str, int, int, int, int]]:
    return [
        (Purpose(row["detail"]).name, int(row["amount"]), int(row["rider"]), int(row["merchant"]), int(row["user"]))
        for row in rows(events, Kind.PAID)
    ]


def test_every_fen_of_a_delivered_order() -> None:
    """20.01 yuan basket, 20 % commission; the rider gets 5 yuan and 0.36 for 360 m."""
    events = play(toy_city([want(100, basket=2001)]), scripted(GIVE_AT_ONCE), **PAYMENTS, **PAY)
    assert payments(events) == [
        ("BASKET", 2001, NONE, NONE, 7),
        ("DELIVERY_FEE", 400, NONE, NONE, 7),
        ("MERCHANT_SHARE", 2001 - 400, NONE, 0, NONE),
        ("RIDER_PAY", 536, 0, NONE, NONE),
    ]


def test_a_cancelled_order_is_paid_back_in_full() -> None:
    events = play(toy_city([want(100, patience_s=500, basket=2001)]), scripted(), **PAYMENTS, **PAY)
    assert payments(events)[2:] == [("REFUND", 2401, NONE, NONE, 7)]
    assert at(events, Kind.CANCELLED) == [600]
    assert rows(events, Kind.CANCELLED)["detail"].tolist() == [Reason.PATIENCE]


def test_patience_does_not_cancel_an_order_that_somebody_fetches() -> None:
    """Given at 120, patience ends at 125, the meal is ready at 5000: the user waits on."""
    events = play(toy_city([want(100, patience_s=25, prep_s=4900)]), scripted(GIVE_AT_ONCE))
    assert at(events, Kind.CANCELLED) == []
    assert at(events, Kind.PICKED_UP) == [5000]
    assert len(at(events, Kind.DELIVERED)) == 1


def test_patience_that_ends_with_the_wave_comes_first() -> None:
    """Both are due at 120: the wave sees the world after all else of its instant."""
    policy = scripted(GIVE_AT_ONCE)
    assert story(play(toy_city([want(100, patience_s=20)]), policy), Kind.CANCELLED, Kind.ASSIGNED) == [
        (120, "CANCELLED")
    ]
    assert policy.seen == []


def test_a_released_order_waits_with_the_patience_that_is_left() -> None:
    """Given at 120, taken back at 150, patience ends at 400."""
    first = (pick(1, 1), drop(1, 4))
    far = {0: lambda wave: [give(0, *first, pick(0), drop(0))], 1: lambda wave: [give(0, *first)]}
    wishes = [want(100, patience_s=300), want(101, 1, 4), want(140, 1, 5)]
    events = play(toy_city(wishes), scripted(far))
    assert story(events, Kind.ASSIGNED, Kind.RELEASED, Kind.CANCELLED, order=0) == [
        (120, "ASSIGNED"),
        (150, "RELEASED"),
        (400, "CANCELLED"),
    ]
    assert story(events, Kind.DELIVERED) == story(events, Kind.DELIVERED, order=1) != []


def test_an_order_whose_patience_is_over_is_cancelled_as_soon_as_it_is_released() -> None:
    first = (pick(1, 1), drop(1, 4))
    answers = {0: lambda wave: [give(0, *first, pick(0), drop(0))], 1: lambda wave: [give(0, *first)]}
    wishes = [want(100, patience_s=25), want(101, 1, 4), want(140, 1, 5)]
    events = play(toy_city(wishes), scripted(answers))
    assert story(events, Kind.RELEASED, Kind.CANCELLED, order=0) == [(150, "RELEASED"), (150, "CANCELLED")]


def test_a_released_order_can_be_given_to_another_rider() -> None:
    first = (pick(1, 1), drop(1, 4))
    answers = {
        0: lambda wave: [give(0, *first, pick(0), drop(0))],
        1: lambda wave: [give(0, *first)],
        2: lambda wave: [give(1, pick(0), drop(0))],
    }
    city = toy_city([want(100), want(101, 1, 4), want(140, 1, 5)], [(0, 0, 0, 9000), (1, 5, 0, 9000)])
    events = play(city, scripted(answers))
    order = rows(events, Kind.ASSIGNED)[rows(events, Kind.ASSIGNED)["order"] == 0]
    assert order["rider"].tolist() == [0, 1]
    assert story(events, Kind.RELEASED, order=0) == [(150, "RELEASED")]
    assert rows(events, Kind.DELIVERED)["rider"].tolist() == [0, 1]


@pytest.mark.parametrize("swap", [False, True], ids=["new rider first", "old rider first"])
def test_an_order_can_move_from_rider_to_rider_in_one_answer(swap: bool) -> None:
    first = (pick(1, 1), drop(1, 4))
    move = [give(1, pick(0), drop(0)), give(0, *first)]
    answers = {
        0: lambda wave: [give(0, *first, pick(0), drop(0))],
        1: lambda wave: list(reversed(move)) if swap else move,
    }
    city = toy_city([want(100), want(101, 1, 4), want(140, 1, 5)], [(0, 0, 0, 9000), (1, 5, 0, 9000)])
    events = play(city, scripted(answers))
    assert story(events, Kind.ASSIGNED, Kind.RELEASED, order=0) == [
        (120, "ASSIGNED"),
        (150, "RELEASED"),
        (150, "ASSIGNED"),
    ]
    assert rows(events, Kind.RELEASED)["rider"].tolist() == [0]
    assert rows(events, Kind.DELIVERED)["rider"].tolist() == [0, 1]


def test_a_wish_without_a_merchant_is_lost_and_nobody_pays() -> None:
    events = play(toy_city([want(100, merchant=-1), want(200)]), scripted())
    lost = rows(events, Kind.LOST)[0]
    assert (lost["t"], lost["order"], lost["user"], lost["place"]) == (100, 0, 7, 3)
    assert lost["detail"] == Reason.CLOSED
    assert not (rows(events, Kind.PAID)["order"] == 0).any()
    assert rows(events, Kind.PLACED)["order"].tolist() == [1], "a lost wish has an id of its own"


def test_an_order_nobody_wants_stays_open_to_the_end() -> None:
    events = play(toy_city([want(100)]), scripted())
    assert story(events, order=0) == [(100, "PLACED"), (100, "COOKING"), (130, "READY")]


def test_no_cancellation_after_the_end_of_the_drain() -> None:
    day = [want(86000, patience_s=3000)]
    assert at(play(toy_city(day), scripted(), calendar={"drain_min": 60}), Kind.CANCELLED) == [89000]
    assert at(play(toy_city(day), scripted(), calendar={"drain_min": 30}), Kind.CANCELLED) == []

"""The referee: nonsense of every kind is refused in one line with policy, wave, rider, order and rule."""

import pickle
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.engine.log import Log
from sim.engine.referee import PolicyError
from sim.engine.simulate import simulate
from sim.entities import Assignment, Stop, Wave
from sim.events import Kind
from tests.engine.toy import (
    DROPOFF,
    PICKUP,
    REPOSITION,
    Scripted,
    drop,
    give,
    pick,
    play,
    rows,
    toy_city,
    toy_scenario,
    want,
)

FIRST = (pick(0), drop(0))
"""Order 0 is given to rider 0 at wave 0 (120 s), on board from 180 to 660."""
WISHES = [want(100), want(110, patience_s=5), want(130, 1, 4), want(131, 0, 5), want(2000)]
SHIFTS = [(0, 0, 0, 9000), (1, 5, 0, 9000), (2, 5, 0, 60), (3, 5, 8000, 9000)]
"""Riders 0 and 1 work; 2 is home again, 3 not yet there. Order 1 is cancelled at 115, order 4 comes late."""


def answers_at(when: float, made: Callable[[Wave], Any]) -> Scripted:
    """Give order 0 at the first wave, and the answer at the first wave from a time on."""

    class Late(Scripted):
        done = False

        def __call__(self, wave: Wave, rng: np.random.Generator) -> Any:
            super().__call__(wave, rng)
            if wave.now >= when and not self.done:
                self.done = True
                return made(wave)
            return [Assignment(0, FIRST)] if wave.index == 0 else []

    return Late({}, [])


def refusal(answer: Any, when: float = 150, capacity: int = 4, **dispatch: Any) -> PolicyError:
    """The error for an answer (or what makes it from the wave) at a time."""
    policy = answers_at(when, answer if callable(answer) else lambda wave: answer)
    with pytest.raises(PolicyError) as error:
        play(toy_city(WISHES, SHIFTS, stations=(9, 9), capacity=capacity), policy, dispatch=dispatch)
    text = str(error.value)
    assert text.startswith(f"policy toy, wave {policy.seen[-1].index}")
    assert "\n" not in text
    assert error.value.policy == "toy"
    assert error.value.wave == policy.seen[-1].index
    assert text.endswith(": " + error.value.rule)
    for noun in ("rider", "order"):
        value = getattr(error.value, noun)
        assert (f", {noun} {value}" in text.split(":")[0]) == (value is not None)
    return error.value


def o2(*, to: int = 4) -> tuple[Stop, Stop]:
    return pick(2, 1), drop(2, to)


def o3() -> tuple[Stop, Stop]:
    return pick(3), drop(3, 5)


NO_LIST = "must return a sequence of Assignment, got "
NO_ASSIGNMENT = "must return Assignments, got "
NOT_PICKED = "drop-off of an order that was not picked up before it in this route"
NOT_OPEN = "the order is not open: unknown, not placed yet, or ended"
NOT_A_STOP = r"the route holds .*, which is not a Stop"
Case = tuple[Any, Any, Any, str]
"""(answer, rider and order to be named, rule)."""

ANSWERS: dict[str, Case] = {
    "None": (None, None, None, NO_LIST + "NoneType"),
    "a number": (7, None, None, NO_LIST + "int"),
    "a string": ("rider 1", None, None, NO_LIST + "str"),
    "a dict": ({1: o2()}, None, None, NO_LIST + "dict"),
    "a set": ({give(1, *o2())}, None, None, NO_LIST + "set"),
    "a generator": (lambda wave: (give(1, *o2()) for _ in "x"), None, None, NO_LIST + "generator"),
    "one assignment, no list": (give(1, *o2()), None, None, NO_LIST + "Assignment"),
    "an array": (np.zeros(3), None, None, NO_LIST + "ndarray"),
    "a list of tuples": ([(1, o2())], None, None, NO_ASSIGNMENT + "tuple"),
    "a list of None": ([None], None, None, NO_ASSIGNMENT + "NoneType"),
    "a list of strings": (["nearest"], None, None, NO_ASSIGNMENT + "str"),
    "good and then bad": ([give(1, *o2()), 5], None, None, NO_ASSIGNMENT + "int"),
}
RIDERS: dict[str, Case] = {
    "unknown": ([give(99, *o2())], 99, None, "the rider is not on shift"),
    "negative": ([give(-1, *o2())], -1, None, "the rider is not on shift"),
    "huge": ([give(10**30, *o2())], 10**30, None, "the rider is not on shift"),
    "home again": ([give(2, *o2())], 2, None, "the rider is not on shift"),
    "not yet there": ([give(3, *o2())], 3, None, "the rider is not on shift"),
    "a float": ([Assignment(1.0, o2())], 1.0, None, "the rider is not on shift"),  # type: ignore[arg-type]
    "a bool": ([Assignment(True, o2())], True, None, "the rider is not on shift"),
    "a string": ([Assignment("1", o2())], "1", None, "the rider is not on shift"),  # type: ignore[arg-type]
    "nobody": ([Assignment(None, o2())], None, None, "the rider is not on shift"),  # type: ignore[arg-type]
    "twice": ([give(1, *o2()), give(1, *o3())], 1, None, "the rider has two assignments"),
    "twice, as numpy": (
        [give(1, *o2()), Assignment(np.int64(1), o3())],  # type: ignore[arg-type]
        1,
        None,
        "the rider has two assignments",
    ),
}
ROUTES: dict[str, Case] = {
    "None": ([Assignment(1, None)], 1, None, "the route must be a sequence of Stop, got NoneType"),  # type: ignore[arg-type]
    "a string": ([Assignment(1, "home")], 1, None, "the route must be a sequence of Stop, got str"),  # type: ignore[arg-type]
    "a number": ([Assignment(1, 3)], 1, None, "the route must be a sequence of Stop, got int"),  # type: ignore[arg-type]
    "a set": ([Assignment(1, set(o2()))], 1, None, "the route must be a sequence of Stop, got set"),  # type: ignore[arg-type]
    "plain tuples": ([Assignment(1, ((0, 2, 1), (1, 2, 4)))], 1, None, NOT_A_STOP),  # type: ignore[arg-type]
    "an order": (lambda wave: [give(1, wave.orders[0])], 1, None, NOT_A_STOP),
    "order numbers": ([Assignment(1, (2, 2))], 1, None, NOT_A_STOP),  # type: ignore[arg-type]
    "float order": ([give(1, pick(2.0, 1), drop(2.0, 4))], 1, None, NOT_A_STOP),  # type: ignore[arg-type]
    "string order": ([give(1, pick("2", 1), drop("2", 4))], 1, None, NOT_A_STOP),  # type: ignore[arg-type]
    "bool order": ([give(1, pick(True), drop(True))], 1, None, NOT_A_STOP),
    "float place": ([give(1, pick(2, 1.0), drop(2, 4))], 1, None, NOT_A_STOP),  # type: ignore[arg-type]
    "a kind that is none": ([give(1, Stop(7, 2, 1))], 1, None, "there is no kind of stop 7"),  # type: ignore[arg-type]
    "a kind in words": ([give(1, Stop("PICKUP", 2, 1))], 1, None, "there is no kind of stop PICKUP"),  # type: ignore[arg-type]
    "no such place": ([give(1, Stop(REPOSITION, -1, 99))], 1, None, "there is no place 99"),
    "a place below zero": ([give(1, Stop(REPOSITION, -1, -1))], 1, None, "there is no place -1"),
    "reposition to a float": ([give(1, Stop(REPOSITION, -1, 2.5))], 1, None, NOT_A_STOP),  # type: ignore[arg-type]
}
ORDERS: dict[str, Case] = {
    "unknown": ([give(1, pick(77), drop(77))], 1, 77, NOT_OPEN),
    "no id": ([give(1, pick(-1), drop(-1))], 1, -1, NOT_OPEN),
    "not placed yet": ([give(1, pick(4), drop(4))], 1, 4, NOT_OPEN),
    "cancelled": ([give(1, pick(1), drop(1))], 1, 1, NOT_OPEN),
    "picked up at the wrong place": ([give(1, pick(2, 0), drop(2, 4))], 1, 2, "the pickup is not at place 0"),
    "dropped at the wrong place": ([give(1, *o2(to=3))], 1, 2, "the dropoff is not at place 3"),
    "dropped before it is picked": ([give(1, *reversed(o2()))], 1, 2, NOT_PICKED),
    "dropped only": ([give(1, drop(2, 4))], 1, 2, NOT_PICKED),
    "never dropped": ([give(1, pick(2, 1))], 1, 2, "the order is never dropped off"),
    "picked twice": ([give(1, pick(2, 1), *o2())], 1, 2, "the order is picked up twice"),
    "dropped twice": ([give(1, *o2(), drop(2, 4))], 1, 2, NOT_PICKED),
    "fetched again": ([give(1, *o2(), *o2())], 1, 2, "the order is picked up twice"),
    "in two routes": ([give(1, *o2()), give(0, *FIRST, *o2())], 0, 2, "the order is picked up twice"),
    "another rider's": ([give(1, *FIRST)], 1, 0, "the order is in the route of rider 0"),
    "kept and given away": ([give(0, *FIRST), give(1, *FIRST)], 1, 0, "the order is picked up twice"),
}
UNDER_WAY = "the stop under way must stay first in the route"
PRESENT: dict[str, Case] = {
    "the stop under way is dropped": ([give(0)], 0, None, UNDER_WAY),
    "the stop under way comes second": ([give(0, pick(2, 1), *FIRST, drop(2, 4))], 0, None, UNDER_WAY),
    "the stop under way is another's": ([give(0, *o2()), give(1, *FIRST)], 0, None, UNDER_WAY),
}


def check(case: Case, error: PolicyError) -> None:
    _, rider, order, rule = case
    assert (error.rider, error.order) == (rider, order)
    assert re.fullmatch(rule if rule == NOT_A_STOP else re.escape(rule), error.rule)


@pytest.mark.parametrize("case", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_must_be_a_list_of_assignments(case: Case) -> None:
    check(case, refusal(case[0]))


@pytest.mark.parametrize("case", RIDERS.values(), ids=RIDERS)
def test_a_rider_must_be_on_shift_and_named_once(case: Case) -> None:
    check(case, refusal(case[0]))


@pytest.mark.parametrize("case", ROUTES.values(), ids=ROUTES)
def test_a_route_must_be_stops_that_exist(case: Case) -> None:
    check(case, refusal(case[0]))


@pytest.mark.parametrize("case", ORDERS.values(), ids=ORDERS)
def test_an_order_must_be_open_fetched_and_brought_once(case: Case) -> None:
    check(case, refusal(case[0]))


@pytest.mark.parametrize("case", PRESENT.values(), ids=PRESENT)
def test_the_stop_under_way_stays_first(case: Case) -> None:
    check(case, refusal(case[0]))


def test_what_is_on_board_must_be_brought() -> None:
    """At 210 rider 0 walks back with order 0."""
    error = refusal([give(0, *o2())], when=210)
    assert (error.rider, error.order, error.rule) == (0, 0, "the order is on board and dropped from the route")


def test_what_is_on_board_cannot_be_picked_up_again() -> None:
    error = refusal([give(0, pick(0), drop(0), drop(0))], when=210)
    assert (error.rider, error.order, error.rule) == (0, 0, "the order is picked up twice")


def test_what_is_on_board_cannot_be_given_to_another() -> None:
    error = refusal([give(0, drop(0)), give(1, pick(0), drop(0))], when=210)
    assert (error.rider, error.order, error.rule) == (1, 0, "the order is on board of a rider already")


def test_another_cannot_drop_what_he_has_not() -> None:
    error = refusal([give(0, drop(0)), give(1, drop(0))], when=210)
    assert (error.rider, error.order, error.rule) == (1, 0, NOT_PICKED)


def test_a_delivered_order_has_ended() -> None:
    error = refusal([give(1, *FIRST)], when=690)
    assert (error.rider, error.order, error.rule) == (1, 0, NOT_OPEN)


def test_the_box_has_a_size() -> None:
    both = (pick(2, 1), pick(3), drop(2, 4), drop(3, 5))
    error = refusal([give(1, *both)], capacity=1)
    assert (error.rider, error.order, error.rule) == (1, 3, "2 orders on board, the capacity is 1")
    assert refusal([give(1, *both), None]).rule == NO_ASSIGNMENT + "NoneType", "two fit into four"


def test_what_is_on_board_fills_the_box() -> None:
    error = refusal([give(0, pick(2, 1), drop(0), drop(2, 4))], when=210, capacity=1)
    assert (error.rider, error.order, error.rule) == (0, 2, "2 orders on board, the capacity is 1")


def test_a_rider_whose_shift_is_over_takes_no_new_route() -> None:
    """Out with order 0 until 720, off at 300."""
    policy = answers_at(330, lambda wave: [give(0, *wave.riders.route[0], *o2())])
    shifts = [(0, 0, 0, 300), (1, 5, 0, 9000)]
    with pytest.raises(PolicyError, match="the rider's shift is over, he only finishes his route") as error:
        play(toy_city(WISHES, shifts, stations=(9, 9)), policy)
    assert error.value.rider == 0
    assert policy.seen[-1].riders.available.tolist() == [False, True]


def test_without_diversion_a_busy_rider_is_left_alone() -> None:
    error = refusal([give(0, *FIRST, *o2())], diversion=False)
    assert (error.rider, error.rule) == (0, "the rider is busy and the rules allow no diversion")


SINGLE = "all orders of a route must come from one merchant and be picked up first"


def test_under_one_merchant_orders_do_not_mix() -> None:
    for route in ((pick(2, 1), pick(3), drop(2, 4), drop(3, 5)), (*o2(), *o3())):
        error = refusal([give(1, *route)], single_merchant=True)
        assert (error.rider, error.rule) == (1, SINGLE)


def test_under_one_merchant_pickups_come_first() -> None:
    wishes = [want(100), want(101)]
    city = toy_city(wishes, stations=(2, 1))
    mixed = (pick(0), drop(0), pick(1), drop(1))
    with pytest.raises(PolicyError, match=SINGLE):
        play(city, Scripted({0: lambda wave: [give(0, *mixed)]}, []), dispatch={"single_merchant": True})
    sorted_ = (pick(0), pick(1), drop(0), drop(1))
    events = play(city, Scripted({0: lambda wave: [give(0, *sorted_)]}, []), dispatch={"single_merchant": True})
    assert len(rows(events, Kind.DELIVERED)) == 2


@pytest.mark.parametrize(("off", "late"), [(179, True), (180, False), (500, False)])
def test_no_pickup_after_off_time_where_it_is_forbidden(off: float, late: bool) -> None:
    """The pickup would be at 180; the drop-off at 660 may be late."""
    city = toy_city([want(100)], [(0, 0, 0, off)])
    policy = Scripted({0: lambda wave: [give(0, *FIRST)]}, [])
    if late:
        with pytest.raises(PolicyError, match="the pickup would be after the rider's off-time") as error:
            play(city, policy, dispatch={"pickup_by_off": True})
        assert (error.value.rider, error.value.order) == (0, 0)
    else:
        assert len(rows(play(city, policy, dispatch={"pickup_by_off": True}), Kind.DELIVERED)) == 1
    assert len(rows(play(city, policy), Kind.DELIVERED)) == 1


@pytest.mark.parametrize(("ready", "late"), [(400, False), (401, True)])
def test_waiting_for_the_meal_counts_for_the_off_time(ready: float, late: bool) -> None:
    city = toy_city([want(100, prep_s=ready - 100)], [(0, 0, 0, 400)])
    policy = Scripted({0: lambda wave: [give(0, *FIRST)]}, [])
    if late:
        with pytest.raises(PolicyError, match="off-time"):
            play(city, policy, dispatch={"pickup_by_off": True})
    else:
        assert len(rows(play(city, policy, dispatch={"pickup_by_off": True}), Kind.DELIVERED)) == 1


def test_a_refused_answer_has_no_effect_at_all() -> None:
    """The first assignment is fine, the second is not: neither is carried out."""
    city = toy_city(WISHES, SHIFTS, stations=(9, 9))
    log_of_good = play(city, answers_at(1e9, lambda wave: []), until=150)
    log = Log()
    with pytest.raises(PolicyError):
        simulate(toy_scenario(), city, answers_at(150, lambda wave: [give(1, *o2()), give(0)]), log)
    kept = log.events()
    assert kept[kept["t"] < 150].tolist() == log_of_good.tolist()
    assert [Kind(kind).name for kind in kept[kept["t"] == 150]["kind"]] == ["WAVE"]


def test_good_answers_may_use_numpy_numbers_and_lists() -> None:
    def numpy_answer(wave: Wave) -> list:
        order = wave.orders
        stops = [Stop(PICKUP, order.id[0], order.pickup[0]), Stop(DROPOFF, order.id[0], order.dropoff[0])]
        return [Assignment(wave.riders.id[0], stops)]  # type: ignore[arg-type]

    plain = play(toy_city([want(100)]), Scripted({0: lambda wave: [give(0, *FIRST)]}, []))
    np.testing.assert_array_equal(play(toy_city([want(100)]), Scripted({0: numpy_answer}, [])), plain)
    in_a_tuple = Scripted({0: lambda wave: (give(0, *FIRST),)}, [])
    np.testing.assert_array_equal(play(toy_city([want(100)]), in_a_tuple), plain)


def test_an_error_survives_pickling() -> None:
    """Replications run in other processes."""
    error = refusal([give(1, *o2(to=3))])
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.rider, again.order) == (str(error), 1, 2)


HOLE = "a reposition that names an order is not checked but assigned"


def test_a_reposition_with_an_unknown_order_is_refused() -> None:
    refusal([give(1, Stop(REPOSITION, 77, 2))])


def test_a_reposition_cannot_hide_an_order() -> None:
    """Order 2 is assigned by a stop that never fetches it: it stays assigned for ever."""
    policy = answers_at(150, lambda wave: [give(1, Stop(REPOSITION, 2, 2))])
    try:
        events = play(toy_city(WISHES, SHIFTS, stations=(9, 9)), policy)
    except PolicyError:
        return
    assert not (rows(events, Kind.ASSIGNED)["order"] == 2).any()


def test_a_kind_that_is_an_array_is_refused() -> None:
    refusal([give(1, Stop(np.array([0, 1]), 2, 1))])  # type: ignore[arg-type]

"""The kitchen: first come first served, at as many stations as there are, each meal as long as it was born to take."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.events import Kind
from tests.engine.towns import CASES, city_of, log_of
from tests.engine.toy import Row, play, rows, scripted, story, toy_city, want
from tests.engine.toy import times as at


def cooking(wishes: Sequence[Row], stations: int = 1) -> tuple[list[float], list[float], list[int]]:
    events = play(toy_city(wishes, shifts=[(0, 0, 80000, 80001)], stations=[stations, 1]), scripted())
    return at(events, Kind.COOKING), at(events, Kind.READY), rows(events, Kind.COOKING)["order"].tolist()


def test_one_station_cooks_one_after_the_other() -> None:
    wishes = [want(0, prep_s=100), want(10, prep_s=30), want(20, prep_s=5), want(500, prep_s=7)]
    assert cooking(wishes) == ([0, 100, 130, 500], [100, 130, 135, 507], [0, 1, 2, 3])


def test_a_long_meal_holds_up_one_station_only() -> None:
    wishes = [want(0, prep_s=1000), want(1, prep_s=30), want(2, prep_s=30), want(3, prep_s=30)]
    started, ready, _ = cooking(wishes, stations=2)
    assert started == [0, 1, 31, 61]
    assert ready == [31, 61, 91, 1000]


@pytest.mark.parametrize("stations", [3, 4, 99])
def test_with_stations_for_all_nobody_queues(stations: int) -> None:
    started, ready, _ = cooking([want(t, prep_s=50) for t in (0, 1, 2)], stations)
    assert (started, ready) == ([0, 1, 2], [50, 51, 52])


def test_kitchens_do_not_share_stations() -> None:
    started, ready, _ = cooking([want(0, prep_s=100), want(0, merchant=1, prep_s=100)])
    assert (started, ready) == ([0, 0], [100, 100])


def test_a_meal_on_the_stove_is_cooked_to_the_end_though_nobody_wants_it() -> None:
    events = play(toy_city([want(0, prep_s=100, patience_s=50), want(10, prep_s=20)]), scripted())
    assert story(events, Kind.CANCELLED, Kind.READY, Kind.COOKING) == [
        (0, "COOKING"),
        (50, "CANCELLED"),
        (100, "READY"),
        (100, "COOKING"),
        (120, "READY"),
    ]


def test_a_cancelled_order_in_the_queue_is_never_cooked() -> None:
    wishes = [want(0, prep_s=100), want(10, patience_s=50), want(20, patience_s=50), want(30, prep_s=5)]
    started, ready, orders = cooking(wishes)
    assert (started, ready, orders) == ([0, 100], [100, 105], [0, 3])


def test_a_queue_of_cancelled_orders_empties() -> None:
    wishes = [want(0, prep_s=100), want(10, patience_s=50), want(200, prep_s=5)]
    assert cooking(wishes) == ([0, 200], [100, 205], [0, 2])


MEALS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 200)), min_size=1, max_size=12)


@settings(max_examples=25)
@given(MEALS, st.integers(1, 4))
def test_any_queue_is_that_of_the_textbook(meals: list[tuple[int, int]], stations: int) -> None:
    """Each meal starts when it has come and the station that is free first is free."""
    meals = sorted(meals, key=lambda meal: meal[0])
    started, ready, _ = cooking([want(t, prep_s=prep) for t, prep in meals], stations)
    free, expected, done = [0.0] * stations, [], []
    for t, prep in meals:
        station = int(np.argmin(free))
        expected.append(max(float(t), free[station]))
        free[station] = expected[-1] + prep
        done.append(free[station])
    assert started == expected
    assert ready == sorted(done)


@pytest.mark.parametrize(("name", "policy"), CASES)
def test_in_any_town_a_kitchen_is_fair_and_never_idles_while_an_order_waits(name: str, policy: str) -> None:
    events, merchants = log_of(name, policy), city_of(name).merchants
    for merchant in range(len(merchants.place)):
        own = events[(events["merchant"] == merchant) & np.isin(events["kind"], (Kind.COOKING, Kind.READY))]
        busy = np.cumsum(np.where(own["kind"] == Kind.COOKING, 1, -1))
        assert (busy >= 0).all()
        assert (busy <= merchants.stations[merchant]).all()
        cooked = own[own["kind"] == Kind.COOKING]["order"]
        assert all(a < b for a, b in pairwise(cooked.tolist())), "first come, first served"


def estimates(exact: bool, wishes: Sequence[Row], wave: int = 0) -> list[float]:
    policy = scripted()
    city = toy_city(wishes, [(0, 0, 0, 9000)], mean_prep_s=60)
    play(city, policy, platform={"exact_ready": exact})
    return policy.seen[wave].orders.ready_at.tolist()


def test_the_platform_guesses_by_the_mean_and_the_queue() -> None:
    """At 100 nobody is ahead; at 101 one meal of 60 s on average is."""
    assert estimates(False, [want(100, prep_s=300), want(101, prep_s=300)]) == [160, 101 + 60 + 60]


def test_as_in_the_benchmark_it_may_know() -> None:
    assert estimates(True, [want(100, prep_s=300)]) == [400]


def test_the_estimate_becomes_the_truth_when_the_meal_is_ready() -> None:
    for exact in (True, False):
        assert estimates(exact, [want(100, prep_s=300)], wave=11) == [400]


def test_the_estimate_is_corrected_when_a_queued_order_is_begun() -> None:
    """The first takes 300 s instead of 60: the second begins at 400, ready by the mean at 460."""
    wishes = [want(100, prep_s=300), want(101, prep_s=300)]
    before, after = (estimates(False, wishes, wave) for wave in (9, 11))
    assert before == [160, 221]
    assert after == [400, 460]

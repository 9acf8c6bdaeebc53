"""Postponement: what gains by waiting waits, and nothing waits until it is late."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from sim.entities import Orders, Wave
from sim.policies.batch_match import BatchMatch
from sim.policies.postpone import Postpone
from sim.policies.registry import PolicyNotFound
from tests.policies.waves import NOW, RNG, order, pairs, random_waves, wave

LINE = [0.0, 600.0, 700.0, 1500.0, 5000.0]
NEVER: dict[str, Any] = {"nearer_min": 1e6, "partners": float("inf")}


def held(made: Wave, **params: Any) -> list[int]:
    """Ids of the orders that wait."""
    return [one.id for one, waits in zip(made.orders.rows, Postpone(**params).held(made), strict=True) if waits]


def near_soon(promised_s: float = 9000.0, ready_s: float = 600.0) -> Wave:
    """The only idle rider is 600 m away; a busy one will be at the stove in 200 s."""
    one = order(7, 0, 3, NOW + ready_s)._replace(promised_at=NOW + promised_s)
    return wave([one], [1, 0], LINE, load=[0, 1], free_at=[NOW, NOW + 200])


def test_an_order_waits_for_a_nearer_rider() -> None:
    assert held(near_soon()) == [7]
    assert held(near_soon(), nearer_min=11) == []
    assert pairs(Postpone(inner="matching")(near_soon(), RNG)) == []
    assert pairs(Postpone(inner="matching", nearer_min=11)(near_soon(), RNG)) == [(10, 7)]


def test_nobody_waits_for_a_rider_who_comes_too_late_or_goes_home() -> None:
    busy = near_soon()
    busy.riders.free_at[1] = NOW + 2000
    assert held(busy) == []
    home = near_soon()
    home.riders.off_at[1] = NOW + 100
    assert held(home) == []


def test_it_waits_no_longer_than_the_promise_allows() -> None:
    """600 s of way, 120 s at the stove, 1,500 s of ride, a minute at the door and eight of margin: 2,760 s."""
    assert held(near_soon(promised_s=2761)) == [7]
    assert held(near_soon(promised_s=2759)) == []
    assert held(near_soon(promised_s=2759), margin_min=7) == [7]


def test_a_meal_does_not_get_cold() -> None:
    """600 s of way and 180 s of service: with five minutes of patience one ready in eight minutes may wait."""
    assert held(near_soon(ready_s=481)) == [7]
    assert held(near_soon(ready_s=479)) == []
    assert held(near_soon(ready_s=479), most_min=6) == [7]


def lively(new: int, **fields: Any) -> Wave:
    """An order at 0 m for 1,500 m, and some like it that were placed lately and have their riders."""
    made = wave([order(7, 0, 3, NOW + 1800)._replace(promised_at=NOW + 9000, **fields)], [0], LINE)
    return replace(made, assigned=Orders([order(20 + n, 0, 3) for n in range(new)]))


def test_an_order_waits_for_a_partner_where_orders_are_frequent() -> None:
    """It can wait 1,920 s; one order like it in 15 min makes 2.1 partners in this time."""
    assert held(lively(1)) == [7]
    assert held(lively(0)) == []
    assert held(lively(1), partners=2.2) == []
    assert held(lively(2), partners=2.2) == [7]


def test_orders_of_long_ago_tell_nothing_of_the_present() -> None:
    past = replace(lively(0), assigned=Orders([order(20, 0, 3)._replace(placed_at=NOW - 1000)]))
    assert held(past) == []
    assert held(past, recent_min=30) == [7]


def test_partners_who_are_there_do_not_wait_for_more() -> None:
    made = lively(3)
    both = replace(made, orders=Orders([*made.orders.rows, order(8, 0, 3, NOW + 1800)]))
    assert held(both) == []


def test_partners_are_near_at_both_ends_and_of_one_merchant_where_that_is_the_rule() -> None:
    made = lively(0)
    far = replace(made, assigned=Orders([order(20, 0, 0)]))
    beside = replace(made, assigned=Orders([order(20, 0, 3)._replace(merchant=9)]))
    assert held(far) == []
    assert held(beside) == [7]
    assert held(replace(beside, rules=replace(made.rules, single_merchant=True))) == []


def test_the_urgent_do_not_wait() -> None:
    assert held(lively(2, priority=1)) == []


def test_without_reasons_to_wait_it_is_the_policy_inside() -> None:
    made = wave([order(n, n % 4, (n + 1) % 4) for n in range(6)], [0, 1, 2], LINE)
    assert list(Postpone(**NEVER)(made, RNG)) == list(BatchMatch()(made, RNG))
    with pytest.raises(PolicyNotFound, match="did you mean 'nearest'"):
        Postpone(inner="nearst")


@given(made=random_waves())
def test_held_orders_could_still_be_on_time_and_are_not_given_away(made: Wave) -> None:
    policy = Postpone(partners=0.0)
    waits = policy.held(made)
    given_away = {stop.order for a in policy(made, np.random.default_rng(1)) for stop in a.route}
    for one, wait in zip(made.orders.rows, waits, strict=True):
        if wait:
            assert one.id not in given_away
            way = made.travel.times(made.riders.at, one.pickup).min()
            there = max(NOW + way + 60, one.ready_at)
            assert there + 60 + made.travel.time(one.pickup, one.dropoff) + 60 <= one.promised_at

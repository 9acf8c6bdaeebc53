"""The till: terms, then a coupon, then points; and everything goes back when the order is cancelled."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.night import live
from sim.engine.till import charge, give_back, reckon, taken_off
from sim.entities import Grants, Offer, Order
from sim.events import Kind, Purpose
from tests.engine.crowds import rows, standing

N = 6
USER = 3


def at_the_till(points: int = 0, trusting: float = 1, **grants: Any) -> tuple[Any, Any]:
    """A run in which user 3 has been given something, on its first day."""
    mine = np.arange(N) == USER
    columns = {name: mine * value for name, value in grants.items() if name in ("discount", "fee_off", "priority")}
    rest = {name: value for name, value in grants.items() if name not in columns and name != "coupon"}
    offer = Offer(mine * grants["coupon"]) if "coupon" in grants else None
    run, people = standing(
        lambda night, rng: Grants(**columns, offer=offer, **rest), users=N, taste={"redeems": trusting}
    )
    people.members.points[USER, 0] = points
    live(run)
    return run, people


def an_order(basket: int = 2000, fee: int = 400, number: int = 0, user: int = USER) -> Order:
    return Order(number, user, 0, 0, 3, 0.0, 0.0, 2400.0, basket, fee, 0)


def test_most_people_have_nothing_taken_off() -> None:
    run, people = at_the_till()
    assert people.plain.all()
    assert reckon(run, 0, USER, 2000, 400).off == 0


def test_terms_come_first_then_the_coupon_then_points() -> None:
    run, people = at_the_till(150, discount=0.1, fee_off=300, coupon=1000, ladder=((100, 500), (1000, 9000)))
    assert people.plain.tolist() == [user != USER for user in range(N)]
    bill = reckon(run, 0, USER, 2000, 400)
    assert (bill.discount, bill.coupon, bill.bought, bill.points) == (200 + 300, 1000, 500, 100)


def test_nobody_is_paid_for_ordering() -> None:
    run, _ = at_the_till(5000, discount=1.0, fee_off=900, coupon=5000, ladder=((100, 500),))
    bill = reckon(run, 0, USER, 2000, 400)
    assert bill.off == 2400
    assert bill.points == 0, "points are kept where nothing is due any more"


@given(
    basket=st.integers(100, 20_000),
    fee=st.integers(0, 1000),
    discount=st.floats(0, 1),
    fee_off=st.integers(0, 2000),
    coupon=st.integers(0, 30_000),
    points=st.integers(0, 2000),
)
def test_what_is_taken_off_is_between_nothing_and_everything(
    basket: int, fee: int, discount: float, fee_off: int, coupon: int, points: int
) -> None:
    ladder = ((100, 500), (500, 3000))
    run, _ = at_the_till(points, discount=discount, fee_off=fee_off, coupon=coupon, ladder=ladder)
    bill = reckon(run, 0, USER, basket, fee)
    assert min(bill.discount, bill.coupon, bill.bought, bill.points) >= 0
    assert bill.off <= basket + fee
    assert bill.points <= points


def test_who_does_not_use_points_keeps_them() -> None:
    run, _ = at_the_till(500, trusting=0, ladder=((100, 500),))
    assert reckon(run, 0, USER, 2000, 400).points == 0


def test_of_two_ladders_the_rung_worth_most_is_taken() -> None:
    run, people = at_the_till(500, ladder=((100, 500),))
    people.ladders.append((None, ((100, 800), (400, 700))))
    people.ladders.append((np.zeros(N, np.bool_), ((100, 2000),)))
    assert reckon(run, 0, USER, 2000, 400)[5] == 100
    assert reckon(run, 0, USER, 2000, 400).bought == 800


def test_what_is_taken_off_is_paid_burnt_and_redeemed() -> None:
    run, people = at_the_till(150, discount=0.1, coupon=1000, ladder=((100, 500),), priority=2)
    assert charge(run, an_order()) == 2
    events = run.log.events()
    of = {Purpose(row["detail"]): int(row["amount"]) for row in events[events["kind"] == Kind.PAID]}
    assert of == {Purpose.DISCOUNT: 200, Purpose.COUPON: 1000, Purpose.POINTS: 500}
    assert rows(run, Kind.REDEEMED)[["order", "user", "amount", "detail"]].tolist() == [(0, USER, 1000, 0)]
    assert rows(run, Kind.BURNT)["amount"].tolist() == [100]
    assert people.members.balance[USER] == 50
    assert people.members.redeemed[USER] == 0
    assert taken_off(run, an_order()) == 1700


def test_a_coupon_is_used_once() -> None:
    run, _ = at_the_till(coupon=1000)
    charge(run, an_order(number=0))
    charge(run, an_order(number=1))
    assert rows(run, Kind.REDEEMED)["order"].tolist() == [0]


def test_a_cancelled_order_gives_coupon_and_points_back() -> None:
    run, people = at_the_till(150, coupon=1000, ladder=((100, 500),))
    before = people.members.coupons.until.copy()
    charge(run, an_order())
    assert give_back(run, an_order()) == 1500
    assert people.members.balance[USER] == 150
    assert np.array_equal(people.members.coupons.until, before)
    for kind in (Kind.BURNT, Kind.REDEEMED):
        assert rows(run, kind)["amount"].sum() == 0
    charge(run, an_order(number=1))
    assert rows(run, Kind.REDEEMED)["order"].tolist() == [0, 0, 1]


def test_points_come_back_as_old_as_they_were() -> None:
    """Were they young again, whoever orders and cancels would put off that they lapse."""
    run, people = at_the_till(140, ladder=((100, 500),))
    people.members.points[USER, [0, 2, 5]] = 70, 40, 30
    before = people.members.points.copy()
    charge(run, an_order())
    assert people.members.points[USER, [0, 2, 5]].tolist() == [40, 0, 0]
    give_back(run, an_order())
    assert np.array_equal(people.members.points, before)


def test_what_comes_back_after_midnight_can_be_used_at_once() -> None:
    run, people = at_the_till(coupon=1000)
    charge(run, an_order())
    people.plain[:] = True  # as the next midnight finds an empty wallet
    give_back(run, an_order())
    assert reckon(run, 1, USER, 2000, 400).coupon == 1000


@pytest.mark.parametrize(("until", "off"), [(-1, 0), (0, 1000)])
def test_a_coupon_that_has_lapsed_takes_nothing_off(until: int, off: int) -> None:
    run, people = at_the_till(coupon=1000)
    people.members.coupons.until[USER] = until
    assert reckon(run, 9, USER, 2000, 400).coupon == off

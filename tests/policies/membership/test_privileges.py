"""Privileges, paid plans, and occasions: who gets what on which evening."""

import numpy as np
import pytest

from sim.entities import Touch
from sim.policies.membership.occasions import Birthday, Holiday
from sim.policies.membership.plans import Holders, Plan
from sim.policies.membership.privileges import BirthdayOrder, Hotline
from tests.policies.membership.nights import birthday_on, members, night, recent

RNG = np.random.default_rng(1)


def test_every_black_member_is_called_once_a_month() -> None:
    who = members(40, tier=[3] * 20 + [2] * 20)
    calls = np.array([Hotline(least=3, every_days=30)(night(who, day=day), RNG).touched for day in range(30)])
    assert calls.sum(axis=0).tolist() == [1] * 20 + [0] * 20
    assert calls.sum(axis=1).max() == 1  # not everybody on one day


def test_a_call_costs_what_it_costs() -> None:
    given = Hotline(cost_yuan=4.5)(night(), RNG)
    assert (given.touch, given.touch_cost) == (Touch.CALL, 450)


def test_a_free_order_comes_on_the_eve_of_the_birthday_to_high_levels() -> None:
    who = members(3, tier=[2, 1, 2], birthday=[birthday_on(8), birthday_on(8), birthday_on(7)])
    offer = BirthdayOrder(least=2, worth_yuan=40, days=7)(night(who, day=7), RNG).offer
    assert offer is not None
    assert (offer.value.tolist(), offer.floor, offer.days) == ([4000, 0, 0], 0, 7)


def test_a_birthday_is_greeted_with_a_coupon() -> None:
    who = members(3, birthday=[birthday_on(8), birthday_on(8), birthday_on(9)], registered=[True, False, True])
    given = Birthday(yuan=5, floor_yuan=20, days=3, greeting_fen=6)(night(who, day=7), RNG)
    assert (given.touch, given.touch_cost) == (Touch.GREETING, 6)
    assert np.array_equal(given.touched, [True, False, False])  # type: ignore[arg-type]
    assert given.offer is not None
    assert (given.offer.value.tolist(), given.offer.floor, given.offer.days) == ([500, 0, 0], 2000, 3)


def test_a_birthday_comes_once_a_year() -> None:
    who = members(2, birthday=[birthday_on(0), birthday_on(100)])
    greeted = np.array([Birthday()(night(who, day=day), RNG).touched for day in range(-1, 364)])
    assert greeted.sum(axis=0).tolist() == [1, 1]


def test_a_holiday_is_greeted_when_it_begins_and_not_every_day() -> None:
    first = Holiday()(night(members(2, registered=[True, False]), eve=True), RNG)
    assert np.array_equal(first.touched, [True, False])  # type: ignore[arg-type]
    assert first.offer is not None
    assert first.offer.value.tolist() == [500, 0]
    second = Holiday()(night(members(2)), RNG)
    assert np.array_equal(second.touched, [False, False])  # type: ignore[arg-type]


def test_a_plan_is_offered_to_those_who_order() -> None:
    who = members(3, recent_orders=recent([2, 1, 2]), registered=[True, True, False])
    given = Plan(fee_yuan=15, days=30, saving_yuan=3, least_orders=2)(night(who), RNG)
    assert (given.plan_fee, given.plan_saving) == (1500, 300)
    assert np.array_equal(given.plan_days, [30, 0, 0])  # type: ignore[arg-type]


def test_holders_are_reminded_before_the_end_and_nobody_else() -> None:
    who = members(3, paid_until=[10, 11, -1])
    reminded = {day: Plan(remind_days=3)(night(who, day=day), RNG).touched for day in (-1, 6, 7, 8)}
    assert np.array_equal(reminded[7], [True, False, False])  # type: ignore[arg-type]
    assert np.array_equal(reminded[8], [False, True, False])  # type: ignore[arg-type]
    assert not any(np.any(reminded[day]) for day in (-1, 6))
    assert not np.any(Plan(remind_days=0)(night(who, day=10), RNG).touched)


@pytest.mark.parametrize(("day", "covered"), [(8, [True, True, False]), (9, [False, True, False])])
def test_a_plan_covers_its_last_day_and_no_more(day: int, covered: list[bool]) -> None:
    given = Holders(fee_off_yuan=3, discount=0.1, priority=1)(night(members(3, paid_until=[9, 11, -1]), day=day), RNG)
    for column, worth in ((given.fee_off, 300), (given.discount, 0.1), (given.priority, 1)):
        assert column is not None
        assert column.tolist() == [worth * it for it in covered]


@pytest.mark.parametrize(
    ("rule", "params", "says"),
    [
        (Hotline, {"least": 0}, "least must be 1"),
        (Hotline, {"cost_yuan": -1}, "cost_yuan must be 0"),
        (BirthdayOrder, {"days": 0}, "days must be 1 to 60"),
        (BirthdayOrder, {"worth_yuan": -1}, "worth_yuan must be 0"),
        (Birthday, {"yuan": -5}, "yuan must be 0 to 1000"),
        (Holiday, {"greeting_fen": 0.5}, "greeting_fen must be a whole number"),
        (Plan, {"fee_yuan": -1}, "fee_yuan must be 0"),
        (Plan, {"days": 0}, "days must be 1"),
        (Plan, {"days": 7, "remind_days": 8}, "remind_days must be 0 to 7"),
        (Holders, {"discount": 1.1}, "discount must be 0 to 1"),
        (Holders, {"priority": -1}, "priority must be 0"),
    ],
)
def test_nonsense_is_refused(rule: type, params: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        rule(**params)

"""Teams: the price holds for as many as order in time once they are enough, and for nobody else."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.rally import gather
from sim.engine.simulate import simulate
from sim.engine.team import Share, Team
from sim.entities import Rally
from sim.events import Kind, Purpose
from sim.kpi.others import balances
from sim.kpi.tables import Tables
from sim.policies.nearest import Nearest
from sim.units import DAY
from tests.engine.crowds import rows, standing
from tests.engine.test_rally import EAGER, QUIET
from tests.engine.towns import town

N = 40


def team(least: int = 3, most: int = 1500, percent: int = 50, floor: int = 0) -> Team:
    return Team(0, least, 4, 5, most, percent, floor)


@given(st.lists(st.integers(0, 6), max_size=12), st.integers(1, 5))
def test_either_enough_members_order_and_each_gets_his_price_once_or_nobody_does(users: list[int], least: int) -> None:
    of, paid = team(least), list[Share]()
    for order, user in enumerate(users):
        paid += of.add(Share(order, user, 100 + order))
    came = len(set(users))
    assert len(paid) == (came if came >= least else 0)
    assert len({share.user for share in paid}) == len(paid)
    assert all(users.index(share.user) == share.order for share in paid), "for his first order"


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 2000), st.integers(1, 100))
def test_a_larger_basket_never_gets_less_and_nobody_gets_more_than_the_most(
    one: int, two: int, coupon: int, percent: int
) -> None:
    small, large = (team(percent=percent).off(basket, coupon) for basket in sorted((one, two)))
    assert 0 <= small <= large <= 1500
    assert team(percent=percent).off(one, coupon) <= max(one * percent // 100 - coupon, 0)


def test_half_price_is_not_added_to_a_coupon_and_small_baskets_have_none() -> None:
    assert (team().off(2000, 0), team().off(2000, 300), team().off(2000, 1200)) == (1000, 700, 0)
    assert (team(floor=2001).off(2000, 0), team(floor=2000).off(2000, 0)) == (0, 1000)


@pytest.mark.parametrize(("day", "counts"), [(3.99, False), (4.0, True), (5.99, True), (6.0, False)])
def test_orders_of_its_days_count(day: float, counts: bool) -> None:
    assert team().counts(day * DAY) == counts


def test_who_agrees_is_in_one_team_until_its_time_is_over() -> None:
    run, people = standing(users=N, spreading=QUIET, together=EAGER)
    everybody = np.ones(N, np.bool_)
    rally = Rally(everybody, ((2, 1500),), 4, 1500, 50, days=2, together=3)
    for night in range(3):
        people.nights = night
        gather(run, people, run.crowd, 0, rally, everybody)  # type: ignore[arg-type]
        if not night:
            first = dict(people.teams)
            sizes = np.unique([id(of) for of in first.values()], return_counts=True)[1]
            assert min(sizes) >= 3
        elif night == 1:
            assert all(people.teams[user] is first[user] for user in first), "nobody changes sides"
    assert any(people.teams[user] is not first[user] for user in first), "a new night, a new team"
    assert len(rows(run, Kind.COUPON)) >= len(people.teams)
    assert not people.members.coupons.value.any(), "there is nothing to use alone"


def test_nobody_counts_before_there_is_a_team_or_after_it() -> None:
    _, people = standing(users=N)
    people.teams[3] = of = team()
    assert people.team_of(3, 4.5 * DAY) is of
    assert people.team_of(3, 6.5 * DAY) is None
    assert people.team_of(4, 4.5 * DAY) is None


@cache
def lived(size: int, percent: int = 50, days: int = 2) -> tuple[np.ndarray, Tables]:
    params = {"size": size, "percent": percent, "days": days, "asks": 8}
    rules = {"three at half price": {"rule": "group_buying", "params": params}}
    together = {"begins": 1, "reward_yuan": 1, "helps": 0.9}
    response = {"on": True, "taste": {"scale_yuan": 8}, "together": together}
    spec = town("district", calendar={"days": 4}, response=response, membership={"rules": rules}, riders={"count": 40})
    log = Log()
    simulate(spec, build_city(spec), Nearest(), log)
    return log.events(), Tables(log.events(), (), ("three at half price",))


def shares(events: np.ndarray) -> np.ndarray:
    paid = events[events["kind"] == Kind.PAID]
    return paid[paid["detail"] == Purpose.COUPON]


def test_the_price_is_paid_back_for_delivered_orders_and_no_fen_is_lost() -> None:
    events, tables = lived(2)
    back, orders = shares(events), tables.orders.set_index("order")
    assert len(back) > 10
    assert (orders.loc[back["order"], "state"] == "delivered").all()
    assert (back["amount"] <= orders.loc[back["order"], "basket"].to_numpy() // 2).all()
    assert len(set(back["order"])) == len(back)
    assert balances(tables.payments).sum() == 0
    redeemed = events[events["kind"] == Kind.REDEEMED]
    assert sorted(zip(redeemed["order"], redeemed["amount"], strict=True)) == sorted(
        zip(back["order"], back["amount"], strict=True)
    )
    assert tables.by_rule.set_index("rule")["cost"]["three at half price"] == back["amount"].sum()


def test_fewer_teams_are_complete_where_more_must_order() -> None:
    two, four = (len(shares(lived(size)[0])) for size in (2, 4))
    assert two > 2 * four
    assert not len(shares(lived(9)[0])), "eight are asked, and not all of them order in two days"


def test_a_larger_discount_never_lowers_the_orders() -> None:
    few, many = (len(lived(2, percent)[1].orders) for percent in (1, 50))
    assert many > few

"""The shipped deals: for whom, how much, when."""

import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng

from sim.entities import Deals, TradeNight
from sim.policies.merchants.commission import Flat, Growth, Tiered
from sim.policies.merchants.deal import Deal, none
from sim.policies.merchants.promotion import Personal, Ranking, Shared, Subsidy
from sim.policies.merchants.registry import MERCHANT_POLICIES
from sim.policies.merchants.training import Training
from sim.policies.registry import PolicyNotFound, load_policy
from tests.policies.merchants.nights import daily, ledger, night


def said(deal: Deal, seen: TradeNight) -> Deals:
    return deal(seen, default_rng(1))


def commission(deal: Deal, seen: TradeNight) -> list[float]:
    column = said(deal, seen).commission
    assert column is not None
    return list(column.tolist())


def test_nothing_is_agreed() -> None:
    assert said(none, night()) == Deals()


def test_the_same_commission_for_all() -> None:
    assert commission(Flat(share=0.1), night()) == [0.1] * 3


def test_steps_by_turnover() -> None:
    sold = ledger(4, recent_gmv=daily([0, 49_900, 50_000, 150_000]))
    assert commission(Tiered(), night(merchants=sold)) == [0.2, 0.2, 0.17, 0.14]


def test_in_the_first_days_the_turnover_of_these_days_counts() -> None:
    sold = ledger(1, recent_gmv=daily([150_000], days=2))
    assert commission(Tiered(), night(1, sold)) == [0.14]
    assert commission(Tiered(), night(-1, ledger(1))) == [0.2]
    came = ledger(1, recent_gmv=daily([150_000], days=2), since=np.array([26]))
    assert commission(Tiered(), night(27, came)) == [0.14], "his first days, and not those before he came"


def test_steps_need_one_share_more() -> None:
    with pytest.raises(ValueError, match="one value more"):
        Tiered(least_yuan=(1.0,), share=(0.1,))


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=6))
def test_who_sells_more_never_pays_more(gmv: list[float]) -> None:
    sold = ledger(len(gmv), recent_gmv=daily(sorted(gmv)))
    shares = commission(Tiered(), night(merchants=sold))
    assert shares == sorted(shares, reverse=True)


def test_growth_is_rewarded_for_a_week() -> None:
    orders = daily([10, 10, 10, 0])
    orders[:14] = [11, 10, 9, 5]
    grown = ledger(4, recent_orders=orders)
    assert commission(Growth(), night(27, grown)) == [0.15, 0.2, 0.2, 0.2]
    assert said(Growth(), night(28, grown)) == Deals(), "not on that night of the week: it stays as it is"
    assert commission(Growth(), night(20, grown)) == [0.2] * 4, "too early to tell"


def test_a_part_of_the_promotions_is_the_platforms() -> None:
    matched = said(Shared(matched=0.3), night()).matched
    assert matched is not None
    assert matched.tolist() == [0.3] * 3


def test_a_subsidy_for_all_or_for_those_with_few_orders() -> None:
    few = ledger(2, recent_orders=daily([4, 6]))
    everywhere, some = (said(Subsidy(0.2, below), night(merchants=few)).subsidy for below in (None, 5))
    assert everywhere is not None
    assert some is not None
    assert everywhere.tolist() == [0.2, 0.2]
    assert some.tolist() == [0.2, 0.0]


@pytest.mark.parametrize(("new", "aimed"), [(True, [True, True, False]), (False, [False, True, False])])
def test_something_off_for_those_who_sleep(new: bool, aimed: list[bool]) -> None:
    deal = said(Personal(off=0.1, asleep_days=10, new=new), night(20, last_order=[-1, 10, 11]))
    assert deal.aimed is not None
    assert deal.personal is not None
    assert deal.aimed.tolist() == aimed
    assert deal.personal.tolist() == [0.1] * 3


def test_places_at_a_price() -> None:
    assert said(Ranking(places=2, yuan=12.5), night()) == Deals(places=2, place_price=1250)


def test_the_slowest_are_trained_every_few_weeks() -> None:
    slow = ledger(
        4,
        prep_s=np.array([600.0, 900.0, 900.0, 3000.0]),
        wait_s=np.array([0.0, 0.0, 60.0, 0.0]),
        recent_orders=daily([5, 5, 5, 5]),
        active=np.array([True, True, True, False]),
    )
    deal = Training(every_days=14, share=0.4, yuan=100)
    told = said(deal, night(13, slow))
    assert told.trained is not None
    assert told.trained.tolist() == [False, False, True, False], "one of three, the slowest who is on the platform"
    assert told.training_cost == 10_000
    assert said(deal, night(14, slow)) == said(deal, night(-1, slow)) == Deals()


def test_nobody_is_trained_who_sold_nothing() -> None:
    told = said(Training(share=1.0), night(13, ledger(3, prep_s=np.full(3, 600.0))))
    assert told.trained is not None
    assert not told.trained.any()


@pytest.mark.parametrize(
    ("name", "params", "found"),
    [
        ("flat", {"share": 1.5}, "share must be 0 to 1"),
        ("tiered", {"least_yuan": [1500, 500]}, "least_yuan must rise"),
        ("tiered", {"share": [0.2, 0.1, -0.1]}, "share must be 0 to 1"),
        ("growth", {"usual": 2.0}, "usual must be 0 to 1"),
        ("growth", {"lowered": -0.1}, "lowered must be 0 to 1"),
        ("growth", {"by": float("nan")}, "by must be"),
        ("shared", {"matched": 1.1}, "matched must be 0 to 1"),
        ("subsidy", {"off": -0.1}, "off must be 0 to 1"),
        ("subsidy", {"below_orders": -1}, "below_orders must be 0 to"),
        ("personal", {"off": 3}, "off must be 0 to 1"),
        ("personal", {"asleep_days": -1}, "asleep_days must be 0 to"),
        ("ranking", {"places": -1}, "places must be 0 to"),
        ("ranking", {"yuan": -1}, "yuan must be 0 to"),
        ("training", {"every_days": 0}, "every_days must be 1 to"),
        ("training", {"share": 2}, "share must be 0 to 1"),
        ("training", {"yuan": -1}, "yuan must be 0 to"),
    ],
)
def test_what_makes_no_sense_is_refused_before_the_run(name: str, params: dict[str, Any], found: str) -> None:
    with pytest.raises(PolicyNotFound, match=rf"^market\.deals\.mine\.params(\.\w+)?: .*{found}"):
        load_policy(MERCHANT_POLICIES, name, params, ("market", "deals", "mine", "policy"))


@pytest.mark.parametrize("name", MERCHANT_POLICIES)
def test_every_deal_is_pickled_repeats_itself_and_leaves_the_night_as_it_was(name: str) -> None:
    deal: Deal = load_policy(MERCHANT_POLICIES, name)
    again: Deal = pickle.loads(pickle.dumps(deal))
    seen, untouched = (night(13, ledger(3, recent_orders=daily([1, 2, 3]))) for _ in range(2))
    first, second = said(deal, seen), said(again, seen)
    for column in ("commission", "subsidy", "matched", "personal", "aimed", "trained"):
        np.testing.assert_array_equal(getattr(first, column), getattr(second, column))
    np.testing.assert_array_equal(seen.merchants.recent_orders, untouched.merchants.recent_orders)
    np.testing.assert_array_equal(seen.merchants.commission, untouched.merchants.commission)

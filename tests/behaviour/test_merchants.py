"""How users weigh merchants and how merchants respond: bounded, and never the wrong way round."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.merchants import (
    Appeal,
    Conduct,
    join_chance,
    leave_chance,
    pace,
    place_chance,
    promote_chance,
    promotion_gain,
    wanted_price,
    wanted_radius,
    worth,
)
from sim.scenario.market import Market

APPEAL = Appeal(**Market().choice.model_dump())
share = st.floats(0, 1)
yuan = st.floats(-2000, 2000)


def conduct(**changes: Any) -> Conduct:
    usual, names = Market().conduct.model_dump(), {field.name for field in fields(Conduct)}
    return Conduct(**({name: usual[name] for name in names} | changes))


def one(value: float) -> np.ndarray:
    return np.array([value])


def falls(values: np.ndarray) -> bool:
    return bool((np.diff(values) <= 1e-12).all())


def of(**changes: float) -> float:
    usual = {"rating": 4.5, "paid": 1.0, "wait_min": 0.0, "ranked": False} | changes
    columns = (one(usual["rating"]), one(usual["paid"]), one(usual["wait_min"]), np.array([bool(usual["ranked"])]))
    return float(worth(APPEAL, *columns)[0])


def test_a_usual_merchant_is_worth_nothing_more() -> None:
    assert of() == 0


@given(st.floats(1, 5), st.floats(1, 5), st.floats(0.1, 5), st.floats(0.1, 5), st.floats(0, 120), st.floats(0, 120))
def test_better_rated_cheaper_faster_is_never_worth_less(
    a: float, b: float, dear: float, cheap: float, slow: float, fast: float
) -> None:
    assert of(rating=max(a, b)) >= of(rating=min(a, b))
    assert of(paid=min(dear, cheap)) >= of(paid=max(dear, cheap))
    assert of(wait_min=min(slow, fast)) >= of(wait_min=max(slow, fast))
    assert of(ranked=True) >= of()


def test_the_price_acts_as_an_elasticity() -> None:
    assert np.exp(of(paid=2.0)) == pytest.approx(2**-APPEAL.price)


@given(yuan, yuan, st.floats(0, 100), st.floats(0, 100))
def test_who_earns_and_sells_more_stays_rather(a: float, b: float, few: float, many: float) -> None:
    low, high, few, many = min(a, b), max(a, b), min(few, many), max(few, many)
    assert 0 <= leave_chance(conduct(), one(high), one(many)) <= leave_chance(conduct(), one(low), one(few)) <= 1


def test_half_of_the_chance_holds_at_what_is_asked_for_and_twice_as_much_without_an_order() -> None:
    often = conduct(leaves=0.2, joins=0.3, asks_yuan=50.0)
    assert leave_chance(often, one(50.0), one(99.0)) == pytest.approx(0.1)
    assert leave_chance(often, one(50.0), one(0.0)) == pytest.approx(0.2)
    assert join_chance(often, one(50.0)) == pytest.approx(0.15)


def test_no_number_of_orders_is_few_where_it_does_not_matter() -> None:
    assert leave_chance(conduct(few_orders=0.0), one(0.0), one(0.0)) <= Market().conduct.leaves


@given(yuan, yuan)
def test_more_join_where_more_is_earned(a: float, b: float) -> None:
    assert 0 <= join_chance(conduct(), one(min(a, b))) <= join_chance(conduct(), one(max(a, b))) <= 1


@given(st.lists(st.floats(0, 0.9), min_size=2), share)
def test_prices_rise_with_the_commission_and_never_fall_below_the_costs(commission: list[float], passes: float) -> None:
    given_ = np.array(sorted(commission))
    wanted = wanted_price(conduct(passes_on=passes), given_, 0.18)
    assert falls(-wanted)
    assert (wanted > 0).all()


def test_all_of_a_change_of_the_commission_keeps_what_a_merchant_earns() -> None:
    wanted = wanted_price(conduct(passes_on=1.0), one(0.3), 0.18)
    assert wanted * (1 - 0.3) == pytest.approx(1 - 0.18)
    assert wanted_price(conduct(passes_on=0.0), one(0.3), 0.18) == 1
    assert wanted_price(conduct(), one(0.18), 0.18) == pytest.approx(1)


@given(st.lists(st.floats(0, 300), min_size=2))
def test_the_radius_wanted_shrinks_with_the_queue_but_not_to_nothing(waits: list[float]) -> None:
    wanted = wanted_radius(conduct(), np.array(sorted(waits)))
    assert falls(wanted)
    assert ((wanted >= conduct().least_radius) & (wanted <= 1)).all()


def test_half_the_radius_is_wanted_at_a_long_queue_and_all_of_it_without_one() -> None:
    far = conduct(busy_min=20.0, least_radius=0.1)
    assert wanted_radius(far, one(20.0)) == pytest.approx(0.5)
    assert wanted_radius(far, one(0.0)) == 1


@given(st.floats(0, 0.9), st.floats(0, 0.5), st.floats(0.01, 0.5), st.floats(0, 1), st.floats(0, 1))
def test_a_promotion_gains_more_where_the_platform_pays_more_of_it(
    goods: float, commission: float, depth: float, a: float, b: float
) -> None:
    gains = promotion_gain(2.0, one(goods), one(commission), depth, np.array([min(a, b), max(a, b)]))
    assert gains[0] <= gains[1] + 1e-12


def test_a_promotion_of_ones_own_loses_money_where_the_margin_is_thin() -> None:
    assert promotion_gain(2.0, one(0.6), one(0.18), 0.15, one(0.0))[0] < 0
    assert promotion_gain(2.0, one(0.6), one(0.18), 0.15, one(1.0))[0] > 0
    assert promotion_gain(0.0, one(0.2), one(0.0), 0.15, one(1.0))[0] == pytest.approx(0), "nobody is drawn by it"


@given(st.floats(-1, 1), st.floats(-1, 1), share)
def test_what_gains_more_is_bought_rather(a: float, b: float, tries: float) -> None:
    low, high = one(min(a, b)), one(max(a, b))
    merchant = conduct(tries=tries)
    assert tries <= promote_chance(merchant, low) <= promote_chance(merchant, high) <= 1 + 1e-12
    assert 0 <= place_chance(merchant, low) <= place_chance(merchant, high) <= 1


@given(st.floats(0, 0.45), st.integers(0, 40))
def test_every_training_shortens_the_preparation_by_less_than_the_one_before(trained: float, times: int) -> None:
    before, after, later = (float(pace(conduct(trained=trained), np.array(n))) for n in (times, times + 1, times + 2))
    assert 0 < later <= after <= before <= 1
    assert before - after >= after - later - 1e-12


def test_the_first_training_brings_what_the_scenario_says() -> None:
    assert pace(conduct(trained=0.1), np.arange(3)).tolist() == pytest.approx([1.0, 0.9, 0.85])

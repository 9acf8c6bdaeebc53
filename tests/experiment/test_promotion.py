"""What a promotion wins and from whom: planted merchants, and a town."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment.promotion import Promotion, merchants_told, promotion_document, promotion_of
from sim.experiment.replicate import Row
from sim.kpi.tables import Tables
from tests.engine.markets import tables_of
from tests.kpi.hand_made import STORY
from tests.kpi.test_market import TOLD

Orders = dict[int, tuple[int, int]]
"""Delivered and promoted orders of merchants in the first week."""


def row(name: str, r: int, orders: Orders) -> Row:
    told = {
        f"merchant {merchant} 0 {count}": float(value)
        for merchant, both in orders.items()
        for count, value in zip(("delivered", "promoted"), both, strict=True)
    }
    return Row(name, r, "key", {"orders": 9.0, "merchant_margin": 2.0} | told, ())


def rows(name: str, *orders: Orders) -> list[Row]:
    return [row(name, r, each) for r, each in enumerate(orders)]


def found(on: list[Orders], off: list[Orders]) -> Promotion:
    answer = promotion_of(rows("with", *on), rows("without", *off))
    assert answer is not None
    return answer


ON: list[Orders] = [{0: (150, 140), 1: (80, 0), 2: (50, 30)}, {0: (152, 140), 1: (82, 0), 2: (50, 30)}]
OFF: list[Orders] = [{0: (100, 0), 1: (100, 0), 2: (50, 30)}, {0: (100, 0), 1: (102, 0), 2: (50, 30)}]


def test_promoted_merchants_gain_and_those_beside_them_lose() -> None:
    told = found(ON, OFF)
    assert told.gained.estimate.mean == 51
    assert told.gained.percent == pytest.approx(51)
    assert told.others.estimate.mean == -20, "merchant 2 promotes with the rule and without it"
    assert told.promoted.estimate.mean == 140
    assert told.share == pytest.approx((100 / 250 + 100 / 252) / 2)
    assert told.extra.mean == pytest.approx(31 / 140)
    assert told.taken.mean == pytest.approx(20 / 51)


def test_where_all_promote_alike_there_is_nobody_beside_them() -> None:
    told = found([{0: (20, 20)}, {0: (22, 22)}], [{0: (10, 0)}, {0: (11, 0)}])
    assert told.share == 1
    assert isnan(told.others.percent)
    assert told.taken.mean == 0


def test_a_little_off_everywhere_promotes_no_merchant() -> None:
    told = found([{0: (20, 4)}, {0: (20, 5)}], [{0: (19, 0)}, {0: (18, 0)}])
    assert told.share == told.gained.estimate.mean == 0
    assert isnan(told.taken.mean)


def test_who_comes_to_the_platform_by_it_counts_from_nothing() -> None:
    told = found([{0: (6, 6)}, {0: (8, 7)}], [{}, {}])
    assert told.gained.estimate.mean == 7
    assert isnan(told.gained.percent)


def test_without_anything_off_there_is_no_promotion() -> None:
    assert promotion_of(rows("with", *OFF[:0]), []) is None
    nothing: list[Orders] = [{0: (5, 0)}, {}]
    assert promotion_of(rows("with", *nothing), rows("without", *nothing)) is None


counts = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: (max(pair), min(pair)))
cities = st.lists(st.dictionaries(st.integers(0, 5), counts), min_size=3, max_size=3)


@given(cities, cities)
def test_promoted_and_other_weeks_are_all_orders(on: list[Orders], off: list[Orders]) -> None:
    told = promotion_of(rows("with", *on), rows("without", *off))
    if told is not None:
        totals = [np.mean([sum(both[0] for both in each.values()) for each in side]) for side in (on, off)]
        assert told.gained.estimate.mean + told.others.estimate.mean == pytest.approx(totals[0] - totals[1])
        assert 0 <= told.share <= 1


def test_a_row_keeps_the_orders_of_merchants_who_respond() -> None:
    assert merchants_told(Tables(TOLD)) == {
        "merchant 0 0 delivered": 2.0, "merchant 0 0 promoted": 1.0, "merchant 1 0 delivered": 1.0,
        "merchant 1 0 promoted": 0.0}  # fmt: skip
    assert merchants_told(Tables(STORY)) == {}


def test_in_a_town_most_promoted_orders_would_have_come_anyway() -> None:
    respond = {"response": {"on": True}, "calendar": {"days": 3, "drain_min": 60}}
    deals = {"off": {"policy": "subsidy", "params": {"off": 0.3}}}
    sides = [merchants_told(tables_of({"deals": own}, **respond)) for own in (deals, {})]
    on, off = ([Row(name, 0, "key", told, ())] for name, told in zip(("with", "without"), sides, strict=True))
    told = promotion_of(on, off)
    assert told is not None
    assert told.share > 0.9
    assert 0 < told.extra.mean < 0.5
    assert set(promotion_document(told)) == {
        "promoted_orders", "gained_orders", "others_orders", "promoted_weeks_share", "extra_per_promoted",
        "taken_per_gained"}  # fmt: skip

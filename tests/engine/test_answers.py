"""What rules for riders and deals with merchants may answer, and in which words it is refused."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.answers import fault_of_costs, fault_of_deals, fault_of_extra, fault_of_grants, fault_of_pay
from sim.entities import CrewGrants, Deals

N, USERS = 3, 5
ONES, TRUE = np.ones(N, np.int64), np.ones(N, np.bool_)
SHARE, AIMED = np.full(N, 0.5), np.zeros(USERS, np.bool_)
DEALS: list[Deals] = [
    Deals(),
    Deals(commission=SHARE, subsidy=SHARE, matched=SHARE),
    Deals(personal=SHARE, aimed=AIMED),
    Deals(places=3, place_price=100, trained=TRUE, training_cost=5),
    Deals(places=np.int64(3), place_price=np.int32(100)),  # type: ignore[arg-type]
]
FAULTY_DEALS: dict[str, tuple[Any, str]] = {
    "nothing": (None, "expected Deals"),
    "column": (SHARE, "expected Deals"),
    "short": (Deals(commission=SHARE[:2]), "commission: expected shape (3,), got (2,)"),
    "above": (Deals(commission=SHARE * 2.2), "commission: expected numbers from 0 to 1, got 1.1"),
    "nan": (Deals(subsidy=np.array([0.5, np.nan, 0.5])), "subsidy: expected numbers from 0 to 1, got nan"),
    "below": (Deals(matched=-SHARE), "matched: expected numbers from 0 to 1, got -0.5"),
    "objects": (Deals(matched=np.array(["a"] * N)), "matched: expected numbers, got <U1"),
    "personal": (Deals(personal=SHARE), "personal and aimed: expected both or none"),
    "aimed": (Deals(aimed=AIMED), "personal and aimed: expected both or none"),
    "users": (Deals(personal=SHARE, aimed=AIMED[:N]), "aimed: expected shape (5,), got (3,)"),
    "rows": (Deals(personal=SHARE, aimed=np.arange(USERS)), "aimed: expected truth values, got int64"),  # type: ignore[arg-type]
    "trained": (Deals(trained=ONES), "trained: expected truth values, got int64"),  # type: ignore[arg-type]
    "places": (Deals(places=-1), "places: expected a whole number from 0 to 100000000, got -1"),
    "true": (Deals(places=True), "places: expected a whole number"),
    "half": (Deals(places=3, place_price=20.5), "place_price: expected a whole number"),  # type: ignore[arg-type]
    "dear": (Deals(places=3, place_price=10**30), "place_price: expected a whole number"),
    "cost": (Deals(training_cost=-1), "training_cost: expected a whole number"),
}
FAULTY_GRANTS: dict[str, tuple[Any, str]] = {
    "nothing": (None, "expected CrewGrants"),
    "shape": (CrewGrants(bonus=ONES[:2]), "bonus: expected shape (3,), got (2,)"),
    "huge": (CrewGrants(bonus=ONES * 10**12), "bonus: expected whole numbers from 0 to 1e+08, got 1000000000000"),
    "halves": (CrewGrants(cost=SHARE), "cost: expected whole numbers, got float64"),
    "negative": (CrewGrants(level=-ONES), "level: expected whole numbers from 0 to 1000, got -1"),
    "rows": (CrewGrants(honoured=ONES), "honoured: expected truth values, got int64"),  # type: ignore[arg-type]
    "nan": (CrewGrants(care=np.full(N, np.nan)), "care: expected numbers from 0 to 10000, got nan"),
    "instant": (CrewGrants(training_s=SHARE * 1e6), "training_s: expected numbers from 0 to 3600, got 500000.0"),
    "days": (CrewGrants(bonus_days=0), "bonus_days: expected a whole number from 1 to 28, got 0"),
    "month": (CrewGrants(bonus=ONES, bonus_days=29), "bonus_days: expected a whole number from 1 to 28, got 29"),
    "half days": (CrewGrants(bonus_days=0.5), "bonus_days: expected a whole number from 1 to 28, got 0.5"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("answer", DEALS)
def test_sound_deals_pass(answer: Deals) -> None:
    assert fault_of_deals(answer, N, USERS) == ""


@pytest.mark.parametrize(("answer", "why"), FAULTY_DEALS.values(), ids=FAULTY_DEALS)
def test_a_deal_that_cannot_be_carried_out_is_told_by_field(answer: Any, why: str) -> None:
    assert fault_of_deals(answer, N, USERS).startswith(why)


def test_sound_grants_pass() -> None:
    assert fault_of_grants(CrewGrants(), N) == ""
    assert fault_of_grants(CrewGrants(ONES, ONES, TRUE, SHARE, ONES, SHARE, 28), N) == ""


@pytest.mark.parametrize(("answer", "why"), FAULTY_GRANTS.values(), ids=FAULTY_GRANTS)
def test_a_grant_that_cannot_be_carried_out_is_told_by_field(answer: Any, why: str) -> None:
    assert fault_of_grants(answer, N) == why


@given(st.floats(-1e7, 1e7) | st.integers(-(10**7), 10**7))
def test_money_is_any_number_of_python_or_numpy(fen: float) -> None:
    assert fault_of_pay(fen) == fault_of_pay(np.float64(fen)) == fault_of_pay(np.int64(fen)) == ""


@pytest.mark.parametrize("answer", [True, np.True_, None, "5", float("nan"), 1.1e7, -1e18, 5j, Decimal(5), np.ones(1)])
def test_what_is_no_money_is_told(answer: object) -> None:
    assert fault_of_pay(answer) == "expected fen, a number up to 10000000 either way"


@pytest.mark.parametrize("answer", [None, 5, ONES[:2], -ONES, ONES * 10**18, np.full(N, np.nan), TRUE, ["a"] * N])
def test_extra_pay_by_zone_stays_within_bounds(answer: object) -> None:
    assert fault_of_extra(answer, N) != ""
    assert fault_of_extra(SHARE, N) == fault_of_extra(ONES * 10**7, N) == ""


@pytest.mark.parametrize("answer", [None, 1.0, ONES, np.full((2, N), np.inf), np.full((2, N), "a")])
def test_costs_of_suppliers_are_finite(answer: object) -> None:
    assert fault_of_costs(answer, (2, N)).startswith("expected")
    assert fault_of_costs(np.zeros((2, N)), (2, N)) == ""

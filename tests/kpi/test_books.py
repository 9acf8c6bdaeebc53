"""The platform's books: to the fen, with every purpose in one line, whatever is switched on."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.events import PARTIES, Kind, Purpose
from sim.kpi.books import GIVEN, LINES, OPEN, POINTS_OWED, contribution_table, line_of, line_totals
from sim.kpi.flows import SIGN, ledger_table
from sim.kpi.kpis import KPIS
from sim.kpi.loyalty import liability
from sim.kpi.others import balances
from sim.kpi.tables import Tables
from sim.policies.nearest import Nearest
from sim.scenario.schema import Scenario
from sim.units import DAY, HOUR
from tests.kpi.hand_made import NOTHING, STORY, Row, log, pay
from tests.kpi.weeks_made import FORTNIGHT, order, tables

TOWN: dict[str, Any] = {
    "city": {"kind": "plane", "places": 40, "width_m": 2000, "height_m": 2000},
    "population": {"users": 80, "patience_min": 25},
    "merchants": {"classes": {"restaurant": {"count": 4, "stations": 2}, "shop": {"count": 2, "prep_min": 5}}},
    "riders": {"count": 5},
    "calendar": {"days": 8, "drain_min": 30},
}
RESPONSE: dict[str, Any] = {
    "response": {"on": True},
    "membership": {
        "desk": {"compensation_yuan": 3},
        "rules": {
            "earn": {"rule": "earn", "params": {"per_order": 60}},
            "burn": {"rule": "burn"},
            "box": {"rule": "mystery_box"},
            "tiers": {"rule": "tiers"},
        },
    },
}
MARKET: dict[str, Any] = {
    "market": {
        "on": True,
        "stock_out": 0.1,
        "deals": {
            "shared": {"policy": "shared"},
            "places": {"policy": "ranking", "params": {"yuan": 1.0}},
            "training": {"policy": "training", "params": {"every_days": 3}},
        },
    }
}
CREW: dict[str, Any] = {
    "supply": {"on": True, "pool": 3},
    "incentive": {"policy": "peak"},
    "pay": {"guarantee_yuan_per_hour": 15},
}
CHECKOUT: dict[str, Any] = {
    "checkout": {
        "on": True,
        "wrong_address": 0.05,
        "validates_address": False,
        "fraud": {"share": 0.05, "goods": "returned"},
    },
}
KINDS: dict[str, Any] = {
    "kinds": {"takeaway": {"share": 0.7}, "buy": {"share": 0.3, "classes": ["shop"], "starts": "arrival",
                                                    "prep_min": 6, "advance": True}},
}  # fmt: skip


def lived(spec: dict[str, Any]) -> Tables:
    scenario = Scenario.model_validate(spec)
    record = Log()
    simulate(scenario, build_city(scenario), Nearest(), record)
    return Tables(record.events(), tuple(scenario.kinds), tuple(scenario.membership.rules))


def in_books(told: Tables) -> int:
    return int(told.books["amount"][told.books["cash"]].sum())


def test_every_purpose_belongs_to_exactly_one_line() -> None:
    booked = Counter(purpose for purposes in LINES.values() for purpose in purposes)
    assert booked == Counter(Purpose)
    assert [line_of(purpose) for purpose in Purpose] == [
        line for p in Purpose for line, purposes in LINES.items() if p in purposes
    ]
    assert set(GIVEN) < set(LINES)


def test_calls_to_members_are_no_acquisition() -> None:
    assert (line_of(Purpose.ACQUISITION), line_of(Purpose.CONTACT)) == ("acquisition", "contact")
    assert {"acquisition", "contact"} < set(GIVEN), "a campaign is paid on either"


@pytest.mark.parametrize("purpose", Purpose)
def test_a_payment_stands_in_its_line_with_its_sign(purpose: Purpose) -> None:
    told = Tables(log(*order(0, 1, 0), pay(50 * 3600, purpose, 700, 0)))
    bare = Tables(log(*order(0, 1, 0)))
    grown = {line: fen - line_totals(bare.books)[line] for line, fen in line_totals(told.books).items()}
    payer, payee = PARTIES[purpose]
    sign = (payee == "platform") - (payer == "platform")
    assert grown == {line: 700 * sign * (line == line_of(purpose)) for line in LINES}
    assert sign == SIGN[purpose]


def test_the_books_of_a_fortnight() -> None:
    books = FORTNIGHT.books
    found = books[books["amount"] != 0]
    rows = list(zip(found["week"], found["line"], found["amount"], strict=True))
    assert rows == [
        (0, "fees", 800),
        (0, "commission", 6000),
        (0, "discounts", -600),
        (0, "acquisition", -800),
        (0, "service", -300),
        (0, POINTS_OWED, -950),
        (1, "fees", 800),
        (1, "commission", 6000),
        (1, "discounts", -500),
        (1, POINTS_OWED, -300),
    ]
    assert -liability(FORTNIGHT) * 100 == books["amount"].iloc[-1]


def test_what_is_left_by_week_and_order() -> None:
    kept = FORTNIGHT.contribution
    assert kept["contribution"].tolist() == FORTNIGHT.weeks["contribution"].tolist() == [5100, 6300]
    assert kept["delivered"].tolist() == [2, 2]
    assert kept["per_order"].tolist() == [2550, 3150]


def test_a_day_without_response_has_books_too() -> None:
    told = Tables(STORY)
    assert set(told.books["week"]) == {0}
    assert in_books(told) == balances(told.payments)["platform"]
    assert told.contribution["delivered"].sum() == (told.orders["state"] == "delivered").sum()


def test_nothing_happened() -> None:
    told = Tables(NOTHING)
    assert in_books(told) == 0
    assert told.contribution["per_order"].isna().all()


def test_weeks_without_response_are_told_apart() -> None:
    told = Tables(log(*order(0, 1, 2), *order(1, 1, 9), *order(2, 2, 13, hour=23.8)))
    assert told.contribution["delivered"].tolist() == [1, 2]
    assert told.books.groupby("week")["amount"].sum().tolist() == [3400, 6800]


def test_points_nobody_burnt_are_worth_nothing_known() -> None:
    told = tables(7, *order(0, 1, 0))
    assert (told.books["amount"][told.books["line"] == POINTS_OWED] == 0).all()


PENDING = [row for row in order(1, 1, 2) if row.kind != Kind.DELIVERED]


def test_what_is_held_for_an_open_order_is_cash_and_no_contribution() -> None:
    told = tables(7, *order(0, 1, 0), *PENDING)
    assert in_books(told) == 2 * 3400
    books = told.books.set_index("line")["amount"]
    assert books[OPEN] == sum(line_totals(told.books).values()) == 3400
    assert books["undelivered"] == 0
    assert contribution_table(told.flows, told.orders, 7)["contribution"].tolist() == [3400]
    assert told.weeks["contribution"].tolist() == [3400]


@pytest.mark.parametrize("refund", [3400, 3000])
def test_the_kpi_is_what_the_books_tell(refund: int) -> None:
    """The complaint of a cancelled order costs as much as any other, and so does what is kept of its price."""
    end = Row(3 * DAY, Kind.CANCELLED, 1, user=1, detail=1), pay(3 * DAY, Purpose.REFUND, refund, 1, user=1)
    complaint = [pay(4 * DAY, Purpose.APOLOGY, 300, 1, user=1), pay(4 * DAY, Purpose.SERVICE, 250, 1, user=1)]
    told = tables(7, *order(0, 1, 0), *PENDING, *end, *complaint)
    assert KPIS["contribution_per_order"].value(told) == (3400 + 3400 - refund - 550) / 100
    assert told.contribution["per_order"].tolist() == [100 * KPIS["contribution_per_order"].value(told)]


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.sampled_from(["response", "market", "crew", "checkout", "kinds"])), st.integers(0, 3))
def test_books_reconcile_whatever_is_switched_on(mechanisms: set[str], seed: int) -> None:
    blocks = {"response": RESPONSE, "market": MARKET, "crew": CREW, "checkout": CHECKOUT, "kinds": KINDS}
    spec = TOWN | {"seed": seed}
    for name in mechanisms:
        spec |= blocks[name]
    told = lived(spec)
    held = told.flows["amount"][told.flows["held"]].sum()
    kept = sum(line_totals(told.books).values())
    assert kept == told.contribution["contribution"].sum()
    assert in_books(told) == kept + held == balances(told.payments)["platform"]
    assert ledger_table(told.flows)["amount"].sum() == in_books(told)
    assert len(told.books) == 2 * (len(LINES) + 2)
    done = (told.orders["state"] == "delivered").sum()
    assert told.contribution["delivered"].sum() == done > 0


def test_all_mechanisms_at_once_fill_the_lines() -> None:
    told = lived(TOWN | RESPONSE | MARKET | CREW | CHECKOUT | KINDS)
    filled = {line for line, fen in line_totals(told.books).items() if fen}
    assert {"fees", "commission", "advertising", "rider_pay", "rider_extras", "discounts", "service",
            "undelivered"} <= filled  # fmt: skip
    assert (told.events["t"][told.events["kind"] == Kind.PAID] <= 8 * DAY + HOUR).all()

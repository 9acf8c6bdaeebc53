"""Money as the platform sees it: nothing is lost, and what was undone costs nothing."""

from hypothesis import given
from hypothesis import strategies as st

from sim.events import PARTIES, Kind, Purpose
from sim.kpi.flows import kept, ledger_table, programme_cost
from sim.kpi.others import balances
from sim.kpi.tables import Tables
from sim.units import HOUR
from tests.kpi.hand_made import Row, pay
from tests.kpi.weeks_made import FORTNIGHT, order, tables

PAYMENTS = st.lists(
    st.tuples(st.sampled_from(Purpose), st.integers(0, 10**6), st.sampled_from([-1, 0, 1]), st.integers(1, 90)),
    max_size=30,
)


def test_the_account_of_a_fortnight() -> None:
    ledger = ledger_table(FORTNIGHT.flows)
    assert dict(zip(ledger["line"], ledger["amount"], strict=True)) == {
        "basket": 12000,
        "delivery_fee": 1600,
        "undelivered": 3400 - 50 - 3350,
        "discount": -100,
        "coupon": -500,
        "points": -500,
        "acquisition": -800,
        "service": -300,
    }
    assert set(ledger["group"][ledger["amount"] < 0]) == {"programme"}


def test_money_of_an_open_order_stands_apart() -> None:
    flows = tables(4, *order(0, 1, 0), *[row for row in order(1, 1, 2) if row.kind != Kind.DELIVERED]).flows
    assert kept(flows)["amount"].sum() == 3400
    ledger = ledger_table(flows).set_index(["group", "line"])["amount"].to_dict()
    assert ledger == {("orders", "basket"): 3000, ("orders", "delivery_fee"): 400, ("held", "open orders"): 3400}


def test_the_programme_costs_what_was_not_given_back() -> None:
    cost = programme_cost(FORTNIGHT.flows)
    assert cost[Purpose.DISCOUNT] == 100
    assert cost.sum() == 100 + 500 + 500 + 800 + 300


@given(PAYMENTS)
def test_the_account_is_the_platforms_balance_to_the_fen(paid: list[tuple[Purpose, int, int, int]]) -> None:
    rows = [pay(hour * HOUR, purpose, fen, number, user=1) for purpose, fen, number, hour in paid]
    cancelled = [row for row in order(1, 1, 2) if row.kind != Kind.DELIVERED]
    told = tables(4, *order(0, 1, 0), *cancelled, Row(3 * HOUR + 3e5, Kind.CANCELLED, 1, user=1, detail=1), *rows)
    balance = balances(told.payments).get("platform", 0)
    assert ledger_table(told.flows)["amount"].sum() == told.flows["amount"].sum() == balance
    assert told.weeks["contribution"].sum() == balance


def test_flows_are_of_the_platform_only() -> None:
    rows = [pay(60, purpose, 100, 0) for purpose in Purpose]
    flows = tables(1, *order(0, 1, 0, hour=0), *rows).flows
    between = {int(p) for p in Purpose if "platform" not in PARTIES[p]}
    assert between
    assert not between & set(flows["purpose"])


def test_the_account_of_a_lived_city(city_of_weeks: Tables) -> None:
    ledger = ledger_table(city_of_weeks.flows)
    assert ledger["amount"].sum() == balances(city_of_weeks.payments)["platform"]
    assert {"discount", "points", "coupon", "gift"} & set(ledger["line"])

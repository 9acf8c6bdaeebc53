"""Tables of a lived day against a plain reading of its log, row by row; invariants of every log."""

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.events import LIFE, Kind, Purpose
from sim.kpi.events import Events
from sim.kpi.kpis import compute
from sim.kpi.others import balances
from sim.kpi.tables import NAMES, Tables


@pytest.fixture(scope="session")
def tables(lived: Events) -> Tables:
    return Tables(lived)


@pytest.fixture(scope="session")
def read(lived: Events) -> dict[str, Any]:
    """The same figures by reading the log like a book."""
    box: dict[int, set[int]] = defaultdict(set)
    bundled: set[int] = set()
    metres, empty, idle_s, duty_s = (defaultdict[int, float](float) for _ in range(4))
    idle_since: dict[int, float] = {}
    duty_since: dict[int, float] = {}
    waits: dict[tuple[int, float], float] = {}
    for t, kind, order, rider, _, _, _, amount, _ in lived.tolist():
        if kind == Kind.PICKED_UP:
            box[rider].add(order)
            bundled |= box[rider] if len(box[rider]) > 1 else set()
            waits.setdefault((rider, t), amount)
        elif kind == Kind.DELIVERED:
            box[rider].discard(order)
        elif kind == Kind.DEPARTED:
            metres[rider] += amount
            empty[rider] += 0 if box[rider] else amount
        elif kind == Kind.IDLE:
            idle_since.setdefault(rider, t)
        elif kind == Kind.ON_SHIFT:
            duty_since.setdefault(rider, t)
        if kind in (Kind.DEPARTED, Kind.OFF_SHIFT) and rider in idle_since:
            idle_s[rider] += t - idle_since.pop(rider)
        if kind == Kind.OFF_SHIFT:
            duty_s[rider] += t - duty_since.pop(rider)
    last = lived["t"].max()
    for since, total in ((idle_since, idle_s), (duty_since, duty_s)):
        for rider, start in since.items():
            total[rider] += last - start
    wait_s = {rider: sum(s for (who, _), s in waits.items() if who == rider) for rider in duty_s}
    return {
        "bundled": bundled,
        "metres": metres,
        "empty_m": empty,
        "idle_s": idle_s,
        "duty_s": duty_s,
        "wait_s": wait_s,
    }


def test_the_lived_day_has_everything_worth_testing(tables: Tables, lived: Events) -> None:
    everyday = {kind for kind in Kind if kind <= Kind.IDLE}
    assert set(lived["kind"].tolist()) >= everyday - {Kind.LOST, Kind.RELEASED}
    assert set(tables.orders["state"]) == {"delivered", "cancelled"} | ({"open"} & set(tables.orders["state"]))
    assert 0.1 < tables.orders["bundled"].mean() < 1
    assert (tables.payments["purpose"] == "guarantee").any()
    assert (tables.riders["shifts"] == 2).any()


def test_bundles_are_those_of_the_plain_reading(tables: Tables, read: dict[str, Any]) -> None:
    assert set(tables.orders["order"][tables.orders["bundled"]]) == read["bundled"]


@pytest.mark.parametrize("column", ["metres", "empty_m", "idle_s", "duty_s", "wait_s"])
def test_riders_are_those_of_the_plain_reading(column: str, tables: Tables, read: dict[str, Any]) -> None:
    riders = tables.riders.set_index("rider")[column]
    assert len(riders) > 5
    assert riders.to_dict() == pytest.approx({rider: read[column].get(rider, 0.0) for rider in riders.index})


def test_riders_time_is_split_without_rest(tables: Tables) -> None:
    riders = tables.riders
    np.testing.assert_allclose(riders["busy_s"] + riders["idle_s"] + riders["wait_s"], riders["duty_s"])
    assert (riders[["busy_s", "idle_s", "wait_s"]] >= 0).all(axis=None)


def test_the_cohort_is_complete(tables: Tables, lived: Events) -> None:
    """Every order placed has one row, whatever became of it, and nothing else has."""
    placed = lived["order"][lived["kind"] == Kind.PLACED]
    assert tables.orders["order"].tolist() == placed.tolist()
    assert tables.orders["placed_at"].is_monotonic_increasing
    assert tables.users["orders"].sum() == tables.merchants["orders"].sum() == len(placed)
    assert tables.riders["delivered"].sum() == (tables.orders["state"] == "delivered").sum()


def test_every_order_has_one_state(tables: Tables) -> None:
    kpis = compute(tables)
    assert kpis["delivered_share"] + kpis["cancelled_share"] + kpis["open_share"] == pytest.approx(1, abs=1e-12)
    both = tables.orders["delivered_at"].notna() & tables.orders["cancelled_at"].notna()
    assert not both.any()


def test_an_order_is_open_until_its_end_is_in_the_log(lived: Events) -> None:
    """Wherever the log is cut, shares sum to one and earlier ends stand."""
    for at in np.quantile(lived["t"], [0.0, 0.3, 0.6, 0.9]):
        cut = Tables(lived[lived["t"] <= at])
        kpis = compute(cut)
        if len(cut.orders):
            assert kpis["delivered_share"] + kpis["cancelled_share"] + kpis["open_share"] == pytest.approx(1)
            assert kpis["on_time_share"] <= kpis["delivered_share"]
        assert balances(cut.payments).sum() == 0


def test_times_of_a_delivered_order_follow_each_other(tables: Tables) -> None:
    done = tables.orders[tables.orders["state"] == "delivered"]
    for before, after in [
        ("placed_at", "cooking_at"),
        ("cooking_at", "ready_at"),
        ("ready_at", "picked_up_at"),
        ("assigned_at", "picked_up_at"),
        ("picked_up_at", "delivered_at"),
    ]:
        assert (done[before] <= done[after]).all(), (before, after)
    assert (done["rider"] >= 0).all()
    assert (done["pay"] > 0).all()


def test_the_log_obeys_the_life_cycle(lived: Events) -> None:
    known = {kind for follow in LIFE.values() for kind in follow}
    state: dict[int, Kind | None] = {}
    for code, order in zip(lived["kind"].tolist(), lived["order"].tolist(), strict=True):
        kind = Kind(code)
        if kind in known:
            assert kind in LIFE[state.get(order)], f"order {order}: {kind.name} after {state.get(order)}"
            state[order] = kind


def test_money_of_an_order_is_exact(tables: Tables) -> None:
    """What the users pay for delivered orders is what merchants, riders and the platform get."""
    payments = tables.payments
    assert payments["amount"].dtype == np.int64
    assert balances(payments).sum() == 0
    by_purpose = payments.groupby("purpose", observed=True)["amount"].sum()
    cancelled = tables.orders[tables.orders["state"] == "cancelled"]
    assert by_purpose["refund"] == (cancelled["basket"] + cancelled["fee"]).sum()
    assert by_purpose["basket"] == tables.orders["basket"].sum()
    assert by_purpose["rider_pay"] == tables.orders["pay"].sum()
    assert tables.riders["earned"].sum() == by_purpose["rider_pay"] + by_purpose["guarantee"]


def test_waves_count_what_they_assigned(tables: Tables, lived: Events) -> None:
    waves = tables.waves
    assert waves["assigned"].sum() == (lived["kind"] == Kind.ASSIGNED).sum()
    assert waves["t"].is_monotonic_increasing
    assert (waves["open"] > 0).all()
    assert (waves["available"] <= 12).all()


def test_merchants_sell_what_users_pay(tables: Tables) -> None:
    fees = tables.orders["fee"][tables.orders["state"] == "delivered"].sum()
    assert tables.users["spent"].sum() == tables.merchants["gmv"].sum() + fees


def test_each_table_is_made_once_and_has_a_name(tables: Tables) -> None:
    for name in (*NAMES, "idle"):
        table = getattr(tables, name)
        assert isinstance(table, pd.DataFrame)
        assert getattr(tables, name) is table
    assert Purpose.REFUND.name.lower() in tables.payments["purpose"].cat.categories

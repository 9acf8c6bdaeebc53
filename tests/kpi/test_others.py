"""Merchants, users, payments and waves, by hand."""

from math import nan

import numpy as np
import pytest

from sim.events import PARTIES, Purpose
from sim.kpi.orders import orders_table
from sim.kpi.others import balances, merchants_table, payments_table, users_table, waves_table
from tests.kpi.hand_made import NOTHING, STORY, log, pay

MERCHANTS: dict[str, list[float]] = {
    "merchant": [2, 5],
    "orders": [3, 2],
    "delivered": [2, 0],
    "queue_min": [(0 + 60 + 3500) / 60 / 3, 0],
    "prep_min": [(300 + 280 + 1000) / 60 / 3, (980 + 300) / 60 / 2],
    "gmv": [8000, 0],
}
USERS: dict[str, list[float]] = {
    "user": [10, 11, 12],
    "orders": [2, 1, 2],
    "delivered": [1, 1, 0],
    "cancelled": [1, 0, 0],
    "spent": [3400, 5400, 0],
    "late_min": [0, 40 / 60, nan],
}
WAVES = {"wave": [0, 1, 2], "t": [200, 230, 3000], "open": [2, 1, 1], "available": [2, 2, 1], "assigned": [2, 1, 1]}


def test_merchants_by_hand() -> None:
    table = merchants_table(orders_table(STORY))
    assert list(table.columns) == list(MERCHANTS)
    for column, values in MERCHANTS.items():
        np.testing.assert_allclose(table[column], values)


def test_users_by_hand() -> None:
    table = users_table(orders_table(STORY))
    assert list(table.columns) == list(USERS)
    for column, values in USERS.items():
        np.testing.assert_allclose(table[column], values)


def test_waves_by_hand() -> None:
    table = waves_table(STORY)
    assert {name: table[name].tolist() for name in table} == WAVES


def test_nothing_gives_empty_tables_of_the_same_columns() -> None:
    none = orders_table(NOTHING)
    assert list(merchants_table(none).columns) == list(MERCHANTS)
    assert list(users_table(none).columns) == list(USERS)
    assert list(waves_table(NOTHING).columns) == list(WAVES)
    assert list(payments_table(NOTHING).columns) == list(payments_table(STORY).columns)
    assert balances(payments_table(NOTHING)).sum() == 0
    for table in (merchants_table(none), users_table(none), waves_table(NOTHING), payments_table(NOTHING)):
        assert len(table) == 0


WHO = {"user": 11, "merchant": 22, "rider": 33, "platform": -1, "supplier": -1, "partner": -1}


@pytest.mark.parametrize("purpose", Purpose)
def test_payer_and_payee_of_a_purpose(purpose: Purpose) -> None:
    payer, payee = PARTIES[purpose]
    ids = {role: WHO[role] for role in (payer, payee) if WHO[role] > 0}
    row = payments_table(log(pay(60, purpose, 1234, order=5, **ids))).iloc[0]
    assert row.to_dict() == {
        "t": 60,
        "order": 5,
        "purpose": purpose.name.lower(),
        "payer": payer,
        "payer_id": WHO[payer],
        "payee": payee,
        "payee_id": WHO[payee],
        "amount": 1234,
    }


def test_payments_sum_to_zero_fen_by_fen() -> None:
    payments = payments_table(STORY)
    table = balances(payments)
    assert table.to_dict() == {
        "user": -(8800 + 2400 + 4400 + 1400 - 2400),
        "merchant": 6560,
        "rider": 1150 + 1000,
        "platform": 8800 + 4400 + 1400 - 6560 - 2150,
    }
    assert table.sum() == 0
    assert table.dtype == np.int64
    assert len(payments) == 2 * 5 + 2 + 2 + 1 + 1


def test_a_guarantee_belongs_to_no_order() -> None:
    payments = payments_table(STORY)
    row = payments[payments["purpose"] == "guarantee"].iloc[0]
    assert (row["order"], row["payee"], row["payee_id"], row["amount"]) == (-1, "rider", 7, 1000)

"""The merchants, users, payments and waves tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.events import PARTIES, Kind, Purpose
from sim.kpi.events import Events, of


def merchants_table(orders: pd.DataFrame) -> pd.DataFrame:
    """Merchants with an order: orders by state, mean wait for a station and in preparation (minutes), GMV in fen."""
    served = orders[orders["merchant"] >= 0]
    kitchen = served.assign(
        delivered=served["state"] == "delivered",
        queue_min=(served["cooking_at"] - served["placed_at"]) / 60,
        prep_min=(served["ready_at"] - served["cooking_at"]) / 60,
        gmv=np.where(served["state"] == "delivered", served["basket"], 0),
    )
    aggregates = {
        "orders": ("order", "size"),
        "delivered": ("delivered", "sum"),
        "queue_min": ("queue_min", "mean"),
        "prep_min": ("prep_min", "mean"),
        "gmv": ("gmv", "sum"),
    }
    return kitchen.groupby("merchant", as_index=False).agg(**aggregates)


def users_table(orders: pd.DataFrame) -> pd.DataFrame:
    """Users with an order: orders, delivered and cancelled ones, fen charged for the delivered, mean minutes late."""
    late = np.maximum(orders["delivered_at"] - orders["promised_at"], 0) / 60
    users = orders.assign(
        delivered=orders["state"] == "delivered",
        cancelled=orders["state"] == "cancelled",
        spent=np.where(orders["state"] == "delivered", orders["charged"], 0),
        late_min=late,
    )
    aggregates = {
        "orders": ("order", "size"),
        "delivered": ("delivered", "sum"),
        "cancelled": ("cancelled", "sum"),
        "spent": ("spent", "sum"),
        "late_min": ("late_min", "mean"),
    }
    return users.groupby("user", as_index=False).agg(**aggregates)


def payments_table(events: Events) -> pd.DataFrame:
    """Payments: ``t`` (s), ``order`` (-1: none), ``purpose``, ``payer`` and ``payee`` with their ids, ``amount`` (fen).

    Every row takes from one and gives to another, so the balances of all parties sum to zero.
    """
    paid = of(events, Kind.PAID)
    purposes = [Purpose(code) for code in range(len(Purpose))]
    code = paid["detail"].astype(np.int64)
    table = {"t": paid["t"], "order": paid["order"], "purpose": _named([p.name.lower() for p in purposes], code)}
    for side, name in enumerate(("payer", "payee")):
        roles = [PARTIES[p][side] for p in purposes]
        ids = np.select([np.isin(code, _paying(purposes, side, role)) for role in ID_COLUMNS], _ids(paid), -1)
        table |= {name: _named(roles, code), f"{name}_id": ids}
    return pd.DataFrame(table | {"amount": paid["amount"]})


ID_COLUMNS = ("user", "merchant", "rider")


def _paying(purposes: list[Purpose], side: int, role: str) -> list[int]:
    return [int(p) for p in purposes if PARTIES[p][side] == role]


def _ids(paid: Events) -> list[np.typing.NDArray[np.int32]]:
    return [paid[column] for column in ID_COLUMNS]


def _named(names: list[str], code: np.typing.NDArray[np.int64]) -> pd.Categorical[str]:
    unique = sorted(set(names))
    return pd.Categorical.from_codes(np.array([unique.index(n) for n in names])[code], categories=pd.Index(unique))


def balances(payments: pd.DataFrame) -> pd.Series:
    """Fen received less fen paid, by role; the sum is zero."""
    received = payments.groupby("payee", observed=True)["amount"].sum()
    paid = payments.groupby("payer", observed=True)["amount"].sum()
    return received.sub(paid, fill_value=0).astype(np.int64)


def waves_table(events: Events) -> pd.DataFrame:
    """Waves: ``wave``, ``t`` (s), ``open`` orders and ``available`` riders before, orders ``assigned`` in it."""
    waves = of(events, Kind.WAVE)
    assigned = np.bincount(of(events, Kind.ASSIGNED)["detail"], minlength=len(waves))[: len(waves)]
    return pd.DataFrame(
        {
            "wave": np.arange(len(waves)),
            "t": waves["t"],
            "open": waves["amount"],
            "available": waves["detail"],
            "assigned": assigned,
        }
    )

"""KPIs of merchants over weeks; without a value where they do not respond.

What a promotion wins, and what it takes from orders that would have come anyway or from other merchants, is no KPI of
a run: ``paotui compare SCENARIO --roi DEAL`` tells it from pairs of runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import nan

import numpy as np

from sim.entities import Floats
from sim.entities.market import TRADE_DAYS
from sim.events import Kind, Purpose
from sim.kpi.events import of
from sim.kpi.fresh import preordered, wasted
from sim.kpi.kpi import Kpi
from sim.kpi.tables import Tables
from sim.kpi.trading import fulfilled, paid_for, promoted, stock_outs, there, trading_table, turnover

TOP = 0.1


def active(tables: Tables) -> float:
    """Merchants on the platform when the last night is over."""
    return float(len(there(tables.events)))


def per_day(tables: Tables, total: float) -> float:
    """Something per merchant and day on the platform."""
    return total / len(of(tables.events, Kind.TRADED))


def margin_share(tables: Tables) -> float:
    """Margin after all costs, as a share of the baskets delivered."""
    return _over(float(trading_table(tables.events)["margin"].sum()) / 100, float(turnover(tables).sum()))


def churn(tables: Tables) -> float:
    """Share of merchants who leave within 28 days at the rate of the run."""
    return 1 - (1 - per_day(tables, len(of(tables.events, Kind.WITHDRAWN)))) ** TRADE_DAYS


def entry(tables: Tables) -> float:
    """Merchants who join in 28 days, per merchant on the platform."""
    return per_day(tables, TRADE_DAYS * len(of(tables.events, Kind.ENLISTED)))


def rating(tables: Tables) -> float:
    """Last rating of each merchant on the platform, mean."""
    rows = of(tables.events, Kind.GRADED)
    return _mean(rows[rows["t"] == rows["t"].max(initial=0)]["amount"] / 100)


def concentration(values: Floats) -> float:
    """Herfindahl-Hirschman index: sum of the squared shares, from 1/n to 1."""
    return float(((values / values.sum()) ** 2).sum()) if values.sum() > 0 else nan


def top_share(values: Floats) -> float:
    """Share of the largest tenth, at least one, of ascending values."""
    top = values[-max(round(TOP * len(values)), 1) :]
    return _over(float(top.sum()), float(values.sum()))


def take_rate(tables: Tables) -> float:
    """What the platform keeps of the baskets delivered: commission and places less its part of the promotions."""
    gmv = float(turnover(tables).sum())
    kept = gmv - paid_for(tables, Purpose.MERCHANT_SHARE) - paid_for(tables, Purpose.ADVANCE)
    promotions = paid_for(tables, Purpose.PROMOTION) - paid_for(tables, Purpose.PROMOTION_SHARE)
    return _over(kept + paid_for(tables, Purpose.ADVERTISING, delivered=False) - promotions, gmv)


def subsidy_per_order(tables: Tables) -> float:
    """The platform's part of the promotions, per delivered order."""
    cost = paid_for(tables, Purpose.PROMOTION) - paid_for(tables, Purpose.PROMOTION_SHARE)
    return _over(cost, float((tables.orders["state"] == "delivered").sum()))


def _mean(values: Floats) -> float:
    return float(np.mean(values)) if len(values) else nan


def _over(top: float, bottom: float) -> float:
    return top / bottom if bottom else nan


def _where_they_respond(kpi: Kpi) -> Kpi:
    def value(tables: Tables) -> float:
        return kpi.value(tables) if len(of(tables.events, Kind.TRADED)) else nan

    return replace(kpi, value=value, over="weeks")


def _daily_margin(tables: Tables) -> float:
    return per_day(tables, float(trading_table(tables.events)["margin"].sum()) / 100)


def _of_turnover(figure: Callable[[Floats], float]) -> Callable[[Tables], float]:
    return lambda tables: figure(turnover(tables))


MARKET: tuple[Kpi, ...] = tuple(
    _where_they_respond(kpi)
    for kpi in (
        Kpi("merchants_active", "merchants", "higher", "Merchants on the platform at the end of the run.", active),
        Kpi("orders_per_merchant", "orders/day", "higher", "Orders picked up per merchant and day on the platform.",
            lambda t: per_day(t, float(trading_table(t.events)["orders"].sum()))),
        Kpi("gmv_per_merchant", "yuan/day", "higher", "Baskets delivered per merchant and day on the platform.",
            lambda t: per_day(t, float(turnover(t).sum()))),
        Kpi("merchant_margin", "yuan/day", "higher",
            "What is left to a merchant after commission, promotion, places and his own costs, mean.", _daily_margin),
        Kpi("merchant_margin_share", "1", "higher", "The same of all merchants, of the baskets delivered.",
            margin_share),
        Kpi("merchant_churn", "1", "lower", "Merchants who would leave within 28 days at the rate of the run.", churn),
        Kpi("merchant_entry", "1", "higher", "Merchants who join in 28 days, of those on the platform.", entry),
        Kpi("merchant_rating", "stars", "higher", "Ratings of merchants at the end, mean.", rating),
        Kpi("gmv_hhi", "1", "none",
            "Concentration of the baskets delivered: sum of the merchants' squared shares (Herfindahl-Hirschman).",
            _of_turnover(concentration)),
        Kpi("gmv_top_share", "1", "none", "Baskets of the largest tenth of the merchants who had an order, of all.",
            _of_turnover(top_share)),
        Kpi("stock_out_share", "1", "lower", "Wishes that failed because the merchant had run out of it, of all.",
            stock_outs),
        Kpi("waste_share", "1", "lower",
            "Portions thrown away at the end of the day, of all made ahead; no value where nothing spoils.", wasted),
        Kpi("preorder_share", "1", "none",
            "Orders told on the eve, of all placed with merchants who make ahead; no value where nothing spoils.",
            preordered),
        Kpi("promoted_share", "1", "none",
            "Delivered orders with something off by a promotion; how many would have come anyway, only a comparison "
            "can tell.", lambda t: _mean(promoted(t))),
        Kpi("promotion_cost_per_order", "yuan", "lower",
            "The platform's part of promotions, per delivered order.", subsidy_per_order),
        Kpi("take_rate", "1", "none",
            "Commission and paid places less the platform's part of promotions, of the baskets delivered.",
            take_rate),
        Kpi("errand_fulfilment", "1", "higher",
            "Errands delivered, of all in which a rider shops or queues at a merchant.",
            lambda t: _mean(fulfilled(t))),
    )
)  # fmt: skip
"""KPIs of merchants."""

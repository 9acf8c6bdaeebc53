"""The table of KPIs: value, unit, direction, definition, and why a value is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite, nan

from sim.events import Kind
from sim.experiment.run import RunResult
from sim.kpi.events import of
from sim.kpi.fleet import FLEET
from sim.kpi.kinds import good
from sim.kpi.kpi import Kpi
from sim.kpi.kpis import KPIS
from sim.kpi.market import MARKET
from sim.kpi.members import accounts
from sim.kpi.tables import Tables
from sim.kpi.trading import trading_table
from sim.report.wording import count, figure, title

BETTER = {"higher": "higher is better", "lower": "lower is better", "none": "neither"}
OF_RIDERS = ("orders_per_rider_hour", "utilisation", "empty_km_share", "income_per_hour_mean", "income_per_hour_p10",
             "income_gini", "hours_per_rider")  # fmt: skip
OF_PLACED = ("orders", "on_time_share", "delivered_share", "cancelled_share", "open_share", "on_time_3min_share",
             "promise_mean", "flash_share", "nobody_share", "fraud_loss_per_order")  # fmt: skip
OF_WISHES = ("basic_service_share", "taken_share", "lost_share", "false_alarm_share", "payment_recovery_share")
OF_LABOUR = ("breaks_per_shift", "no_show_share", "late_start_mean", "mismatch_share", "swaps_per_shift")
OF_RATINGS = ("rating_mean", "good_review_share", "care_good_review_share")
OF_A_MECHANISM = ("flash_share", "flash_on_time_share", "eta_error_mean", "eta_bias", "eta_assigned_error_mean",
                  "eta_picked_up_error_mean", "false_alarm_share", "nobody_share", "fraud_loss_per_order",
                  "payment_recovery_share", "status_delay_mean", "locker_share", *OF_RATINGS, *OF_LABOUR,
                  "plan_error_mean", "plan_bias")  # fmt: skip
OF_ACCOUNTS = ("clv", "trust_mean", "high_value_share", "big_spender_share", "asleep_share", "tier_share")
OF_EVENTS = {"nps": (Kind.SURVEYED, "answer"), "answer_time_mean": (Kind.COMPLAINED, "complaint"),
             "coupon_redemption": (Kind.COUPON, "coupon"), "plan_renewal": (Kind.PLAN, "plan")}  # fmt: skip
OF_FLEET, OF_MARKET = (frozenset(kpi.name for kpi in kpis) for kpis in (FLEET, MARKET))
MISSING_WITH_RIDERS = {"empty_km_share": "no rider rode", "income_gini": "no rider earned anything"}


@dataclass(frozen=True, slots=True)
class KpiRow:
    """One KPI in words; ``reason`` says why it has no value, ``over`` what it is computed over."""

    name: str
    title: str
    value: str
    unit: str
    better: str
    definition: str
    over: str
    reason: str
    span: str = "days"


def kpi_rows(result: RunResult) -> list[KpiRow]:
    """All KPIs in the order of their list, then any others that the run carries."""
    return [_row(result, kpi) for kpi in _known(result)]


def sizes(result: RunResult) -> tuple[int, int, int]:
    """Orders placed, orders delivered, riders who worked: what the figures are computed over."""
    orders = result.tables.orders
    return len(orders), int((orders["state"] == "delivered").sum()), len(result.tables.riders)


def _known(result: RunResult) -> Iterator[Kpi]:
    yield from KPIS.values()
    for name in result.kpis:
        if name not in KPIS:
            yield Kpi(name, "", "none", "", lambda tables: nan)


def _row(result: RunResult, kpi: Kpi) -> KpiRow:
    value = result.kpis.get(kpi.name, nan)
    text, unit = figure(kpi, value)
    reason = "" if isfinite(value) else _reason(result, kpi.name)
    over = "" if reason else _over(result, kpi.name)
    return KpiRow(kpi.name, title(kpi.name), text, unit, BETTER[kpi.better], kpi.definition, over, reason, kpi.over)


def _reason(result: RunResult, name: str) -> str:
    placed, delivered, riders = sizes(result)
    if name not in result.kpis:
        return "not computed"
    if name in OF_RIDERS:
        return MISSING_WITH_RIDERS.get(name, "no planned hours") if riders else "no rider came on shift"
    if name in KPIS and KPIS[name].over == "weeks":
        return "too short, or there was none" if result.tables.days else "people do not respond in this run"
    if not delivered and name in KPIS:
        return "no order was delivered" if placed else "no order was placed"
    return "switched off, or there was none" if name in OF_A_MECHANISM else "has no value in this run"


def _over(result: RunResult, name: str) -> str:
    placed, delivered, riders = sizes(result)
    if name in OF_RIDERS:
        return count(riders, "rider")
    if name in OF_FLEET:
        return count(riders, "rider")
    if name in OF_MARKET:
        return count(int(trading_table(result.tables.events)["merchant"].nunique()), "merchant")
    if name in KPIS and KPIS[name].over == "weeks":
        return _over_weeks(result.tables, name)
    if name in OF_PLACED:
        return f"{count(placed, 'order')} placed"
    if name in OF_WISHES:
        return f"{len(result.tables.wishes):,} wishes"
    if name in ("flash_on_time_share", "status_delay_mean", *OF_LABOUR):
        return ""
    if name in OF_RATINGS:
        return count(len(good(result.tables.events, cared=name.startswith("care"))), "rating")
    return f"{delivered:,} delivered" if name in KPIS else ""


def _over_weeks(tables: Tables, name: str) -> str:
    """Of a figure of users or the programme; empty for sums, and where no single number tells it."""
    if name in OF_ACCOUNTS:
        return count(accounts(tables.events), "account")
    if name in OF_EVENTS:
        kind, noun = OF_EVENTS[name]
        return count(len(of(tables.events, kind)), noun)
    after = name.removeprefix("retention_day_")
    if after != name:
        cohorts = tables.returns
        return count(int(cohorts["users"][cohorts["day"] == int(after)].sum()), "user")
    if name == "complaint_rate":
        return f"{count(len(tables.orders), 'order')} placed"
    return f"{len(tables.openings):,} openings" if name == "conversion" else ""

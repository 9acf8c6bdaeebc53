"""KPIs: pure functions of the tables, each with a unit, a direction and a definition."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.entities import Floats
from sim.events import Kind, Stage
from sim.kpi.fleet import FLEET
from sim.kpi.flows import kept
from sim.kpi.front import (
    compensation,
    eta_errors,
    false_alarm_share,
    flash_share,
    fraud_loss,
    in_grace,
    lost_share,
    nobody_share,
    payment_recovery_share,
    status_delays,
    worst_quarter,
)
from sim.kpi.kinds import good, in_locker, stars
from sim.kpi.kpi import Direction, Kpi
from sim.kpi.loyalty import LOYALTY
from sim.kpi.market import MARKET
from sim.kpi.recovery import recovered_share, recovery_min
from sim.kpi.shifts import beyond, hours, lateness, mismatch, no_show, per_shift, plan_error
from sim.kpi.spread import gini
from sim.kpi.tables import Tables
from sim.kpi.weather import wet_on_time
from sim.units import HOUR, MINUTE

__all__ = ["KPIS", "Direction", "Kpi", "compute"]


def compute(tables: Tables) -> dict[str, float]:
    """All KPIs of a run by name."""
    return {name: kpi.value(tables) for name, kpi in KPIS.items()}


def _minutes(start: str, end: str) -> Callable[[Tables], Floats]:
    def between(tables: Tables) -> Floats:
        delivered = tables.orders[tables.orders["state"] == "delivered"]
        return np.asarray((delivered[end] - delivered[start]) / MINUTE, dtype=np.float64)

    return between


def _overage(tables: Tables) -> Floats:
    delivered = tables.orders[tables.orders["state"] == "delivered"]
    return np.maximum(np.asarray(delivered["delivered_at"] - delivered["promised_at"]) / MINUTE, 0)


def _mean(values: Callable[[Tables], Floats]) -> Callable[[Tables], float]:
    return lambda tables: _or_nan(np.mean, values(tables))


def _quantile(values: Callable[[Tables], Floats], q: float) -> Callable[[Tables], float]:
    return lambda tables: _or_nan(lambda v: np.quantile(v, q), values(tables))


def _or_nan(statistic: Callable[[Floats], np.floating], values: Floats) -> float:
    return float(statistic(values)) if len(values) else float("nan")


def _share(state: str) -> Callable[[Tables], float]:
    return lambda tables: _or_nan(np.mean, np.asarray(tables.orders["state"] == state, dtype=np.float64))


def _on_time(tables: Tables) -> float:
    orders = tables.orders
    return _or_nan(np.mean, np.asarray(orders["delivered_at"] <= orders["promised_at"], dtype=np.float64))


def _bundled(tables: Tables) -> float:
    delivered = tables.orders["state"] == "delivered"
    return _or_nan(np.mean, np.asarray(tables.orders["bundled"][delivered], dtype=np.float64))


def _acceptance(tables: Tables) -> float:
    accepted, refused = tables.orders["offers"].sum(), tables.orders["refused"].sum()
    return float(accepted / (accepted + refused)) if accepted + refused else float("nan")


def _ratio(over: str, under: str, scale: float = 1.0) -> Callable[[Tables], float]:
    def ratio(tables: Tables) -> float:
        bottom = float(tables.riders[under].sum())
        return float(tables.riders[over].sum()) * scale / bottom if bottom else float("nan")

    return ratio


def _eta(stage: Stage, bias: bool = False) -> Callable[[Tables], float]:
    def error(tables: Tables) -> float:
        errors = eta_errors(tables.events, stage)
        return _or_nan(np.mean, errors if bias else np.abs(errors))

    return error


def _promise(tables: Tables) -> Floats:
    return np.asarray((tables.orders["promised_at"] - tables.orders["placed_at"]) / MINUTE, dtype=np.float64)


def _income(tables: Tables) -> Floats:
    return np.asarray(tables.riders["income_per_hour"], dtype=np.float64)


def _contribution(tables: Tables) -> float:
    """Yuan that the books tell as contribution, per delivered order."""
    delivered = int((tables.orders["state"] == "delivered").sum())
    return float(kept(tables.flows)["amount"].sum()) / 100 / delivered if delivered else float("nan")


def _carbon(tables: Tables) -> float:
    """Grams of carbon dioxide per delivered order."""
    riders, grams = tables.riders, tables.grams_co2_per_km
    delivered = int(riders["delivered"].sum())
    if grams is None or not delivered:
        return float("nan")
    return float((riders["metres"] / 1000 * grams[riders["rider"]]).sum()) / delivered


CLICK_TO_DOOR = _minutes("placed_at", "delivered_at")
RESPONSE = _minutes("placed_at", "assigned_at")
READY_TO_PICKUP = _minutes("ready_at", "picked_up_at")

KPIS: dict[str, Kpi] = {
    kpi.name: kpi
    for kpi in (
        Kpi("orders", "orders", "none", "Orders placed in the horizon.", lambda t: float(len(t.orders))),
        Kpi("on_time_share", "1", "higher", "Orders delivered by the promised time, of all placed.", _on_time),
        Kpi("delivered_share", "1", "higher", "Orders delivered by the end of the drain, of all placed.",
            _share("delivered")),
        Kpi("cancelled_share", "1", "lower", "Orders cancelled before assignment, of all placed.",
            _share("cancelled")),
        Kpi("open_share", "1", "lower", "Orders neither delivered nor cancelled at the end, of all placed.",
            _share("open")),
        Kpi("click_to_door_mean", "min", "lower", "Placement to drop-off, mean over delivered orders.",
            _mean(CLICK_TO_DOOR)),
        Kpi("click_to_door_p90", "min", "lower", "Placement to drop-off, 90th percentile of delivered orders.",
            _quantile(CLICK_TO_DOOR, 0.9)),
        Kpi("response_mean", "min", "lower", "Placement to the last assignment, mean over delivered orders.",
            _mean(RESPONSE)),
        Kpi("overage_mean", "min", "lower", "Time past the promise, 0 if early, mean over delivered orders.",
            _mean(_overage)),
        Kpi("ready_to_pickup_mean", "min", "lower", "Meal ready to pickup, mean over delivered orders.",
            _mean(READY_TO_PICKUP)),
        Kpi("orders_per_rider_hour", "orders/h", "higher", "Delivered orders per planned hour of shift.",
            _ratio("delivered", "planned_s", HOUR)),
        Kpi("offer_acceptance", "1", "none", "Offers that riders accept, of all made.", _acceptance),
        Kpi("utilisation", "1", "none", "Riding and service, of the riders' time on shift.",
            _ratio("busy_s", "duty_s")),
        Kpi("empty_km_share", "1", "lower", "Distance ridden with nothing on board, of all distance.",
            _ratio("empty_m", "metres")),
        Kpi("bundle_share", "1", "none", "Delivered orders that shared the rider's box with another.", _bundled),
        Kpi("locker_share", "1", "none", "Orders left in a locker, of all delivered; no value without lockers.",
            _mean(lambda t: in_locker(t.orders))),
        Kpi("rating_mean", "stars", "higher", "Stars from 1 to 5, mean over rated deliveries.",
            _mean(lambda t: stars(t.events))),
        Kpi("good_review_share", "1", "higher", "Ratings of 4 and 5 stars, of all ratings.",
            _mean(lambda t: good(t.events))),
        Kpi("care_good_review_share", "1", "higher",
            "Ratings of 4 and 5 stars, of those by customers who asked for care.",
            _mean(lambda t: good(t.events, cared=True))),
        Kpi("income_per_hour_mean", "yuan/h", "higher", "Earnings per planned hour, mean over riders.",
            _mean(_income)),
        Kpi("income_per_hour_p10", "yuan/h", "higher", "Earnings per planned hour, lowest tenth of the riders.",
            _quantile(_income, 0.1)),
        Kpi("income_gini", "1", "lower", "Gini coefficient of earnings per planned hour over riders.",
            lambda t: gini(_income(t))),
        Kpi("rider_cost_per_order", "yuan", "lower",
            "Riders' pay, guarantees, subsidies and bonuses less deductions, per delivered order.",
            _ratio("earned", "delivered", 0.01)),
        Kpi("contribution_per_order", "yuan", "higher",
            "All that the platform took less all that it paid, per delivered order; what it holds for orders that are "
            "still open is left out.", _contribution),
        Kpi("on_time_3min_share", "1", "higher", "Orders delivered within 3 minutes of the promise, of all placed.",
            _mean(lambda t: in_grace(t.orders))),
        Kpi("promise_mean", "min", "none", "Promised time from placement to door, mean over orders placed.",
            _mean(_promise)),
        Kpi("compensation_per_order", "yuan", "lower", "Paid for broken promises, per delivered order.",
            lambda t: compensation(t.events)),
        Kpi("flash_share", "1", "none", "Orders of the flash product, of all placed.",
            lambda t: flash_share(t.events, t.orders, on_time=False)),
        Kpi("flash_on_time_share", "1", "higher",
            "Orders of the flash product delivered within 3 minutes of its promise, of all placed of it.",
            lambda t: flash_share(t.events, t.orders, on_time=True)),
        Kpi("eta_error_mean", "min", "lower",
            "Distance between arrival and the time told at the checkout, mean over delivered orders.",
            _eta(Stage.QUOTED)),
        Kpi("eta_bias", "min", "none",
            "Arrival less the time told at the checkout, mean over delivered orders: above 0, too much was promised.",
            _eta(Stage.QUOTED, bias=True)),
        Kpi("eta_assigned_error_mean", "min", "lower",
            "Distance between arrival and the time told at the last assignment, mean over delivered orders.",
            _eta(Stage.ASSIGNED)),
        Kpi("eta_picked_up_error_mean", "min", "lower",
            "Distance between arrival and the time told at the pickup, mean over delivered orders.",
            _eta(Stage.PICKED_UP)),
        Kpi("basic_service_share", "1", "higher",
            "Users whose wish became an order that was delivered, in the worst quarter of an hour with ten users.",
            lambda t: worst_quarter(t.wishes, "delivered")),
        Kpi("taken_share", "1", "higher",
            "Users whose wish became an order, in the worst quarter of an hour with ten users.",
            lambda t: worst_quarter(t.wishes, "placed")),
        Kpi("lost_share", "1", "lower", "Wishes that did not become orders, of all that a merchant was open for.",
            lambda t: lost_share(t.wishes)),
        Kpi("false_alarm_share", "1", "lower",
            "Honest wishes refused as suspicious, of all wishes placed or refused so.",
            lambda t: false_alarm_share(t.events)),
        Kpi("nobody_share", "1", "lower", "Orders for which the rider found nobody at the door, of all placed.",
            lambda t: nobody_share(t.events)),
        Kpi("fraud_loss_per_order", "yuan", "lower", "What the platform loses on fraudulent orders, per order placed.",
            lambda t: fraud_loss(t.events, t.payments)),
        Kpi("payment_recovery_share", "1", "higher",
            "Wishes placed after a payment had failed, of all whose payment failed.",
            lambda t: payment_recovery_share(t.wishes)),
        Kpi("status_delay_mean", "min", "lower", "Time until the platform hears a rider's report, mean over reports.",
            _mean(lambda t: status_delays(t.events))),
        Kpi("hours_per_rider", "h", "none", "Hours on shift less breaks in the whole run, mean over riders.",
            _mean(hours)),
        Kpi("beyond_8h_share", "1", "lower", "Orders delivered after more than 8 h on shift, of all delivered.",
            _mean(beyond)),
        Kpi("breaks_per_shift", "breaks", "none", "Breaks taken per shift; no value where nobody takes any.",
            lambda t: per_shift(t, Kind.BREAK)),
        Kpi("no_show_share", "1", "lower", "Riders on the roster who do not come, of all on it.", _mean(no_show)),
        Kpi("late_start_mean", "min", "lower", "Lateness on shift against the roster, mean over those who come.",
            _mean(lateness)),
        Kpi("mismatch_share", "1", "lower", "Orders whose rider lacked something, of those that needed something.",
            _mean(mismatch)),
        Kpi("swaps_per_shift", "swaps", "lower", "Batteries swapped on the way per shift; no value without any.",
            lambda t: per_shift(t, Kind.SWAPPED)),
        Kpi("plan_error_mean", "min", "lower", "Drop-off against its plan at assignment, mean of the absolute value.",
            lambda t: _or_nan(np.mean, np.abs(plan_error(t)))),
        Kpi("plan_bias", "min", "none", "Drop-off later than its plan at assignment, mean over delivered orders.",
            _mean(plan_error)),
        Kpi("wet_on_time_share", "1", "higher", "Orders on time, of those placed in rain; no value without any.",
            _mean(lambda t: wet_on_time(t.events, t.orders))),
        Kpi("recovery_min", "min", "lower",
            "End of a disruption until orders are on time as before, mean; a lower bound where the run ended first.",
            lambda t: recovery_min(t.events, t.orders)),
        Kpi("recovered_share", "1", "higher", "Disruptions after which service was back within the run, of all.",
            lambda t: recovered_share(t.events, t.orders)),
        Kpi("co2_per_order", "g", "lower",
            "Carbon dioxide of all ways ridden, each by its rider's vehicle, per delivered order.", _carbon),
        *LOYALTY,
        *MARKET,
        *FLEET,
    )
}  # fmt: skip
"""All KPIs by name."""

"""KPIs of the hand-made log, what they say of themselves, and what holds for any run."""

import dataclasses
from math import isnan, nan

import numpy as np
import pytest

from sim.events import Kind, Purpose
from sim.kpi.kpis import KPIS, compute
from sim.kpi.tables import Tables
from tests.kpi.hand_made import NOTHING, ORDERS, STORY, Row, delivered, log, on_shift, pay, placed

SLOW, FAST = 11.50 / 3, 10.0
EXPECTED = {
    "orders": 5,
    "on_time_share": 1 / 5,
    "delivered_share": 2 / 5,
    "cancelled_share": 1 / 5,
    "open_share": 2 / 5,
    "click_to_door_mean": (900 + 2440) / 2 / 60,
    "click_to_door_p90": (900 + 0.9 * (2440 - 900)) / 60,
    "response_mean": (100 + 70) / 2 / 60,
    "overage_mean": 40 / 2 / 60,
    "ready_to_pickup_mean": 100 / 2 / 60,
    "orders_per_rider_hour": 2 / 4,
    "offer_acceptance": 1.0,
    "utilisation": (7330 + 60) / (8000 + 3600),
    "empty_km_share": 1000 / 3500,
    "bundle_share": 1.0,
    "locker_share": 1 / 2,
    "rating_mean": (5 + 2) / 2,
    "good_review_share": 1 / 2,
    "care_good_review_share": 1.0,
    "income_per_hour_mean": (SLOW + FAST) / 2,
    "income_per_hour_p10": SLOW + 0.1 * (FAST - SLOW),
    "income_gini": (FAST - SLOW) / 2 / (FAST + SLOW),
    "rider_cost_per_order": (1150 + 1000) / 100 / 2,
    "contribution_per_order": (3400 + 5400 - 2460 - 4100 - 550 - 600 - 1000) / 100 / 2,
    "on_time_3min_share": 2 / 5,
    "promise_mean": 40,
    "compensation_per_order": 0,
    "flash_share": nan,
    "flash_on_time_share": nan,
    "eta_error_mean": nan,
    "eta_bias": nan,
    "eta_assigned_error_mean": nan,
    "eta_picked_up_error_mean": nan,
    "basic_service_share": nan,  # fewer than ten users
    "taken_share": nan,
    "lost_share": 0,  # nobody was open for the one that was lost
    "false_alarm_share": nan,
    "nobody_share": nan,
    "fraud_loss_per_order": nan,
    "payment_recovery_share": nan,
    "status_delay_mean": nan,
    "hours_per_rider": (8000 + 3600) / 2 / 3600,
    "beyond_8h_share": 0.0,
    "breaks_per_shift": nan,
    "no_show_share": nan,
    "late_start_mean": nan,
    "mismatch_share": nan,
    "swaps_per_shift": nan,
    "plan_error_mean": nan,
    "plan_bias": nan,
    "wet_on_time_share": nan,  # no weather
    "recovery_min": nan,  # no disruption
    "recovered_share": nan,
    "co2_per_order": nan,  # of a fleet that the log does not know
    **dict.fromkeys((kpi.name for kpi in KPIS.values() if kpi.over == "weeks"), nan),  # see test_loyalty
}
UNITS = {"1", "min", "orders", "orders/h", "yuan/h", "yuan", "stars", "h", "breaks", "swaps", "g"}
UNITS_OF_WEEKS = {
    "users",
    "accounts",
    "riders",
    "merchants",
    "orders/month",
    "orders/day",
    "yuan/day",
    "days",
    "points",
}


@pytest.mark.parametrize("name", KPIS)
def test_a_kpi_is_as_computed_by_hand(name: str) -> None:
    assert KPIS[name].value(Tables(STORY)) == pytest.approx(EXPECTED[name], nan_ok=True)


def test_all_of_them_are_computed_as_plain_numbers() -> None:
    values = compute(Tables(STORY))
    assert list(values) == list(KPIS) == list(EXPECTED)
    assert all(type(value) is float for value in values.values())


@pytest.mark.parametrize("kpi", KPIS.values(), ids=lambda kpi: kpi.name)
def test_a_kpi_explains_itself(kpi: object) -> None:
    name, unit, better, definition, _, over = dataclasses.astuple(kpi)  # type: ignore[call-overload]
    assert KPIS[name] is kpi
    assert unit in UNITS if over == "days" else unit in UNITS | UNITS_OF_WEEKS
    pure = "share" in name or name in {"utilisation", "income_gini", "offer_acceptance"}
    assert (unit == "1") == pure or over == "weeks"
    assert better in {"higher", "lower", "none"}
    assert definition.endswith(".")
    assert len(definition) > 20


def test_a_kpi_without_meaning_is_nan_and_no_warning() -> None:
    values = compute(Tables(NOTHING))
    assert values.pop("orders") == 0
    assert all(isnan(value) for value in values.values()), values


def test_orders_but_no_riders() -> None:
    values = compute(Tables(log(*ORDERS)))
    assert (values["orders"], values["delivered_share"], values["on_time_share"]) == (5, 0, 0)
    of_delivered = {"click_to_door_mean", "overage_mean", "bundle_share", "contribution_per_order"}
    of_riders = {"utilisation", "orders_per_rider_hour", "income_gini", "empty_km_share", "income_per_hour_p10"}
    assert all(isnan(values[name]) for name in of_delivered | of_riders)


def test_riders_but_no_orders() -> None:
    values = compute(Tables(log(on_shift(0, 3, 1, 3600), on_shift(10, 4, 1, 3600))))
    assert (values["orders_per_rider_hour"], values["income_per_hour_mean"]) == (0, 0)
    assert isnan(values["on_time_share"])
    assert isnan(values["income_gini"])
    assert isnan(values["empty_km_share"])


def test_an_offer_is_accepted_or_refused() -> None:
    no = log(*(Row(210, Kind.REFUSED, order, 4, detail=0) for order in (1, 5, 5, 5)))
    told = Tables(np.sort(np.concatenate([STORY, no]), order="t"))
    assert KPIS["offer_acceptance"].value(told) == 4 / 8


@pytest.mark.parametrize(
    ("purpose", "word", "yuan"),
    [
        (Purpose.RIDER_PAY, "pay", 2),
        (Purpose.GUARANTEE, "guarantees", 2),
        (Purpose.SUBSIDY, "subsidies", 2),
        (Purpose.BONUS, "bonuses", 2),
        (Purpose.DEDUCTION, "less deductions", -2),
    ],
)
def test_the_cost_of_riders_names_all_that_is_in_it(purpose: Purpose, word: str, yuan: float) -> None:
    kpi, paid = KPIS["rider_cost_per_order"], log(pay(4000, purpose, 400, rider=3))
    more = kpi.value(Tables(np.concatenate([STORY, paid]))) - kpi.value(Tables(STORY))
    assert more == pytest.approx(yuan)
    assert word in kpi.definition


def test_an_order_that_is_never_delivered_is_not_on_time() -> None:
    late = Tables(log(*placed(0, 0, 1, 1, 100)))
    assert KPIS["on_time_share"].value(late) == 0
    cut = Tables(STORY[STORY["t"] < 1000])  # nobody has got his meal yet
    assert KPIS["on_time_share"].value(cut) == 0


def test_on_time_means_not_later_than_promised() -> None:
    def share(at: float) -> float:
        events = log(*placed(0, 0, 2, 1, 100), delivered(at, 0, 3))
        return KPIS["on_time_share"].value(Tables(events))

    assert (share(2400), share(2400.001)) == (1, 0)


def test_a_cancelled_order_costs_the_platform_nothing() -> None:
    """Its basket came in and went back; neither is the platform's."""
    without = STORY[STORY["order"] != 2]
    kpi = KPIS["contribution_per_order"]
    assert kpi.value(Tables(without)) == kpi.value(Tables(STORY))

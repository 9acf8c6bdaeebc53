"""KPIs of wishes, promises and estimates on logs made by hand."""

from math import isnan

import numpy as np
import pytest

from sim.events import Kind, Purpose, Reason, Stage, Trouble
from sim.kpi.front import lost_table, wishes_table, worst_quarter
from sim.kpi.kpis import KPIS
from sim.kpi.tables import Tables
from tests.kpi.hand_made import NOTHING, Row, delivered, departed, log, on_shift, pay, picked_up, placed

NOON = 12 * 3600.0


def asked(t: float, order: int, user: int) -> Row:
    return Row(t, Kind.ASKED, order, user=user, place=1)


def lost(t: float, order: int, user: int, reason: Reason) -> Row:
    return Row(t, Kind.LOST, order, user=user, place=1, detail=reason)


def value(name: str, *rows: Row) -> float:
    return KPIS[name].value(Tables(log(*rows)))


def rush(users: int, served: int, at: float = NOON, first: int = 0) -> list[Row]:
    """As many users ask; `served` of them have an order delivered, the others wait in vain."""
    rows = []
    for n in range(first, first + users):
        rows.append(asked(at, n, n))
        if n < first + served:
            rows += [*placed(at + 30, n, 2, n, 1000), delivered(at + 2000, n, 3)]
        else:
            rows.append(lost(at + 60, n, n, Reason.TIMEOUT))
    return rows


def test_the_worst_quarter_counts_users_when_they_wished() -> None:
    rows = [*rush(10, 8), *rush(20, 18, NOON + 900, first=100), *rush(9, 0, NOON + 1800, first=200)]
    assert value("taken_share", *rows) == 0.8, "nine users are too few to say anything"
    assert value("basic_service_share", *rows) == 0.8
    assert value("lost_share", *rows) == pytest.approx((2 + 2 + 9) / 39)


def test_an_order_that_nobody_brings_is_no_service() -> None:
    rows = [row for row in rush(10, 8) if not (row.kind == Kind.DELIVERED and row.order < 3)]
    assert value("taken_share", *rows) == 0.8
    assert value("basic_service_share", *rows) == 0.5


def test_a_user_with_two_wishes_is_one_user() -> None:
    rows = [*rush(10, 8), asked(NOON + 5, 50, 0), lost(NOON + 6, 50, 0, Reason.TURNED_AWAY)]
    assert value("taken_share", *rows) == 0.8


def test_a_wish_that_nobody_was_open_for_is_no_wish() -> None:
    rows = [*rush(10, 8), *(lost(NOON, 90 + n, 90 + n, Reason.CLOSED) for n in range(20))]
    assert value("taken_share", *rows) == 0.8
    assert len(wishes_table(log(*rows))) == 10


def test_wishes_know_what_became_of_them() -> None:
    rows = [*rush(3, 1), Row(NOON + 10, Kind.DECLINED, 0, user=0, detail=1)]
    table = wishes_table(log(*rows))
    assert table["reason"].tolist() == [-1, Reason.TIMEOUT, Reason.TIMEOUT]
    assert [table[name].tolist()[0] for name in ("placed", "delivered", "declined")] == [True] * 3


def test_the_lost_are_counted_by_reason() -> None:
    rows = [*rush(4, 1), lost(NOON, 8, 8, Reason.STOCK), Row(NOON + 99, Kind.CANCELLED, 0, user=0, detail=1)]
    table = lost_table(log(*rows)).set_index("reason")
    assert table["wishes"].to_dict() == {"patience": 1, "timeout": 3, "stock": 1}
    assert table["share"].to_dict() == {"patience": 0.2, "timeout": 0.6, "stock": 0.2}
    assert not len(lost_table(NOTHING))


def test_false_alarms_and_recovered_payments() -> None:
    rows = [
        *rush(6, 6),
        *(lost(NOON, 20 + n, 20 + n, Reason.SCREENED) for n in range(3)),
        lost(NOON, 30, 30, Reason.FRAUD),
        *(Row(NOON, Kind.DECLINED, n, user=n, detail=1) for n in (0, 1)),
        asked(NOON, 40, 40),
        Row(NOON, Kind.DECLINED, 40, user=40, detail=1),
        lost(NOON + 60, 40, 40, Reason.PAYMENT),
    ]
    assert value("false_alarm_share", *rows) == 0.3
    assert value("payment_recovery_share", *rows) == pytest.approx(2 / 3)


FRAUD = [
    asked(100, 0, 7),
    *placed(100, 0, 2, 7, 3000),
    asked(100, 1, 8),
    *placed(100, 1, 2, 8, 3000),
    on_shift(0, 3, 1, 3600),
    picked_up(300, 0, 3),
    pay(300, Purpose.MERCHANT_SHARE, 2460, 0, merchant=2),
    departed(310, 3, 500, order=0),
    Row(600, Kind.NOBODY, 0, 3, place=9, detail=Trouble.FRAUD),
    pay(600, Purpose.RIDER_PAY, 550, 0, rider=3),
    pay(600, Purpose.CHARGEBACK, 3400, 0, user=7),
    departed(700, 3, 500, order=0),
    Row(900, Kind.RETURNED, 0, 3, merchant=2),
    pay(900, Purpose.GOODS_BACK, 1230, 0, merchant=2),
    departed(950, 3, 250),
]


def test_a_fraud_costs_the_goods_and_the_ride() -> None:
    assert value("fraud_loss_per_order", *FRAUD) == pytest.approx((2460 + 550 + 3400 - 1230 - 3400) / 100 / 2)
    assert value("nobody_share", *FRAUD) == 0.5


def test_a_wrong_address_is_no_fraud() -> None:
    rows = [row._replace(detail=Trouble.WRONG_ADDRESS) if row.kind == Kind.NOBODY else row for row in FRAUD]
    assert value("fraud_loss_per_order", *rows) == 0


def test_an_order_that_met_nobody_has_failed_and_left_the_box_at_the_merchant() -> None:
    tables = Tables(log(*FRAUD))
    assert tables.orders["state"].tolist() == ["failed", "open"]
    assert value("open_share", *FRAUD) == 0.5
    assert value("empty_km_share", *FRAUD) == 250 / 1250


def test_estimates_are_measured_against_the_arrival() -> None:
    """Two orders, 2 min late and 1 min early against the checkout; told twice at the assignment, the last counts."""

    def told(t: float, order: int, amount: int, stage: Stage) -> Row:
        return Row(t, Kind.ETA, order, amount=amount, detail=stage)

    rows = [
        *placed(0, 0, 2, 7, 1000),
        *placed(0, 1, 2, 8, 1000),
        *placed(0, 2, 2, 9, 1000),
        *(told(0, n, seconds, Stage.QUOTED) for n, seconds in ((0, 1080), (1, 1260), (2, 9999))),
        told(100, 0, 99999, Stage.ASSIGNED),
        told(200, 0, 1030, Stage.ASSIGNED),
        told(900, 0, 300, Stage.PICKED_UP),
        delivered(1200, 0, 3),
        delivered(1200, 1, 3),
    ]
    names = ("eta_error_mean", "eta_bias", "eta_assigned_error_mean", "eta_picked_up_error_mean")
    assert [value(name, *rows) for name in names] == [1.5, 0.5, 0.5, 0.0]


def test_promises_grace_compensation_and_flash() -> None:
    """Promised 2400 s: one in time, one in the grace, one late, one never."""
    rows = [
        *(row for n in range(4) for row in placed(0, n, 2, n, 1000)),
        *(delivered(t, n, 3) for n, t in enumerate((2000, 2580, 2581))),
        pay(2581, Purpose.COMPENSATION, 300, 2, user=2),
        pay(0, Purpose.SURCHARGE, 200, 1, user=1),
        pay(0, Purpose.SURCHARGE, 200, 3, user=3),
    ]
    assert value("on_time_share", *rows) == 0.25
    assert value("on_time_3min_share", *rows) == 0.5
    assert value("compensation_per_order", *rows) == 1
    assert value("promise_mean", *rows) == 40
    assert value("flash_share", *rows) == 0.5
    assert value("flash_on_time_share", *rows) == 0.5


def test_reports_are_late_by_minutes() -> None:
    rows = [Row(t, Kind.STATUS, rider=3, place=1, amount=s) for t, s in ((10, 0), (20, 120), (30, 60))]
    assert value("status_delay_mean", *rows) == 1


OFF = ("flash_share", "flash_on_time_share", "eta_error_mean", "eta_bias", "eta_assigned_error_mean",
       "eta_picked_up_error_mean", "false_alarm_share", "nobody_share", "fraud_loss_per_order",
       "payment_recovery_share", "status_delay_mean")  # fmt: skip


@pytest.mark.parametrize("name", OFF)
def test_what_is_off_has_no_value(name: str) -> None:
    assert isnan(value(name, *placed(0, 0, 2, 7, 1000), delivered(900, 0, 3)))


def test_nothing_is_no_worst_quarter() -> None:
    assert isnan(worst_quarter(wishes_table(NOTHING), "placed"))
    assert np.array_equal(
        wishes_table(NOTHING).columns, ["order", "user", "wished_at", "reason", *("placed", "delivered", "declined")]
    )

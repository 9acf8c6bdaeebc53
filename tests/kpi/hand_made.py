"""Logs made by hand: a builder, and the story of five orders, two riders and two merchants."""

from typing import NamedTuple

import numpy as np

from sim.events import NONE, ROW, Kind, Purpose, Reason
from sim.kpi.events import Events


class Row(NamedTuple):
    """One event; what is left out is what the engine leaves out."""

    t: float
    kind: Kind
    order: int = NONE
    rider: int = NONE
    merchant: int = NONE
    user: int = NONE
    place: int = NONE
    amount: int = 0
    detail: int = NONE


def log(*rows: Row) -> Events:
    """A log of these rows, put in order of time; rows of one instant stay in the order given."""
    return np.array(sorted(rows, key=lambda row: row.t), dtype=ROW)


def pay(t: float, purpose: Purpose, amount: int, order: int = NONE, **who: int) -> Row:
    return Row(t, Kind.PAID, order, amount=amount, detail=purpose, **who)


def placed(
    t: float, order: int, merchant: int, user: int, basket: int, place: int = 0, cooks_at: float = 0
) -> list[Row]:
    """An order with a promise of 40 minutes and a fee of 4 yuan, cooked at once or at `cooks_at`."""
    return [
        Row(t, Kind.PLACED, order, merchant=merchant, user=user, place=place, amount=basket, detail=2400),
        pay(t, Purpose.BASKET, basket, order, user=user),
        pay(t, Purpose.DELIVERY_FEE, 400, order, user=user),
        Row(cooks_at or t, Kind.COOKING, order, merchant=merchant),
    ]


def on_shift(t: float, rider: int, place: int, planned_s: int) -> Row:
    return Row(t, Kind.ON_SHIFT, rider=rider, place=place, amount=planned_s)


def idle(t: float, rider: int, place: int) -> Row:
    return Row(t, Kind.IDLE, rider=rider, place=place)


def departed(t: float, rider: int, metres: int, order: int = NONE, place: int = 0) -> Row:
    return Row(t, Kind.DEPARTED, order, rider, place=place, amount=metres)


def picked_up(t: float, order: int, rider: int, waited_s: int = 0, merchant: int = 0) -> Row:
    return Row(t, Kind.PICKED_UP, order, rider, merchant, amount=waited_s)


def delivered(t: float, order: int, rider: int, place: int = 0) -> Row:
    return Row(t, Kind.DELIVERED, order, rider, place=place)


ORDERS = [
    *placed(100, 0, merchant=2, user=10, basket=3000, place=20),
    *placed(160, 1, merchant=2, user=11, basket=5000, place=21, cooks_at=220),
    *placed(220, 2, merchant=5, user=10, basket=2000, place=20),
    *placed(3000, 3, merchant=5, user=12, basket=4000, place=22),
    *placed(3500, 5, merchant=2, user=12, basket=1000, place=22, cooks_at=7000),
    Row(3350, Kind.LOST, 4, user=12, place=22, detail=Reason.CLOSED),
    *[Row(t, Kind.READY, order, merchant=m) for t, order, m in [(400, 0, 2), (500, 1, 2), (1200, 2, 5)]],
    *[Row(t, Kind.READY, order, merchant=m) for t, order, m in [(3300, 3, 5), (8000, 5, 2)]],
    Row(1500, Kind.CANCELLED, 2, user=10, detail=Reason.PATIENCE),
    pay(1500, Purpose.REFUND, 2400, 2, user=10),
]
WAVES = [
    Row(200, Kind.WAVE, amount=2, detail=2),
    Row(200, Kind.ASSIGNED, 0, rider=3, detail=0),
    Row(200, Kind.ASSIGNED, 1, rider=7, detail=0),
    Row(230, Kind.WAVE, amount=1, detail=2),
    Row(230, Kind.RELEASED, 1, rider=7, detail=1),
    Row(230, Kind.ASSIGNED, 1, rider=3, detail=1),
    Row(3000, Kind.WAVE, amount=1, detail=1),
    Row(3000, Kind.ASSIGNED, 3, rider=3, detail=2),
]
BUSY_RIDER = [
    on_shift(0, 3, place=1, planned_s=7200),
    idle(0, 3, place=1),
    departed(200, 3, 500, order=0, place=1),
    Row(300, Kind.ARRIVED, 0, 3, place=30),
    picked_up(500, 0, 3, waited_s=80, merchant=2),
    pay(500, Purpose.MERCHANT_SHARE, 2460, 0, merchant=2),
    picked_up(500, 1, 3, waited_s=80, merchant=2),
    pay(500, Purpose.MERCHANT_SHARE, 4100, 1, merchant=2),
    departed(600, 3, 1000, order=0, place=30),
    Row(900, Kind.ARRIVED, 0, 3, place=20),
    delivered(1000, 0, 3, place=20),
    pay(1000, Purpose.RIDER_PAY, 550, 0, rider=3),
    departed(1100, 3, 700, order=1, place=20),
    delivered(2600, 1, 3, place=21),
    pay(2600, Purpose.RIDER_PAY, 600, 1, rider=3),
    idle(2700, 3, place=21),
    departed(3000, 3, 200, order=3, place=21),
    picked_up(3300, 3, 3, waited_s=90, merchant=5),
    departed(3400, 3, 800, order=3, place=31),
    on_shift(7000, 3, place=1, planned_s=3600),  # the second shift finds him still out
]
QUIET_RIDER = [
    on_shift(0, 7, place=2, planned_s=3600),
    idle(0, 7, place=2),
    departed(200, 7, 300, order=1, place=2),
    Row(260, Kind.ARRIVED, 1, 7, place=9),
    idle(260, 7, place=9),
    Row(3600, Kind.OFF_SHIFT, rider=7, place=9),
    pay(3600, Purpose.GUARANTEE, 1000, rider=7),
]
OPINIONS = [
    Row(1000, Kind.RATED, 0, 3, user=10, amount=5, detail=1),
    Row(2600, Kind.STORED, 1, 3, place=21),
    Row(2600, Kind.RATED, 1, 3, user=11, amount=2, detail=0),
    Row(3100, Kind.COLLECTED, 1, user=11, place=21, amount=500),
]
STORY = log(*ORDERS, *WAVES, *BUSY_RIDER, *QUIET_RIDER, *OPINIONS)
"""Rider 3 carries orders 0 and 1 together and ends with 3 on board; 2 is cancelled, 4 lost, 5 waits."""

NOTHING = log()

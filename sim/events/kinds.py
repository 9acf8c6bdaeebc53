"""Kinds of event, what each fills, which may follow which, and the row of the log."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

NONE = -1


class Kind(IntEnum):
    """Kinds of event; :data:`FIELDS` says which columns each fills."""

    LOST = 0
    PLACED = 1
    COOKING = 2
    READY = 3
    ASSIGNED = 4
    RELEASED = 5
    PICKED_UP = 6
    DELIVERED = 7
    CANCELLED = 8
    DEPARTED = 9
    ARRIVED = 10
    ON_SHIFT = 11
    OFF_SHIFT = 12
    WAVE = 13
    PAID = 14
    IDLE = 15
    CONDITIONS = 16
    REFUSED = 17
    ASKED = 18
    DECLINED = 19
    ETA = 20
    STATUS = 21
    NOBODY = 22
    RETURNED = 23
    WRITTEN_OFF = 24
    SPECIFIED = 25
    STORED = 26
    COLLECTED = 27
    RATED = 28
    BREAK = 29
    ROSTERED = 30
    FIT = 31
    SWAPPED = 32
    PLANNED = 33
    DISRUPTION = 34
    BROWSED = 35
    JOINED = 36
    DROPPED_OUT = 37
    CAME_BACK = 38
    EARNED = 39
    BURNT = 40
    EXPIRED = 41
    TIER = 42
    COUPON = 43
    REDEEMED = 44
    TOUCHED = 45
    COMPLAINED = 46
    SURVEYED = 47
    CENSUS = 48
    ARM = 49
    PLAN = 50
    SPENT = 51
    HANDED_ON = 52
    HIRED = 53
    QUIT = 54
    LEVEL = 55
    STAYED = 56
    SURCHARGE = 57
    FLEET = 58
    TRADED = 59
    ENLISTED = 60
    WITHDRAWN = 61
    PRICED = 62
    REACHES = 63
    PROMOTES = 64
    GRADED = 65
    SUPPLIED = 66
    PREORDERED = 67
    WASTED = 68


FIELDS: dict[Kind, tuple[str, ...]] = {
    Kind.LOST: ("order", "user", "place", "detail"),  # detail: Reason
    Kind.PLACED: ("order", "merchant", "user", "place", "amount", "detail"),
    Kind.COOKING: ("order", "merchant"),
    Kind.READY: ("order", "merchant"),
    Kind.ASSIGNED: ("order", "rider", "detail"),  # detail: wave
    Kind.RELEASED: ("order", "rider", "detail"),  # detail: wave
    Kind.REFUSED: ("order", "rider", "detail"),  # detail: wave
    Kind.PICKED_UP: ("order", "rider", "merchant", "amount"),  # amount: seconds waited for the meal
    Kind.DELIVERED: ("order", "rider", "place"),
    Kind.CANCELLED: ("order", "user", "detail"),  # detail: Reason
    Kind.DEPARTED: ("order", "rider", "place", "amount"),  # place: origin; amount: metres to go
    Kind.ARRIVED: ("order", "rider", "place"),
    **dict.fromkeys((Kind.ON_SHIFT, Kind.ROSTERED), ("rider", "place", "amount")),  # amount: planned length in seconds
    **dict.fromkeys((Kind.OFF_SHIFT, Kind.IDLE), ("rider", "place")),
    Kind.CONDITIONS: ("amount", "detail"),  # amount: pace in permille; detail: Weather
    Kind.DISRUPTION: ("amount", "detail"),  # amount: Disrupted; detail: 1 it begins, 0 it is over
    Kind.ASKED: ("order", "user", "place"),
    Kind.DECLINED: ("order", "user", "detail"),  # detail: number of the try
    Kind.ETA: ("order", "amount", "detail"),  # amount: seconds until the door; detail: Stage
    Kind.STATUS: ("rider", "place", "amount"),  # amount: seconds until the platform hears of it
    Kind.NOBODY: ("order", "rider", "place", "detail"),  # detail: Trouble
    Kind.RETURNED: ("order", "rider", "merchant"),
    Kind.WRITTEN_OFF: ("order", "rider"),
    Kind.BREAK: ("rider", "place", "amount"),  # amount: seconds; the rider's next IDLE ends it
    Kind.FIT: ("order", "rider", "amount", "detail"),  # amount: needs that the rider lacks; detail: all Needs
    Kind.SWAPPED: ("rider", "place", "amount"),  # amount: seconds that the swap of the battery costs
    Kind.PLANNED: ("order", "rider", "amount"),  # amount: seconds until the drop-off, by the plan
    Kind.WAVE: ("amount", "detail"),  # amount: open orders; detail: riders available
    Kind.PAID: ("order", "rider", "merchant", "user", "amount", "detail"),  # fen; detail: Purpose
    Kind.SPECIFIED: ("order", "place", "amount", "detail"),  # place: of pickup; amount: people; detail: kind of order
    Kind.STORED: ("order", "rider", "place"),
    Kind.COLLECTED: ("order", "user", "place", "amount"),  # amount: seconds it lay in the locker
    Kind.RATED: ("order", "rider", "user", "amount", "detail"),  # amount: stars; detail: 1 if care was asked for
    Kind.BROWSED: ("order", "user", "place", "amount"),  # amount: permille of the chance of an order
    Kind.JOINED: ("user", "place", "amount", "detail"),  # place: home; amount: inviter; detail: rule
    Kind.DROPPED_OUT: ("order", "user"),
    Kind.CAME_BACK: ("user", "detail"),  # detail: rule
    Kind.EARNED: ("user", "amount", "detail"),  # amount: points; detail: rule
    Kind.BURNT: ("order", "user", "amount", "detail"),  # amount: points, below 0 given back; detail: rule, -1: checkout
    Kind.EXPIRED: ("user", "amount", "detail"),  # amount: points; detail: rule
    Kind.TIER: ("user", "amount", "detail"),  # amount: level from now on; detail: level before
    Kind.COUPON: ("user", "amount", "detail"),  # amount: fen; detail: rule
    Kind.REDEEMED: ("order", "user", "amount", "detail"),  # amount: fen, below 0 given back; detail: rule
    Kind.TOUCHED: ("user", "amount", "detail"),  # amount: kind of touch; detail: rule
    Kind.COMPLAINED: ("order", "user", "amount"),  # amount: seconds until the answer
    Kind.SURVEYED: ("user", "amount"),  # amount: 0 to 10
    Kind.CENSUS: ("amount", "detail"),  # amount: mean trust in millionths; detail: accounts that have not dropped out
    Kind.ARM: ("user", "detail"),  # detail: rule that applies to this user and not to all
    Kind.PLAN: ("user", "amount", "detail"),  # amount: fee in fen; detail: days
    Kind.SPENT: ("amount", "detail"),  # amount: fen that the platform paid tonight for a rule; detail: rule
    Kind.HANDED_ON: ("user", "amount", "detail"),  # user: the new holder; amount: who held the coupon; detail: rule
    Kind.HIRED: ("rider",),
    Kind.QUIT: ("rider", "amount"),  # amount: days since he was hired, or since before the run
    Kind.LEVEL: ("rider", "amount", "detail"),  # amount: stars from now on; detail: stars before
    Kind.STAYED: ("rider", "place", "amount"),  # amount: seconds longer on shift
    Kind.SURCHARGE: ("amount", "detail"),  # amount: extra pay in fen an order; detail: zone
    Kind.FLEET: ("amount", "detail"),  # amount: fen that riders earned in an hour of the day; detail: riders registered
    Kind.TRADED: ("merchant", "amount", "detail"),  # amount: margin of the day in fen; detail: orders picked up
    Kind.ENLISTED: ("merchant",),
    Kind.WITHDRAWN: ("merchant", "amount"),  # amount: mean margin per day in fen
    # amount: permille of the usual prices, of the usual radius, of the basket that its own promotion takes off
    **dict.fromkeys((Kind.PRICED, Kind.REACHES, Kind.PROMOTES), ("merchant", "amount")),
    Kind.GRADED: ("merchant", "amount"),  # amount: rating in hundredths of a star
    Kind.SUPPLIED: ("order", "merchant", "detail"),  # an errand; detail: kind of order
    Kind.PREORDERED: ("merchant", "amount", "detail"),  # amount: pre-orders for the day; detail: those that were placed
    Kind.WASTED: ("merchant", "amount", "detail"),  # amount: portions thrown away; detail: portions made for the day
}
"""Columns that each kind fills; PLACED carries the basket in fen and the promise in seconds."""

ENDS = (Kind.BROWSED, Kind.RETURNED, Kind.WRITTEN_OFF, Kind.DELIVERED, Kind.CANCELLED, Kind.LOST)
"""Events after which nothing happens to an order any more."""

LIFE: dict[Kind | None, frozenset[Kind]] = {
    None: frozenset({Kind.BROWSED, Kind.ASKED, Kind.PLACED, Kind.LOST}),
    Kind.ASKED: frozenset({Kind.DECLINED, Kind.PLACED, Kind.LOST}),
    Kind.DECLINED: frozenset({Kind.DECLINED, Kind.PLACED, Kind.LOST}),
    Kind.PLACED: frozenset({Kind.ASSIGNED, Kind.CANCELLED}),
    Kind.ASSIGNED: frozenset({Kind.PICKED_UP, Kind.RELEASED}),
    Kind.RELEASED: frozenset({Kind.ASSIGNED, Kind.CANCELLED}),
    Kind.PICKED_UP: frozenset({Kind.DELIVERED, Kind.NOBODY}),
    Kind.NOBODY: frozenset({Kind.RETURNED, Kind.WRITTEN_OFF}),
    **dict.fromkeys(ENDS, frozenset[Kind]()),
}
"""The life cycle of an order: which event may follow which (None: the Intent is born)."""

ROW = np.dtype(
    [
        ("t", "<f8"),
        ("kind", "<i2"),
        ("order", "<i8"),
        ("rider", "<i4"),
        ("merchant", "<i4"),
        ("user", "<i4"),
        ("place", "<i4"),
        ("amount", "<i8"),
        ("detail", "<i4"),
    ]
)
"""One row of the log, packed; the columns of ``events.parquet`` in this order."""

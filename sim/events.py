"""What can happen: the vocabulary of the log, its schema and the life cycle of an order.

An event is one flat row ``(t, kind, order, rider, merchant, user, place, amount, detail)``. Ids that
do not apply are :data:`NONE` in memory and null on disk.
"""

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


class Purpose(IntEnum):
    """What a payment is for; :data:`PARTIES` says who pays and who receives."""

    BASKET = 0
    DELIVERY_FEE = 1
    MERCHANT_SHARE = 2
    RIDER_PAY = 3
    GUARANTEE = 4
    REFUND = 5
    SURCHARGE = 6
    COMPENSATION = 7
    CHARGEBACK = 8
    GOODS_BACK = 9
    ADVANCE = 10
    REIMBURSEMENT = 11
    WAITING = 12
    DISCOUNT = 13
    COUPON = 14
    POINTS = 15
    REWARD = 16
    CONTACT = 17
    ACQUISITION = 18
    GIFT = 19
    PLAN_FEE = 20
    APOLOGY = 21
    SERVICE = 22
    SUBSIDY = 23
    DEDUCTION = 24
    BONUS = 25
    CREW_COST = 26
    ADVERTISING = 27
    PROMOTION = 28
    PROMOTION_SHARE = 29
    TRAINING = 30


class Reason(IntEnum):
    """Why an Intent was lost or an order cancelled."""

    CLOSED = 0  # no merchant in reach is open
    PATIENCE = 1
    SHUT = 2  # the merchant is closed by surprise
    OUTAGE = 3  # the platform is down
    TURNED_AWAY = 4  # the platform has more requests than it can answer
    BALKED = 5  # the user left when told the wait
    TIMEOUT = 6  # the user got no answer in time
    ADDRESS = 7  # it does not exist
    STOCK = 8  # the merchant has run out of it
    PAYMENT = 9  # it failed until nobody tried again
    SCREENED = 10  # an honest user, refused as suspicious
    FRAUD = 11  # refused as suspicious, and rightly


class Trouble(IntEnum):
    """Why a rider finds nobody at the door."""

    NONE = 0  # he finds somebody
    WRONG_ADDRESS = 1
    FRAUD = 2
    GOES_BACK = 3  # he has been there, and the goods are on their way back to the merchant


class Disrupted(IntEnum):
    """What a disruption disrupts."""

    STORM = 0
    OUTAGE = 1
    MERCHANT_CLOSED = 2
    ROAD_CLOSED = 3
    RIDERS_ABSENT = 4


class Stage(IntEnum):
    """When the time to the door is estimated."""

    QUOTED = 0  # at the checkout
    ASSIGNED = 1
    PICKED_UP = 2


PARTIES: dict[Purpose, tuple[str, str]] = {
    Purpose.BASKET: ("user", "platform"),
    Purpose.DELIVERY_FEE: ("user", "platform"),
    Purpose.MERCHANT_SHARE: ("platform", "merchant"),
    Purpose.RIDER_PAY: ("platform", "rider"),
    Purpose.GUARANTEE: ("platform", "rider"),
    Purpose.REFUND: ("platform", "user"),
    Purpose.SURCHARGE: ("user", "platform"),
    Purpose.COMPENSATION: ("platform", "user"),
    Purpose.CHARGEBACK: ("platform", "user"),
    Purpose.GOODS_BACK: ("merchant", "platform"),
    Purpose.ADVANCE: ("rider", "merchant"),
    Purpose.REIMBURSEMENT: ("platform", "rider"),
    Purpose.WAITING: ("user", "platform"),
    Purpose.DISCOUNT: ("platform", "user"),
    Purpose.COUPON: ("platform", "user"),
    Purpose.POINTS: ("platform", "user"),
    Purpose.REWARD: ("platform", "partner"),
    Purpose.CONTACT: ("platform", "supplier"),
    Purpose.ACQUISITION: ("platform", "supplier"),
    Purpose.GIFT: ("platform", "user"),
    Purpose.PLAN_FEE: ("user", "platform"),
    Purpose.APOLOGY: ("platform", "user"),
    Purpose.SERVICE: ("platform", "supplier"),
    Purpose.SUBSIDY: ("platform", "rider"),
    Purpose.DEDUCTION: ("rider", "platform"),
    Purpose.BONUS: ("platform", "rider"),
    Purpose.CREW_COST: ("platform", "supplier"),
    Purpose.ADVERTISING: ("merchant", "platform"),
    Purpose.PROMOTION: ("platform", "user"),
    Purpose.PROMOTION_SHARE: ("merchant", "platform"),
    Purpose.TRAINING: ("platform", "supplier"),
}
"""Payer and payee of each purpose: a payment is one transfer, so balances always sum to zero."""

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

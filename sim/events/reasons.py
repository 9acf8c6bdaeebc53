"""Why and when things happen: the details of events."""

from __future__ import annotations

from enum import IntEnum


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

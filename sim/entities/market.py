"""What the platform knows of its merchants overnight, and what it may agree with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.entities.arrays import Bools, Floats, Ints

TRADE_DAYS = 28
"""How many days back the platform counts what a merchant has done."""


@dataclass(slots=True)
class Ledger:
    """What the platform knows of every merchant, on the platform or not; columns of shape (merchants,).

    Parameters
    ----------
    kind, zone
        Index of the class of merchants, and of the zone.
    active, since
        Whether it is on the platform, and since which day (-1: before the run).
    rating
        Stars from 1 to 5.
    price
        Its prices against the usual ones, 1 when the run begins.
    radius
        How far it delivers, as a share of the usual radius.
    commission
        Share of the basket that the platform keeps.
    promotion
        Share of the basket that its own promotion takes off.
    ranked
        Whether it has a paid place at the top of the list.
    prep_s, wait_s
        Learned mean preparation time, and wait for a station, in seconds.
    stock_out
        Learned share of wishes that fail because it has run out.
    recent_orders, recent_gmv
        Orders picked up and their baskets in fen by day, shape (28, merchants); row 0 is the day that has just ended.
    """

    kind: Ints
    zone: Ints
    active: Bools
    since: Ints
    rating: Floats
    price: Floats
    radius: Floats
    commission: Floats
    promotion: Floats
    ranked: Bools
    prep_s: Floats
    wait_s: Floats
    stock_out: Floats
    recent_orders: Ints
    recent_gmv: Ints

    def __len__(self) -> int:
        return len(self.kind)

    def days(self, day: int) -> Ints:
        """Days up to `day` that each has been on the platform, of those remembered; at least 1."""
        return np.clip(day + 1 - np.maximum(self.since, 0), 1, len(self.recent_orders))


@dataclass(frozen=True, slots=True)
class Customers:
    """What the platform knows of its users' orders; columns of shape (users,).

    Parameters
    ----------
    segment, zone
        Index of the segment and of the zone of the home.
    orders, last_order
        Orders picked up so far, and the day of the last one (-1: none).
    """

    segment: Ints
    zone: Ints
    orders: Ints
    last_order: Ints


@dataclass(frozen=True, slots=True)
class TradeNight:
    """What a deal sees when a day has ended; read-only, and not to be kept after the call.

    Parameters
    ----------
    day
        The day that has just ended, -1 on the eve of the first.
    merchants, customers
        What is known of both.
    commission
        The usual commission as a share.
    classes, zones, segments
        Their names, in the order of the indices.
    """

    day: int
    merchants: Ledger
    customers: Customers
    commission: float
    classes: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deals:
    """What the platform agrees with its merchants for the next day; None leaves a thing as the deal before said it.

    Parameters
    ----------
    commission
        Share of the basket kept, 0 to 1, shape (merchants,).
    subsidy
        Share of the basket that the platform takes off for everybody, shape (merchants,).
    matched
        Share of a merchant's own promotion that the platform pays, shape (merchants,).
    personal, aimed
        Share of the basket that the platform takes off for some users only, shape (merchants,), and those users,
        shape (users,); both or none.
    places, place_price
        How many paid places at the top of the list there are in each zone, and the price of one in fen a day; the
        merchant decides.
    trained, training_cost
        Merchants who are trained tonight, shape (merchants,), and what that costs the platform in fen each.
    """

    commission: Floats | None = None
    subsidy: Floats | None = None
    matched: Floats | None = None
    personal: Floats | None = None
    aimed: Bools | None = None
    places: int = 0
    place_price: int = 0
    trained: Bools | None = None
    training_cost: int = 0


@dataclass(frozen=True, slots=True)
class Errands:
    """Errands of a day and the merchants who could serve them; arrays of shape (errands, merchants).

    Parameters
    ----------
    ride_s
        Expected ride from the merchant to the door.
    prep_s
        Expected time at the merchant, as far as it differs between merchants.
    price
        Basket in fen.
    stock_out
        Learned chance that the merchant has run out of it.
    """

    ride_s: Floats
    prep_s: Floats
    price: Floats
    stock_out: Floats

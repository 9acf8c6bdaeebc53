"""The wallet: coupons that users hold are put in, used once, given back and handed on."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from sim.entities import Bools, Coupons, Ints, Offer

COLUMNS = tuple(column.name for column in fields(Coupons))
NEAR_END_DAYS = 3
"""A coupon is handed on when it holds for so many days more, so that it can still be used."""

Given = tuple[int, ...]
"""One coupon, by the columns of :class:`~sim.entities.Coupons`."""


def put(held: Coupons, users: Ints, value: Ints, offer: Offer, today: int, rule: int) -> Bools:
    """Give a coupon to each of some different users; shape as `users`.

    It takes the first slot that is empty or lapsed, else that of the least one if it is worth more.
    """
    kept = np.where(held.until[users] >= today, held.value[users], 0)
    slot = kept.argmin(axis=1)
    fits = (value > 0) & (kept[np.arange(len(users)), slot] < value)
    last = today + offer.days - 1
    row = (value[fits], offer.floor, today, last, rule, offer.percent, int(offer.passes))
    for column, given in zip(COLUMNS, row, strict=True):
        getattr(held, column)[users[fits], slot[fits]] = given
    return np.asarray(fits)


def best(held: Coupons, user: int, basket: int, day: int) -> tuple[int, int]:
    """The coupon that takes most off a basket in fen: its slot (-1: none) and how much it takes off."""
    found = -1, 0
    for slot, value in enumerate(held.value[user].tolist()):
        off = min(value, basket * held.percent.item(user, slot) // 100) if value else 0
        if off > found[1] and held.floor.item(user, slot) <= basket and held.until.item(user, slot) >= day:
            found = slot, off
    return found


def take(held: Coupons, user: int, slot: int) -> Given:
    """Take a coupon out of the wallet."""
    given = tuple(getattr(held, column).item(user, slot) for column in COLUMNS)
    held.value[user, slot] = 0
    return given


def give_again(held: Coupons, user: int, given: Given, today: int) -> None:
    """Put a coupon back as it was; it takes the place of the least one where the wallet has become full."""
    kept = np.where(held.until[user] >= today, held.value[user], 0)
    slot = int(kept.argmin())
    if kept[slot] < given[0]:
        for column, value in zip(COLUMNS, given, strict=True):
            getattr(held, column)[user, slot] = value


def usable(held: Coupons, today: int) -> Bools:
    """Who holds a coupon that has not lapsed."""
    return np.asarray(((held.value > 0) & (held.until >= today)).any(axis=1))


def near_end(held: Coupons, today: int) -> tuple[Ints, Ints]:
    """Users and slots of coupons that may be handed on, and will lapse soon."""
    user, slot = np.nonzero((held.passes > 0) & (held.value > 0) & (held.until == today + NEAR_END_DAYS - 1))
    return user, slot

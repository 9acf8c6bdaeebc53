"""Nights made by hand and at random: what a rule sees, without a simulation."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import strategies as st

from sim.entities import Coupons, Ended, Members, Night
from sim.entities.member import MONTHS, WINDOW_DAYS

FIRST = date(2026, 3, 2)
"""A Monday, the first day of a run."""
ZONES, SEGMENTS = ("campus", "river"), ("student", "elder")
"""Names of the zones and of the segments."""
NEVER = ("joined", "channel", "inviter", "paid_until", "last_order", "opened", "redeemed")
"""Columns of :class:`Members` that are -1 for somebody of whom nothing is known yet."""


def birthday_on(day: int) -> int:
    """The birthday, as a column of :class:`Members` has it, that falls on a day of the run."""
    return (FIRST + timedelta(days=day)).timetuple().tm_yday - 1


def members(users: int = 3, **columns: Any) -> Members:
    """Users with an account who have done nothing yet; birthdays far away; some columns set."""
    values: dict[str, Any] = {}
    for column in fields(Members):
        shape = (WINDOW_DAYS, users) if column.name.startswith("recent_") else (users,)
        values[column.name] = np.full(shape, -1 if column.name in NEVER else 0, np.int64)
    values |= {
        "registered": np.ones(users, np.bool_),
        "birthday": np.full(users, birthday_on(200)),
        "points": np.zeros((users, MONTHS), np.int64),
        "coupons": Coupons.none(users),
    }
    return Members(
        **values | {name: np.asarray(value) if isinstance(value, list) else value for name, value in columns.items()}
    )


def ended(**columns: Any) -> Ended:
    """Delivered orders of 20 yuan, on time at noon in dry weather, one for each entry of `user`; some columns set."""
    rows = len(columns.get("user", ()))
    values: dict[str, Any] = {column.name: np.zeros(rows, np.int64) for column in fields(Ended)}
    values |= {name: np.zeros(rows) for name in ("late_s", "answered_s")}
    values |= {"placed_at": np.full(rows, 12 * 3600.0), "ended_at": np.full(rows, 12.5 * 3600)}
    values |= {"basket": np.full(rows, 2000), "paid": np.full(rows, 2000), "people": np.ones(rows, np.int64)}
    values |= {"delivered": np.ones(rows, np.bool_), "first": np.zeros(rows, np.bool_)}
    values |= {"complained": np.zeros(rows, np.bool_), "order": np.arange(rows)}
    return Ended(**values | {name: np.asarray(value) for name, value in columns.items()})


def night(of: Members | None = None, orders: Ended | None = None, day: int = 0, **others: Any) -> Night:
    """The night after a day of the run, with everybody and what ended."""
    today = FIRST + timedelta(days=day)
    named = {"zones": ZONES, "segments": SEGMENTS} | others
    return Night(day, today, today + timedelta(days=1), False, of or members(), orders or ended(), **named)


def recent(*by_day: list[int]) -> np.ndarray:
    """A ``recent_`` column: counts of the users on the day that has just ended, the day before, and so on."""
    return np.array([*by_day, *([[0] * len(by_day[0])] * (WINDOW_DAYS - len(by_day)))])


def points(*balances: int, age: int = 0) -> np.ndarray:
    """The points of users, all of one age in months."""
    column = np.zeros((len(balances), MONTHS), np.int64)
    column[:, age] = balances
    return column


@st.composite
def random_nights(draw: st.DrawFn, most: int = 12) -> Night:
    """Anything a night may be: the eve, busy nights, people without an account, who have no past."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    users, day = draw(st.integers(1, most)), draw(st.sampled_from([-1, 0, 5, 6, 13, 23, 27, 29, 30, 52, 59, 83]))
    registered = rng.random(users) < draw(st.sampled_from([0, 0.7, 1]))
    past, had = max(day + 1, 0), registered & (day >= 0)
    windows = {
        name: rng.integers(0, 4, (WINDOW_DAYS, users)) * had * (np.arange(WINDOW_DAYS) < past)[:, None]
        for name in ("recent_orders", "recent_cancelled", "recent_late", "recent_complaints")
    }
    who = members(
        users,
        **windows,
        recent_spent=windows["recent_orders"] * 2000,
        registered=registered,
        birthday=rng.choice([birthday_on(day), birthday_on(day + 1), birthday_on(day + 9)], users),
        zone=rng.integers(0, len(ZONES), users),
        segment=rng.integers(0, len(SEGMENTS), users),
        tier=rng.integers(0, 4, users) * had,
        points=rng.integers(0, 300, (users, MONTHS)) * had[:, None],
        friends=rng.integers(0, 5, users) * had,
        joined=np.where(had, rng.integers(-1, past + 1, users), -1),
        inviter=np.where(had & had.any(), rng.choice(np.append(np.flatnonzero(had), -1), users), -1),
        opened=np.where(had, rng.integers(-1, past + 1, users), -1),
        streak=rng.integers(0, past + 1, users) * had,
        paid_until=np.where(had, rng.integers(-1, past + 31, users), -1),
    )
    buyers = rng.choice(np.flatnonzero(had), rng.integers(0, 9)) if had.any() else np.zeros(0, np.int64)
    return night(who, _orders(rng, buyers, day), day, harsh=bool(rng.integers(2)), eve=bool(rng.integers(2)))


def _orders(rng: np.random.Generator, buyers: Any, day: int) -> Ended:
    rows = len(buyers)
    delivered = rng.random(rows) < 0.8
    at = day * 86400 + rng.uniform(0, 86400, rows)
    stars, kinds, people = rng.integers(0, 6, rows) * delivered, rng.integers(0, 3, rows), rng.integers(1, 5, rows)
    changed: dict[str, Any] = {"stars": stars, "kind": kinds, "people": people, "weather": rng.integers(0, 4, rows)}
    return replace(ended(user=buyers, placed_at=at, delivered=delivered, paid=2000 * delivered), **changed)

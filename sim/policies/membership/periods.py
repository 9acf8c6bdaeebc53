"""Periods of a programme: which night ends one."""

from __future__ import annotations

from sim.entities import Bools, Night


def ends(night: Night, days: int, before: int = 0) -> bool:
    """Whether a period of some days ends with this night, or `before` nights after it; never on the eve of a run."""
    return night.day >= 0 and (night.day + 1 + before) % days == 0


def birthday_tomorrow(night: Night) -> Bools:
    """Whose birthday is tomorrow, among those with an account; shape (users,)."""
    members = night.members
    return members.registered & (members.birthday == night.tomorrow.timetuple().tm_yday - 1)

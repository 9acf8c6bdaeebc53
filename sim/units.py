"""Units: the only place that converts between what people write and what the engine counts.

Inside the twin, time is in seconds since midnight of day 0, length in metres and money in integer
fen (1 yuan = 100 fen).
"""

from __future__ import annotations

import re

MINUTE = 60.0
QUARTER = 900.0
HOUR = 3600.0
DAY = 86400.0
QUARTERS = 96
"""Quarters of an hour in a day."""

_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?")
_MOMENT = re.compile(r"(?:(?:day )?(\d{1,4}) )?(\S+)")


def seconds(clock: str) -> float:
    """Seconds since midnight of a clock time.

    Parameters
    ----------
    clock
        ``"HH:MM"`` or ``"HH:MM:SS"``; hours up to 48, so that a shift may end after midnight.

    Raises
    ------
    ValueError
        When the text is not a clock time.
    """
    match = _CLOCK.fullmatch(clock)
    if not match or int(match[1]) > 48:
        raise ValueError(f"{clock!r} is not a clock time such as '18:30'")
    return int(match[1]) * HOUR + int(match[2]) * MINUTE + int(match[3] or 0)


def moment(text: str) -> float:
    """Seconds since midnight of day 0 of a day and a clock time: what :func:`clock` writes.

    Parameters
    ----------
    text
        ``"day 2 18:30"``, ``"2 18:30"``, or ``"18:30"`` on day 0; days are counted from 0.

    Raises
    ------
    ValueError
        When the text is not a day and a clock time.
    """
    match = _MOMENT.fullmatch(text)
    if not match or not _CLOCK.fullmatch(match[2]):
        raise ValueError(f"{text!r} is not a day (from 0) and a clock time such as '2 18:30'")
    return int(match[1] or 0) * DAY + seconds(match[2])


def clock(time_s: float) -> str:
    """``"HH:MM"`` of a time in seconds; from the second day on with the day before it."""
    day, rest = divmod(round(time_s), int(DAY))
    text = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}"
    return f"day {day} {text}" if day else text


def fen(yuan: float) -> int:
    """Money in fen (integer) from yuan."""
    return round(yuan * 100)


def yuan(amount_fen: float) -> float:
    """Money in yuan from fen."""
    return amount_fen / 100

"""Days as people name them: ``weekday``, ``friday``, ``2026-03-07`` or ``2026-10-01 to 2026-10-07``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from sim.scenario.errors import shown
from sim.spelling import did_you_mean

TYPES = ("all", "weekday", "weekend", "holiday")
NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SCHEMA = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
    "unit": "days",
    "source": "assumption",
}


def falls_on(days: Iterable[str], of: date, weekend: bool, holiday: bool) -> bool:
    """Whether a date is among some days.

    Parameters
    ----------
    days
        Words, dates and ranges of dates; one that fits is enough.
    of
        The date.
    weekend, holiday
        Its type: whether people live a weekend that day, and whether it is a holiday.
    """
    words = {"all", "weekend" if weekend else "weekday", NAMES[of.weekday()], *(["holiday"] if holiday else [])}
    return any(item in words or _within(item, of) for item in days)


def _within(item: str, of: date) -> bool:
    if item in TYPES or item in NAMES:
        return False
    first, last = _range(item)
    return first <= of <= last


def _range(item: str) -> tuple[date, date]:
    first, to, last = item.partition(" to ")
    return date.fromisoformat(first), date.fromisoformat(last if to else first)


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _checked(days: tuple[str, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    for item in days:
        if item not in words:
            _check_dates(item, words)
    return days


def _check_dates(item: str, words: tuple[str, ...]) -> None:
    try:
        first, last = _range(item)
    except ValueError:
        choice = ", ".join((*words, "a date such as 2026-03-07 or a range such as 2026-03-07 to 2026-03-09"))
        raise ValueError(f"expected {choice}; got {shown(item)}{did_you_mean(item, words)}") from None
    if last < first:
        raise ValueError(f"{shown(item)} ends before it begins")


Days = Annotated[
    tuple[str, ...],
    Field(min_length=1, strict=False),
    BeforeValidator(_listed),
    AfterValidator(lambda days: _checked(days, (*TYPES, *NAMES))),
    WithJsonSchema(_SCHEMA),
]
"""On which days something happens; one day may stand without a list."""
Dates = Annotated[
    tuple[str, ...],
    Field(min_length=1, strict=False),
    BeforeValidator(_listed),
    AfterValidator(lambda days: _checked(days, ())),
    WithJsonSchema(_SCHEMA),
]
"""Dates and ranges of dates only."""

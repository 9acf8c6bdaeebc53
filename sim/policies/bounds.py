"""Parameters of rules that make no sense are refused when the rule is made, in one line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

MOST = 1_000_000.0
"""No amount, count or number of points of a rule is larger."""


def inside(name: str, low: float, high: float, *values: float) -> None:
    """Refuse a parameter that is outside its range.

    Raises
    ------
    ValueError
        When a value is below `low`, above `high` or no number.
    """
    for value in values:
        if isinstance(value, str | bool) or not low <= value <= high:
            raise ValueError(f"{name} must be {low:g} to {high:g}, got {value!r}")


def whole(name: str, low: int, high: float, *values: float) -> None:
    """Refuse a parameter that is no whole number of its range.

    Raises
    ------
    ValueError
        When a value is not whole, or outside the range.
    """
    inside(name, low, high, *values)
    for value in values:
        if not isinstance(value, int):
            raise ValueError(f"{name} must be a whole number, got {value!r}")


def ascending(name: str, values: Sequence[float]) -> None:
    """Refuse values that do not rise.

    Raises
    ------
    ValueError
        When a value is not above the one before it.
    """
    if any(after <= before for before, after in pairwise(values)):
        raise ValueError(f"{name} must rise from one to the next, got {list(values)}")


def some(name: str, values: Sequence[object]) -> None:
    """Refuse an empty list.

    Raises
    ------
    ValueError
        When there is nothing in it.
    """
    if not values:
        raise ValueError(f"{name} must have at least one entry, got none")

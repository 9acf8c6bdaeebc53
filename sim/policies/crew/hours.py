"""Hours of the day in which a rule pays; over midnight where they end before they begin."""

from __future__ import annotations

from functools import cache

from sim.units import DAY, seconds


@cache
def span(text: str) -> tuple[float, float]:
    """Begin and end in seconds since midnight, of hours such as ``11:00-13:00``.

    Raises
    ------
    ValueError
        When it is not two clock times up to 24:00 that differ.
    """
    begin, _, end = text.partition("-")
    first, last = seconds(begin.strip()), seconds(end.strip())
    if max(first, last) > DAY or first == last:
        raise ValueError(f"{text!r} are no hours such as '11:00-13:00', or '22:00-02:00' over midnight")
    return first, last


def within(text: str, now: float) -> bool:
    """Whether a time in seconds is in hours such as ``22:00-02:00``, on any day."""
    (begin, end), now = span(text), now % DAY
    return begin <= now < end if begin < end else now >= begin or now < end

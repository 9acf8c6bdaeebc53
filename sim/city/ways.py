"""What the tags of one OpenStreetMap way mean for a vehicle: whether it may use it, and how fast."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sim.scenario.roads import Vehicle

Tags = Mapping[str, object]
NO_ENTRY = {"no", "private", "agricultural", "forestry", "emergency", "permit"}
"""Not ``use_sidepath``: the path beside the road is as long, and an extract of roads may lack it."""
MPH = 1.609344
LIMIT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph|knots)?\s*$")
WALKING = 6.0
"""Signed limit ``walk``, in km/h."""


def speed_kmh(tags: Tags, vehicle: Vehicle) -> float:
    """Speed on a way in km/h; 0 where the vehicle may not or cannot go.

    A signed limit, times the vehicle's share of it, counts up to the vehicle's top speed; without one the
    class of the way decides.
    """
    usual = min((vehicle.kmh.get(kind, 0.0) for kind in listed(tags.get("highway"))), default=0.0)
    if not usual or _forbidden(tags, vehicle):
        return 0.0
    limits = [limit for text in listed(tags.get("maxspeed")) if (limit := limit_kmh(text))]
    return min(min(limits) * vehicle.limit_share, vehicle.top_kmh) if limits else min(usual, vehicle.top_kmh)


def limit_kmh(text: str) -> float | None:
    """The limit of a ``maxspeed`` tag in km/h; None where it tells no number, as in ``none`` or ``signals``."""
    if text.strip() == "walk":
        return WALKING
    found = LIMIT.match(text)
    if found is None or found[2] == "knots" or not float(found[1]):
        return None
    return float(found[1]) * (MPH if found[2] == "mph" else 1)


def listed(value: object) -> list[str]:
    """The values of a tag: of a list, of ``50;30``, of a single text, or none."""
    if value is None or value != value:  # NaN
        return []
    values = value if isinstance(value, list | tuple | set) else [value]
    return [part.strip() for item in values for part in str(item).split(";") if part.strip()]


def both_ways(tags: Tags, vehicle: Vehicle) -> bool:
    """Whether the vehicle may use a one-way street against its direction."""
    if not vehicle.oneway:
        return True
    return "bicycle" in vehicle.access and "no" in listed(tags.get("oneway:bicycle"))


def _forbidden(tags: Tags, vehicle: Vehicle) -> bool:
    for key in vehicle.access:
        if values := listed(tags.get(key)):
            return bool(NO_ENTRY & set(values))
    return False

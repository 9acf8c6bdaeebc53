"""The generated district: land use, addresses and the travel table over its streets."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from sim.city.model import LandUse, Map, Places
from sim.city.streets import Streets, lay_streets
from sim.city.travel import TableTravel
from sim.city.zones import zone_grid
from sim.entities import Floats, Ints
from sim.scenario.city import District, TravelSpeed

PER_CROSSING = 2
"""Addresses at each crossing."""
DOOR_M = 45.0
"""Distance from a crossing to an address."""


def build_district(
    city: District, speed: TravelSpeed, rng: Generator
) -> tuple[Places, tuple[str, ...], TableTravel, Map]:
    """Lay out a district: its places, the zones' names, travel along the streets, and the map."""
    streets = lay_streets(city, rng)
    crossing = _crossings(streets)
    angle = rng.uniform(0, 2 * np.pi, len(crossing))
    x, y = streets.x[crossing] + DOOR_M * np.cos(angle), streets.y[crossing] + DOOR_M * np.sin(angle)
    use = _land_use(x / city.width_m, y / city.height_m, rng)
    zone, names = zone_grid(x, y, city.zone_m)
    travel = street_travel(streets, speed)
    a, b = streets.segments.T
    lines = np.column_stack([streets.x[a], streets.y[a], streets.x[b], streets.y[b]])
    return Places(x, y, zone, use), names, travel, Map(lines, streets.river)


def street_travel(streets: Streets, speed: TravelSpeed) -> TableTravel:
    """Travel between the addresses of a district, along its streets."""
    crossing = _crossings(streets)
    metres = streets.distances()[np.ix_(crossing, crossing)] + 2 * DOOR_M
    np.fill_diagonal(metres, 0)
    return TableTravel(metres.astype(np.float32), speed.metres_per_minute, speed.whole_minutes)


def _crossings(streets: Streets) -> Ints:
    """Crossing of each address."""
    return np.repeat(np.arange(len(streets.x)), PER_CROSSING)


def _land_use(x: Floats, y: Floats, rng: Generator) -> Ints:
    """Land use at relative positions in [0, 1]: a campus in the south-west, offices in the south-east."""
    use = np.full(len(x), LandUse.HOUSING, dtype=np.int64)
    campus = (x > 0.06) & (x < 0.36) & (y > 0.06) & (y < 0.40)
    use[campus] = np.where(x[campus] < 0.20, LandUse.DORMITORY, LandUse.TEACHING)
    offices = np.hypot((x - 0.74) * 1.2, y - 0.26) < 0.17
    use[offices] = LandUse.OFFICE
    draw = rng.random(len(x))
    use[draw < _shop_share(x, y, campus)] = LandUse.SHOPFRONT
    return use


def _shop_share(x: Floats, y: Floats, campus: np.typing.NDArray[np.bool_]) -> Floats:
    """Chance that an address is a shopfront: high on four shopping streets, low on the campus."""
    centres = ((0.40, 0.22), (0.58, 0.28), (0.30, 0.76), (0.72, 0.72))
    near = sum(np.exp(-(((x - cx) * 1.25) ** 2 + (y - cy) ** 2) / 0.006) for cx, cy in centres)
    return np.asarray(np.where(campus, 0.02, 0.05 + 0.75 * np.minimum(near, 1.0)))

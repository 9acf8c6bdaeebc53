"""By zone: how much better or worse a variant is than the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_uppercase

import numpy as np

from sim.city.model import City
from sim.entities import Bools, Floats, Ints
from sim.experiment.compare import Comparison
from sim.experiment.replicate import Row
from sim.report.comparison.panels import columns, grid_height
from sim.report.comparison.verdict import others
from sim.report.plots.city_map import Extent
from sim.report.wording import count

FEWEST = 30
"""Orders over all replications below which a zone is grey."""
GAPS = (0.3, 0.42)


@dataclass(frozen=True, slots=True)
class ZoneChange:
    """One measure's differences by variant and zone, NaN where orders are few; boxes as (n, 4) metres.

    Parameters
    ----------
    boxes
        West, south, east and north of each zone.
    better
        1 when more is better, -1 when less is.
    """

    variants: tuple[str, ...]
    city: City
    boxes: Floats
    name: str
    unit: str
    better: int
    digits: int
    change: dict[str, Floats]

    @property
    def alt(self) -> str:
        """The figure in words."""
        told = []
        for name, change in self.change.items():
            good, bad = (int((side * self.better * change > 0).sum()) for side in (1, -1))
            told.append(f"{name} better in {count(good, 'zone')}, worse in {bad}")
        return f"Map of the change in {self.name} by zone: {'; '.join(told)}."

    @property
    def shape(self) -> float:
        """Height of the city over its width."""
        west, east, south, north = self.extent
        return (north - south) / (east - west)

    @property
    def extent(self) -> Extent:
        """All zones, and room for the scale below them."""
        west, south = self.boxes[:, :2].min(axis=0).tolist()
        east, north = self.boxes[:, 2:].max(axis=0).tolist()
        return west, max(east, west + 1), south - 0.08 * max(north - south, east - west, 1), north

    def height(self, width: float) -> float:
        """Inches of the panels in a figure of some width."""
        across = self.across(width)
        panel = (width - 0.1 - (across - 1) * GAPS[0]) / across * min(self.shape, 1.4)
        return grid_height(len(self.change), across, panel, GAPS[1])

    def across(self, width: float) -> int:
        """Panels side by side."""
        return columns(len(self.change), 3 if width > 6 else 1, 1, width)


def zone_changes(result: Comparison, city: City) -> list[ZoneChange]:
    """On-time share (points) and mean click-to-door (minutes); none when zones are not the same everywhere."""
    if not _is_one_city(result, city):
        return []
    sums = {name: _summed(rows) for name, rows in result.rows.items()}
    base = sums[result.study.reference]
    boxes = _boxes(city)
    names = others(result)
    on_time = {name: _change(sums[name], base, 1, 0, 100) for name in names}
    minutes = {name: _change(sums[name], base, 2, 3, 1) for name in names}
    return [
        ZoneChange(tuple(result.rows), city, boxes, "on-time share", "points", 1, 0, on_time),
        ZoneChange(tuple(result.rows), city, boxes, "click-to-door", "min", -1, 1, minutes),
    ]


def _is_one_city(result: Comparison, city: City) -> bool:
    base = result.scenarios[result.study.reference]
    if any((scenario.city, scenario.seed) != (base.city, base.seed) for scenario in result.scenarios.values()):
        return False
    return all(len(row.zones[0]) == len(city.zones) for rows in result.rows.values() for row in rows)


def _summed(rows: Sequence[Row]) -> Floats:
    """The zones' counts over all replications, shape (4, zones)."""
    return np.sum([row.zones for row in rows], axis=0)


def _change(own: Floats, base: Floats, over: int, under: int, by: float) -> Floats:
    known: Bools = (own[under] >= FEWEST) & (base[under] >= FEWEST)
    values = np.full(len(known), np.nan)
    values[known] = by * (own[over][known] / own[under][known] - base[over][known] / base[under][known])
    return values


def _boxes(city: City) -> Floats:
    """West, south, east and north of each zone; letters count zones eastwards, numbers northwards."""
    west, east = _edges([name.rstrip("0123456789") for name in city.zones], city.places.zone, city.places.x)
    south, north = _edges([name.lstrip(ascii_uppercase) for name in city.zones], city.places.zone, city.places.y)
    return np.column_stack([west, south, east, north])


def _edges(bands: Sequence[str], zone: Ints, at: Floats) -> tuple[Floats, Floats]:
    """Low and high edge of each zone's band of zones; neighbours meet half-way between their addresses."""
    names, band = np.unique(bands, return_inverse=True)
    low, high = np.full(len(names), np.inf), np.full(len(names), -np.inf)
    np.minimum.at(low, band[zone], at)
    np.maximum.at(high, band[zone], at)
    order = np.argsort(low)
    for one, after in pairwise(order):
        if 0 < low[after] - high[one] < high[one] - low[one]:
            high[one] = low[after] = (high[one] + low[after]) / 2
    return low[band], high[band]

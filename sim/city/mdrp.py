"""Meal Delivery Routing Problem instances (Reyes et al. 2018) as cities.

Places are numbered restaurants first, then drop-offs in the order of ``orders.txt``, then couriers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.city.instance import Instance, read_instance
from sim.city.model import City, Day, Intents, LandUse, Merchants, Places, Riders, Shifts, Users
from sim.city.travel import StraightTravel
from sim.city.zones import zone_grid
from sim.entities import Ints
from sim.scenario.city import TravelSpeed
from sim.streams import Streams
from sim.units import MINUTE

PATIENT_S = 1e9
"""Benchmark customers never cancel."""


def build_mdrp(folder: str | Path, speed: TravelSpeed) -> City:
    """City of one benchmark instance, with its one day of orders and couriers.

    Raises
    ------
    ValueError
        When a file is missing or a row cannot be read, with file and line.
    """
    instance = read_instance(Path(folder))
    x = np.concatenate([instance.restaurant_x, instance.order_x, instance.courier_x])
    y = np.concatenate([instance.restaurant_y, instance.order_y, instance.courier_y])
    zone, names = zone_grid(x, y, 1000.0)
    stock = len(instance.restaurant_x)
    use = np.where(np.arange(len(x)) < stock, LandUse.SHOPFRONT, LandUse.HOUSING)
    homes = stock + np.arange(len(instance.orders))
    return City(
        places=Places(x, y, zone, use),
        zones=names,
        segments=("customer",),
        travel=StraightTravel(x, y, speed.metres_per_minute, speed.whole_minutes),
        merchants=_merchants(instance),
        users=Users(np.zeros(len(homes), np.int64), homes, homes, np.ones(len(homes))),
        riders=_riders(instance),
        day=BenchmarkDay(instance),
    )


@dataclass(frozen=True, slots=True)
class BenchmarkDay:
    """The one day of an instance; every other day is empty."""

    instance: Instance

    def __call__(self, day: int, streams: Streams) -> Day:
        """Orders and couriers of the instance on day 0."""
        orders = _intents(self.instance, self._sorted() if day == 0 else np.empty(0, np.int64))
        return Day(orders, _shifts(self.instance, day))

    def _sorted(self) -> Ints:
        return np.argsort(self.instance.placed, kind="stable")


def _intents(instance: Instance, rows: Ints) -> Intents:
    placed, ready = instance.placed[rows] * MINUTE, instance.ready[rows] * MINUTE
    return Intents(
        t=placed,
        user=rows,
        merchant=instance.order_restaurant[rows],
        place=len(instance.restaurant_x) + rows,
        prep_s=ready - placed,
        patience_s=np.full(len(rows), PATIENT_S),
        basket=np.zeros(len(rows), np.int64),
    )


def _shifts(instance: Instance, day: int) -> Shifts:
    rider = np.arange(len(instance.couriers) if day == 0 else 0)
    return Shifts(rider, _riders(instance).start[rider], instance.on[rider] * MINUTE, instance.off[rider] * MINUTE)


def _riders(instance: Instance) -> Riders:
    count = len(instance.couriers)
    first = len(instance.restaurant_x) + len(instance.orders)
    unlimited = np.full(count, len(instance.orders) + 1)
    return Riders(first + np.arange(count), np.zeros(count, np.int64), unlimited)


def _merchants(instance: Instance) -> Merchants:
    """Restaurants with as many stations as orders, so that no meal waits for a stove."""
    count = len(instance.restaurant_x)
    ones = np.ones(count)
    return Merchants(
        place=np.arange(count),
        kind=np.zeros(count, np.int64),
        stations=np.full(count, len(instance.orders) + 1),
        prep_s=ones * float(np.mean(instance.ready - instance.placed)) * MINUTE,
        prep_shape=ones,
        opens=0 * ones,
        closes=np.inf * ones,
        popularity=ones,
    )

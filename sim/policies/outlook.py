"""Outlook: where and when riders will be free, with what is sure of their routes and without what may be moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from sim.entities import Bools, Floats, Ints, Order, Route, Wave
from sim.policies.tours import CARRIED, Planner, Tour
from sim.routes import DROPOFF, PICKUP, plan


@dataclass(frozen=True, slots=True)
class Outlook:
    """The riders who stay on shift, as columns of shape (riders,).

    Parameters
    ----------
    rows
        Their rows in the wave.
    at, free_at
        Where and when (s) each will be free, with his orders that are sure.
    open
        Whether the rules allow to give him a new route in this wave.
    routes
        What is sure of his route: what he carries, and the stop he makes for, with its order.
    cut
        Columns of those whose routes have lost pickups.
    released
        The orders they have lost.
    """

    rows: Ints
    at: Ints
    free_at: Floats
    open: Bools
    routes: list[Route]
    cut: set[int]
    released: list[Order]

    def arrivals(self, wave: Wave, places: Sequence[int]) -> Floats:
        """When each rider may be at each place, in seconds; shape (places, riders)."""
        return wave.travel.times(self.at, np.array(places)[:, None]) + self.free_at

    def tour(self, planner: Planner, column: int) -> Tour:
        """What is sure of a rider's route, as a tour; its cost knows no lateness."""
        route, tour = self.routes[column], planner.tour(self.rows.item(column))
        return tour._replace(route=route, cost=_cost(planner, route, tour.place, tour.start))


def outlook_of(wave: Wave, reshuffle: bool) -> Outlook:
    """The outlook of a wave; with `reshuffle` orders that nobody makes for yet are taken out of the routes."""
    riders = wave.riders
    rows = (riders.off_at > wave.now).nonzero()[0]
    routes: list[Route] = riders.route[rows].tolist()
    outlook = Outlook(rows, riders.at[rows], riders.free_at[rows], riders.available[rows], routes, set(), [])
    if reshuffle and len(wave.assigned):
        assigned = {order.id: order for order in wave.assigned.rows}
        planner = Planner(wave, assigned, inf, 0.0)
        for column in np.flatnonzero(outlook.open & (riders.load[rows] > 1)).tolist():
            _cut(outlook, planner, column)
    return outlook


def _cut(outlook: Outlook, planner: Planner, column: int) -> None:
    """Take out of a route what the rider does not make for yet."""
    route, wave = outlook.routes[column], planner.wave
    lost = {stop.order for stop in route if stop.kind == PICKUP and stop.order in planner.orders} - {route[0].order}
    if not lost:
        return
    kept = tuple(stop for stop in route if stop.order not in lost)
    tour = planner.tour(outlook.rows.item(column))
    _, end = plan(
        kept, tour.place, tour.start, lambda number: planner.orders.get(number, CARRIED), wave.travel, wave.rules
    )
    outlook.routes[column], outlook.at[column], outlook.free_at[column] = kept, kept[-1].place, max(end, wave.now)
    outlook.cut.add(column)
    outlook.released.extend(planner.orders[number] for number in sorted(lost))


def _cost(planner: Planner, route: Route, place: int, start: float) -> float:
    times, end = plan(
        route, place, start, lambda number: planner.orders.get(number, CARRIED), planner.wave.travel, planner.wave.rules
    )
    drops = [at for stop, at in zip(route, times, strict=True) if stop.kind == DROPOFF]
    return planner.thrift * (end - start) + sum(drops)

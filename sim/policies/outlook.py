"""Outlook: where and when riders will be free, with what is sure of their routes and without what may be moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from sim.entities import Bools, Floats, Ints, Order, Route, Wave
from sim.policies.detour_loops import cut
from sim.policies.tour_table import TourTable


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
    table
        What is sure of the routes: what riders carry, and the stops they make for, with their orders.
    cut
        Rows of those whose routes have lost pickups, and what is left of these routes.
    released
        The orders they have lost.
    """

    rows: Ints
    at: Ints
    free_at: Floats
    open: Bools
    table: TourTable
    cut: dict[int, Route]
    released: list[Order]

    def route(self, row: int) -> Route:
        """What is sure of a rider's route, by his row in the wave."""
        route: Route = self.cut.get(row, self.table.wave.riders.route[row])
        return route

    def arrivals(self, wave: Wave, places: Ints) -> Floats:
        """When each rider may be at each place, in seconds; shape (places, riders)."""
        once, which = np.unique(places, return_inverse=True)
        there = wave.travel.times(self.at, once[:, None]) + self.free_at
        arrivals: Floats = there[which]
        return arrivals


def outlook_of(wave: Wave, orders: Sequence[Order], thrift: float, reshuffle: bool) -> Outlook:
    """The outlook of a wave; with `reshuffle` orders that nobody makes for yet are taken out of the routes.

    Parameters
    ----------
    orders
        Open orders that may be given away.
    thrift
        Weight of a second of work against a second of delivery time.
    """
    riders, table = wave.riders, TourTable(wave, orders, inf, thrift)
    rows = (riders.off_at > wave.now).nonzero()[0]
    flexible = riders.available[rows] & (riders.load[rows] > 1) & reshuffle
    loser = cut(rows[flexible], np.array([len(orders), len(table.orders)]), table.tours)
    at, free_at, gone = riders.at.copy(), riders.free_at.copy(), np.unique(loser[loser >= 0])
    at[gone], ends = table.settled(gone)
    free_at[gone] = np.maximum(ends, wave.now)
    released = [(rider, table.orders[order]) for order, rider in enumerate(loser.tolist()) if rider >= 0]
    lost = [order for _, order in sorted(released, key=lambda pair: (pair[0], pair[1].id))]
    numbers = {order.id for order in lost}
    left = {row: tuple(stop for stop in riders.route[row] if stop.order not in numbers) for row in gone.tolist()}
    return Outlook(rows, at[rows], free_at[rows], riders.available[rows], table, left, lost)

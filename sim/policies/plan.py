"""Plans: which trips are made, and their cheapest matching to riders."""

from __future__ import annotations

from operator import attrgetter
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from sim.entities import Floats, Ints
from sim.policies.plan_loops import joined, prices_of_columns, prospects, totals
from sim.policies.trips import Trips

LARGE = 20_000
"""Costs, trips times columns, from which a plan follows from the one before instead of being matched anew.

Its total is the same; of several cheapest matchings it may be another one.
"""
ROUNDING_S = 1e-6


class Plan(NamedTuple):
    """A cheapest matching.

    Parameters
    ----------
    trips
        Where its trips are found.
    rows
        Their rows.
    columns
        The rider of each, as a column of its costs.
    total
        Cost of all, in seconds.
    prices
        Dual prices of the columns, in seconds; None where they are not known.
    """

    trips: Trips
    rows: Ints
    columns: Ints
    total: float
    prices: Floats | None = None

    @classmethod
    def of(cls, trips: Trips, rows: Ints) -> Plan:
        """Match from nothing."""
        costs = trips.table.costs[rows]
        matching, columns = linear_sum_assignment(costs)
        return cls(trips, rows, columns, np.add.reduce(costs[matching, columns]).item())

    def prospects(self, couples: Ints, joints: Ints) -> Floats:
        """What may come of each bundle, as :func:`sim.policies.plan_loops.prospects`."""
        table = self.trips.table
        return prospects(table.costs, table.least, self.rows, self.columns, couples, joints)

    def best(self, bundles: Ints, worth: float) -> Plan | None:
        """The cheapest plan with one of some bundles, the first of equal ones; None where all cost `worth` or more.

        Parameters
        ----------
        bundles
            Shape (bundles, 3): the places in `rows` of the two trips that go, and the row of the one that comes.
        """
        costs = self.trips.table.costs
        prices = prices_of_columns(costs, self.rows, self.columns) if self.prices is None else self.prices
        each = totals(costs, self.rows, self.columns, prices, bundles)
        near = bundles[each <= min(each.min(initial=worth), worth) + ROUNDING_S]
        if costs.shape[1] * len(self.rows) >= LARGE:
            near = bundles[each.argmin()][None] if len(near) else near
            plans = [self._joined(prices.copy(), *bundle) for bundle in near.tolist()]
        else:
            plans = [Plan.of(self.trips, self._without(one, two, new)) for one, two, new in near.tolist()]
        best = min(plans, key=attrgetter("total"), default=None)
        return best if best and best.total < worth else None

    def _joined(self, prices: Floats, one: int, two: int, new: int) -> Plan:
        costs, rows, columns = self.trips.table.costs, self.rows.copy(), self.columns.copy()
        total = joined(costs, rows, columns, prices, one, two, new)
        rows, columns = rows[:-1], columns[:-1]
        return Plan(self.trips, rows, columns, total, prices)

    def _without(self, one: int, two: int, new: int) -> Ints:
        """The rows of the trips when a new one takes the place of two."""
        return np.concatenate((self.rows[:one], self.rows[one + 1 : two], self.rows[two + 1 :], [new]))

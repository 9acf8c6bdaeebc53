"""Plans: which trips are made, and their cheapest matching to riders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scipy.optimize import linear_sum_assignment

from sim.entities import Floats, Ints
from sim.policies.trip_loops import joined, prices_of_columns
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
    columns, matched
        The rider of each, as a column of its costs, and the cost in seconds.
    total
        Cost of all, in seconds.
    prices
        Dual prices of the columns, in seconds; None where they are not known.
    """

    trips: Trips
    rows: Ints
    columns: Ints
    matched: Floats
    total: float
    prices: Floats | None = None

    @classmethod
    def of(cls, trips: Trips, rows: Ints) -> Plan:
        """Match from nothing."""
        costs = trips.table.costs[rows]
        matching, columns = linear_sum_assignment(costs)
        matched = costs[matching, columns]
        return cls(trips, rows, columns, matched, float(matched.sum()))

    def best(self, bundles: Sequence[tuple[int, int, int]], worth: float) -> Plan | None:
        """The cheapest plan with one of some bundles, the first of equal ones; None where all cost `worth` or more.

        Parameters
        ----------
        bundles
            The places in `rows` of the two trips that go, and the row of the one that comes.
        """
        large = self.trips.table.costs.shape[1] * len(self.rows) >= LARGE
        tried = self._tried(bundles)
        least = min([plan.total for plan in tried], default=worth)
        near = [plan for plan in tried if plan.total <= least + ROUNDING_S and plan.total < worth + ROUNDING_S]
        plans = near if large else [Plan.of(self.trips, plan.rows) for plan in near]
        best = min(plans, key=_total, default=None)
        return best if best and best.total < worth else None

    def _tried(self, bundles: Sequence[tuple[int, int, int]]) -> list[Plan]:
        prices = prices_of_columns(self.trips.table.costs, self.rows, self.columns) if self.prices is None else self.prices
        return [self._joined(prices.copy(), *bundle) for bundle in bundles]

    def _joined(self, prices: Floats, one: int, two: int, new: int) -> Plan:
        costs, rows, columns = self.trips.table.costs, self.rows.copy(), self.columns.copy()
        total = joined(costs, rows, columns, prices, one, two, new)
        kept = [row for row in range(len(rows)) if row not in (one, two)] + [one]
        rows, columns = rows[kept], columns[kept]
        return Plan(self.trips, rows, columns, costs[rows, columns], total, prices)


def _total(plan: Plan) -> float:
    return plan.total

"""Batching and matching: orders are clustered into batches, and all batches are matched to all riders at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from numpy.random import Generator

from sim.entities import Assignment, Wave
from sim.policies.bounds import MOST, inside, whole
from sim.units import MINUTE


@dataclass(frozen=True, slots=True)
class BatchMatch:
    """Cluster orders into batches, match them to idle and busy riders, decide anew who fetches what.

    After Joshi, Singh, Ranu, Bagchi, Karia and Kala (ICDE 2021), *FoodMatch: batching and matching for food delivery
    in dynamic road networks*: the two batches whose orders lose least are merged while the mean loss stays allowed;
    batches and riders are matched at the least extra delivery time; orders that nobody makes for yet are taken out of
    the routes and decided again at each wave. Anticipation: a rider counts from where and when he will be free, and
    as on a wave there are places but no bearings, the detour from his route stands for the angular distance.

    Three things differ. What a batch may cost grows with the ratio of orders to riders, as riders are not short all
    day. The work of the rider has a price. And who need not leave before the next wave is not told yet: where rules
    forbid to divert him that is the only reshuffling there is.

    Parameters
    ----------
    horizon_min
        An order enters the plan from this long before it will be ready, in minutes, 0 or more.
    batch_size
        Most orders in a batch, 1 (no batches) to 5.
    loss_s
        What merging may cost the orders of a batch, in the mean over all batches, when there are as many orders
        as riders who will be free within the horizon; in seconds, 0 or more. The paper's threshold is 60 s.
    thrift
        Weight of a second of a rider's work against a second of an order's delay, 0 to 1. His way to the merchant
        counts less his mean way to all of them.
    lost_min
        Delay that counts for an order nobody can fetch, in minutes; more than any delay worth having.
    tries
        Busy riders for whom it is tried to take a batch along, 0 or more: those whose routes come nearest to it.
    early_min
        A rider leaves this long before he must, in minutes; the time between two waves, or more.
    reshuffle
        Whether orders that nobody makes for yet may be moved to another rider.
    """

    horizon_min: float = 20.0
    batch_size: int = 3
    loss_s: float = 60.0
    thrift: float = 0.15
    lost_min: float = 120.0
    tries: int = 3
    early_min: float = 1.0
    reshuffle: bool = True

    def __post_init__(self) -> None:
        inside("horizon_min, loss_s, early_min", 0, MOST, self.horizon_min, self.loss_s, self.early_min)
        whole("batch_size", 1, 5, self.batch_size)
        inside("thrift", 0, 1, self.thrift)
        inside("lost_min", 1, MOST, self.lost_min)
        whole("tries", 0, MOST, self.tries)

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """Batch, match, and give away what must leave before the next wave."""
        rules, riders = wave.rules, wave.riders
        if not (riders.available & (riders.off_at > wave.now)).any() or not (wave.orders or wave.assigned):
            return []
        from sim.policies.batch_pairs import Pairs  # slow imports, and not every run needs them
        from sim.policies.outlook import outlook_of

        soon = wave.now + self.horizon_min * MINUTE
        due = [order for order in wave.orders.rows if order.ready_at <= soon]
        moves = self.reshuffle and rules.diversion and not rules.pickup_by_off
        outlook = outlook_of(wave, due, self.thrift, moves)
        if not (orders := [*due, *outlook.released]):
            return []
        ratio = len(orders) / max(int((outlook.free_at <= soon).sum()), 1)
        pairs = Pairs.of(wave, outlook, orders, self.batch_size, self.loss_s * ratio)
        changed = outlook.cut | pairs.matched(self)
        return [
            Assignment(riders.id.item(row), route)
            for row, route in sorted(changed.items())
            if route != riders.route[row]
        ]

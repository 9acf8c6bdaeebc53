"""The merchants of a day's Intents, chosen anew when merchants are no longer what they were when the run began."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from sim.city.choice import appeal, choose, distances_km, open_at
from sim.city.kinds import Kinds, priced
from sim.city.model import City, Intents, Merchants
from sim.city.pattern import indices
from sim.entities import Bools, Floats, Ints
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY


def picky(intents: Intents, key: tuple[int, ...], streams: Streams) -> Intents:
    """Intents with the uniform by which each of them chooses its merchant."""
    return replace(intents, pick=streams.generator("demand.merchant", *key).random(len(intents)))


@dataclass(frozen=True, slots=True)
class Rechoice:
    """Lets the Intents of a day choose their merchants anew, each with the uniform with which it chose before.

    Parameters
    ----------
    merchants
        All merchants, those of the pool included.
    km
        Distance between each place and merchant, shape (places, merchants).
    choice_km, radius_km
        Over which appeal falls to 1/e, and the usual delivery radius.
    kinds
        Kinds of order, None where all are takeaways.
    standing
        How many merchants are on the platform when the run begins; those of the pool come after them.
    """

    merchants: Merchants
    km: Floats
    choice_km: float
    radius_km: float
    kinds: Kinds | None
    standing: int

    @classmethod
    def of(cls, scenario: Scenario, city: City) -> Rechoice:
        """That of a scenario's city."""
        spec, merchants = scenario.merchants, city.merchants
        km = distances_km(merchants, city.places)
        kinds = None
        if scenario.kinds:
            weights = appeal(spec, merchants, city.places)
            kinds = Kinds.of(scenario.kinds, tuple(spec.classes), merchants, weights, city.users)
        standing = sum(of.count for of in spec.classes.values())
        return cls(merchants, km, spec.choice_km, spec.radius_km, kinds, standing)

    def reach(self, active: Bools, radius: Floats) -> Bools:
        """Whether each merchant delivers to each place, by its share of the usual radius."""
        return active & (self.km <= self.radius_km * radius)

    def weights(self, reach: Bools, worth: Floats) -> Floats:
        """Weight of each merchant at each place; `worth` is a power of e by merchant."""
        pull = self.merchants.popularity * np.exp(np.clip(worth, -50, 50))
        return np.where(reach, pull * np.exp(-self.km / self.choice_km), 0.0)

    def chosen(self, intents: Intents, day: int, weights: Floats) -> Ints:
        """Merchant of each Intent of a day, -1 where none is open in reach or none is needed."""
        assert intents.pick is not None
        merchant, t = np.full(len(intents), -1, np.int64), self.clock(intents, day)
        for rows, serves in self.groups(intents):
            merchant[rows] = choose(self.merchants, weights * serves, intents.place[rows], t[rows], intents.pick[rows])
        return merchant

    def clock(self, intents: Intents, day: int) -> Floats:
        """Time of day of each Intent, in seconds."""
        return np.clip(intents.t - day * DAY, 0, np.nextafter(DAY, 0))

    def groups(self, intents: Intents) -> Iterator[tuple[Ints, Bools]]:
        """Rows of Intents that need a merchant, with the merchants who serve their kind."""
        everybody = np.ones(len(self.merchants.kind), np.bool_)
        if self.kinds is None or intents.kind is None:
            yield np.arange(len(intents)), everybody
            return
        for index, spec in enumerate(self.kinds.specs):
            if spec.pickup == "merchant":
                yield np.flatnonzero(intents.kind == index), self.serves(index)

    def serves(self, kind: int) -> Bools:
        """The merchants who serve a kind."""
        assert self.kinds is not None
        classes = self.kinds.specs[kind].classes
        if not classes:
            return np.ones(len(self.merchants.kind), np.bool_)
        return np.isin(self.merchants.kind, indices(classes, self.kinds.classes))

    def open_at(self, t: Floats) -> Bools:
        """Whether each merchant is open at each time of day (s), shape (times, merchants)."""
        return open_at(self.merchants, t[:, None])

    def served(self, intents: Intents, merchant: Ints, price: Floats, means_s: Floats, believed_s: Floats) -> Intents:
        """The Intents as their merchants serve them: baskets and preparation times scale with the merchant's.

        How much a time varies about its mean stays as it was drawn, also where the new merchant is of another class.

        Parameters
        ----------
        price
            Prices of each merchant against the usual ones.
        means_s, believed_s
            Mean preparation time of each merchant in seconds: the truth, and what the platform believes.
        """
        there = merchant >= 0
        basket = np.where(there, priced(intents.basket, np.where(there, price[merchant], 1.0)), intents.basket)
        if self.kinds is None or intents.kind is None or intents.expected_s is None or intents.pickup is None:
            ratio = means_s[merchant] / self.merchants.prep_s[intents.merchant]
            return replace(intents, merchant=merchant, basket=basket, prep_s=intents.prep_s * ratio)
        expected = intents.expected_s
        drawn = np.divide(intents.prep_s, expected, out=np.ones_like(expected), where=expected > 0)
        truth, belief = self._means(intents, merchant, means_s), self._means(intents, merchant, believed_s)
        pickup = np.where(there, self.merchants.place[merchant], intents.pickup)
        return replace(
            intents, merchant=merchant, basket=basket, pickup=pickup, prep_s=drawn * truth, expected_s=belief
        )

    def _means(self, intents: Intents, merchant: Ints, means_s: Floats) -> Floats:
        """Mean preparation time of each Intent at its merchant, in seconds, by those of the merchants."""
        assert self.kinds is not None
        assert intents.kind is not None
        assert intents.members is not None
        kinds = replace(self.kinds, merchants=replace(self.merchants, prep_s=means_s))
        return kinds.mean(intents.kind, merchant, intents.members)[0]

"""Demand: the Intents of a day, with every latent draw of the orders they become.

Habitual demand is drawn first and never changes. What changes it (rules, holidays' factors, the weather's
boost) is a ratio: below 1 an Intent stays when its height, a uniform of its own, is below the ratio; above
1 further layers of Intents with heights in (1, 2), (2, 3), ... are laid on top and cut off at the ratio. So
two cities that differ in the ratio share every Intent they can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.random import Generator

from sim.city.bursts import Burst
from sim.city.choice import choose
from sim.city.model import Intents, Merchants
from sim.city.pattern import Pattern, at_workplaces
from sim.entities import Floats, Ints
from sim.streams import Streams
from sim.units import DAY, HOUR, MINUTE, QUARTER, QUARTERS

Latent = Callable[[Intents, tuple[int, ...], Streams], Intents]
"""Adds latent draws to Intents, from the streams of a key that begins with the day."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Draws the Intents of a day: Poisson in each hour and segment, places by home or work, and bursts.

    Parameters
    ----------
    pattern
        Expected Intents by segment, zone and quarter of an hour.
    merchants, appeal
        Who cooks, and the weight of each merchant at each place.
    bursts
        Extra Intents.
    latents
        What the scenario's mechanisms add to each Intent, one after the other.
    openings
        Openings of the app for each habitual order; only some of them become orders where users decide.
    """

    pattern: Pattern
    merchants: Merchants
    appeal: Floats
    bursts: tuple[Burst, ...] = ()
    latents: tuple[Latent, ...] = ()
    openings: float = 1.0

    def draw(self, day: int, streams: Streams, boost: Floats | None = None) -> Intents:
        """Intents of a day, in order of time.

        Parameters
        ----------
        day
            Day of the run, from 0.
        streams
            Streams of the replication.
        boost
            Factor on the rate of each hour, shape (24,); ones when None.
        """
        quarterly = _quarterly(boost)
        drawn = Intents.joined([*self._habitual(day, streams, quarterly), *self._bursting(day, streams, quarterly)])
        return drawn.take(np.argsort(drawn.t, kind="stable"))

    def expected(self, day: int) -> Floats:
        """Intents that a perfect planner expects: habits, rules, holidays and announced bursts.

        Returns
        -------
        array
            Shape (zones, 96): per zone and quarter of an hour.
        """
        habits = (self.pattern.habit(day) * self.pattern.ratio(day)).sum(axis=0)
        announced = (burst for burst in self._today(day) if burst.spec.announced)
        return np.asarray(sum((burst.planned * burst.spread() for burst in announced), habits))

    def mean(self, day: int, streams: Streams, boost: Floats | None = None) -> Floats:
        """Intents that an oracle expects, who knows the surprises too: all that is left is Poisson noise.

        Returns
        -------
        array
            Shape (zones, 96), as :meth:`expected`; the counts of :meth:`draw` are Poisson about it.
        """
        habits = (self.pattern.habit(day) * self.pattern.ratio(day)).sum(axis=0)
        bursts = (self._size(burst, day, streams) * burst.spread() for burst in self._today(day))
        return np.asarray(sum(bursts, habits) * _quarterly(boost))

    def _habitual(self, day: int, streams: Streams, boost: Floats) -> Iterator[Intents]:
        ratio = self.pattern.ratio(day) * boost
        for layer in range(_layers(ratio)):
            key = (day, layer) if layer else (day,)
            segment, t = self._arrivals(day, streams.generator("demand.arrivals", *key))
            user, place = self._who(segment, t, day, streams.generator("demand.who", *key))
            top = ratio[segment, self.pattern.zone[place], _quarter(t)]
            yield _below(top, layer, self._filled(t, user, place, key, streams), key, streams)

    def _bursting(self, day: int, streams: Streams, boost: Floats) -> Iterator[Intents]:
        for burst in self._today(day):
            size = self._size(burst, day, streams)
            for layer in range(_layers(boost)):
                key = (day, burst.code, layer)
                of = burst.arrivals(size, streams.generator("burst.count", *key), streams.generator("burst.who", *key))
                t, segment, place, u = of
                intents = self._filled(t, self._member(segment, u), place, key, streams)
                yield _below(boost[_quarter(t)], layer, intents, key, streams)

    def _today(self, day: int) -> Iterator[Burst]:
        return (burst for burst in self.bursts if self.pattern.book.falls_on(day, burst.spec.days))

    def _size(self, burst: Burst, day: int, streams: Streams) -> float:
        return burst.size(streams.generator("burst.size", day, burst.code))

    def _arrivals(self, day: int, rng: Generator) -> tuple[Ints, Floats]:
        counts = rng.poisson(self.pattern.rates(day) * self.openings)
        cell = np.repeat(np.arange(counts.size), counts.ravel())
        t = (cell % 24 + rng.random(len(cell))) * HOUR
        order = np.argsort(t, kind="stable")
        return (cell // 24)[order], t[order]

    def _who(self, segment: Ints, t: Floats, day: int, rng: Generator) -> tuple[Ints, Ints]:
        u, v = rng.random((2, len(t)))
        users, segments = self.pattern.users, self.pattern.population.segments.values()
        user = self._member(segment, u)
        at_work = np.array([spec.at_work for spec in segments])[segment]
        working = at_workplaces(t, self.pattern.book.weekend(day)) & (v < at_work)
        return user, np.where(working, users.work[user], users.home[user])

    def _member(self, segment: Ints, u: Floats) -> Ints:
        """A user of each segment, by taste."""
        user = np.zeros(len(u), np.int64)
        for index in range(len(self.pattern.population.segments)):
            members = np.flatnonzero(self.pattern.users.segment == index)
            wishes = np.flatnonzero(segment == index)
            cumulative = np.cumsum(self.pattern.users.taste[members])
            if len(wishes):
                user[wishes] = members[np.searchsorted(cumulative, u[wishes] * cumulative[-1])]
        return user

    def _filled(self, t: Floats, user: Ints, place: Ints, key: tuple[int, ...], streams: Streams) -> Intents:
        """Intents with every latent draw, from the streams of a key that begins with the day."""
        u = streams.generator("demand.merchant", *key).random(len(t))
        merchant = choose(self.merchants, self.appeal, place, t, u)
        intents = Intents(
            t=t + key[0] * DAY,
            user=user,
            merchant=merchant,
            place=place,
            prep_s=self._prep(merchant, streams.generator("merchant.prep", *key)),
            patience_s=self._patience(len(t), streams.generator("user.patience", *key)),
            basket=self._basket(self.pattern.users.segment[user], streams.generator("demand.basket", *key)),
        )
        for latent in self.latents:
            intents = latent(intents, key, streams)
        return intents

    def _prep(self, merchant: Ints, rng: Generator) -> Floats:
        if not len(self.merchants.place):
            return np.zeros(len(merchant))
        shape = self.merchants.prep_shape[merchant]
        return np.asarray(rng.standard_gamma(shape) / shape * self.merchants.prep_s[merchant])

    def _patience(self, size: int, rng: Generator) -> Floats:
        spec = self.pattern.population
        return rng.gamma(spec.patience_shape, spec.patience_min * MINUTE / spec.patience_shape, size)

    def _basket(self, segment: Ints, rng: Generator) -> Ints:
        """Price in fen, at least 1 yuan."""
        spec = self.pattern.population
        means = np.array([spec.basket_yuan for spec in spec.segments.values()])[segment]
        sigma2 = np.log1p(spec.basket_cv**2)
        price = means * np.exp(np.sqrt(sigma2) * rng.standard_normal(len(segment)) - sigma2 / 2)
        return np.maximum(np.rint(price * 100), 100).astype(np.int64)


def _quarterly(boost: Floats | None) -> Floats:
    return np.ones(QUARTERS) if boost is None else np.repeat(boost, QUARTERS // 24)


def _quarter(t: Floats) -> Ints:
    return np.minimum(t // QUARTER, QUARTERS - 1).astype(np.int64)


def _layers(ratio: Floats) -> int:
    return max(1, ceil(ratio.max()))


def _below(top: Floats, layer: int, intents: Intents, key: tuple[int, ...], streams: Streams) -> Intents:
    """The Intents of a layer whose height is below the ratio."""
    height = layer + streams.generator("demand.height", *key).random(len(intents))
    return intents.take(np.flatnonzero(height < top))


def want(intents: Intents, key: tuple[int, ...], streams: Streams) -> Intents:
    """Intents with the uniform of the decision to order."""
    return replace(intents, want=streams.generator("user.want", *key).random(len(intents)))

"""Demand: the Intents of a day, with every latent draw of the orders they become."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.random import Generator

from sim.city.model import Intents, Merchants, Places, Users
from sim.entities import Bools, Floats, Ints
from sim.scenario.city import Merchants as MerchantsSpec
from sim.scenario.city import Population
from sim.streams import Streams
from sim.units import DAY, HOUR, MINUTE


@dataclass(frozen=True, slots=True)
class Demand:
    """Draws the Intents of a day: Poisson in each hour and segment, places by home or work."""

    population: Population
    users: Users
    merchants: Merchants
    appeal: Floats
    start: date

    def draw(self, day: int, streams: Streams) -> Intents:
        """Intents of a day, in order of time."""
        segment, t = self._arrivals(day, streams.generator("demand.arrivals", day))
        user, place = self._who(segment, t, day, streams.generator("demand.who", day))
        merchant = self._choose(place, t, streams.generator("demand.merchant", day))
        return Intents(
            t=t + day * DAY,
            user=user,
            merchant=merchant,
            place=place,
            prep_s=self._prep(merchant, streams.generator("merchant.prep", day)),
            patience_s=self._patience(len(t), streams.generator("user.patience", day)),
            basket=self._basket(segment, streams.generator("demand.basket", day)),
        )

    def rates(self, day: int) -> Floats:
        """Expected Intents per segment and hour of a day, shape (segments, 24)."""
        weekend = self._weekend(day)
        sizes = np.bincount(self.users.segment, minlength=len(self.population.segments))
        rows = []
        for size, spec in zip(sizes, self.population.segments.values(), strict=True):
            curve = np.array(spec.weekend if weekend else spec.weekday)
            rows.append(size * spec.intents_per_day * (spec.weekend_factor if weekend else 1) * curve / curve.sum())
        return np.array(rows)

    def _weekend(self, day: int) -> bool:
        return (self.start + timedelta(days=day)).weekday() >= 5

    def _arrivals(self, day: int, rng: Generator) -> tuple[Ints, Floats]:
        counts = rng.poisson(self.rates(day))
        cell = np.repeat(np.arange(counts.size), counts.ravel())
        t = (cell % 24 + rng.random(len(cell))) * HOUR
        order = np.argsort(t, kind="stable")
        return (cell // 24)[order], t[order]

    def _who(self, segment: Ints, t: Floats, day: int, rng: Generator) -> tuple[Ints, Ints]:
        u, v = rng.random((2, len(t)))
        user = np.zeros(len(t), np.int64)
        for index in range(len(self.population.segments)):
            members = np.flatnonzero(self.users.segment == index)
            wishes = np.flatnonzero(segment == index)
            cumulative = np.cumsum(self.users.taste[members])
            if len(wishes):
                user[wishes] = members[np.searchsorted(cumulative, u[wishes] * cumulative[-1])]
        at_work = np.array([spec.at_work for spec in self.population.segments.values()])[segment]
        working = (t >= 9 * HOUR) & (t < 18 * HOUR) & (v < at_work) & (not self._weekend(day))
        return user, np.where(working, self.users.work[user], self.users.home[user])

    def _choose(self, place: Ints, t: Floats, rng: Generator) -> Ints:
        """Merchant of each Intent by appeal among the open ones; -1 where none is open in reach."""
        u = rng.random(len(t))
        chosen = np.full(len(t), -1, np.int64)
        hours = np.concatenate([self.merchants.opens, self.merchants.closes])
        hours = np.r_[hours, hours - DAY]
        edges = np.unique(np.r_[0.0, DAY, hours[(hours > 0) & (hours < DAY)]])
        for begin, end in pairwise(edges.tolist()):
            of = slice(*np.searchsorted(t, (begin, end)))
            chosen[of] = draw_columns(self.appeal * self._open(begin), place[of], u[of])
        return chosen

    def _open(self, now: float) -> Bools:
        opens, closes = self.merchants.opens, self.merchants.closes
        return ((now >= opens) & (now < closes)) | ((now + DAY >= opens) & (now + DAY < closes))

    def _prep(self, merchant: Ints, rng: Generator) -> Floats:
        if not len(self.merchants.place):
            return np.zeros(len(merchant))
        shape = self.merchants.prep_shape[merchant]
        return np.asarray(rng.standard_gamma(shape) / shape * self.merchants.prep_s[merchant])

    def _patience(self, size: int, rng: Generator) -> Floats:
        shape = self.population.patience_shape
        return rng.gamma(shape, self.population.patience_min * MINUTE / shape, size)

    def _basket(self, segment: Ints, rng: Generator) -> Ints:
        """Price in fen, at least 1 yuan."""
        means = np.array([spec.basket_yuan for spec in self.population.segments.values()])[segment]
        sigma2 = np.log1p(self.population.basket_cv**2)
        price = means * np.exp(np.sqrt(sigma2) * rng.standard_normal(len(segment)) - sigma2 / 2)
        return np.maximum(np.rint(price * 100), 100).astype(np.int64)


def draw_columns(weights: Floats, rows: Ints, u: Floats) -> Ints:
    """For each row index, a column drawn by weight with the uniform `u`; -1 where the row has no weight."""
    if not weights.shape[1]:
        return np.full(len(rows), -1, np.int64)
    cumulative = np.cumsum(weights, axis=1)
    total = cumulative[:, -1:]
    shares = np.divide(cumulative, total, out=np.ones_like(cumulative), where=total > 0)
    # row i's shares moved to (i, i + 1], so that one sorted array answers for all rows
    ladder = (shares + np.arange(len(weights))[:, None]).ravel()
    column = np.searchsorted(ladder, rows + u, side="right") - rows * weights.shape[1]
    return np.where(total[rows, 0] > 0, np.minimum(column, weights.shape[1] - 1), -1)


def appeal(spec: MerchantsSpec, merchants: Merchants, places: Places) -> Floats:
    """Weight of each merchant at each place: popularity, falling with distance; shape (places, merchants)."""
    at = merchants.place
    km = np.hypot(places.x[:, None] - places.x[at], places.y[:, None] - places.y[at]) / 1000
    return np.asarray(np.where(km <= spec.radius_km, merchants.popularity * np.exp(-km / spec.choice_km), 0.0))

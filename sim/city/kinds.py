"""Kinds of order: which kind an Intent is, who serves it, how long it takes and where it is collected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.city.choice import choose
from sim.city.model import Intents, Merchants, Users
from sim.city.pattern import indices
from sim.entities import Bools, Floats, Ints
from sim.scenario.kinds import OrderKind
from sim.streams import Streams
from sim.units import DAY, MINUTE

N = TypeVar("N", np.int64, np.float64)
MOST_MEMBERS = 400
"""A group of the largest mean size is never larger."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """Gives every Intent its kind; a kind that differs in nothing leaves an Intent as it was drawn.

    Parameters
    ----------
    specs
        The scenario's kinds.
    classes
        Names of the classes of merchants.
    merchants, appeal
        Who serves, and the weight of each merchant at each place.
    addresses
        Where people live and work, ascending.
    """

    specs: tuple[OrderKind, ...]
    classes: tuple[str, ...]
    merchants: Merchants
    appeal: Floats
    addresses: Ints

    @classmethod
    def of(
        cls, specs: dict[str, OrderKind], classes: Sequence[str], merchants: Merchants, appeal: Floats, users: Users
    ) -> Kinds:
        """The kinds of a scenario in its city.

        Raises
        ------
        ScenarioError
            When a kind names an unknown class of merchants.
        """
        for name, spec in specs.items():
            indices(spec.classes, tuple(classes), f"kinds.{name}.classes: unknown class of merchants")
        addresses = np.unique(np.concatenate([users.home, users.work]))
        return cls(tuple(specs.values()), tuple(classes), merchants, appeal, addresses)

    def __call__(self, intents: Intents, key: tuple[int, ...], streams: Streams) -> Intents:
        """Intents of one layer with their kinds; the key begins with the day."""
        size = len(intents)
        kind = self._kind(streams.generator("demand.kind", *key).random(size))
        members = self._members(kind, streams.generator("demand.members", *key).random(size))
        merchant = self._merchant(intents, kind, key, streams)
        mean_s, own = self.mean(kind, merchant, members)
        prep_s = self._prep(kind, merchant, mean_s, streams.generator("demand.handling", *key).random(size))
        sent = self._is(kind, "address")
        to = self._elsewhere(intents.place, streams.generator("demand.sendto", *key).random(size))
        factor = np.array([0.0 if spec.pickup == "address" else spec.basket_factor for spec in self.specs])
        same = ~own & ~sent & (merchant == intents.merchant)
        return replace(
            intents,
            kind=kind,
            members=members,
            merchant=merchant,
            place=np.where(sent, to, intents.place),
            pickup=np.where(sent, intents.place, self._at(merchant)),
            expected_s=mean_s,
            prep_s=np.where(same, intents.prep_s, prep_s),
            basket=priced(intents.basket, factor[kind] * members),
        )

    def _is(self, kind: Ints, pickup: str) -> Bools:
        return np.array([spec.pickup == pickup for spec in self.specs])[kind]

    def _kind(self, u: Floats) -> Ints:
        upto = np.cumsum([spec.share for spec in self.specs])
        return np.minimum(np.searchsorted(upto, u * upto[-1], side="right"), len(upto) - 1)

    def _members(self, kind: Ints, u: Floats) -> Ints:
        """People who order together: one or two, and a Poisson number besides."""
        people = np.ones(len(kind), np.int64)
        for index, spec in enumerate(self.specs):
            of = np.flatnonzero(kind == index)
            least = 2 if spec.members >= 2 else 1
            people[of] = least + np.searchsorted(_poisson(spec.members - least), u[of])
        return people

    def _merchant(self, intents: Intents, kind: Ints, key: tuple[int, ...], streams: Streams) -> Ints:
        """Who serves: the merchant that was chosen, or with the same uniform one of the kind's classes."""
        merchant = intents.merchant.copy()
        u, t = streams.generator("demand.merchant", *key).random(len(intents)), intents.t - key[0] * DAY
        for index, spec in enumerate(self.specs):
            of = np.flatnonzero(kind == index)
            if spec.pickup == "address":
                merchant[of] = -1
            elif spec.classes and len(of):
                serves = np.isin(self.merchants.kind, indices(spec.classes, self.classes))
                t_of = np.clip(t[of], 0, np.nextafter(DAY, 0))
                merchant[of] = choose(self.merchants, self.appeal * serves, intents.place[of], t_of, u[of])
        return merchant

    def mean(self, kind: Ints, merchant: Ints, members: Ints) -> tuple[Floats, Bools]:
        """Mean preparation time (s), and whether it is another than the merchant's."""
        minutes = np.array([np.nan if spec.prep_min is None else spec.prep_min for spec in self.specs])[kind]
        growth = 1 + np.array([spec.member_prep for spec in self.specs])[kind] * (members - 1)
        theirs: Floats = np.where(merchant >= 0, _of(self.merchants.prep_s, merchant), 0.0)
        mean_s: Floats = np.where(np.isnan(minutes), theirs, minutes * MINUTE) * growth
        shaped = np.array([spec.prep_shape is not None for spec in self.specs])[kind]
        return mean_s, np.asarray(shaped | (mean_s != theirs))

    def _prep(self, kind: Ints, merchant: Ints, mean_s: Floats, u: Floats) -> Floats:
        """Gamma times, each from its own uniform, so that kinds do not disturb each other's draws."""
        from scipy.special import gammaincinv  # a slow import, and not every city needs it

        own = np.array([np.nan if spec.prep_shape is None else spec.prep_shape for spec in self.specs])[kind]
        theirs = np.where(merchant >= 0, _of(self.merchants.prep_shape, merchant), 2.0)
        shape = np.where(np.isnan(own), theirs, own)
        return np.asarray(gammaincinv(shape, u) / shape * mean_s)

    def _elsewhere(self, place: Ints, u: Floats) -> Ints:
        """Another address, each as likely; the same one where there is no other."""
        among = len(self.addresses) - 1
        if among < 1:
            return place
        here = np.searchsorted(self.addresses, place)
        there = (u * among).astype(np.int64)
        return self.addresses[there + (there >= here)]

    def _at(self, merchant: Ints) -> Ints:
        return np.where(merchant >= 0, _of(self.merchants.place, merchant), -1)


def _of(column: NDArray[N], merchant: Ints) -> NDArray[N]:
    """A column by merchant, whatever where there is none."""
    return column[merchant] if len(column) else np.zeros(len(merchant), column.dtype)


def priced(basket: Ints, factor: Floats) -> Ints:
    """Baskets in fen times a factor: at least 1 yuan, or nothing."""
    priced = np.maximum(np.rint(basket * factor), 100).astype(np.int64)
    return np.where(factor == 1, basket, np.where(factor > 0, priced, 0))


def _poisson(mean: float) -> Floats:
    """Chance of at most 0, 1, 2, ... of a Poisson number."""
    ratios = mean / np.arange(1, MOST_MEMBERS)
    return np.cumsum(np.exp(-mean) * np.concatenate([[1.0], np.cumprod(ratios)]))

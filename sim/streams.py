"""Streams: a random generator for a name and a key.

No policy and no scenario name ever enters a key, so two policies on one seed meet the same city.
Adding a name to the table changes no other stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.random import Generator, SeedSequence, default_rng
from numpy.typing import NDArray

from sim.spelling import did_you_mean

_MASK = 2**64 - 1

NAMES: dict[str, str] = {
    "city.streets": "the map of a generated district: streets, river, buildings",
    "city.merchants": "where merchants stand, their stations and popularity",
    "city.users": "homes, workplaces, segments and tastes of users",
    "city.riders": "where riders live and which shift template they follow",
    "fleet.shifts": "who works on a day",
    "demand.arrivals": "when Intents are born on a day",
    "demand.who": "which user an Intent belongs to, and where it goes",
    "demand.merchant": "which merchant an Intent chooses",
    "demand.basket": "the price of the basket",
    "demand.height": "up to which ratio of the habitual demand an Intent is born; further layers by (day, layer)",
    "demand.kind": "which kind of order an Intent is",
    "demand.members": "how many people order together",
    "demand.handling": "preparation, shopping and queueing time of kinds that have their own",
    "demand.sendto": "the address to which an order collected at an address goes",
    "demand.care": "whether a customer asks for care",
    "demand.locker": "whether a user agrees to a locker, and when he collects",
    "demand.opinion": "whether a user rates, and how kindly",
    "city.doors": "stairs, lifts, gates and walking zones of each place",
    "burst.size": "whether a burst happens on a day, and how large it is",
    "burst.count": "how many Intents a burst of that size has",
    "burst.who": "time, segment, place and user of each Intent of a burst",
    "merchant.prep": "preparation time of each Intent's order",
    "user.patience": "how long a user waits for an assignment",
    "user.asks": "how long a user waits for the platform's answer",
    "user.flash": "whether a user takes the flash product where it is on offer",
    "checkout.draws": "wrong addresses, empty stocks, failing payments, fraud and its suspicion scores",
    "city.signal": "which places have a weak signal",
    "weather.path": "the weather of each hour of a replication",
    "weather.forecast": "in which hours the forecast errs, and what it says then",
    "disruption.merchants": "which merchants a disruption closes",
    "disruption.riders": "which riders a disruption keeps at home",
    "fleet.lateness": "how late a rider comes on shift on a day",
    "fleet.no_show": "who does not come on a day although the roster has him",
    "fleet.breaks": "after how much work a rider's breaks are due on a day, and how long they are",
    "rider.skills": "who has a box, is fit for stairs, has a vehicle for long ways; drawn once",
    "rider.vehicle": "what a rider rides, drawn once",
    "rider.taste": "how much a rider likes to accept, drawn once",
    "rider.accept": "whether a rider accepts an order; keyed by order and rider",
    "rider.reaction": "how fast a rider reacts to the hall; keyed by wave and rider",
    "experiment.arm": "which half of users, riders, zones or hours gets the second policy",
    "experiment.wave": "open orders, riders and their routes in a wave of the wave bench",
    "user.want": "how much a user who opens the app wants to order",
    "user.registered": "who has an account when the run begins",
    "user.birthday": "when a user was born",
    "user.dropout": "each user's own chance of dropping out after an order",
    "user.leaves": "whether a user drops out after an order, by order",
    "user.complains": "whether a user complains, by order",
    "user.redeems": "whether a user uses his points, by order",
    "user.returns": "how hard a user who has left is to bring back, by user and month",
    "user.invites": "whether a user tells a friend, and whom, by user and night",
    "user.joins": "whether a person joins whom a friend tells, by night; how hard he is to win otherwise, by month",
    "user.begins": "whether a user gathers others for a reward, and whom he asks, by user and night",
    "user.helps": "whether somebody takes part when he is asked, by person, asker and night",
    "user.hands_on": "whether a user hands a coupon on, and to whom, by user and night",
    "user.tells": "whether a user who is asked knows on the eve what he will order, by order",
    "user.plan": "whether a user buys a paid plan, by user and night",
    "merchant.pool": "where merchants of the pool stand, and how popular they would be",
    "merchant.standing": "each merchant's first rating, costs and empty shelves",
    "merchant.stock": "whether a merchant has run out of what an order asks for, by order and merchant",
    "merchant.leaves": "whether a merchant leaves the platform, by night and merchant",
    "merchant.joins": "whether a merchant of the pool joins, by night and merchant",
    "merchant.promotes": "whether a merchant runs a promotion, by night and merchant",
    "merchant.buys": "whether a merchant buys a paid place, by night and merchant",
    "policy.merchants": "the deals' own randomness, by night and deal",
    "user.survey": "who is asked and what he answers, by user and night",
    "desk.answer": "how long a complaint waits for its answer, by order",
    "membership.arm": "which users a rule applies to that is tried out, by rule and user",
    "policy.membership": "the rules' own randomness, by night and rule",
    "city.pool": "where people live who might become riders, and which shift they would follow",
    "fleet.will": "how much each rider wants to work on a day",
    "rider.reservation": "hourly income below which a person would rather do something else; who has a rival's app",
    "rider.quits": "whether a rider quits, by night and rider",
    "rider.comes": "whether somebody of the pool is hired, by night and person",
    "rider.stays": "whether a rider stays on for extra pay, by rider and second",
    "rider.called": "whether a rider at home comes in for extra pay, by rider and second",
    "policy.crew": "randomness of the rules for riders, by night and rule",
    "policy.incentive": "randomness of the incentive policy, by the second of its decision",
    "policy.dispatch": "the dispatch policy's own randomness",
    "learning.directions": "in which directions training tries a model; no city is drawn from it",
    "policy.reposition": "the reposition policy's own randomness, by the second of its decision",
}


@dataclass(frozen=True, slots=True)
class Streams:
    """Named, keyed random streams of one replication.

    Parameters
    ----------
    seed
        Base seed of the study, 0 or more.
    replication
        Index of the replication, 0 or more; the map (:meth:`fixed`) does not depend on it.
    """

    seed: int
    replication: int = 0

    def generator(self, name: str, *key: int) -> Generator:
        """A fresh generator for a stream of this replication, keyed by day or entity."""
        return default_rng(SeedSequence(self.seed, spawn_key=(1, self.replication, _code(name), *key)))

    def uniform(self, name: str, *key: int) -> float:
        """A number in [0, 1) that depends on nothing but the name and the key: the answer of one person.

        A generator would give the n-th answer to whoever asks n-th, and the policies ask in different orders.
        """
        state = _root(self.seed, self.replication, name)
        for part in key:
            state = _mix(state ^ part & _MASK)
        return (state >> 11) * 2.0**-53

    def uniforms(self, name: str, *key: NDArray[np.integer]) -> NDArray[np.float64]:
        """As :meth:`uniform`, for arrays of keys that broadcast against each other."""
        state = np.array([_root(self.seed, self.replication, name)], np.uint64)
        for part in key:
            state = _mixed(state ^ part.astype(np.uint64))
        return np.asarray((state >> np.uint64(11)).astype(np.float64) * 2.0**-53)

    def fixed(self, name: str, *key: int) -> Generator:
        """A fresh generator that is equal in all replications of a seed."""
        return default_rng(SeedSequence(self.seed, spawn_key=(0, _code(name), *key)))


def _code(name: str) -> int:
    if name not in NAMES:
        raise KeyError(f"unknown stream {name!r}{did_you_mean(name, NAMES)}")
    return crc32(name.encode())


@lru_cache(maxsize=256)
def _root(seed: int, replication: int, name: str) -> int:
    return _mix(_mix(_mix(seed & _MASK) ^ replication & _MASK) ^ _code(name))


def _mix(state: int) -> int:
    """One step of SplitMix64 (Steele, Lea, Flood 2014)."""
    state = (state + 0x9E3779B97F4A7C15) & _MASK
    state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    state = (state ^ state >> 27) * 0x94D049BB133111EB & _MASK
    return state ^ state >> 31


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """:func:`_mix` of every element; numpy's unsigned integers wrap around."""
    state = state + np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ state >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ state >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return state ^ state >> np.uint64(31)

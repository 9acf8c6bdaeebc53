"""Streams: a random generator for a name and a key.

No policy and no scenario name ever enters a key, so two policies on one seed meet the same city.
Adding a name to the table changes no other stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from zlib import crc32

from numpy.random import Generator, SeedSequence, default_rng

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
    "merchant.prep": "preparation time of each Intent's order",
    "user.patience": "how long a user waits for an assignment",
    "experiment.arm": "which half of users, riders, zones or hours gets the second policy",
    "policy.dispatch": "the dispatch policy's own randomness",
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

    def fixed(self, name: str, *key: int) -> Generator:
        """A fresh generator that is equal in all replications of a seed."""
        return default_rng(SeedSequence(self.seed, spawn_key=(0, _code(name), *key)))


def _code(name: str) -> int:
    if name not in NAMES:
        close = get_close_matches(name, NAMES, 1)
        raise KeyError(f"unknown stream {name!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
    return crc32(name.encode())

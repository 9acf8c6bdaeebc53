"""Toy cities whose Intents carry kinds, customers and doors."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.city.model import City, Day, DoorTable
from sim.streams import Streams
from tests.engine.toy import XS

TYPES: dict[str, type] = {"expected_s": float, "collect_s": float, "opinion": float, "care": bool}


def dressed(city: City, doors: DoorTable | None = None, **columns: Sequence[Any]) -> City:
    """The city with more columns for each of its Intents, and with doors."""

    def day(number: int, streams: Streams) -> Day:
        drawn = city.day(number, streams)
        made: Any = {name: np.array(c, TYPES.get(name, np.int64))[: len(drawn.intents)] for name, c in columns.items()}
        return replace(drawn, intents=replace(drawn.intents, **made))

    return replace(city, day=day, doors=doors)


def kinds_of(city: City, *kinds: int, **columns: Sequence[Any]) -> City:
    """The city whose Intents are of these kinds, of one person each, at their merchants' unless said otherwise."""
    merchants = city.day(0, Streams(1)).intents.merchant
    at = city.merchants.place[merchants]
    given: Any = {"kind": kinds, "members": [1] * len(kinds), "pickup": at} | columns
    return dressed(city, **given)


def doors(extra_s: Sequence[float], reckoned_s: Sequence[float] | None = None, locker: Sequence[int] = ()) -> DoorTable:
    """Doors of the toy's places."""
    places = np.arange(len(XS))
    extra = np.array(extra_s, float)
    reckoned = extra if reckoned_s is None else np.array(reckoned_s, float)
    return DoorTable(extra, reckoned, np.zeros(len(XS), bool), np.isin(places, locker))

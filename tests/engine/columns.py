"""Toy cities whose Intents carry the draws of checkout, intake and flash product."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sim.city.model import City, Day
from sim.streams import Streams

FINE = (0, 0, 0, 0, 0.0)
"""A wish with which nothing is wrong: address, stock, failures, fraud, score."""


def with_columns(
    city: City,
    checkout: Sequence[Sequence[float]] | None = None,
    asks_s: Sequence[float] | None = None,
    flash: Sequence[float] | None = None,
    kind: Sequence[int] | None = None,
) -> City:
    """The city with columns for each of its Intents."""

    def day(number: int, streams: Streams) -> Day:
        drawn = city.day(number, streams)
        columns = {"checkout": checkout, "asks_s": asks_s, "flash": flash}
        if kind is not None:
            drawn = replace(drawn, intents=replace(drawn.intents, kind=np.array(kind)[: len(drawn.intents)]))
        made = {name: np.array(c, float)[: len(drawn.intents)] for name, c in columns.items() if c is not None}
        return replace(drawn, intents=replace(drawn.intents, **made))

    return replace(city, day=day)

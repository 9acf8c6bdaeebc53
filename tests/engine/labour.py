"""The toy city with riders who rest, come late or differ in what they can do."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf

import numpy as np

from sim.city.model import City, Day
from sim.entities import Order
from sim.streams import Streams


def resting(city: City, after_s: float, length_s: float) -> City:
    """The city in which every shift has such breaks."""

    def day(number: int, streams: Streams) -> Day:
        drawn = city.day(number, streams)
        ones = np.ones(len(drawn.shifts.rider))
        return replace(drawn, shifts=replace(drawn.shifts, break_after_s=after_s * ones, break_s=length_s * ones))

    return replace(city, day=day)


def rostered(city: City, late_s: Sequence[float]) -> City:
    """The city in which riders come so late, or never."""

    def day(number: int, streams: Streams) -> Day:
        drawn = city.day(number, streams)
        on = drawn.shifts.on + np.array(late_s)
        return replace(drawn, shifts=replace(drawn.shifts, due=drawn.shifts.on, on=np.where(on < inf, on, inf)))

    return replace(city, day=day)


def able(city: City, *skills: int) -> City:
    """The city whose riders offer these flags."""
    return replace(city, riders=replace(city.riders, skills=np.array(skills)))


class Needy(Order):
    """An order that needs a box and fitness for stairs, whatever it was to need."""

    def __new__(cls, **columns: object) -> Order:  # type: ignore[misc]
        """The order as the engine makes it, with other needs."""
        return Order(**(columns | {"needs": 3}))  # type: ignore[arg-type]

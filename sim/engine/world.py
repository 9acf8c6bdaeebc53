"""The World: the whole state of a run as plain data, from which every process can be started."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sim.city.model import City
from sim.engine.careers import Careers
from sim.engine.front import Gate, Lessons
from sim.engine.labour import Rests, Roads
from sim.engine.market import Market
from sim.engine.people import People
from sim.entities import Bools, Floats, Ints, Order
from sim.events import NONE, Trouble

READY_AT = Order._fields.index("ready_at")


class Phase(IntEnum):
    """What a rider is doing; `Fleet.until` says when it ends, except for IDLE and WAITING."""

    IDLE = 0
    TRAVELLING = 1
    ARRIVED = 2  # before the pickup or drop-off: parks, walks, waits at the counter
    WAITING = 3  # for the meal
    LEAVING = 4  # after the pickup or drop-off: walks back
    PAUSED = 5  # has a break


IDLE, TRAVELLING, ARRIVED, WAITING, LEAVING, PAUSED = Phase


@dataclass(slots=True)
class Live:
    """An order that has not ended: what the platform knows, the latent rest, and the riders who refused it.

    `picked_at` is when it was picked up, in seconds.
    """

    order: Order
    prep_s: float
    cancel_at: float
    expected_s: float
    rider: int = NONE
    ready: bool = False
    refused: frozenset[int] = frozenset()
    trouble: Trouble = Trouble.NONE
    expected: tuple[tuple[int, float, float], ...] = ()
    own: Particulars | None = None
    picked_at: float = 0.0
    bargain: Bargain | None = None


class Bargain(NamedTuple):
    """What was agreed with a merchant when an order was placed.

    Parameters
    ----------
    off, own
        Taken off the basket, and the part of that which the merchant pays, in fen.
    commission, price
        Share of the basket that the platform keeps; the merchant's prices against the usual ones.
    """

    off: int = 0
    own: int = 0
    commission: float = 0.0
    price: float = 1.0


@dataclass(slots=True)
class Particulars:
    """What is latent about an order where a run is out of the ordinary.

    Parameters
    ----------
    task_s, done_at
        Seconds that the rider works for it at the pickup, and when he is done: ``inf`` before he has begun,
        0 when nothing is left to do.
    opinion
        The uniform of the user's rating, -1 where he gives none.
    door_s
        True seconds at the door on top of the usual drop-off.
    collect_s, in_locker
        How long it would lie in a locker (s), -1 where it may not; whether a slot is kept for it.
    stars, members
        Stars given, 0 for none; how many people ordered together.
    """

    task_s: float
    done_at: float
    opinion: float
    door_s: float = 0.0
    collect_s: float = -1.0
    in_locker: bool = False
    stars: int = 0
    members: int = 1


class Stored(NamedTuple):
    """A meal in a locker: whose it is, where, since when and until when (s)."""

    user: int
    place: int
    since: float
    until: float


@dataclass(slots=True)
class Kitchen:
    """A merchant's stations: the queue, and what is on the stove until when (s)."""

    stations: int
    mean_prep_s: float
    queue: deque[int] = field(default_factory=deque)
    stove: dict[int, float] = field(default_factory=dict)


@dataclass(slots=True)
class Fleet:
    """State of every rider, on shift or not.

    Parameters
    ----------
    working, resting
        How many are on shift, and how many of them have nothing to do.
    times
        Planned time of the pickup or drop-off at each stop of the route, in seconds (estimate).
    at, free_at
        Place and time (s) of the end of each rider's route, by the platform's estimate.
    until
        When the present phase ends, in seconds.
    here
        Place where the rider is, or left from.
    shift_s, earned
        Length of the present shift in seconds, and what was earned in it in fen.
    since
        When the present shift began, later by the breaks he has had, in seconds.
    """

    working: int
    resting: int
    on_duty: Bools
    off_at: Floats
    at: Ints
    free_at: Floats
    load: Ints
    capacity: Ints
    idle: Bools
    under_way: Bools
    route: NDArray[np.object_]
    on_board: NDArray[np.object_]
    times: list[list[float]]
    phase: list[Phase]
    until: list[float]
    here: list[int]
    shift_s: Floats
    earned: Ints
    since: list[float]

    @classmethod
    def off_shift(cls, city: City) -> Fleet:
        """A fleet at home."""
        n = len(city.riders.start)
        return cls(
            working=0,
            resting=0,
            on_duty=np.zeros(n, dtype=bool),
            off_at=np.zeros(n),
            at=city.riders.start.astype(np.int64),
            free_at=np.zeros(n),
            load=np.zeros(n, np.int64),
            capacity=city.riders.capacity.astype(np.int64),
            idle=np.zeros(n, dtype=bool),
            under_way=np.zeros(n, dtype=bool),
            route=_objects((), n),
            on_board=_objects(frozenset(), n),
            times=[[]] * n,
            phase=[Phase.IDLE] * n,
            until=[0.0] * n,
            here=city.riders.start.tolist(),
            shift_s=np.zeros(n),
            earned=np.zeros(n, np.int64),
            since=[0.0] * n,
        )


def _objects(value: object, size: int) -> NDArray[np.object_]:
    column = np.empty(size, dtype=object)
    for index in range(size):
        column[index] = value
    return column


@dataclass(slots=True)
class World:
    """State of a run: plain data, no SimPy object.

    Parameters
    ----------
    now
        Time in seconds.
    day, row, first_id
        The day being lived, the next of its Intents, and the id of its first Intent.
    wave, tick_at
        Number of the next wave, and when it is due (``inf`` when none is).
    dice
        The policy's own generator; None before the first morning.
    patience, alarm_at
        Heap of ``(cancel_at, id)`` of orders that were open, and when the next of them is due.
    packing
        When what is packed at an address will be ready (s), by order.
    lockers, stored
        Slots in use or reserved, by place, and what lies in them, by order.
    live
        Orders that have not ended, by id.
    open, assigned
        What the platform knows of the live orders in nobody's route, and of those in somebody's route but
        not on board, by id; oldest first.
    gate, lessons, heard_at
        State of the intake and of the platform's estimates; when it hears the last report of a rider (s), by rider.
    rests, ridden, roads
        Breaks by rider, metres ridden with the present battery by rider, and what riders report of the roads.
    people
        Everybody who lives in the city, where they respond to what happens; None where they do not.
    careers
        Everybody who rides or might, where the platform does more for them than pay by the order; None else.
    market
        Every merchant, where they respond; None where they stay as they are.
    """

    kitchens: list[Kitchen]
    fleet: Fleet
    now: float = 0.0
    day: int = 0
    row: int = 0
    first_id: int = 0
    wave: int = 0
    tick_at: float = float("inf")
    dice: Generator | None = None
    patience: list[tuple[float, int]] = field(default_factory=list)
    alarm_at: float = float("inf")
    packing: dict[int, float] = field(default_factory=dict)
    lockers: dict[int, int] = field(default_factory=dict)
    stored: dict[int, Stored] = field(default_factory=dict)
    live: dict[int, Live] = field(default_factory=dict)
    open: dict[int, Order] = field(default_factory=dict)
    assigned: dict[int, Order] = field(default_factory=dict)
    gate: Gate = field(default_factory=Gate)
    lessons: Lessons = field(default_factory=Lessons)
    heard_at: dict[int, float] = field(default_factory=dict)
    rests: dict[int, Rests] = field(default_factory=dict)
    ridden: dict[int, float] = field(default_factory=dict)
    roads: Roads = field(default_factory=Roads)
    people: People | None = None
    careers: Careers | None = None
    market: Market | None = None

    def order_of(self, number: int) -> Order:
        """What the platform knows of an order that has not ended."""
        return self.live[number].order

    def expect(self, number: int, ready_at: float) -> None:
        """Correct the platform's estimate of when an order will be ready, in seconds."""
        order = self.live[number].order
        if order.ready_at != ready_at:
            self.revise(number, Order._make((*order[:READY_AT], ready_at, *order[READY_AT + 1 :])))

    def revise(self, number: int, order: Order) -> None:
        """Let the platform know better of an order that has not ended."""
        self.live[number].order = order
        for known in (self.open, self.assigned):
            if number in known:
                known[number] = order

    @classmethod
    def morning(cls, city: City) -> World:
        """The state before the first event of a city."""
        stations, means = city.merchants.stations.tolist(), city.merchants.prep_s.tolist()
        kitchens = [Kitchen(s, p) for s, p in zip(stations, means, strict=True)]
        return cls(kitchens, Fleet.off_shift(city))

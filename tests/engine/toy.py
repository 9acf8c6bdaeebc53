"""A hand-made city on a line at 1 m/s: everything that happens in it can be computed by hand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.city.model import City, Day, Intents, Merchants, Places, Riders, Shifts, Users
from sim.city.travel import StraightTravel
from sim.engine.log import Log
from sim.engine.simulate import Outcome, simulate
from sim.entities import Assignment, Stop, StopKind, Wave
from sim.events import ROW, Kind
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY

PICKUP, DROPOFF, REPOSITION = StopKind
FOREVER = 1e9
XS = (0.0, 120.0, 240.0, 360.0, 480.0, 600.0)
"""Where the places are, metres: merchant 0 at place 0, merchant 1 at place 1, users elsewhere."""

Answer = Callable[[Wave], Sequence[Assignment]]
Row = tuple[float, int, int, int, float, float, int]


def want(
    t: float, merchant: int = 0, place: int = 3, prep_s: float = 30, patience_s: float = FOREVER, basket: int = 2000
) -> Row:
    """An Intent: user 7 wishes something at t."""
    return (t, 7, merchant, place, prep_s, patience_s, basket)


@dataclass(frozen=True)
class ScriptedDays:
    """The same Intents and shifts (rider, place, on, off) on every day, or none after the first."""

    wishes: tuple[Row, ...]
    shifts: tuple[tuple[int, int, float, float], ...]
    daily: bool

    def __call__(self, day: int, streams: Streams) -> Day:
        lived = day == 0 or self.daily
        shift = day * DAY
        t, user, merchant, place, prep, patience, basket = (
            np.array(column) for column in zip(*self.wishes, strict=True)
        )
        rows = slice(None) if lived else slice(0)
        columns = t + shift, user, merchant, place, prep.astype(float), patience.astype(float), basket
        rider, where, on, off = (np.array(column) for column in zip(*self.shifts, strict=True))
        working = rider[rows], where[rows], on[rows] + shift * 1.0, off[rows] + shift * 1.0
        return Day(Intents(*(np.asarray(column[rows]) for column in columns)), Shifts(*working))


def toy_city(
    wishes: Sequence[Row],
    shifts: Sequence[tuple[int, int, float, float]] = ((0, 0, 0, DAY),),
    stations: Sequence[int] = (1, 1),
    mean_prep_s: float = 30,
    capacity: int = 4,
    daily: bool = False,
) -> City:
    """Six places on a line, two minutes apart; merchants at the first; shifts as (rider, place, on, off)."""
    assert [wish[0] for wish in wishes] == sorted(wish[0] for wish in wishes), "ids are given by time"
    x, n = np.array(XS), len(stations)
    ones, flat = np.ones(n), np.zeros(len(XS), np.int64)
    merchants = Merchants(
        place=np.arange(n),
        kind=np.zeros(n, np.int64),
        stations=np.array(stations),
        prep_s=mean_prep_s * ones,
        prep_shape=ones,
        opens=0 * ones,
        closes=np.inf * ones,
        popularity=ones,
    )
    fleet = 1 + max((s[0] for s in shifts), default=0)
    return City(
        places=Places(x, np.zeros(len(x)), flat, flat),
        zones=("A1",),
        segments=("all",),
        travel=StraightTravel(x, np.zeros(len(x)), 60.0),
        merchants=merchants,
        users=Users(np.zeros(8, np.int64), np.full(8, 3), np.full(8, 3), np.ones(8)),
        riders=Riders(np.zeros(fleet, np.int64), np.zeros(fleet, np.int64), np.full(fleet, capacity)),
        day=ScriptedDays(tuple(wishes), tuple(shifts), daily),
    )


def toy_scenario(**blocks: Any) -> Scenario:
    """Two minutes of service (60 s before, 60 s after), waves every 30 s, exact ready times, all else default."""
    base: dict[str, dict[str, Any]] = {
        "service": {"pickup_min": 2, "dropoff_min": 2},
        "platform": {"exact_ready": True},
        "dispatch": {"policy": "toy", "every_s": 30},
        "travel": {"metres_per_minute": 60},
    }
    for name, value in blocks.items():
        base[name] = {**base.get(name, {}), **value} if isinstance(value, dict) else value
    return Scenario.model_validate(base)


@dataclass
class Scripted:
    """A policy that answers by the wave's number, and keeps what it saw."""

    answers: Mapping[int, Answer]
    seen: list[Wave]

    def __call__(self, wave: Wave, rng: np.random.Generator) -> Sequence[Assignment]:
        self.seen.append(replace(wave, riders=replace(wave.riders)))  # every column is looked at while the wave lasts
        answer = self.answers.get(wave.index)
        return answer(wave) if answer else []


def scripted(answers: Mapping[int, Answer] | None = None) -> Scripted:
    return Scripted(answers or {}, [])


def pick(order: int, place: int = 0) -> Stop:
    return Stop(PICKUP, order, place)


def drop(order: int, place: int = 3) -> Stop:
    return Stop(DROPOFF, order, place)


def give(rider: int, *stops: Stop) -> Assignment:
    return Assignment(rider, stops)


def always(*assignments: Assignment) -> Answer:
    return lambda wave: list(assignments)


def play(city: City, policy: Any, until: Any = None, **blocks: Any) -> np.ndarray:
    """The log of a toy day."""
    return play_on(city, policy, until, **blocks)[0]


def play_on(city: City, policy: Any, until: Any = None, **blocks: Any) -> tuple[np.ndarray, Outcome]:
    """The log of a toy day, and what the run leaves behind."""
    log = Log()
    outcome = simulate(toy_scenario(**blocks), city, policy, log, until=until)
    return log.events(), outcome


def story(events: np.ndarray, *kinds: Kind, order: int | None = None) -> list[tuple[float, str]]:
    """(t, kind) of the rows of some kinds (all without payments and waves), of one order if given."""
    quiet = (Kind.PAID, Kind.WAVE)
    chosen = np.isin(events["kind"], kinds) if kinds else ~np.isin(events["kind"], quiet)
    if order is not None:
        chosen &= events["order"] == order
    return [(row["t"].item(), Kind(row["kind"]).name) for row in events[chosen]]


def times(events: np.ndarray, kind: Kind) -> list[float]:
    return events["t"][events["kind"] == kind].tolist()


def rows(events: np.ndarray, kind: Kind) -> np.ndarray:
    return events[events["kind"] == kind]


def empty_log() -> np.ndarray:
    return np.empty(0, ROW)

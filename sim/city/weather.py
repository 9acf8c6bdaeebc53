"""The weather of a replication: hour by hour from a chain or a record, and what the forecast says of it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce

import numpy as np

from sim.city.model import HOURS_FORECAST
from sim.city.weather_trace import UNKNOWN, leap_day, read_trace
from sim.entities import Floats, Ints, Weather
from sim.scenario.weather import STATES, ChainPart, ChainWeather, Effects, Forecast, TraceWeather
from sim.streams import Streams

BEYOND = 3
"""Days drawn after the last one: the drain, shifts past midnight and the forecast look into them."""
MANY_DAYS = 1024
"""After so many days the weather of the first one is forgotten."""
LEAP_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Sky:
    """The weather of a replication, from the first hour of its first day on.

    Parameters
    ----------
    weather
        Code of each hour's :class:`~sim.entities.Weather`, shape (hours,).
    forecast
        What is said in each hour of the next six, shape (hours, 6).
    before
        What was said of each hour an hour before, shape (hours,).
    """

    weather: Ints
    forecast: Ints
    before: Ints


@dataclass(frozen=True, slots=True)
class Chain:
    """A Markov chain whose transitions depend on the month and the hour of the day.

    Parameters
    ----------
    part
        Which part holds in each month and hour, shape (12, 24).
    chance
        Chance of each next state after each state in each part, shape (parts, 5, 5).
    weight
        How often each state was counted, as a share; 0 for a state that never comes; shape (5,).
    """

    part: Ints
    chance: Floats
    weight: Floats

    @classmethod
    def of(cls, parts: list[ChainPart]) -> Chain:
        """The chain of a scenario's parts; rows of zeros take the sum over all parts."""
        held = np.zeros((12, 24), np.int64)
        for index, part in enumerate(parts):
            held[np.ix_(np.array(part.months) - 1, np.array(part.hours()))] = index
        counts = np.array([part.counts for part in parts])
        weight = counts.sum(axis=(0, 2))
        pooled = counts.sum(axis=0) + np.diag(weight == 0)  # never entered: its row is of no effect
        counts = np.where(counts.sum(axis=2, keepdims=True) > 0, counts, pooled)
        return cls(held, counts / counts.sum(axis=2, keepdims=True), weight / weight.sum())

    def usual(self) -> Floats:
        """Chance of each state in each month and hour if the month went on for ever, shape (12, 24, 5)."""
        months = []
        for parts in self.part:
            steps = self.chance[parts]
            hours = [self.weight @ np.linalg.matrix_power(reduce(np.matmul, steps), MANY_DAYS)]
            for step in steps[:-1]:
                hours.append(hours[-1] @ step)
            months.append(hours)
        return np.array(months)

    def path(self, month: Ints, clock: Ints, u: Floats) -> Ints:
        """A state for each hour, drawn with the uniforms `u`; the first is what is usual then."""
        ladders = np.cumsum(self.chance, axis=2).tolist()
        parts = self.part[month - 1, clock].tolist()
        state = _pick(np.cumsum(self.usual()[month[0] - 1, clock[0]]).tolist(), u[0])
        states = [state]
        for part, uniform in zip(parts, u[1:].tolist(), strict=False):
            state = _pick(ladders[part][state], uniform)
            states.append(state)
        return np.array(states)


@dataclass(frozen=True, slots=True)
class Record:
    """Recorded weather: codes by day of a leap year and hour, shape (366, 24)."""

    name: str
    calendar: Ints

    @classmethod
    def of(cls, spec: TraceWeather) -> Record:
        """The record of a scenario.

        Raises
        ------
        ValueError
            When the file cannot be read.
        """
        trace = read_trace(spec.file, spec.station)
        return cls(trace.name, trace.calendar(trace.weather(spec.thresholds)))

    def usual(self) -> Floats:
        """Share of each state in each month and hour, shape (12, 24, 5); over the whole record if it has none."""
        month = np.repeat(np.arange(12), LEAP_MONTHS)
        shares = np.zeros((12, 24, len(Weather)))
        for state in Weather:
            np.add.at(shares[..., state], month, self.calendar == state)
        total = shares.sum(axis=2, keepdims=True)
        return np.where(total > 0, shares, shares.sum(axis=(0, 1))) / np.where(total > 0, total, total.sum())

    def path(self, days: list[date], lived: int) -> Ints:
        """A state for each hour of some days; after the `lived` first ones it stays where the record ends.

        Raises
        ------
        ValueError
            When the record does not tell an hour that is lived.
        """
        day = leap_day(np.array([d.month for d in days]), np.array([d.day for d in days]))
        states = self.calendar[day].ravel()
        missing = np.flatnonzero(states[: lived * 24] == UNKNOWN)
        if len(missing):
            which, hour = divmod(int(missing[0]), 24)
            raise ValueError(f"weather.file: {self.name} has no weather for {days[which]:%d %B} {hour:02d}:00")
        last = np.maximum.accumulate(np.where(states == UNKNOWN, 0, np.arange(len(states))))
        return states[last]


@dataclass(frozen=True, slots=True, eq=False)
class Atmosphere:
    """Draws the weather of a replication.

    Parameters
    ----------
    source
        A chain, or a record.
    effects, forecast
        What weather does, and how well it is foretold.
    start
        Date of day 0.
    """

    source: Chain | Record
    effects: Effects
    forecast: Forecast
    start: date

    @classmethod
    def of(cls, spec: ChainWeather | TraceWeather, start: date) -> Atmosphere:
        """The atmosphere of a scenario."""
        source = Chain.of(list(spec.parts.values())) if isinstance(spec, ChainWeather) else Record.of(spec)
        return cls(source, spec.effects, spec.forecast, start)

    def sky(self, lived: int, streams: Streams) -> Sky:
        """Weather and forecasts of the `lived` first days and what follows them; more days change none of these."""
        days = lived + BEYOND
        dates = [self.start + timedelta(days=day) for day in range(days + 1)]
        month, clock = np.repeat([d.month for d in dates], 24), np.tile(np.arange(24), len(dates))
        u = streams.generator("weather.path").random(len(month))
        source = self.source
        truth = source.path(month, clock, u) if isinstance(source, Chain) else source.path(dates, lived)
        hit, guess = streams.generator("weather.forecast").random((len(month), 2)).T
        guessed = _columns(np.cumsum(source.usual()[month - 1, clock], axis=1), guess)
        said = [np.where(hit < self.trust(lead), truth, guessed) for lead in range(1, HOURS_FORECAST + 1)]
        ahead = np.arange(days * 24)[:, None] + np.arange(1, HOURS_FORECAST + 1)
        forecast = np.array(said)[np.arange(HOURS_FORECAST), ahead]
        return Sky(truth[: days * 24], forecast, said[0][: days * 24])

    def trust(self, lead: int) -> float:
        """Chance that the forecast `lead` hours ahead is the truth and no guess."""
        return self.forecast.skill * self.forecast.decay ** (lead - 1)

    def factors(self, effect: str) -> Floats:
        """The factor of each state: on demand, travel, turnout or service; shape (5,)."""
        table = getattr(self.effects, effect)
        return np.array([getattr(table, state) for state in STATES])


def _pick(ladder: list[float], u: float) -> int:
    return min(bisect_right(ladder, u), len(ladder) - 1)


def _columns(ladders: Floats, u: Floats) -> Ints:
    return np.minimum((ladders <= u[:, None]).sum(axis=1), ladders.shape[1] - 1)

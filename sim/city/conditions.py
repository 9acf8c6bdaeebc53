"""The conditions of each day: weather, congestion and disruptions, piece by piece."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.city.datebook import Datebook
from sim.city.disruptions import Disruptions
from sim.city.model import HOURS_FORECAST, Conditions
from sim.city.weather import Atmosphere, Sky
from sim.entities import Bools, Floats, Ints, Weather
from sim.scenario.errors import ScenarioError
from sim.scenario.schema import Calendar, Scenario
from sim.scenario.weather import Congestion, NoWeather
from sim.streams import Streams
from sim.units import DAY, HOUR, MINUTE

SECTIONS = ("weather", "congestion", "disruptions", "kinds", "doors", "lockers", "care", "ratings", "market")


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What no one in the city decides; without weather, congestion and disruptions it has no effect.

    Parameters
    ----------
    atmosphere
        Draws the weather; None when it is off.
    congestion, book
        Multipliers of travel times, and which days are weekends.
    disruptions
        What goes wrong.
    calendar
        How many days are lived, and the drain after them.
    """

    atmosphere: Atmosphere | None
    congestion: Congestion
    book: Datebook
    disruptions: Disruptions
    calendar: Calendar

    @classmethod
    def of(cls, scenario: Scenario, disruptions: Disruptions) -> Surroundings:
        """The surroundings of a scenario.

        Raises
        ------
        ValueError
            When a weather record cannot be read or does not cover the run, or a name is unknown.
        """
        disruptions.check()
        weather, calendar = scenario.weather, scenario.calendar
        atmosphere = None if isinstance(weather, NoWeather) else Atmosphere.of(weather, calendar.start)
        book = Datebook(calendar.start, scenario.demand.holidays)
        made = cls(atmosphere, scenario.congestion, book, disruptions, calendar)
        made.sky(0, Streams(scenario.seed))
        return made

    def sky(self, day: int, streams: Streams) -> Sky | None:
        """Weather from day 0 to some days after `day`; None when it is off."""
        if self.atmosphere is None:
            return None
        return _sky(self.atmosphere, max(self.calendar.days, day + 1), streams)

    def conditions(self, day: int, streams: Streams) -> Conditions:
        """What holds in each piece of a day, and for the last day of the drain."""
        begin, end = self._span(day)
        t = self._edges(begin, end)
        if len(t) == 1 and not self._hourly() and not len(self.disruptions.specs):
            return Conditions.calm(begin)
        hour = (t // HOUR).astype(np.int64)
        jam, storm = self._congestion(t), np.array([self.disruptions.travel(time) for time in t.tolist()])
        sky = self.sky(day, streams)
        return Conditions(
            t=t,
            weather=sky.weather[hour] if sky else np.zeros(len(t), np.int64),
            forecast=sky.forecast[hour] if sky else np.zeros((len(t), HOURS_FORECAST), np.int64),
            pace=jam * storm * (self._factor("travel")[sky.weather[hour]] if sky else 1.0),
            expected_pace=jam * (self._factor("travel")[sky.before[hour]] if sky else 1.0),
            service=self._factor("service")[sky.weather[hour]] if sky else np.ones(len(t)),
            travel=np.array([self.disruptions.roads(time) for time in t.tolist()], np.int64),
            outage=np.array([self.disruptions.outage(time) for time in t.tolist()], np.bool_),
            closed=tuple(self.disruptions.closed(time, streams) for time in t.tolist()),
            notices=self.disruptions.notices(begin, end),
        )

    def boost(self, day: int, streams: Streams) -> Floats | None:
        """Factor on the rate of each hour of a day, shape (24,); None when nothing moves demand."""
        sky, factor = self.sky(day, streams), self.disruptions.demand(day)
        if sky:
            factor = factor * self._factor("demand")[sky.weather[day * 24 : day * 24 + 24]]
        return None if (factor == 1).all() else factor

    def turnout(self, day: int, start: Floats, streams: Streams) -> Floats:
        """Factor on the chance that a rider comes whose shift of a day starts at `start` (s of the run)."""
        sky, factor = self.sky(day, streams), self.disruptions.turnout(start)
        return factor * self._factor("turnout")[sky.weather[(start // HOUR).astype(np.int64)]] if sky else factor

    def harsh_ahead(self, day: int, start: Floats, streams: Streams) -> Bools:
        """Whether anything but dry weather was forecast, an hour before, for the hour of each time (s) on a day."""
        sky = self.sky(day, streams)
        if sky is None:
            return np.zeros(len(start), np.bool_)
        return np.asarray(sky.before[(start // HOUR).astype(np.int64)] != Weather.DRY)

    def away(self, rider: Ints, on: Floats, off: Floats, streams: Streams) -> Bools:
        """Whether each rider with a shift from `on` to `off` (s) stays away."""
        return self.disruptions.away(rider, on, off, streams)

    def _span(self, day: int) -> tuple[float, float]:
        drain = self.calendar.drain_min * MINUTE if day >= self.calendar.days - 1 else 0
        return day * DAY, (day + 1) * DAY + drain

    def _edges(self, begin: float, end: float) -> Floats:
        hours = np.arange(begin, end, HOUR) if self._hourly() else np.array([begin])
        edges = self.disruptions.edges()
        return np.union1d(hours, edges[(edges > begin) & (edges < end)])

    def _hourly(self) -> bool:
        curves = (*self.congestion.weekday, *self.congestion.weekend)
        return self.atmosphere is not None or any(factor != 1 for factor in curves)

    def _congestion(self, t: Floats) -> Floats:
        curves = np.array([self.congestion.weekday, self.congestion.weekend])
        weekend = np.array([self.book.weekend(day) for day in (t // DAY).astype(np.int64).tolist()], np.int64)
        return curves[weekend, (t % DAY // HOUR).astype(np.int64)]

    def _factor(self, effect: str) -> Floats:
        return self.atmosphere.factors(effect) if self.atmosphere else np.ones(1)


def refuse_surroundings(scenario: Scenario) -> None:
    """See that a benchmark has no weather, congestion and disruptions.

    Raises
    ------
    ScenarioError
        One line for each section that is not at its default.
    """
    default = Scenario()
    changed = [name for name in SECTIONS if getattr(scenario, name) != getattr(default, name)]
    if changed:
        raise ScenarioError(*(f"{name}: a benchmark city has none; leave this section out" for name in changed))


@lru_cache(maxsize=4)
def _sky(atmosphere: Atmosphere, lived: int, streams: Streams) -> Sky:
    return atmosphere.sky(lived, streams)

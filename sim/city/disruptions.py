"""Disruptions of a city: which hold when, and whom they hit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from sim.city.model import Merchants, Notice, Places, Riders
from sim.entities import Bools, Floats, Ints
from sim.events import Disrupted
from sim.scenario.disruptions import Disruption, MerchantClosed, Outage, RidersAbsent, RoadClosed, Storm, Window
from sim.scenario.errors import ScenarioError
from sim.spelling import did_you_mean
from sim.streams import Streams
from sim.units import DAY, HOUR, moment


@dataclass(frozen=True, slots=True)
class Disruptions:
    """The disruptions of a scenario in its city, numbered as they are listed, from 0.

    Parameters
    ----------
    specs
        What the scenario says.
    kinds
        Names of the classes of merchants.
    zones
        Name of each zone.
    """

    specs: tuple[Disruption, ...]
    kinds: tuple[str, ...]
    zones: tuple[str, ...]
    places: Places
    merchants: Merchants
    riders: Riders

    def check(self) -> None:
        """See that every name is one of this city.

        Raises
        ------
        ScenarioError
            One line for each unknown zone or class.
        """
        problems = []
        for number, spec in enumerate(self.specs):
            for key, known in (("zone", self.zones), ("merchant_class", self.kinds)):
                name = getattr(spec, key, "")
                if name and name not in known:
                    problems.append(f"disruptions.{number}.{key}: no {name!r} in this city{did_you_mean(name, known)}")
        if problems:
            raise ScenarioError(*problems)

    def edges(self) -> Floats:
        """Times in seconds at which conditions may change; who is absent is no condition."""
        spans = [span(spec) for spec in self.specs if not isinstance(spec, RidersAbsent)]
        return np.unique(np.array(spans))

    def notices(self, begin: float, end: float) -> tuple[Notice, ...]:
        """Beginnings and ends of all of them from `begin` on and before `end` (s), in order of time."""
        told = [(span(spec), Disrupted[spec.kind.upper()]) for spec in self.specs]
        edges = [Notice(at, kind, at == times[0]) for times, kind in told for at in times if begin <= at < end]
        return tuple(sorted(edges))

    def travel(self, time: float) -> float:
        """Factor of the storms on travel times, at a time in seconds."""
        return prod((spec.travel for _, spec in self._during(time) if isinstance(spec, Storm)), start=1.0)

    def outage(self, time: float) -> bool:
        """Whether the platform decides nothing at a time in seconds."""
        return any(isinstance(spec, Outage) for _, spec in self._during(time))

    def roads(self, time: float) -> int:
        """Index into :attr:`~sim.city.model.City.travels` at a time in seconds."""
        sets = [frozenset[int](), *road_sets(self.specs)]
        return sets.index(_closed_roads(self.specs, time))

    def closed(self, time: float, streams: Streams) -> frozenset[int]:
        """Merchants that are closed by surprise at a time in seconds."""
        shut: set[int] = set()
        for number, spec in self._during(time):
            if isinstance(spec, MerchantClosed):
                shut.update(np.flatnonzero(self._hit(number, spec, streams)).tolist())
        return frozenset(shut)

    def demand(self, day: int) -> Floats:
        """Factor of the storms on the rate of each hour of a day, shape (24,): its mean over the hour."""
        begin = day * DAY + np.arange(24) * HOUR
        factor = np.ones(24)
        for spec in self.specs:
            if isinstance(spec, Storm):
                first, last = span(spec)
                share = np.clip(np.minimum(begin + HOUR, last) - np.maximum(begin, first), 0, None) / HOUR
                factor *= 1 + (spec.demand - 1) * share
        return factor

    def turnout(self, on: Floats) -> Floats:
        """Factor of the storms on the chance that a rider comes whose shift starts at `on` (s)."""
        factor = np.ones(len(on))
        for spec in self.specs:
            if isinstance(spec, Storm):
                first, last = span(spec)
                factor[(first <= on) & (on < last)] *= spec.turnout
        return factor

    def away(self, rider: Ints, on: Floats, off: Floats, streams: Streams) -> Bools:
        """Whether each rider with a shift from `on` to `off` (s) stays away."""
        away = np.zeros(len(rider), np.bool_)
        for number, spec in enumerate(self.specs):
            if isinstance(spec, RidersAbsent):
                first, last = span(spec)
                u = streams.generator("disruption.riders", number).random(len(self.riders.start))
                chosen = (u < spec.share) & self._inside(spec.zone, self.riders.start)
                away |= chosen[rider] & (on < last) & (off > first)
        return away

    def _hit(self, number: int, spec: MerchantClosed, streams: Streams) -> Bools:
        u = streams.generator("disruption.merchants", number).random(len(self.merchants.place))
        kind = self.kinds.index(spec.merchant_class) if spec.merchant_class else self.merchants.kind
        return (u < spec.share) & (self.merchants.kind == kind) & self._inside(spec.zone, self.merchants.place)

    def _inside(self, zone: str, places: Ints) -> Bools:
        return self.places.zone[places] == self.zones.index(zone) if zone else np.ones(len(places), np.bool_)

    def _during(self, time: float) -> Iterator[tuple[int, Disruption]]:
        return ((number, spec) for number, spec in enumerate(self.specs) if _holds(spec, time))


def span(spec: Window) -> tuple[float, float]:
    """Begin and end of a disruption in seconds of the run."""
    return moment(spec.start), moment(spec.end)


def road_sets(specs: Sequence[Disruption]) -> list[frozenset[int]]:
    """Numbers of the disruptions that close roads at once: each such set, in order of time."""
    begins = sorted({edge for spec in specs if isinstance(spec, RoadClosed) for edge in span(spec)})
    return list(dict.fromkeys(closed for time in begins if (closed := _closed_roads(specs, time))))


def _closed_roads(specs: Sequence[Disruption], time: float) -> frozenset[int]:
    return frozenset(number for number, spec in enumerate(specs) if isinstance(spec, RoadClosed) and _holds(spec, time))


def _holds(spec: Window, time: float) -> bool:
    begin, end = span(spec)
    return begin <= time < end

"""The weather chain of a place, counted from its hourly record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from sim.city.weather import Chain
from sim.city.weather_trace import UNKNOWN, Trace
from sim.entities import Bools, Floats, Ints
from sim.scenario.weather import FALLING, RISING, STATES, ChainPart, Thresholds
from sim.streams import Streams

Months = Mapping[str, tuple[int, ...]]
Spans = Mapping[str, tuple[int, int]]
SEASONS: Months = {"dec_feb": (12, 1, 2), "mar_may": (3, 4, 5), "jun_aug": (6, 7, 8), "sep_nov": (9, 10, 11)}
MONTHS: Months = {
    "jan": (1,), "feb": (2,), "mar": (3,), "apr": (4,), "may": (5,), "jun": (6,),
    "jul": (7,), "aug": (8,), "sep": (9,), "oct": (10,), "nov": (11,), "dec": (12,),
}  # fmt: skip
YEAR: Months = {"year": tuple(range(1, 13))}
WHOLE: Spans = {"": (0, 23)}
HALVES: Spans = {"warming": RISING, "cooling": FALLING}
DIVISIONS: dict[str, tuple[Months, Spans]] = {
    "year": (YEAR, WHOLE),
    "year, halves of the day": (YEAR, HALVES),
    "seasons": (SEASONS, WHOLE),
    "seasons, halves of the day": (SEASONS, HALVES),
    "months": (MONTHS, WHOLE),
    "months, halves of the day": (MONTHS, HALVES),
}
"""Ways to cut the year and the day into parts with transitions of their own, the coarsest first."""
REPEATS = 20
"""Paths over the record's hours from which the chain's long spells are read."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A division, how many chances it leaves free, and Akaike's criterion (less is better)."""

    division: str
    free: int
    aic: float


@dataclass(frozen=True, slots=True)
class Check:
    """A state in the record and in the chain, each as a pair (record, chain).

    Parameters
    ----------
    share
        Share of the hours.
    mean_h, long_h
        Mean length of a spell and the length that one spell in ten exceeds, in hours; NaN without a spell.
    """

    state: str
    share: tuple[float, float]
    mean_h: tuple[float, float]
    long_h: tuple[float, float]


@dataclass(frozen=True, slots=True)
class WeatherFit:
    """A chain counted from a record.

    Parameters
    ----------
    source
        Name of the record, and its first and last month.
    limits
        What counted as which weather.
    hours, transitions
        Hours of known weather, and how many are followed by another.
    division, parts
        The division with the least criterion, and its counts.
    candidates
        What it was chosen from.
    checks
        The chain beside its record.
    """

    source: str
    limits: Thresholds
    hours: int
    transitions: int
    division: str
    parts: dict[str, ChainPart]
    candidates: tuple[Candidate, ...]
    checks: tuple[Check, ...]


def fit_weather(trace: Trace, limits: Thresholds | None = None) -> WeatherFit:
    """Count the transitions of a record under the division of least AIC.

    Parameters
    ----------
    trace
        The record.
    limits
        What counts as which weather; the schema's defaults when None.

    Raises
    ------
    ValueError
        When the record has no two known hours in a row.
    """
    limits = limits or Thresholds()
    weather = trace.weather(limits)
    pairs = _followed(trace, weather)
    if not pairs.any():
        raise ValueError(f"{trace.name}: no two hours in a row with known weather")
    counted = {name: _parts(trace, weather, pairs, *cut) for name, cut in DIVISIONS.items()}
    candidates = tuple(_candidate(name, list(parts.values())) for name, parts in counted.items())
    best = min(candidates, key=lambda candidate: candidate.aic).division
    return WeatherFit(
        source=trace.name,
        limits=limits,
        hours=int((weather != UNKNOWN).sum()),
        transitions=int(pairs.sum()),
        division=best,
        parts=counted[best],
        candidates=candidates,
        checks=_checks(trace, weather, pairs, Chain.of(list(counted[best].values()))),
    )


def _followed(trace: Trace, weather: Ints) -> Bools:
    """Whether each hour and the next one are known; a state that is never left is not entered."""
    known = (np.diff(trace.hour) == 1) & (weather[:-1] != UNKNOWN) & (weather[1:] != UNKNOWN)
    pairs = np.append(known, False)
    following = np.append(weather[1:], UNKNOWN)
    while len(dead := np.setdiff1d(following[pairs], weather[pairs])):
        pairs &= ~np.isin(following, dead)
    return pairs


def _parts(trace: Trace, weather: Ints, pairs: Bools, months: Months, spans: Spans) -> dict[str, ChainPart]:
    return {
        "_".join(filter(None, names)): _part(trace, weather, pairs, months[names[0]], spans[names[1]])
        for names in product(months, spans)
    }


def _part(trace: Trace, weather: Ints, pairs: Bools, months: Sequence[int], span: tuple[int, int]) -> ChainPart:
    part = ChainPart(months=list(months), first_hour=span[0], last_hour=span[1], counts=_table(np.zeros((5, 5))))
    here = np.flatnonzero(pairs & np.isin(trace.month, part.months) & np.isin(trace.clock, part.hours()))
    counts = np.zeros((len(STATES), len(STATES)))
    np.add.at(counts, (weather[here], weather[here + 1]), 1)
    return part.model_copy(update={"counts": _table(counts)})


def _table(counts: Floats) -> list[list[float]]:
    rows: list[list[float]] = counts.tolist()
    return rows


def _candidate(name: str, parts: list[ChainPart]) -> Candidate:
    """Akaike's criterion; a transition that the whole record never shows is no free chance."""
    counts = np.array([part.counts for part in parts])
    chance = Chain.of(parts).chance
    shown = counts > 0
    choices = np.maximum((counts.sum(axis=0) > 0).sum(axis=1) - 1, 0)
    free = int(((counts.sum(axis=2) > 0) * choices).sum())
    likelihood = float((counts[shown] * np.log(chance[shown])).sum())
    return Candidate(name, free, 2 * free - 2 * likelihood)


def _checks(trace: Trace, weather: Ints, pairs: Bools, chain: Chain) -> tuple[Check, ...]:
    usual = chain.usual()[trace.month - 1, trace.clock][pairs]
    leaves = 1 - np.diagonal(chain.chance, axis1=1, axis2=2)[chain.part[trace.month - 1, trace.clock][pairs]]
    before, changes = weather[pairs], weather[pairs] != weather[np.flatnonzero(pairs) + 1]
    paths = [_path(chain, trace, repeat) for repeat in range(REPEATS)]
    long = [_long_spells([weather], pairs), _long_spells(paths, pairs)]
    checks = []
    for state, name in enumerate(STATES):
        here, there = before == state, usual[:, state]
        exits = int(changes[here].sum()), float((there * leaves[:, state]).sum())
        checks.append(Check(
            state=name,
            share=(float(here.mean()), float(there.mean())),
            mean_h=(_ratio(float(here.sum()), exits[0]), _ratio(float(there.sum()), exits[1])),
            long_h=(long[0][state], long[1][state]),
        ))  # fmt: skip
    return tuple(checks)


def _ratio(hours: float, exits: float) -> float:
    return hours / exits if exits > 0 else float("nan")


def _path(chain: Chain, trace: Trace, repeat: int) -> Ints:
    u = Streams(0, repeat).generator("weather.path").random(len(trace.hour))
    return chain.path(trace.month, trace.clock, u)


def _long_spells(paths: list[Ints], pairs: Bools) -> list[float]:
    """For each state the length in hours that one spell in ten exceeds; NaN without a spell."""
    lengths: list[list[int]] = [[] for _ in STATES]
    for path in paths:
        ends = ~pairs | np.append(path[1:] != path[:-1], True)
        last = np.flatnonzero(ends)
        for state, length in zip(path[last].tolist(), np.diff(last, prepend=-1).tolist(), strict=True):
            if state != UNKNOWN:
                lengths[state].append(length)
    return [float(np.quantile(spells, 0.9)) if spells else float("nan") for spells in lengths]

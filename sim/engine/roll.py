"""The roll: who is called to work today, and every night who has earned what, who quits and who comes."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import fields
from datetime import timedelta
from typing import Any

import numpy as np
from simpy import Event

from sim.behaviour.careers import hire_chance, learnt, quit_chance, work_chance
from sim.city.model import Shifts
from sim.engine.answers import fault_of_grants
from sim.engine.careers import Careers, Hiring
from sim.engine.consult import consult
from sim.engine.pay import count_hours
from sim.engine.run import Run
from sim.entities import Bools, Crew, CrewGrants, CrewNight, Floats, Ints
from sim.entities.arrays import locked
from sim.events import Kind, Purpose
from sim.units import DAY, HOUR

LEAST_H = 0.25
"""Hours of work in a day, or of those for which a bonus is paid, that say nothing about the pay of an hour."""
WINDOWS = ("earned", "worked_s", "delivered", "late", "refused", "stars", "rated")


def called(run: Run, shifts: Shifts) -> Shifts:
    """The shifts of those who work today, of all who could."""
    careers = run.world.careers
    if careers is None or shifts.will is None:
        return shifts
    comes = careers.crew.employed[shifts.rider] & (shifts.will < careers.chance[shifts.rider])
    columns = {column.name: getattr(shifts, column.name) for column in fields(Shifts)}
    kept: dict[str, Any] = {n: c if c is None else c[comes] for n, c in columns.items()}
    return Shifts(**kept)


def roll_calls(run: Run) -> Generator[Event, None, None]:
    """Live every night, from the eve of the first day to the night after the last."""
    careers = run.world.careers
    assert careers is not None
    while careers.nights <= run.terms.days:
        yield run.env.timeout(max(careers.nights * DAY - run.env.now, 0.0))
        _live(run, careers)


def _live(run: Run, careers: Careers) -> None:
    hiring, crew = run.hiring, careers.crew
    assert hiring is not None
    careers.honour *= np.exp(-1 / hiring.honour_days)
    careers.care[:], careers.paid = 0, 0
    for rider in np.flatnonzero(run.world.fleet.on_duty).tolist():
        count_hours(run, careers, rider)
    by_work = crew.earned[0] / 100
    night = _seen(careers, hiring)
    for index, (name, rule) in enumerate(hiring.crew_rules):
        rng = run.streams.generator("policy.crew", careers.nights, index)
        grants = consult(run, name, lambda seen: rule(seen, rng), night, lambda a: _fits(a, len(crew)), by_day=True)  # noqa: B023
        _grant(run, careers, grants)
    if hiring.labour is not None:
        _respond(run, careers, hiring, by_work)
    careers.bonuses[:-1] = careers.bonuses[1:].copy()
    careers.bonuses[-1] = 0
    for name in WINDOWS:
        window = getattr(crew, name)
        window[1:] = window[:-1].copy()
        window[0] = 0
    careers.nights += 1


def _seen(careers: Careers, hiring: Hiring) -> CrewNight:
    day = careers.nights - 1
    today = hiring.start + timedelta(days=day)
    return CrewNight(day, today, today + timedelta(days=1), locked(careers.crew))


def _fits(answer: object, riders: int) -> bool | str:
    return fault_of_grants(answer, riders) or True


def _grant(run: Run, careers: Careers, given: CrewGrants) -> None:
    crew, employed = careers.crew, careers.crew.employed
    for amounts, purpose in ((given.bonus, Purpose.BONUS), (given.cost, Purpose.CREW_COST)):
        if amounts is not None:
            _pay(run, np.where(employed, amounts, 0), purpose)
    if given.bonus is not None:
        _earn(careers, np.where(employed, given.bonus, 0), given.bonus_days)
    if given.level is not None:
        _promote(run, crew, np.where(employed, given.level, 0))
    if given.honoured is not None:
        careers.honour[given.honoured & employed] = 1.0
    if given.training_s is not None:
        np.maximum(careers.training_s, np.where(employed, given.training_s, 0.0), out=careers.training_s)
    if given.care is not None:
        careers.care += given.care  # whoever might come counts on it too


def _earn(careers: Careers, bonus: Ints, days: int) -> None:
    """Count a bonus in fen for some days; what it was for an hour of them counts on as many days from today on."""
    crew = careers.crew
    hours = crew.within(days, crew.worked_s) / HOUR
    crew.earned[0] += bonus.astype(crew.earned.dtype)
    careers.bonuses[:days] += np.where(hours > LEAST_H, bonus / 100 / np.maximum(hours, LEAST_H), 0.0)


def _pay(run: Run, amounts: Ints, purpose: Purpose) -> None:
    for rider in np.flatnonzero(amounts).tolist():
        run.log.record(run.env.now, Kind.PAID, rider=rider, amount=int(amounts[rider]), detail=purpose)


def _promote(run: Run, crew: Crew, level: Ints) -> None:
    for rider in np.flatnonzero(level != crew.level).tolist():
        before, after = crew.level.item(rider), int(level[rider])
        run.log.record(run.env.now, Kind.LEVEL, rider=rider, amount=after, detail=before)
    crew.level = level.astype(np.int64)


def _respond(run: Run, careers: Careers, hiring: Hiring, by_work: Floats) -> None:
    """Riders learn what is earned, some quit, some come, and all decide how much they work.

    `by_work` is what each has earned today without bonuses, in yuan.
    """
    crew, labour = careers.crew, hiring.labour
    assert labour is not None
    own, market = _hourly(careers, by_work)
    careers.expected = learnt(labour, careers.expected, own, market)
    worth = careers.expected + careers.care
    if careers.nights:
        _turn_over(run, careers, hiring, worth)
    careers.chance = work_chance(labour, hiring.attendance, worth, careers.both)
    run.log.record(run.env.now, Kind.FLEET, amount=_fen(market), detail=int(crew.employed.sum()))


def _hourly(careers: Careers, by_work: Floats) -> tuple[Floats, float]:
    """Yuan an hour of each who worked today (NaN: did not), and of all of them together.

    A bonus counts with what it brought for each hour of the days for which it was paid, and on as many days: paid at
    the end of a week it is no pay of that day alone, and paid every day it is pay of that day and of no other.
    """
    hours = careers.crew.worked_s[0] / HOUR
    earned = by_work + careers.bonuses[0] * hours
    of = hours > LEAST_H
    own = np.full(len(hours), np.nan)
    own[of] = earned[of] / hours[of]
    return own, float(earned[of].sum() / hours[of].sum()) if of.any() else float("nan")


def _fen(yuan: float) -> int:
    return 0 if np.isnan(yuan) else round(yuan * 100)


def _turn_over(run: Run, careers: Careers, hiring: Hiring, worth: Floats) -> None:
    crew, labour, night, riders = careers.crew, hiring.labour, np.array([careers.nights]), np.arange(len(careers.crew))
    assert labour is not None
    late = crew.within(28, crew.late) / np.maximum(crew.within(28, crew.delivered), 1)
    hours = crew.within(7, crew.worked_s) / HOUR
    quits = quit_chance(labour, worth, careers.reservation, late, hours, careers.honour)
    gone = crew.employed & (run.streams.uniforms("rider.quits", night, riders) < quits)
    comes = hire_chance(labour, worth, careers.reservation)
    new = ~crew.employed & (run.streams.uniforms("rider.comes", night, riders) < comes)
    _note(run, Kind.QUIT, gone, careers.nights - crew.hired)
    _note(run, Kind.HIRED, new, np.zeros(len(crew), np.int64))
    crew.employed = (crew.employed & ~gone) | new
    crew.hired[new], crew.level[gone] = careers.nights, 0


def _note(run: Run, kind: Kind, who: Bools, amounts: Ints) -> None:
    for rider in np.flatnonzero(who).tolist():
        run.log.record(run.env.now, kind, rider=rider, amount=int(amounts[rider]))

"""Who works longer, or comes in, because extra pay is on offer where he is."""

from __future__ import annotations

from math import inf

import numpy as np

from sim.behaviour.careers import moved_chance
from sim.engine.breaks import on_break
from sim.engine.careers import Careers, Hiring
from sim.engine.rider import begin_later, end_later
from sim.engine.roll import called
from sim.engine.run import Run
from sim.entities import Bools, Floats, Ints
from sim.events import Kind
from sim.units import HOUR, MINUTE

STAY_S = 30 * MINUTE
SESSION_S = HOUR


def respond(run: Run, hiring: Hiring, careers: Careers, surcharge: Ints) -> None:
    """Riders hear of extra pay by zone, in fen: some of those who would go home stay, some who are at home come."""
    labour = hiring.labour
    if labour is not None and surcharge.any() and run.env.now < run.terms.horizon_s:
        leaving, home = _leaving(run, hiring), _at_home(run, hiring, careers)
        paid = surcharge[run.city.places.zone] / 100
        _stay(run, _moved(run, "rider.stays", leaving, labour.stays_per_yuan, paid[run.world.fleet.at[leaving]]))
        _come(run, _moved(run, "rider.called", home, labour.comes_per_yuan, paid[run.city.riders.start[home]]))


def _leaving(run: Run, hiring: Hiring) -> Ints:
    """Riders whose shift ends before the next decision, and may be longer."""
    fleet, now = run.world.fleet, run.env.now
    ends = (fleet.off_at > now) & (fleet.off_at <= now + hiring.every_s) & (fleet.off_at < inf)
    return np.flatnonzero(fleet.on_duty & ends & (fleet.shift_s + STAY_S <= hiring.cap_s))


def _at_home(run: Run, hiring: Hiring, careers: Careers) -> Ints:
    """Riders who do not work now, have not stayed away, and have no shift before a session would be over."""
    now, today, crew = run.env.now, run.today, careers.crew
    shifts = called(run, today.shifts)
    free: Bools = crew.employed & ~run.world.fleet.on_duty & (crew.worked_s[0] + SESSION_S <= hiring.cap_s)
    free[shifts.rider[(shifts.on == inf) | ((shifts.on > now) & (shifts.on <= now + SESSION_S))]] = False
    free[on_break(run.world)] = False
    if today.away is not None:
        free &= ~today.away
    return np.flatnonzero(free)


def _moved(run: Run, stream: str, riders: Ints, per_yuan: float, yuan: Floats) -> list[int]:
    """Who of the riders is moved by a surcharge."""
    draws = run.streams.uniforms(stream, riders, np.array([int(run.env.now)]))
    moved: list[int] = riders[draws < moved_chance(per_yuan, yuan)].tolist()
    return moved


def _stay(run: Run, riders: list[int]) -> None:
    fleet = run.world.fleet
    for rider in riders:
        fleet.off_at[rider] += STAY_S
        fleet.shift_s[rider] += STAY_S
        end_later(run, rider)
        run.log.record(run.env.now, Kind.STAYED, rider=rider, place=fleet.at.item(rider), amount=round(STAY_S))


def _come(run: Run, riders: list[int]) -> None:
    now, start = run.env.now, run.city.riders.start
    for rider in riders:
        begin_later(run, rider, start.item(rider), now, now + SESSION_S)

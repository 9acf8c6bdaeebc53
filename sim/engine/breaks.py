"""Breaks: who has worked long enough rests as soon as he has no route, and is out of the platform's reach."""

from __future__ import annotations

from math import inf
from typing import Any

from sim.city.model import Shifts
from sim.engine.labour import Rests
from sim.engine.run import Run
from sim.engine.world import IDLE, PAUSED, World
from sim.events import Kind


def roster(run: Run, shifts: Shifts, since: float) -> None:
    """Expect riders where some may be late or not come, and plan the breaks of those who do.

    Parameters
    ----------
    shifts
        Those of one day.
    since
        What was due before this time in seconds has been done.
    """
    for row, on in enumerate(shifts.on.tolist()):
        rider = shifts.rider.item(row)
        if shifts.due is not None and shifts.due[row] >= since:
            run.later(shifts.due.item(row), _expect, rider, shifts.place.item(row), shifts.off.item(row))
        if shifts.break_after_s is not None and shifts.break_s is not None and since <= on < inf:
            run.later(on, _plan, rider, shifts.break_after_s.item(row), shifts.break_s.item(row))


def _expect(event: Any) -> None:
    run, rider, place, off = event.value
    planned_s = round(off - run.env.now)
    run.log.record(run.env.now, Kind.ROSTERED, rider=rider, place=place, amount=planned_s)


def _plan(event: Any) -> None:
    run, rider, after_s, length_s = event.value
    run.world.rests[rider] = Rests(after_s, length_s, run.env.now + after_s)
    _remind(run, rider)


def remind(run: Run) -> None:
    """Start from the World again: every break that will be due."""
    for rider, rests in run.world.rests.items():
        if rests.due_at >= run.env.now:
            _remind(run, rider)


def _remind(run: Run, rider: int) -> None:
    due_at = run.world.rests[rider].due_at
    if due_at < run.terms.horizon_s + run.terms.drain_s:
        run.later(due_at, _due, rider, due_at)


def _due(event: Any) -> None:
    run, rider, due_at = event.value
    fleet = run.world.fleet
    if run.world.rests[rider].due_at == due_at and fleet.idle[rider] and may_pause(run, rider):
        fleet.idle[rider] = False
        fleet.resting -= 1
        pause(run, rider)
        run.wake(rider, run.env.now)


def may_pause(run: Run, rider: int, walk_s: float = 0.0) -> bool:
    """Whether a break is due that ends before the shift does, after a walk of some seconds."""
    rests, now = run.world.rests.get(rider), run.env.now
    return rests is not None and rests.due_at <= now and now + walk_s + rests.length_s < run.world.fleet.off_at[rider]


def pause(run: Run, rider: int, walk_s: float = 0.0) -> None:
    """Begin the break of a rider who has nothing to do but walk back: for the platform he is not there."""
    fleet, rests, now = run.world.fleet, run.world.rests[rider], run.env.now
    run.log.record(now, Kind.BREAK, rider=rider, place=fleet.here[rider], amount=round(rests.length_s))
    fleet.phase[rider], fleet.until[rider] = PAUSED, now + walk_s + rests.length_s
    fleet.on_duty[rider] = False
    fleet.working -= 1
    rests.due_at = fleet.until[rider] + rests.after_s


def resume(run: Run, rider: int) -> None:
    """The break is over."""
    fleet = run.world.fleet
    fleet.phase[rider], fleet.on_duty[rider] = IDLE, True
    fleet.working += 1
    fleet.since[rider] += run.world.rests[rider].length_s
    _remind(run, rider)


def on_break(world: World) -> list[int]:
    """Riders who are having a break."""
    return [rider for rider in world.rests if world.fleet.phase[rider] is PAUSED]

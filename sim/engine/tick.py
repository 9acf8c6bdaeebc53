"""The wave clock: a wave is due only while there is something to decide, and comes last in its instant."""

from __future__ import annotations

from math import ceil, inf
from typing import Any

from simpy.events import EventPriority

from sim.engine.clock import Moment
from sim.engine.run import Run

LAST = EventPriority(9)
"""Waves see everything that happens at their instant."""
AFTERWARDS = EventPriority(10)
"""Idle riders are moved when the wave of that instant has had its choice."""


def ask(run: Run) -> None:
    """Make sure that a wave is due, at the next beat of the clock."""
    if run.world.tick_at == inf and worth_asking(run):
        now, every = run.env.now, run.terms.every_s
        schedule(run, max(ceil(now / every) * every, now) if every else now)


def worth_asking(run: Run) -> bool:
    """Whether an order waits and a rider may be given a route."""
    world = run.world
    if not world.open or run.outage:
        return False
    return (world.fleet.working if run.rules.diversion else world.fleet.resting) > 0


def schedule(run: Run, at: float) -> None:
    """Let the next wave take place at a time in seconds."""
    run.world.tick_at = at
    Moment(run.env, at - run.env.now, run, LAST).callbacks.append(_beat)


def _beat(event: Any) -> None:
    run = event.value
    run.on_tick(run)

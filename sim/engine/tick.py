"""The wave clock: a wave is due only while there is something to decide, and comes last in its instant."""

from __future__ import annotations

from math import ceil, inf

from simpy import Environment, Event
from simpy.events import EventPriority

from sim.engine.run import Run

LAST = EventPriority(9)
"""Waves see everything that happens at their instant."""
AFTERWARDS = EventPriority(10)
"""Idle riders are moved when the wave of that instant has had its choice."""


class Tick(Event):
    """An event after `delay` seconds, behind all other events of that instant."""

    def __init__(self, env: Environment, delay: float, priority: EventPriority = LAST) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        env.schedule(self, priority, delay)


def ask(run: Run) -> None:
    """Make sure that a wave is due, at the next beat of the clock."""
    if run.world.tick_at == inf and worth_asking(run):
        now, every = run.env.now, run.terms.every_s
        schedule(run, max(ceil(now / every) * every, now) if every else now)


def worth_asking(run: Run) -> bool:
    """Whether an order waits and a rider may be given a route."""
    fleet = run.world.fleet
    return bool(run.world.open) and not run.outage and (fleet.working if run.rules.diversion else fleet.resting) > 0


def schedule(run: Run, at: float) -> None:
    """Let the next wave take place at a time in seconds."""
    run.world.tick_at = at
    Tick(run.env, at - run.env.now).callbacks.append(lambda _: run.on_tick(run))

"""Riders' reports from places with a weak signal: they arrive late, but in the order in which they were sent."""

from __future__ import annotations

from sim.engine.run import Run
from sim.events import Kind


def report(run: Run, rider: int) -> None:
    """The rider reports that his stop is done.

    Who has more to do rides on. Who has not stays out of reach until the platform hears of him: a route that he
    is given meanwhile takes effect then.
    """
    assert run.signal is not None
    fleet, heard_at, now = run.world.fleet, run.world.heard_at, run.env.now
    here = fleet.here[rider]
    sent = now + run.signal.delay_s if run.signal.weak[here] else now
    heard = max(sent, heard_at.get(rider, 0.0))
    heard_at[rider] = heard
    run.log.record(now, Kind.STATUS, rider=rider, place=here, amount=round(heard - now))
    if not fleet.route[rider]:
        fleet.until[rider] = max(fleet.until[rider], heard)

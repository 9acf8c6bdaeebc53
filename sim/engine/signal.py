"""Riders' reports from places with a weak signal: they arrive late, but in the order in which they were sent."""

from __future__ import annotations

from sim.engine.run import Run
from sim.events import Kind


def out_of_reach(run: Run, rider: int) -> bool:
    """The rider reports that his stop is done; whether he stays out of the platform's reach until it hears of it.

    Who has more stops rides on. Who has none waits for the signal: nobody can give him a route before.
    """
    assert run.signal is not None
    fleet, reports, now = run.world.fleet, run.world.reports, run.env.now
    if rider in reports.silent:
        reports.silent.remove(rider)
        return False
    here = fleet.here[rider]
    sent = now + run.signal.delay_s if run.signal.weak[here] else now
    heard = max(sent, reports.heard_at.get(rider, 0.0))
    reports.heard_at[rider] = heard
    run.log.record(now, Kind.STATUS, rider=rider, place=here, amount=round(heard - now))
    if fleet.route[rider] or heard <= now:
        return False
    reports.silent.add(rider)
    fleet.until[rider] = heard
    return True

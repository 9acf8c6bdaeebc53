"""Effort: how long a way or a service takes this very rider."""

from __future__ import annotations

from sim.engine.fatigue import slowness
from sim.engine.reports import set_out
from sim.engine.run import Run
from sim.engine.skills import climb_s, swap_s
from sim.entities import Stop


def leg_s(run: Run, rider: int, place: int, metres: float) -> float:
    """Seconds that the rider takes from where he is to a place, from now on."""
    free_s = run.travel.time(run.world.fleet.here[rider], place)
    ride_s = free_s * run.pace
    if run.tiring is not None:
        ride_s *= slowness(run, rider)
    if run.hearing is not None:
        set_out(run, rider, free_s, ride_s)
    return ride_s + (swap_s(run, rider, metres) if run.skills is not None else 0.0)


def half_s(run: Run, rider: int, stop: Stop, usual_s: float) -> float:
    """Half the service time of a stop in seconds, from what it usually is."""
    careers = run.world.careers
    if careers is not None:
        usual_s = max(usual_s - careers.training_s.item(rider) / 2, 0.0)
    own_s = usual_s + (climb_s(run, rider, stop) / 2 if run.skills is not None else 0.0)
    return own_s * slowness(run, rider) if run.tiring is not None else own_s

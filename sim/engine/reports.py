"""Road reports: the legs that riders finish tell the platform how much longer ways take than it reckons."""

from __future__ import annotations

from sim.city.travel import Paced
from sim.engine.run import Run


def reckon(run: Run) -> None:
    """Let the platform reckon with congestion, the forecast and what riders have reported."""
    pace = run.conditions.expected_pace.item(run.piece)
    if run.hearing is not None:
        pace *= _correction(run)
    run.known = run.travel if pace == 1 else Paced(run.travel, pace)


def _correction(run: Run) -> float:
    """Factor on the expected travel times; 1 as long as nobody has reported."""
    assert run.hearing is not None
    roads, prior_s = run.world.roads, run.hearing.prior_s
    return (roads.observed_s + prior_s) / (roads.expected_s + prior_s) if roads.expected_s > 0 else 1.0


def set_out(run: Run, rider: int, free_s: float, takes_s: float) -> None:
    """Note a leg at its start: seconds on free roads, and seconds it will be seen to take."""
    expected_s = free_s * run.conditions.expected_pace.item(run.piece)
    run.world.roads.legs[rider] = takes_s, expected_s


def heed(run: Run, rider: int) -> None:
    """Learn from a leg that has ended; the older the reports before it, the less they count."""
    assert run.hearing is not None
    roads, now = run.world.roads, run.env.now
    observed_s, expected_s = roads.legs.pop(rider, (0.0, 0.0))
    if expected_s > 0:
        fading = 0.5 ** ((now - roads.heard_at) / run.hearing.half_life_s)
        roads.observed_s = roads.observed_s * fading + observed_s
        roads.expected_s = roads.expected_s * fading + expected_s
        roads.heard_at = now
        reckon(run)

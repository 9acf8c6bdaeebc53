"""Fatigue: who has worked long takes longer for everything."""

from __future__ import annotations

from sim.engine.run import Run


def slowness(run: Run, rider: int) -> float:
    """Factor on the times of a rider's ways and services: 1 when he is fresh."""
    assert run.tiring is not None
    beyond_s = run.env.now - run.world.fleet.since[rider] - run.tiring.after_s
    return 1 + run.tiring.per_s * max(beyond_s, 0.0)

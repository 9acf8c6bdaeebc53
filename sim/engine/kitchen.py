"""The kitchen: parallel stations, first come first served."""

from __future__ import annotations

from sim.engine.run import Run
from sim.engine.world import Kitchen, Phase
from sim.events import Kind


def estimate_ready(run: Run, merchant: int, prep_s: float) -> float:
    """The platform's estimate, in seconds, of when an order placed now will be ready."""
    kitchen = run.world.kitchens[merchant]
    expected = prep_s if run.terms.exact_ready else kitchen.mean_prep_s
    ahead = len(kitchen.queue) + len(kitchen.stove) + 1 - kitchen.stations
    return run.env.now + expected + max(ahead, 0) * kitchen.mean_prep_s / kitchen.stations


def enter(run: Run, merchant: int, order: int) -> None:
    """An order reaches the kitchen: it is cooked at once or joins the queue."""
    kitchen = run.world.kitchens[merchant]
    if len(kitchen.stove) < kitchen.stations:
        _cook(run, kitchen, order)
    else:
        kitchen.queue.append(order)


def heat(run: Run, merchant: int, order: int) -> None:
    """Let the meal on the stove be ready when its time has come."""
    at = run.world.kitchens[merchant].stove[order]
    run.later(at, lambda order: _ready(run, merchant, order), order)


def _cook(run: Run, kitchen: Kitchen, order: int) -> None:
    now, live = run.env.now, run.world.live[order]
    merchant = live.order.merchant
    kitchen.stove[order] = now + live.prep_s
    run.log.record(now, Kind.COOKING, order, merchant=merchant)
    expected = now + (live.prep_s if run.terms.exact_ready else kitchen.mean_prep_s)
    if expected != live.order.ready_at:
        live.order = live.order._replace(ready_at=expected)
    heat(run, merchant, order)


def _ready(run: Run, merchant: int, order: int) -> None:
    kitchen, world, now = run.world.kitchens[merchant], run.world, run.env.now
    del kitchen.stove[order]
    run.log.record(now, Kind.READY, order, merchant=merchant)
    live = world.live.get(order)
    if live is not None:
        live.ready = True
        live.order = live.order._replace(ready_at=now)
        if live.rider >= 0 and world.fleet.phase[live.rider] == Phase.WAITING:
            run.wake(live.rider)
    while kitchen.queue:
        following = kitchen.queue.popleft()
        if following in world.live:  # cancelled orders leave the queue unnoticed
            _cook(run, kitchen, following)
            break

"""The kitchen: parallel stations, first come first served."""

from __future__ import annotations

from typing import Any

from sim.engine.run import Run
from sim.engine.tick import ask
from sim.engine.trade import cooked
from sim.engine.world import WAITING, Kitchen
from sim.events import NONE, Kind

COOKING, READY = Kind.COOKING, Kind.READY


def estimate_ready(run: Run, merchant: int, expected_s: float) -> float:
    """The platform's estimate, in seconds, of when an order placed now will be ready.

    Parameters
    ----------
    expected_s
        How long it expects the preparation to take, once it has begun.
    """
    kitchen = run.world.kitchens[merchant]
    ahead = len(kitchen.queue) + len(kitchen.stove) + 1 - kitchen.stations
    queueing = max(ahead, 0) * kitchen.mean_prep_s / kitchen.stations
    return run.env.now + queueing + expected_s


def enter(run: Run, merchant: int, order: int) -> None:
    """An order reaches the kitchen: it is cooked at once or joins the queue."""
    kitchen = run.world.kitchens[merchant]
    if len(kitchen.stove) < kitchen.stations:
        _cook(run, kitchen, order)
    else:
        kitchen.queue.append(order)


def heat(run: Run, merchant: int, order: int) -> None:
    """Let the meal on the stove be ready when its time has come."""
    run.later(run.world.kitchens[merchant].stove[order], _ready, merchant, order)


def _cook(run: Run, kitchen: Kitchen, order: int) -> None:
    now, live = run.env.now, run.world.live[order]
    merchant = live.order.merchant
    kitchen.stove[order] = now + live.prep_s
    run.log.record(now, COOKING, order, NONE, merchant)
    cooked(run, merchant, now - live.order.placed_at, live.prep_s)
    if live.order.placed_at < now:  # it queued: the first estimate was a guess
        run.world.expect(order, now + live.expected_s)
    heat(run, merchant, order)


def _ready(event: Any) -> None:
    run, merchant, order = event.value
    kitchen, world, now = run.world.kitchens[merchant], run.world, run.env.now
    del kitchen.stove[order]
    run.log.record(now, READY, order, NONE, merchant)
    hand_out(run, order)
    while kitchen.queue:
        following = kitchen.queue.popleft()
        if following in world.live:  # cancelled orders leave the queue unnoticed
            _cook(run, kitchen, following)
            break


def hand_out(run: Run, number: int) -> None:
    """What was prepared for an order can be picked up; it may have been cancelled meanwhile."""
    world, now, live = run.world, run.env.now, run.world.live.get(number)
    if live is None:
        return
    live.ready = True
    world.expect(number, now)
    if not run.terms.every_s:
        ask(run)  # without a beat, this is when an order that was too early is asked about again
    if live.rider >= 0 and world.fleet.phase[live.rider] is WAITING:
        run.wake(live.rider, now)

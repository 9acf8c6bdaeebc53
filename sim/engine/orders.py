"""The life of an order, from the Intent to the end that is not a delivery."""

from __future__ import annotations

from heapq import heappop, heappush
from math import inf
from typing import Any

from sim.city.model import Intent
from sim.engine.kinds import expected_s, kind_at, pickup_at, prepare, ready_elsewhere, specify
from sim.engine.kitchen import estimate_ready
from sim.engine.outcomes import remember
from sim.engine.promise import announce, promised
from sim.engine.run import Run
from sim.engine.skills import with_needs
from sim.engine.tick import ask
from sim.engine.till import charge, give_back
from sim.engine.trade import off, put_back, sold_out, strike
from sim.engine.world import Live
from sim.entities import Order
from sim.events import NONE, Kind, Purpose, Reason

PLACED, PAID = Kind.PLACED, Kind.PAID


def place(run: Run, number: int, intent: Intent, extra_s: float = 0.0) -> None:
    """An Intent becomes an order, or is lost because no merchant is open."""
    now, record, kind = run.env.now, run.log.record, run.kinds[kind_at(run)]
    _, user, merchant, dropoff, prep_s, patience_s, basket = intent
    nobody = merchant < 0 and not kind.at_address
    empty = run.trade is not None and sold_out(run, number, merchant)
    if nobody or run.outage or merchant in run.closed or empty:
        shut = Reason.SHUT if merchant in run.closed else Reason.STOCK
        reason = Reason.CLOSED if nobody else Reason.OUTAGE if run.outage else shut
        record(now, Kind.LOST, number, user=user, place=dropoff, detail=reason)
        return
    expects = expected_s(run, merchant, prep_s)
    order = Order(
        id=number,
        user=user,
        merchant=merchant,
        pickup=pickup_at(run, merchant),
        dropoff=dropoff,
        placed_at=now,
        ready_at=estimate_ready(run, merchant, expects) if kind.in_kitchen else ready_elsewhere(run, kind, expects),
        promised_at=now + kind.promise_s + extra_s,
        basket=basket,
        fee=kind.fee,
        priority=kind.priority,
    )
    own = None
    if run.special is not None:
        order, own = specify(run, order, prep_s, expects)
    surcharge, arrival = 0, 0.0
    if run.desk is not None:
        order, surcharge, arrival = promised(run, order, extra_s)
    record(now, PLACED, number, NONE, merchant, user, dropoff, basket, round(order.promised_at - now))
    record(now, PAID, number, NONE, NONE, user, NONE, basket, Purpose.BASKET)
    record(now, PAID, number, NONE, NONE, user, NONE, order.fee - surcharge, Purpose.DELIVERY_FEE)
    bargain = None if run.trade is None else strike(run, order)
    if run.crowd is not None:
        due = order if bargain is None else order._replace(basket=basket - bargain.off)
        order = order._replace(priority=charge(run, due))
    live = run.world.live[number] = Live(order, prep_s, now + patience_s, expects, NONE, kind.at_arrival, own=own)
    live.bargain = bargain
    if run.desk is not None:
        announce(run, number, surcharge, arrival)
    if run.skills is not None:
        live.order = with_needs(run, live.order)
    prepare(run, kind, number)
    open_up(run, number)


def open_up(run: Run, number: int) -> None:
    """An order waits for an assignment, as long as the user's patience lasts."""
    run.world.open[number] = run.world.live[number].order
    watch(run, number)
    ask(run)


def watch(run: Run, number: int) -> None:
    """Cancel the order when patience ends before somebody is on his way for it.

    One timer serves all users: it is set for the first of them whose order is still open, so an order that
    is assigned in time, as most are, costs no event of its own.
    """
    world = run.world
    cancel_at = world.live[number].cancel_at
    heappush(world.patience, (cancel_at, number))
    if cancel_at < world.alarm_at:
        set_alarm(run)


def set_alarm(run: Run) -> None:
    """Set the timer for the first open order whose patience will end."""
    world = run.world
    while world.patience and world.patience[0][1] not in world.open:
        heappop(world.patience)
    world.alarm_at = world.patience[0][0] if world.patience else inf
    if world.alarm_at < run.terms.horizon_s + run.terms.drain_s:
        run.later(world.alarm_at, _ring, world.alarm_at)


def _ring(event: Any) -> None:
    run, due = event.value
    world = run.world
    if due != world.alarm_at:
        return  # an earlier alarm has been set since
    while world.patience and world.patience[0][0] <= due:
        _, number = heappop(world.patience)
        if number in world.open:
            _cancel(run, number)
    set_alarm(run)


def _cancel(run: Run, number: int) -> None:
    world, now = run.world, run.env.now
    live = world.live[number]
    order = live.order
    del world.open[number], world.live[number]
    run.log.record(now, Kind.CANCELLED, number, user=order.user, detail=Reason.PATIENCE)
    refund = order.basket + order.fee - give_back(run, order) - off(live)
    run.log.record(now, Kind.PAID, number, user=order.user, amount=refund, detail=Purpose.REFUND)
    put_back(run, order)
    remember(run, live, delivered=False)

"""The life of an order, from the Intent to the end that is not a delivery."""

from __future__ import annotations

from sim.city.model import Intents
from sim.engine.kitchen import enter, estimate_ready
from sim.engine.run import Run
from sim.engine.tick import ask
from sim.engine.world import Live
from sim.entities import Order
from sim.events import Kind, Purpose, Reason


def place(run: Run, intents: Intents, row: int) -> None:
    """An Intent becomes an order, or is lost because no merchant is open."""
    now, world, terms = run.env.now, run.world, run.terms
    number, user, merchant = world.first_id + row, intents.user.item(row), intents.merchant.item(row)
    dropoff, basket, prep_s = intents.place.item(row), intents.basket.item(row), intents.prep_s.item(row)
    if merchant < 0:
        run.log.record(now, Kind.LOST, number, user=user, place=dropoff, detail=Reason.CLOSED)
        return
    order = Order(
        id=number,
        user=user,
        merchant=merchant,
        pickup=run.city.merchants.place.item(merchant),
        dropoff=dropoff,
        placed_at=now,
        ready_at=estimate_ready(run, merchant, prep_s),
        promised_at=now + terms.promise_s,
        basket=basket,
        fee=terms.fee,
        priority=0,
    )
    run.log.record(now, Kind.PLACED, number, -1, merchant, user, dropoff, basket, round(terms.promise_s))
    run.log.record(now, Kind.PAID, number, user=user, amount=basket, detail=Purpose.BASKET)
    run.log.record(now, Kind.PAID, number, user=user, amount=terms.fee, detail=Purpose.DELIVERY_FEE)
    world.live[number] = Live(order, prep_s, now + intents.patience_s.item(row))
    enter(run, merchant, number)
    open_up(run, number)


def open_up(run: Run, number: int) -> None:
    """An order waits for an assignment, as long as the user's patience lasts."""
    run.world.open[number] = None
    watch(run, number)
    ask(run)


def watch(run: Run, number: int) -> None:
    """Cancel the order when patience ends before somebody is on his way for it."""
    cancel_at = run.world.live[number].cancel_at
    if cancel_at < run.terms.horizon_s + run.terms.drain_s:
        run.later(cancel_at, lambda number: _lose_patience(run, number), number)


def _lose_patience(run: Run, number: int) -> None:
    world, now = run.world, run.env.now
    if number not in world.open:
        return
    order = world.live[number].order
    del world.open[number], world.live[number]
    run.log.record(now, Kind.CANCELLED, number, user=order.user, detail=Reason.PATIENCE)
    refund = order.basket + order.fee
    run.log.record(now, Kind.PAID, number, user=order.user, amount=refund, detail=Purpose.REFUND)

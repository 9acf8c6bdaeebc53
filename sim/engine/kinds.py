"""The life of an order that is no plain takeaway: what the rider does for it, and who pays for what."""

from __future__ import annotations

from math import inf
from typing import Any

from sim.engine.doors import measure
from sim.engine.kitchen import enter, hand_out
from sim.engine.run import Run
from sim.engine.special import KindTerms
from sim.engine.trade import commission_of, sold
from sim.engine.world import WAITING, Live, Particulars
from sim.entities import Order, Route
from sim.events import NONE, Kind, Purpose

PAID, COOKING, READY = Kind.PAID, Kind.COOKING, Kind.READY


def kind_at(run: Run) -> int:
    """Kind of the Intent that is being placed."""
    column = run.today.intents.kind
    return 0 if column is None else column.item(run.world.row)


def expected_s(run: Run, merchant: int, prep_s: float) -> float:
    """Preparation time of the Intent that is being placed, as the platform expects it."""
    if run.terms.exact_ready:
        return prep_s
    column = run.today.intents.expected_s
    return run.world.kitchens[merchant].mean_prep_s if column is None else column.item(run.world.row)


def pickup_at(run: Run, merchant: int) -> int:
    """Place of pickup of the Intent that is being placed."""
    column = run.today.intents.pickup
    return run.city.merchants.place.item(merchant) if column is None else column.item(run.world.row)


def ready_elsewhere(run: Run, kind: KindTerms, expected_s: float) -> float:
    """The platform's estimate, in seconds, of when an order is ready that no kitchen prepares."""
    return run.env.now if kind.at_arrival else run.env.now + expected_s


def specify(run: Run, order: Order, prep_s: float, expected_s: float) -> tuple[Order, Particulars]:
    """An order that is being placed with all that is particular about it, and what of that is latent."""
    special, intents, row = run.special, run.today.intents, run.world.row
    assert special is not None
    kind_id = kind_at(run)
    kind = run.kinds[kind_id]
    care = intents.care is not None and intents.care.item(row)
    care_s = special.care_pickup_s if care and special.handled else 0.0
    task_s = care_s + (prep_s if kind.at_arrival else 0.0)
    opinion = -1.0 if intents.opinion is None else intents.opinion.item(row)
    own = Particulars(task_s, inf if task_s else 0.0, opinion)
    door_s, needs = measure(run, order.dropoff, own, care and special.handled)
    handling_s = care_s + (expected_s if kind.at_arrival else 0.0)
    needs |= kind.needs
    return order._replace(kind=kind_id, handling_s=handling_s, door_s=door_s, needs=needs, care=int(care)), own


def prepare(run: Run, kind: KindTerms, number: int) -> None:
    """Let the preparation begin that begins with the placement."""
    live, members = run.world.live[number], run.today.intents.members
    if members is not None:
        if live.own is not None:
            live.own.members = members.item(run.world.row)
        what = {"place": live.order.pickup, "amount": members.item(run.world.row), "detail": live.order.kind}
        run.log.record(run.env.now, Kind.SPECIFIED, number, **what)
    if kind.in_kitchen:
        enter(run, live.order.merchant, number)
    elif kind.at_address and not kind.at_arrival:
        run.world.packing[number] = run.env.now + live.prep_s
        run.log.record(run.env.now, COOKING, number)
        pack(run, number)


def pack(run: Run, number: int) -> None:
    """Let what is packed at an address be ready when its time has come."""
    run.later(run.world.packing[number], _packed, number)


def _packed(event: Any) -> None:
    run, number = event.value
    del run.world.packing[number]
    run.log.record(run.env.now, READY, number)
    hand_out(run, number)


def at_work(run: Run, visit: Route) -> bool:
    """Whether the rider still works for an order of a visit; he begins with all of them when he has come."""
    busy = False
    for stop in visit:
        own = run.world.live[stop.order].own
        assert own is not None
        if own.done_at == inf:
            _begin(run, stop.order, own)
        busy |= own.done_at > 0
    return busy


def _begin(run: Run, number: int, own: Particulars) -> None:
    world, now = run.world, run.env.now
    order = world.live[number].order
    own.done_at = now + own.task_s
    if run.kinds[order.kind].at_arrival:
        run.log.record(now, COOKING, number, merchant=order.merchant)
    world.revise(number, order._replace(handling_s=0.0, ready_at=max(order.ready_at, now + order.handling_s)))
    work(run, number)


def work(run: Run, number: int) -> None:
    """Let the rider's work for an order end when its time has come."""
    own = run.world.live[number].own
    assert own is not None
    run.later(own.done_at, _finish, number)


def _finish(event: Any) -> None:
    run, number = event.value
    live = run.world.live.get(number)
    if live is None or live.own is None:
        return  # it was released and cancelled meanwhile
    live.own.done_at = 0.0
    if run.kinds[live.order.kind].at_arrival:
        run.log.record(run.env.now, READY, number, merchant=live.order.merchant)
        run.world.expect(number, run.env.now)
    if live.rider >= 0 and run.world.fleet.phase[live.rider] is WAITING:
        run.wake(live.rider, run.env.now)


def settle(run: Run, rider: int, live: Live) -> None:
    """Pay the merchant of an order that is picked up, and charge the user for the rider's waiting."""
    order, record, now = live.order, run.log.record, run.env.now
    kind = run.kinds[order.kind]
    if kind.advance:
        record(now, PAID, order.id, rider, order.merchant, NONE, NONE, order.basket, Purpose.ADVANCE)
        record(now, PAID, order.id, rider, NONE, NONE, NONE, order.basket, Purpose.REIMBURSEMENT)
        sold(run, live, order.basket)
    elif not kind.at_address:
        share = order.basket - commission_of(run, live)
        record(now, PAID, order.id, NONE, order.merchant, NONE, NONE, share, Purpose.MERCHANT_SHARE)
        sold(run, live, share)
    if kind.bill:
        charge = round(live.prep_s * kind.bill)
        record(now, PAID, order.id, NONE, NONE, order.user, NONE, charge, Purpose.WAITING)

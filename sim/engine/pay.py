"""What a rider earns: the scenario's pay, what rules add to it, and extra pay where riders are short."""

from __future__ import annotations

import numpy as np

from sim.engine.answers import fault_of_pay
from sim.engine.careers import Careers
from sim.engine.consult import consult
from sim.engine.outcomes import LATE_S
from sim.engine.run import Run
from sim.engine.world import Live
from sim.entities import Ints, Job, Order
from sim.events import NONE, Kind, Purpose

PAID = Kind.PAID


def pay_of(run: Run, order: Order, rider: int = NONE) -> int:
    """What a rider earns with an order that comes in time, in fen."""
    pay, careers = _base(run, order), run.world.careers
    if careers is None:
        return pay
    extra = careers.promised.get(order.id, careers.surcharge.item(run.city.places.zone[order.pickup]))
    return max(pay + sum(_of_rules(run, careers, order, rider, 0.0)), 0) + extra


def _base(run: Run, order: Order) -> int:
    """What the scenario pays for an order, in fen."""
    if not run.terms.per_km:
        return run.terms.per_order
    return run.terms.per_order + round(_way_m(run, order) / 1000 * run.terms.per_km)


def _way_m(run: Run, order: Order) -> float:
    return run.city.travel.distance(order.pickup, order.dropoff)


def _of_rules(run: Run, careers: Careers, order: Order, rider: int, late_s: float) -> list[int]:
    """What each rule of pay adds, in fen; below 0 it is a deduction."""
    assert run.hiring is not None
    if not run.hiring.rules:
        return []
    level, done = (careers.crew.level.item(rider), careers.in_shift.item(rider)) if rider >= 0 else (0, 0)
    weather = run.conditions.weather.item(run.piece)
    job = Job(run.env.now, _way_m(run, order), order.basket, order.kind, weather, late_s, done, level)
    return [round(consult(run, name, rule, job, _fits, by_day=True)) for name, rule in run.hiring.rules]


def _fits(answer: object) -> bool | str:
    return fault_of_pay(answer) or True


def promise_extra(run: Run, order: Order) -> None:
    """The order is picked up: the extra pay of this moment holds for it."""
    careers = run.world.careers
    assert careers is not None
    assert run.hiring is not None
    if extra := careers.surcharge.item(run.city.places.zone[order.pickup]):
        careers.promised[order.id] = extra
        careers.paid += extra
        post(run, careers, careers.surcharge)


def post(run: Run, careers: Careers, extra: Ints) -> None:
    """Tell riders the extra pay for an order in each zone, in fen; where the budget has not so much left, none."""
    assert run.hiring is not None
    new = np.where(extra <= run.hiring.budget - careers.paid, extra, 0)
    for zone in np.flatnonzero(new != careers.surcharge).tolist():
        run.log.record(run.env.now, Kind.SURCHARGE, amount=new.item(zone), detail=zone)
    careers.surcharge = new


def earn(run: Run, rider: int, live: Live) -> int:
    """Pay for a delivered order by the rules, and count it; answers what the rider has earned, in fen."""
    careers, late_s = run.world.careers, max(run.env.now - live.order.promised_at, 0.0)
    assert careers is not None
    crew = careers.crew
    crew.delivered[0, rider] += 1
    crew.late[0, rider] += late_s > LATE_S
    if live.own is not None and live.own.stars:
        crew.stars[0, rider] += live.own.stars
        crew.rated[0, rider] += 1
    return earn_anyway(run, rider, live.order, late_s)


def earn_base(run: Run, rider: int, order: Order) -> int:
    """Pay for an order, delivered or not, where there are no rules; answers what the rider has earned, in fen."""
    pay = _base(run, order)
    run.log.record(run.env.now, PAID, order.id, rider, NONE, NONE, NONE, pay, Purpose.RIDER_PAY)
    return pay


def earn_anyway(run: Run, rider: int, order: Order, late_s: float = 0.0) -> int:
    """Pay for an order by the rules, delivered or not; answers what the rider has earned, in fen."""
    careers, now = run.world.careers, run.env.now
    assert careers is not None
    parts = _of_rules(run, careers, order, rider, late_s)
    gross = _base(run, order) + sum(part for part in parts if part > 0)
    taken = min(-sum(part for part in parts if part < 0), gross)
    extra = careers.promised.pop(order.id, 0)
    for amount, purpose in ((gross, Purpose.RIDER_PAY), (extra, Purpose.SUBSIDY), (taken, Purpose.DEDUCTION)):
        if amount or purpose is Purpose.RIDER_PAY:
            run.log.record(now, PAID, order.id, rider, NONE, NONE, NONE, amount, purpose)
    careers.crew.earned[0, rider] += gross + extra - taken
    careers.in_shift[rider] += 1
    return gross + extra - taken


def clock_off(run: Run, rider: int, topped_up: int) -> None:
    """The shift is over: count its hours, and the guarantee's top-up in fen."""
    careers = run.world.careers
    if careers is None:
        return
    count_hours(run, careers, rider)
    careers.crew.earned[0, rider] += topped_up
    careers.in_shift[rider] = careers.counted_s[rider] = 0


def count_hours(run: Run, careers: Careers, rider: int) -> None:
    """Count for today what has been worked of a shift since it was last counted."""
    worked_s = round(run.env.now - run.world.fleet.since[rider])
    careers.crew.worked_s[0, rider] += worked_s - careers.counted_s.item(rider)
    careers.counted_s[rider] = worked_s

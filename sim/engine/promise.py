"""What users are told: the estimated arrival, the promise made of it, and what a broken promise costs.

The estimate at the checkout is: the meal is ready, it stands for as long as meals stand these days or as long as
the oldest open order has stood already (the delay of the head of the line, Ibrahim and Whitt 2009), then the
ride and the door, and what such estimates were short of in that zone. After the assignment it is the plan of the
rider's route, corrected the same way.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.engine.consult import consult
from sim.engine.run import Run
from sim.engine.world import Live
from sim.entities import Order
from sim.events import NONE, Kind, Purpose, Stage
from sim.policies.promise import Quote
from sim.routes import DROPOFF
from sim.scenario.demand import quarters
from sim.units import DAY, MINUTE, QUARTER, fen

FLASH_PRIORITY = 1
LONGEST_S = 7 * DAY


def promised(run: Run, order: Order, extra_s: float) -> tuple[Order, int, float]:
    """The order with its promise, the surcharge of the flash product in fen, and the estimated arrival in seconds."""
    assert run.desk is not None
    rules = run.desk.rules
    metres = run.city.travel.distance(order.pickup, order.dropoff)
    base = _arrival(run, order)
    error = run.world.lessons.errors.get((Stage.QUOTED, _zone(run, order)), 0.0)
    if rules.flash.on and _takes_flash(run, order, metres):
        surcharge, until = fen(rules.flash.surcharge_yuan), order.placed_at + rules.flash.promise_min * MINUTE
        return (
            order._replace(promised_at=until, fee=order.fee + surcharge, priority=max(order.priority, FLASH_PRIORITY)),
            surcharge,
            base,
        )
    eta_s, errors = base + error - order.placed_at, tuple(run.world.lessons.latest)
    usual_s = order.promised_at - order.placed_at - extra_s
    seen = Quote(order.placed_at, round(usual_s, 3), eta_s, metres, errors)
    promise_s = round(consult(run, rules.policy, run.desk.promises, seen, _is_time))
    return order._replace(promised_at=order.placed_at + promise_s + extra_s), 0, base


def _is_time(answer: object) -> bool:
    return isinstance(answer, int | float) and 0 < answer < LONGEST_S


def _takes_flash(run: Run, order: Order, metres: float) -> bool:
    assert run.desk is not None
    spec, quarter = run.desk.rules.flash, int(order.placed_at % DAY // QUARTER)
    hours = quarters(spec.hours)
    if metres > spec.radius_km * 1000 or not hours.start <= quarter < hours.stop:
        return False
    intents, row = run.latent(order.id)
    return intents.flash is not None and bool(intents.flash[row] < spec.share)


def _arrival(run: Run, order: Order) -> float:
    """When the order will be at the door (s), by its kitchen, the wait for riders, the way and the door."""
    head = next(iter(run.world.open.values()), order)
    stood = max(run.world.lessons.stood_s, run.env.now - head.ready_at, 0.0)
    pickup = max(order.ready_at, run.env.now + order.handling_s) + stood
    ride = run.known.time(order.pickup, order.dropoff)
    return pickup + run.rules.pickup_s / 2 + ride + (run.rules.dropoff_s + order.door_s) / 2


def _zone(run: Run, order: Order) -> int:
    return int(run.city.places.zone[order.dropoff])


def announce(run: Run, number: int, surcharge: int, arrival: float) -> None:
    """Take the surcharge, and tell the estimate at the checkout."""
    live = run.world.live[number]
    if surcharge:
        run.log.record(run.env.now, Kind.PAID, number, user=live.order.user, amount=surcharge, detail=Purpose.SURCHARGE)
    _tell(run, live, Stage.QUOTED, arrival)


def correct(run: Run, rider: int, numbers: Iterable[int], stage: Stage) -> None:
    """Tell what the plan of a rider's route says of some of its orders."""
    fleet, lessons = run.world.fleet, run.world.lessons
    assert run.desk is not None
    weight = run.desk.rules.learning
    for stop, at in zip(fleet.route[rider], fleet.times[rider], strict=True):
        if stop.order not in numbers:
            continue
        live = run.world.live[stop.order]
        if stop.kind == DROPOFF:
            _tell(run, live, stage, at)
        elif stage == Stage.ASSIGNED:
            stood = max(at - max(live.order.ready_at, live.order.placed_at), 0.0)
            lessons.stood_s += weight * (stood - lessons.stood_s)


def _tell(run: Run, live: Live, stage: Stage, arrival: float) -> None:
    """Note what is expected, and tell it with what has been learned."""
    assert run.desk is not None
    error = run.world.lessons.errors.get((stage, _zone(run, live.order)), 0.0)
    others = (said for said in live.expected if said[0] != stage)
    live.expected = (*others, (stage, arrival, arrival + error))
    if run.desk.tells:
        ahead = max(round(arrival + error - run.env.now), 0)
        run.log.record(run.env.now, Kind.ETA, live.order.id, amount=ahead, detail=stage)


def keep(run: Run, live: Live) -> None:
    """The order is at the door: learn from the errors, and pay for a broken promise."""
    assert run.desk is not None
    now, order, lessons, rules = run.env.now, live.order, run.world.lessons, run.desk.rules
    for stage, arrival, told in live.expected:
        key = stage, _zone(run, order)
        before = lessons.errors.get(key)
        lessons.errors[key] = now - arrival if before is None else before + rules.learning * (now - arrival - before)
        if stage == Stage.QUOTED:
            lessons.latest.append(now - told)
    spec = rules.guarantee
    if spec.on and now > order.promised_at + spec.grace_min * MINUTE:
        amount = fen(spec.yuan) + round(spec.fee_share * order.fee)
        run.log.record(now, Kind.PAID, order.id, NONE, NONE, order.user, NONE, amount, Purpose.COMPENSATION)

"""The last metres: the true time at a door, lockers, and what the user thinks of it all."""

from __future__ import annotations

from typing import Any

from sim.engine.run import Run
from sim.engine.trade import rated
from sim.engine.world import Live, Particulars, Stored
from sim.entities import Need, Stop
from sim.events import Kind
from sim.routes import PICKUP
from sim.units import MINUTE


def measure(run: Run, place: int, own: Particulars, handled: bool) -> tuple[float, int]:
    """Write down the true extra time at the door of the order that is being placed.

    Returns
    -------
    door_s, needs
        What the platform reckons with, in seconds, and what the door needs of a rider.
    """
    special, doors, collect_s = run.special, run.city.doors, run.today.intents.collect_s
    assert special is not None
    care_s = special.care_door_s if handled else 0.0
    if doors is None:
        own.door_s = care_s
        return care_s, 0
    own.door_s = doors.extra_s.item(place) + care_s
    needs = int(Need.STAIRS) if doors.stairs.item(place) else 0
    if collect_s is not None and doors.locker.item(place) and not handled:
        own.collect_s = collect_s.item(run.world.row)
        if own.collect_s >= 0:
            return special.locker_s - run.rules.dropoff_s, needs
    return doors.reckoned_s.item(place) + care_s, needs


def true_service_s(run: Run, stop: Stop) -> float:
    """True time in seconds at a stop with an order, before the weather; half before the hand-over, half after."""
    if stop.kind == PICKUP:
        return run.rules.pickup_s
    live = run.world.live[stop.order]
    return run.rules.dropoff_s + (live.order if live.own is None else live.own).door_s


def find_slot(run: Run, stop: Stop) -> None:
    """Reserve a slot for the order of a drop-off whose user agrees to a locker, if one is free."""
    special, used, live = run.special, run.world.lockers, run.world.live[stop.order]
    if special is None or live.own is None or stop.kind == PICKUP or live.own.collect_s < 0:
        return
    if used.get(stop.place, 0) < special.slots:
        used[stop.place] = used.get(stop.place, 0) + 1
        live.own.in_locker, live.own.door_s = True, special.locker_s - run.rules.dropoff_s
        live.order = live.order._replace(needs=live.order.needs & ~Need.STAIRS)  # nobody climbs to a locker


def after_delivery(run: Run, rider: int, live: Live) -> None:
    """What follows the hand-over: the meal lies in the locker, the user gives his stars."""
    special, own, order, now = run.special, live.own, live.order, run.env.now
    if special is None or own is None:
        return
    if own.in_locker:
        run.log.record(now, Kind.STORED, order.id, rider, place=order.dropoff)
        run.world.stored[order.id] = Stored(order.user, order.dropoff, now, now + own.collect_s)
        lie(run, order.id)
    if own.opinion >= 0 and special.rating is not None:
        late_min, ride_min = (now - order.promised_at) / MINUTE, (now - live.picked_at) / MINUTE
        trust = 0.0 if run.world.people is None else run.world.people.trust.item(order.user)
        stars = special.rating.stars(own.opinion, late_min, ride_min, bool(order.care), special.handled, trust)
        own.stars = stars
        rated(run, order.merchant, stars)
        run.log.record(now, Kind.RATED, order.id, rider, user=order.user, amount=stars, detail=order.care)


def lie(run: Run, number: int) -> None:
    """Let the user of an order in a locker collect it when his time has come."""
    run.later(run.world.stored[number].until, _collect, number)


def _collect(event: Any) -> None:
    run, number = event.value
    user, place, since, _ = run.world.stored.pop(number)
    run.world.lockers[place] -= 1
    lay = round(run.env.now - since)
    run.log.record(run.env.now, Kind.COLLECTED, number, user=user, place=place, amount=lay)

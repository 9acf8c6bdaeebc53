"""A rider's shift: one process, from on-time to home, that acts on the fleet's state and writes it back."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from simpy import Event

from sim.engine.breaks import may_pause, pause, resume
from sim.engine.clock import Moment
from sim.engine.doors import after_delivery, find_slot, true_service_s
from sim.engine.effort import half_s, leg_s
from sim.engine.estimate import refresh
from sim.engine.kinds import at_work, settle
from sim.engine.nobody import find_nobody
from sim.engine.outcomes import remember
from sim.engine.pay import clock_off, earn, earn_base, promise_extra
from sim.engine.promise import correct, keep
from sim.engine.reports import heed
from sim.engine.run import Run
from sim.engine.signal import report
from sim.engine.skills import note_fit
from sim.engine.tick import ask
from sim.engine.world import ARRIVED, IDLE, LEAVING, PAUSED, TRAVELLING, WAITING
from sim.entities import Route, Stop
from sim.events import NONE, Kind, Purpose, Stage
from sim.routes import DROPOFF, REPOSITION, visit_end
from sim.units import HOUR

DEPARTED, REACHED, PICKED_UP, DELIVERED, RESTS = (
    Kind.DEPARTED,
    Kind.ARRIVED,
    Kind.PICKED_UP,
    Kind.DELIVERED,
    Kind.IDLE,
)


def begin_later(run: Run, rider: int, place: int, on: float, off: float) -> None:
    """Let the rider come on shift at his on-time."""
    run.later(on, _begin, rider, place, off)


def _begin(event: Any) -> None:
    run, rider, place, off = event.value
    fleet, now = run.world.fleet, run.env.now
    on = fleet.on_duty[rider] or fleet.phase[rider] is PAUSED
    more_s = off - (max(now, fleet.off_at.item(rider)) if on else now)
    run.log.record(now, Kind.ON_SHIFT, rider=rider, place=place, amount=round(more_s))
    fleet.off_at[rider] = off
    end_later(run, rider)
    if on:  # in the shift before: his process goes on in this one
        fleet.shift_s[rider] += more_s
        return
    fleet.shift_s[rider], fleet.earned[rider] = more_s, 0
    fleet.on_duty[rider], fleet.here[rider], fleet.since[rider] = True, place, now
    run.world.ridden.pop(rider, None)  # he comes with a full battery
    fleet.working += 1
    _rest(run, rider)
    run.env.process(ride(run, rider))


def end_later(run: Run, rider: int) -> None:
    """Wake the rider at his off-time, in case he is idle."""
    run.later(run.world.fleet.off_at.item(rider), _wake, rider)


def _wake(event: Any) -> None:
    run, rider = event.value
    run.wake(rider, run.env.now)


def ride(run: Run, rider: int) -> Generator[Event, None, None]:
    """Travel, park, wait for the meal, hand over, walk back; next stop. Starts from any phase."""
    fleet, env = run.world.fleet, run.env
    phases, until, routes = fleet.phase, fleet.until, fleet.route
    while True:
        if phases[rider] is TRAVELLING:
            if until[rider] > env.now:
                yield Moment(env, until[rider] - env.now)
            _arrive(run, rider)
        if phases[rider] is ARRIVED:
            yield Moment(env, until[rider] - env.now)
            phases[rider] = WAITING
        while phases[rider] is WAITING and not _hand_over(run, rider):
            yield run.nap(rider)
        if phases[rider] is LEAVING:
            yield Moment(env, until[rider] - env.now)
            _leave(run, rider)
        if routes[rider]:
            _depart(run, rider)
        elif phases[rider] is PAUSED:
            yield Moment(env, until[rider] - env.now)
            resume(run, rider)
            _rest(run, rider)
        elif env.now < fleet.off_at[rider]:
            yield run.nap(rider)
        else:
            break
    _go_home(run, rider)


def set_off(run: Run, rider: int) -> None:
    """An idle rider with a new route leaves at once; his nap lasts until he arrives."""
    if rider in run.naps and run.world.fleet.phase[rider] is IDLE and run.world.fleet.route[rider]:
        _depart(run, rider)
        run.wake(rider, run.world.fleet.until[rider])


def _depart(run: Run, rider: int) -> None:
    fleet, now, travel = run.world.fleet, run.env.now, run.travel
    here, (_, number, there) = fleet.here[rider], fleet.route[rider][0]
    metres = round(travel.distance(here, there))
    run.log.record(now, DEPARTED, number, rider, NONE, NONE, here, metres)
    fleet.phase[rider], fleet.under_way[rider] = TRAVELLING, True
    if fleet.idle.item(rider):
        fleet.idle[rider] = False
        fleet.resting -= 1
    if run.individual:
        fleet.until[rider] = now + leg_s(run, rider, there, metres)
    else:
        fleet.until[rider] = now + travel.time(here, there) * run.pace


def _arrive(run: Run, rider: int) -> None:
    fleet, now = run.world.fleet, run.env.now
    stop = fleet.route[rider][0]
    kind, number, fleet.here[rider] = stop
    run.log.record(now, REACHED, number, rider, NONE, NONE, fleet.here[rider])
    if run.hearing is not None:
        heed(run, rider)
    if kind == REPOSITION:
        _done(run, rider, 1, 0.0)
    else:
        if run.special is not None:
            find_slot(run, stop)
        fleet.phase[rider], fleet.until[rider] = ARRIVED, now + _half(run, rider, stop)


def _half(run: Run, rider: int, stop: Stop) -> float:
    """Half the service time of a stop in seconds."""
    usual_s = true_service_s(run, stop) / 2 * run.service
    return half_s(run, rider, stop, usual_s) if run.individual else usual_s


def _hand_over(run: Run, rider: int) -> bool:
    """Pick up or drop off what the rider came for; False while a meal is not ready."""
    route, live = run.world.fleet.route[rider], run.world.live
    if route[0].kind == DROPOFF:
        _bring(run, rider, route[0])
        return True
    visit = route[: visit_end(route, 0)]
    if run.special is not None and at_work(run, visit):
        return False
    for _, number, _ in visit:
        if not live[number].ready:
            return False
    _fetch(run, rider, visit)
    return True


def _bring(run: Run, rider: int, stop: Stop) -> None:
    """Drop off an order, or find that nobody is there to take it."""
    walk_s, foreseen = _half(run, rider, stop), run.world.fleet.times[rider][0]
    if run.world.live[stop.order].trouble:
        _done(run, rider, 1, walk_s + find_nobody(run, rider, stop))
        refresh(run, rider)
        return
    _deliver(run, rider, stop)
    _done(run, rider, 1, walk_s)
    if run.special is not None and run.env.now != foreseen:
        refresh(run, rider)


def _fetch(run: Run, rider: int, visit: Route) -> None:
    """Pick up the orders of a visit."""
    walk_s, foreseen = _half(run, rider, visit[0]), run.world.fleet.times[rider][0]
    for _, number, _ in visit:
        _pick_up(run, rider, number)
    _done(run, rider, len(visit), walk_s)
    if run.env.now != foreseen:
        refresh(run, rider)
    if run.desk is not None:
        correct(run, rider, [stop.order for stop in visit], Stage.PICKED_UP)


def _pick_up(run: Run, rider: int, number: int) -> None:
    world, now = run.world, run.env.now
    live = world.live[number]
    order, waited = live.order, round(now - world.fleet.until[rider])
    live.picked_at = now
    if live.own is not None:
        waited = max(waited - round(live.own.task_s), 0)
    run.log.record(now, PICKED_UP, number, rider, order.merchant, NONE, NONE, waited)
    settle(run, rider, live)
    world.fleet.on_board[rider] |= {order.id}
    del world.assigned[number]
    if run.hiring is not None:
        promise_extra(run, order)
    if run.skills is not None:
        note_fit(run, rider, order)


def _deliver(run: Run, rider: int, stop: Stop) -> None:
    world, now, fleet = run.world, run.env.now, run.world.fleet
    _, number, place = stop
    live = world.live.pop(number)
    order = live.order
    run.log.record(now, DELIVERED, number, rider, NONE, NONE, place)
    if run.desk is not None:
        keep(run, live)
    if run.hiring is None:
        fleet.earned[rider] = fleet.earned.item(rider) + earn_base(run, rider, order)
    fleet.on_board[rider] -= {order.id}
    fleet.load[rider] = fleet.load.item(rider) - 1
    if live.own is not None:
        after_delivery(run, rider, live)
    if run.hiring is not None:
        fleet.earned[rider] += earn(run, rider, live)
    if run.crowd is not None:
        remember(run, live, delivered=True)


def _done(run: Run, rider: int, stops: int, walk_s: float) -> None:
    """The stops are done; what is left of the service is the way back to the vehicle."""
    fleet = run.world.fleet
    route = fleet.route[rider] = fleet.route[rider][stops:]
    fleet.times[rider] = fleet.times[rider][stops:]
    fleet.phase[rider], fleet.until[rider] = LEAVING, run.env.now + walk_s
    fleet.under_way[rider] = False
    if run.signal is not None:
        report(run, rider)
    if run.world.rests and not route and may_pause(run, rider, walk_s):
        pause(run, rider, walk_s)


def _leave(run: Run, rider: int) -> None:
    run.world.fleet.phase[rider] = IDLE
    if not run.world.fleet.route[rider]:
        _rest(run, rider)


def _rest(run: Run, rider: int) -> None:
    """Nothing left to do: the platform may give the rider a route, unless he has a break."""
    fleet = run.world.fleet
    if run.world.rests and may_pause(run, rider):
        pause(run, rider)
        return
    now, here = run.env.now, fleet.here[rider]
    run.log.record(now, RESTS, NONE, rider, NONE, NONE, here)
    fleet.at[rider], fleet.free_at[rider], fleet.idle[rider] = here, now, True
    fleet.resting += 1
    ask(run)


def _go_home(run: Run, rider: int) -> None:
    fleet, now = run.world.fleet, run.env.now
    fleet.on_duty[rider] = fleet.idle[rider] = False
    fleet.working -= 1
    fleet.resting -= 1
    run.log.record(now, Kind.OFF_SHIFT, rider=rider, place=fleet.here[rider])
    top_up = max(round(run.terms.guarantee_per_hour * fleet.shift_s[rider] / HOUR) - fleet.earned[rider], 0)
    clock_off(run, rider, top_up)
    if top_up:
        run.log.record(now, Kind.PAID, rider=rider, amount=top_up, detail=Purpose.GUARANTEE)

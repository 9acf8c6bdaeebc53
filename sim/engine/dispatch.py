"""The dispatch wave: show the platform's knowledge to the policy, check its answer, carry it out."""

from __future__ import annotations

from math import inf
from time import perf_counter

from sim.engine.deadline import DeadlineExceeded, deadline
from sim.engine.hall import grab, posted
from sim.engine.offer import propose
from sim.engine.orders import open_up
from sim.engine.plans import write_plans
from sim.engine.promise import correct
from sim.engine.referee import PolicyError, Referee, Ruling
from sim.engine.rider import set_off
from sim.engine.run import Run
from sim.engine.sight import Sight, available
from sim.engine.tick import schedule, worth_asking
from sim.entities import Orders, Route
from sim.events import NONE, Kind, Stage
from sim.routes import PICKUP

WAVE, ASSIGNED, RELEASED = Kind.WAVE, Kind.ASSIGNED, Kind.RELEASED


def decide(run: Run) -> None:
    """One wave."""
    world, now = run.world, run.env.now
    if not worth_asking(run):
        world.tick_at = inf
        return
    run.log.record(now, WAVE, amount=len(world.open), detail=available(run))
    if run.terms.hall_s:
        _post(run)
    again = bool(world.open) and _ask(run)
    world.wave += 1
    world.tick_at = inf  # not before: what the answer releases must not ask for a wave of its own
    if worth_asking(run) and (again or run.terms.every_s):
        schedule(run, now if again else now + run.terms.every_s)


def _ask(run: Run) -> bool:
    """Let the policy decide; whether a refused order can be offered again at once."""
    wave, again = look(run), False
    for ruling in Referee(run).check(_answer(run, wave)):
        if run.choosing is not None:
            ruling, fresh = propose(run, ruling)
            again |= fresh
        carry_out(run, ruling)
    return again


def _post(run: Run) -> None:
    """Let riders grab what is in the hall."""
    for ruling in Referee(run).check(grab(run, posted(run))):
        carry_out(run, ruling)


def look(run: Run) -> Sight:
    """What the platform sees now: copies, so that no policy can touch the World."""
    world = run.world
    rows = list(world.open.values())
    if run.terms.hall_s:
        in_hall = {order.id for order in posted(run)}
        rows = [order for order in rows if order.id not in in_hall]
    return Sight.of(
        run,
        index=world.wave,
        now=run.env.now,
        orders=Orders(rows),
        travel=run.known,
        rules=run.rules,
        weather=run.conditions.weather.item(run.piece),
        forecast=run.conditions.forecast[run.piece],
        refused=_refused(run),
    )


def _refused(run: Run) -> dict[int, frozenset[int]]:
    if run.choosing is None:
        return {}
    live = run.world.live
    return {number: live[number].refused for number in run.world.open if live[number].refused}


def _answer(run: Run, wave: Sight) -> object:
    begun, limit = perf_counter(), run.terms.time_limit_s
    policy = run.policy if run.world.gate.plain_until <= wave.now else run.plain
    try:
        if not limit:
            return policy(wave, run.policy_rng)
        with deadline(limit):
            return policy(wave, run.policy_rng)
    except DeadlineExceeded:
        line = f"took longer than the time limit of {limit:g} s"
        raise PolicyError(run.policy_name, wave.index, line) from None
    except (Exception, SystemExit, GeneratorExit) as error:  # a stranger's may fail in any way; one line tells it
        line = " ".join(f"raised {type(error).__name__}: {error}".split()).removesuffix(":")
        raise PolicyError(run.policy_name, wave.index, line) from error
    finally:
        wave.over()
        run.wave_s.append(perf_counter() - begun)


def carry_out(run: Run, ruling: Ruling) -> None:
    """Give the rider his new route, release what it leaves out, and send him off."""
    (rider, route), times, end = ruling
    world, rider, route = run.world, int(rider), tuple(route)
    fleet = world.fleet
    carried, before = fleet.on_board[rider], fleet.route[rider]
    wanted, had = _to_pick(route, carried), _to_pick(before, carried) if before else []
    for number in wanted:
        if number not in had:
            _give(run, rider, number)
    fleet.route[rider], fleet.times[rider], fleet.free_at[rider] = route, times, end
    fleet.at[rider] = route[-1].place if route else fleet.here[rider]
    fleet.load[rider] = len(wanted) + len(carried)
    if run.terms.log_plans:
        write_plans(run, rider, set(wanted).difference(had))
    if run.desk is not None:
        correct(run, rider, set(wanted).difference(had), Stage.ASSIGNED)
    for number in had:
        if number not in wanted and world.live[number].rider == rider:
            _release(run, rider, number)
    set_off(run, rider)


def _to_pick(route: Route, on_board: frozenset[int]) -> list[int]:
    """Orders that a route still has to pick up."""
    return [number for kind, number, _ in route if kind == PICKUP and number not in on_board]


def _give(run: Run, rider: int, number: int) -> None:
    world = run.world
    live = world.live[number]
    if live.rider != NONE:
        run.log.record(run.env.now, RELEASED, number, live.rider, detail=world.wave)
    live.rider = rider
    world.open.pop(number, None)
    world.assigned[number] = live.order
    run.log.record(run.env.now, ASSIGNED, number, rider, NONE, NONE, NONE, 0, world.wave)


def _release(run: Run, rider: int, number: int) -> None:
    """Nobody fetches the order any more: it is open again."""
    world = run.world
    world.live[number].rider = NONE
    del world.assigned[number]
    run.log.record(run.env.now, RELEASED, number, rider, detail=world.wave)
    open_up(run, number)

"""The dispatch wave: show the platform's knowledge to the policy, check its answer, carry it out."""

from __future__ import annotations

from math import inf
from time import perf_counter

from sim.engine.deadline import DeadlineExceeded, deadline
from sim.engine.orders import open_up
from sim.engine.referee import PolicyError, Referee, Ruling
from sim.engine.rider import set_off
from sim.engine.run import Run
from sim.engine.sight import Sight, available
from sim.engine.tick import schedule, worth_asking
from sim.entities import Orders, Route
from sim.events import NONE, Kind
from sim.routes import PICKUP

WAVE, ASSIGNED, RELEASED = Kind.WAVE, Kind.ASSIGNED, Kind.RELEASED


def decide(run: Run) -> None:
    """One wave."""
    world, now = run.world, run.env.now
    if not worth_asking(run):
        world.tick_at = inf
        return
    wave = look(run)
    run.log.record(now, WAVE, amount=len(world.open), detail=available(run))
    for ruling in Referee(run).check(_answer(run, wave)):
        carry_out(run, ruling)
    world.wave += 1
    world.tick_at = inf  # not before: what the answer releases must not ask for a wave of its own
    if run.terms.every_s and worth_asking(run):
        schedule(run, now + run.terms.every_s)


def look(run: Run) -> Sight:
    """What the platform sees now: copies, so that no policy can touch the World."""
    world = run.world
    return Sight.of(
        run,
        index=world.wave,
        now=run.env.now,
        orders=Orders(list(world.open.values())),
        assigned=Orders(list(world.assigned.values())),
        travel=run.known,
        rules=run.rules,
        weather=run.conditions.weather.item(run.piece),
        forecast=run.conditions.forecast[run.piece],
    )


def _answer(run: Run, wave: Sight) -> object:
    begun, limit = perf_counter(), run.terms.time_limit_s
    try:
        if not limit:
            return run.policy(wave, run.policy_rng)
        with deadline(limit):
            return run.policy(wave, run.policy_rng)
    except DeadlineExceeded:
        line = f"took longer than the time limit of {limit:g} s"
        raise PolicyError(run.policy_name, wave.index, line) from None
    except (Exception, SystemExit) as error:  # a stranger's policy may fail in any way; the run ends with one line
        line = " ".join(f"raised {type(error).__name__}: {error}".split())
        raise PolicyError(run.policy_name, wave.index, line) from error
    finally:
        wave.over()
        run.wave_s.append(perf_counter() - begun)


def carry_out(run: Run, ruling: Ruling) -> None:
    """Give the rider his new route, release what it leaves out, and send him off."""
    world, rider, route = run.world, int(ruling.assignment.rider), tuple(ruling.assignment.route)
    fleet = world.fleet
    wanted, had = _to_pick(route, fleet.on_board[rider]), _to_pick(fleet.route[rider], fleet.on_board[rider])
    for number in wanted:
        if number not in had:
            _give(run, rider, number)
    fleet.route[rider], fleet.times[rider], fleet.free_at[rider] = route, ruling.times, ruling.end
    fleet.at[rider] = route[-1].place if route else fleet.here[rider]
    fleet.load[rider] = len(wanted) + len(fleet.on_board[rider])
    for number in had:
        if number not in wanted and world.live[number].rider == rider:
            _release(run, rider, number)
    set_off(run, rider)


def _to_pick(route: Route, on_board: frozenset[int]) -> dict[int, None]:
    """Orders that a route still has to pick up, as an ordered set."""
    return {stop.order: None for stop in route if stop.kind == PICKUP and stop.order not in on_board}


def _give(run: Run, rider: int, number: int) -> None:
    world = run.world
    live = world.live[number]
    if live.rider != NONE:
        run.log.record(run.env.now, RELEASED, number, live.rider, detail=world.wave)
    live.rider = rider
    world.open.pop(number, None)
    world.assigned[number] = live.order
    run.log.record(run.env.now, ASSIGNED, number, rider, detail=world.wave)


def _release(run: Run, rider: int, number: int) -> None:
    """Nobody fetches the order any more: it is open again."""
    world = run.world
    world.live[number].rider = NONE
    del world.assigned[number]
    run.log.record(run.env.now, RELEASED, number, rider, detail=world.wave)
    open_up(run, number)

"""Simulate: from a city and a policy to a log."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from math import inf

import numpy as np
from simpy import Event

from sim.city.model import City, Day
from sim.engine.breaks import on_break, remind, roster
from sim.engine.careers import Hiring, begin_careers
from sim.engine.clock import Clock
from sim.engine.conditions import live_through
from sim.engine.dawn import as_chosen, dawn
from sim.engine.dispatch import decide
from sim.engine.doors import lie
from sim.engine.front import Desk, Front, Signal
from sim.engine.incentive import Payer
from sim.engine.intake import wait, wish
from sim.engine.kinds import pack, work
from sim.engine.kitchen import heat
from sim.engine.labour import Hearing, SkillTerms, Tiring
from sim.engine.log import Log
from sim.engine.market import Trade, open_market
from sim.engine.market_night import trade_overnight
from sim.engine.night import nights
from sim.engine.orders import place, set_alarm
from sim.engine.people import Crowd, settle
from sim.engine.placed import placed
from sim.engine.reposition import Planner
from sim.engine.rider import begin_later, end_later, ride
from sim.engine.roll import called, roll_calls
from sim.engine.run import Run, Terms, choosing, rules
from sim.engine.special import kind_terms, special
from sim.engine.tick import schedule
from sim.engine.will import look
from sim.engine.world import World
from sim.entities import Floats
from sim.policies.dispatch import DispatchPolicy
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY

STEPS_PER_DAY = 48
"""How often progress is told."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run leaves behind besides its log: the last state, and seconds of decision time per wave."""

    world: World
    wave_s: Floats


def simulate(
    scenario: Scenario,
    city: City,
    policy: DispatchPolicy,
    log: Log,
    replication: int = 0,
    progress: Callable[[float], None] | None = None,
    world: World | None = None,
    until: float | None = None,
) -> Outcome:
    """Live the days of a scenario.

    Parameters
    ----------
    scenario, city
        The assumptions and the city built from them.
    policy
        The dispatch policy.
    log
        Receives every event; it is left open.
    replication
        Which days are drawn.
    progress
        Called with the share of the run that is done, 0 to 1.
    world
        A state to go on from, such as :attr:`Outcome.world`; the first morning when None.
    until
        Stop at this time in seconds; the end of the drain when None.

    Raises
    ------
    PolicyError
        When the policy's answer cannot be carried out, or it fails or takes too long.
    ValueError
        When `until` is not after the present time of `world`.
    """
    run = begin(scenario, city, policy, log, replication, world)
    end = run.terms.horizon_s + run.terms.drain_s if until is None else until
    if end <= run.world.now:
        raise ValueError(f"the run stands at {run.world.now:g} s already, it cannot end at {end:g} s")
    for step in np.linspace(run.world.now, end, 1 + max(1, round(STEPS_PER_DAY * end / DAY)))[1:]:
        run.env.run(until=float(step))
        if progress:
            progress(float(step) / end)
    run.world.now = run.env.now
    return Outcome(run.world, np.array(run.wave_s))


def begin(
    scenario: Scenario,
    city: City,
    policy: DispatchPolicy,
    log: Log,
    replication: int = 0,
    world: World | None = None,
) -> Run:
    """A run whose processes are started and whose clock stands; the parameters are those of :func:`simulate`.

    Raises
    ------
    PolicyNotFound
        When a policy or rule of the scenario does not exist or refuses its parameters; tells file, line and key.
    """
    with placed(scenario):
        run = _prepare(scenario, city, policy, log, replication, world or World.morning(city))
        planner = Planner.of(scenario, city)
    _start(run)
    if planner:
        planner.start(run)
    if scenario.incentive.policy != "none":
        run.env.process(Payer.of(city, scenario.merchants.choice_km * 1000).beats(run))
    return run


def _prepare(scenario: Scenario, city: City, policy: DispatchPolicy, log: Log, replication: int, world: World) -> Run:
    streams = Streams(scenario.seed, replication)
    today = city.day(max(world.day - 1, 0), streams)
    world.dice = world.dice or streams.generator("policy.dispatch")
    crowd = Crowd.of(scenario, len(city.users.home), streams)
    hiring = Hiring.of(scenario)
    if hiring is not None and world.careers is None:
        world.careers = begin_careers(scenario, city, streams)
    if crowd is not None and world.people is None:
        world.people = settle(scenario, city, streams)
    trade = Trade.of(scenario, city)
    if trade is not None:
        world.market = world.market or open_market(trade, city, streams)
        today = as_chosen(world.market, max(world.day - 1, 0), today)
    return Run(
        city=city,
        world=world,
        terms=Terms.of(scenario),
        rules=rules(scenario),
        streams=streams,
        log=log,
        policy=policy,
        policy_name=scenario.dispatch.policy,
        policy_rng=world.dice,
        on_tick=decide,
        env=Clock(world.now),
        today=today,
        travel=city.travel,
        known=city.travel,
        kinds=kind_terms(scenario),
        special=special(scenario, city.doors is not None),
        choosing=choosing(scenario),
        front=Front.of(scenario),
        desk=Desk.of(scenario),
        signal=Signal.of(scenario, city, streams),
        tiring=Tiring.of(scenario.riders.fatigue),
        skills=SkillTerms.of(scenario.riders.skills, city.riders.skills),
        hearing=Hearing.of(scenario.platform.road_reports),
        crowd=crowd,
        trade=trade,
        hiring=hiring,
        tastes=streams.fixed("rider.taste").standard_normal(len(city.riders.start)),
    )


def _start(run: Run) -> None:
    """Start every process from the World; on the first morning there is only the day to begin."""
    world, fleet = run.world, run.world.fleet
    for merchant, kitchen in enumerate(world.kitchens):
        for order in kitchen.stove:
            heat(run, merchant, order)
    _go_on(run)
    set_alarm(run)
    for number, request in tuple(world.gate.pending.items()):
        wait(run, number, request)
    remind(run)
    for rider in sorted({*np.flatnonzero(fleet.on_duty).tolist(), *on_break(world)}):
        end_later(run, rider)
        run.env.process(ride(run, rider))
    if world.tick_at < np.inf:
        schedule(run, world.tick_at)
    if world.people is not None:
        run.env.process(nights(run))
    if world.careers is not None:
        run.env.process(roll_calls(run))
    run.env.process(_days(run))


def _go_on(run: Run) -> None:
    """Start again what is packed, what riders work at, and what lies in lockers."""
    for number in run.world.packing:
        pack(run, number)
    for number, live in run.world.live.items():
        if live.own is not None and 0 < live.own.done_at < inf:
            work(run, number)
    for number in run.world.stored:
        lie(run, number)


def _days(run: Run) -> Generator[Event, None, None]:
    """Draw each day at its start and live its Intents; a resumed day is drawn again, to the same effect."""
    world, take = run.world, place if run.front is None else wish
    people = world.people
    if people is not None:
        take = look
    resumed_at = world.now if world.now > 0 else -inf
    if world.day > 0 and resumed_at > 0:
        _send_riders(run, run.today, resumed_at)
        live_through(run, run.today.conditions)
    while world.day < run.terms.days:
        yield run.env.timeout(max(world.day * DAY - run.env.now, 0.0))
        if world.day:
            run.yesterday = run.today.intents
            run.today = run.city.day(world.day, run.streams)
        if run.trade is not None:
            trade_overnight(run, world.day)
            run.today = dawn(run, world.day, run.today)
        today = run.today
        _send_riders(run, today, resumed_at)
        live_through(run, today.conditions)
        for intent in today.intents.rows(world.row):
            if people is not None and people.absent[intent[1]]:
                world.row += 1
                continue
            yield run.env.timeout(intent[0] - run.env.now)
            take(run, world.first_id + world.row, intent)
            world.row += 1
        world.day, world.row, world.first_id = world.day + 1, 0, world.first_id + len(today.intents)
    if run.trade is not None:
        yield run.env.timeout(max(world.day * DAY - run.env.now, 0.0))
        trade_overnight(run, world.day)


def _send_riders(run: Run, day: Day, since: float) -> None:
    """Start the shifts of a day that begin at a time in seconds or after it."""
    shifts = called(run, day.shifts)
    roster(run, shifts, since)
    columns = (shifts.rider, shifts.place, shifts.on, shifts.off)
    for rider, start, on, off in zip(*(column.tolist() for column in columns), strict=True):
        if since <= on < inf:
            begin_later(run, rider, start, on, off)

"""A run stopped anywhere goes on from its World as if it had never stopped."""

import copy
import pickle
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.engine.world import Phase, World
from sim.events import Kind
from sim.policies.matching import Matching
from sim.policies.nearest import Nearest
from tests.engine.towns import POLICIES, city_of, log_of, town
from tests.engine.toy import drop, give, pick, scripted, toy_city, toy_scenario, want

CUTS = [h * 3600 + 17.3 for h in (0.0, 11.5, 12, 12.25, 13, 18.5, 19, 24.5)]
TOWNS = [
    ("district", "matching"),
    ("scarce", "matching"),
    ("events", "nearest"),
    ("scarce", "bundler"),
    ("labour", "matching"),
]


@cache
def cut(name: str, policy: str, t: float) -> tuple[np.ndarray, World]:
    """The log until a time, and the World then, from which only copies may go on."""
    log = Log()
    outcome = simulate(town(name), city_of(name), POLICIES[policy], log, until=t)
    return log.events(), outcome.world


def rest(name: str, policy: str, world: World) -> np.ndarray:
    log = Log()
    simulate(town(name), city_of(name), POLICIES[policy], log, world=copy.deepcopy(world))
    return log.events()


def assert_same(one: np.ndarray, two: np.ndarray) -> None:
    """Equal rows in equal order; times to a microsecond, for a sum of floats depends on where it began."""
    np.testing.assert_array_equal(one["kind"], two["kind"])
    np.testing.assert_allclose(one["t"], two["t"], rtol=0, atol=1e-6)
    for column in ("order", "rider", "merchant", "user", "place", "amount", "detail"):
        np.testing.assert_array_equal(one[column], two[column], err_msg=column)


@pytest.mark.parametrize(("name", "policy"), TOWNS)
def test_the_second_half_is_that_of_the_whole(name: str, policy: str) -> None:
    whole = log_of(name, policy)
    for t in CUTS:
        first, world = cut(name, policy, t)
        assert_same(first, whole[whole["t"] < t])
        assert_same(rest(name, policy, world), whole[whole["t"] >= t])


@pytest.mark.parametrize("policy", ["nearest", "matching"])
def test_two_days_can_be_cut_anywhere_even_at_midnight(policy: str) -> None:
    whole = log_of("two days", policy)
    for t in (40000.5, 86399.9, 86400.0, 86400.1, 86400 + 43210.5, 172900.9):
        first, world = cut("two days", policy, t)
        assert_same(first, whole[whole["t"] < t])
        assert_same(rest("two days", policy, world), whole[whole["t"] >= t])


def situations(name: str, policy: str) -> Iterator[str]:
    for t in CUTS:
        _, world = cut(name, policy, t)
        yield from {Phase(phase).name for phase in world.fleet.phase}
        yield from ["stove"] * any(kitchen.stove for kitchen in world.kitchens)
        yield from ["queue"] * any(kitchen.queue for kitchen in world.kitchens)
        yield from ["open"] * bool(world.open)
        yield from ["assigned"] * bool(world.assigned)
        yield from ["on board"] * any(world.fleet.on_board)
        yield from ["wave due"] * bool(world.tick_at < np.inf)


def test_the_cuts_meet_every_situation() -> None:
    met = {situation for case in TOWNS for situation in situations(*case)}
    names = {phase.name for phase in Phase} | {"stove", "queue", "open", "assigned", "on board", "wave due"}
    assert met == names


WISHES = [want(100, prep_s=900, patience_s=2000), want(150, 1, 4, prep_s=3000), want(160, 1, 5, patience_s=700)]
MOMENTS = {
    "before all": 50,
    "between placement and wave": 110,
    "waiting at the counter, an order in the queue": 500,
    "after the cancellation": 860.5,
    "walking back": 1030,
    "mid-leg": 1200,
    "ringing at the door": 1450,
    "rider idle, order open": 1600,
    "the next meal on the stove": 2000,
    "between two shifts": 4500,
    "all over": 80000,
}
"""Order 0 is fetched at 1000 and brought at 1480; order 1 is given away at 1620 and fetched at 3150."""


def toy_answers():
    return scripted({0: lambda wave: [give(0, pick(0), drop(0))], 50: lambda wave: [give(0, pick(1, 1), drop(1, 4))]})


@pytest.mark.parametrize("t", MOMENTS.values(), ids=MOMENTS)
def test_to_the_byte_where_times_are_whole(t: float) -> None:
    city, scenario = toy_city(WISHES, [(0, 0, 0, 4000), (0, 2, 5000, 9000)]), toy_scenario()
    whole, before, after = Log(), Log(), Log()
    simulate(scenario, city, toy_answers(), whole)
    outcome = simulate(scenario, city, toy_answers(), before, until=t)
    simulate(scenario, city, toy_answers(), after, world=pickle.loads(pickle.dumps(outcome.world)))
    assert [*before.events().tolist(), *after.events().tolist()] == whole.events().tolist()
    assert len(before.events()) > 0


def test_a_run_can_be_cut_many_times() -> None:
    world: World | None = None
    parts = []
    for t in (30000.5, 43000.25, 43000.75, 50000.1, 65000.3, None):
        log = Log()
        world = simulate(town("scarce"), city_of("scarce"), Matching(), log, world=world, until=t).world
        parts.append(log.events())
    assert_same(np.concatenate(parts), log_of("scarce", "matching"))


def test_two_futures_of_one_moment_do_not_touch_each_other() -> None:
    _, world = cut("scarce", "matching", 43000.5)
    before = pickle.dumps(world)
    first = rest("scarce", "matching", world)
    log = Log()
    simulate(town("scarce"), city_of("scarce"), Nearest(), log, world=copy.deepcopy(world))
    assert pickle.dumps(world) == before
    assert_same(rest("scarce", "matching", world), first)
    assert not np.array_equal(log.events()["t"], first["t"])


def test_a_world_is_plain_data() -> None:
    _, world = cut("scarce", "matching", 43000.5)
    again = pickle.loads(pickle.dumps(world))
    assert_same(rest("scarce", "matching", again), rest("scarce", "matching", world))
    assert b"simpy" not in pickle.dumps(world)


def shifts_begun(t: float) -> list[float]:
    scenario, city = toy_scenario(), toy_city([want(100)], [(0, 0, 0, 4000), (0, 2, 5000, 9000)])
    outcome = simulate(scenario, city, Nearest(), Log(), until=t)
    log = Log()
    simulate(scenario, city, Nearest(), log, world=outcome.world)
    events = log.events()
    return events["t"][events["kind"] == Kind.ON_SHIFT].tolist()


def test_a_shift_begins_once() -> None:
    assert shifts_begun(4999.9) == [5000]
    assert shifts_begun(5000.1) == []


def test_a_shift_that_begins_at_the_cut_begins() -> None:
    assert shifts_begun(5000) == [5000]


def test_a_policy_that_plays_dice_goes_on_with_them() -> None:
    whole = log_of("scarce", "roamer")
    _, world = cut("scarce", "roamer", 43000.5)
    assert_same(rest("scarce", "roamer", world), whole[whole["t"] >= 43000.5])

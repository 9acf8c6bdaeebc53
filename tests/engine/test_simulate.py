"""Days, drain and horizon; progress; a run is a function of its seed."""

import numpy as np
import pytest

from sim.city.build import build_city
from sim.engine.floor import simulate_floor
from sim.engine.log import Log
from sim.engine.run import Terms
from sim.engine.simulate import simulate
from sim.entities import Wave
from sim.events import Kind
from sim.policies.matching import Matching
from sim.policies.nearest import Nearest
from sim.routes import errand
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY, HOUR
from tests.engine.towns import CASES, POLICIES, city_of, log_of, town
from tests.engine.toy import Answer, give, play, play_on, rows, scripted, story, toy_city, toy_scenario, want
from tests.engine.toy import times as at


def test_terms_are_the_scenarios_numbers_in_the_engines_units() -> None:
    scenario = toy_scenario(
        calendar={"days": 3, "drain_min": 90},
        platform={"promise_min": 35, "delivery_fee_yuan": 3.5, "commission": 0.2},
        pay={"per_order_yuan": 5, "per_km_yuan": 0.5, "guarantee_yuan_per_hour": 18},
        dispatch={"time_limit_s": 2},
    )
    terms = Terms.of(scenario)
    assert (terms.promise_s, terms.fee, terms.commission, terms.exact_ready) == (2100, 350, 0.2, True)
    assert (terms.per_order, terms.per_km, terms.guarantee_per_hour) == (500, 50, 1800)
    assert (terms.every_s, terms.time_limit_s) == (30, 2)
    assert (terms.horizon_s, terms.drain_s, terms.days) == (3 * DAY, 1.5 * HOUR, 3)


def test_each_day_brings_its_wishes_and_shifts_with_new_ids() -> None:
    city = toy_city([want(100), want(50000, patience_s=100)], [(0, 0, 0, 7200)], daily=True)
    events = play(city, Nearest(), calendar={"days": 3})
    assert at(events, Kind.PLACED) == [d * DAY + t for d in range(3) for t in (100, 50000)]
    assert rows(events, Kind.PLACED)["order"].tolist() == list(range(6))
    assert at(events, Kind.DELIVERED) == [d * DAY + 660 for d in range(3)]
    assert at(events, Kind.ON_SHIFT) == [d * DAY for d in range(3)]
    assert at(events, Kind.OFF_SHIFT) == [d * DAY + 7200 for d in range(3)]


def test_a_ride_goes_on_over_midnight() -> None:
    city = toy_city([want(86200)], [(0, 0, 86000, 86300)])
    events = play(city, Nearest(), calendar={"days": 2})
    assert at(events, Kind.DELIVERED) == [86220 + 60 + 60 + 360 + 60]
    assert at(events, Kind.OFF_SHIFT) == [86820]


@pytest.mark.parametrize(("drain", "ends"), [(0, []), (5, []), (10, [86760])])
def test_the_drain_lets_open_orders_end(drain: int, ends: list[float]) -> None:
    city = toy_city([want(86200)], [(0, 0, 86000, 90000)])
    assert at(play(city, Nearest(), calendar={"drain_min": drain}), Kind.DELIVERED) == ends


@pytest.mark.parametrize("name", ["district", "two days"])
def test_the_drain_brings_no_new_wishes(name: str) -> None:
    events, days = log_of(name), town(name).calendar.days
    born = events[np.isin(events["kind"], (Kind.PLACED, Kind.LOST))]
    city = city_of(name)
    wished = [city.day(day, Streams(1)).intents for day in range(days)]
    assert len(born) == sum(map(len, wished))
    np.testing.assert_allclose(born["t"], np.concatenate([intents.t for intents in wished]), rtol=0, atol=1e-6)
    np.testing.assert_array_equal(born["user"], np.concatenate([intents.user for intents in wished]))


def test_a_run_can_stop_anywhere() -> None:
    city = toy_city([want(100)])
    events, outcome = play_on(city, Nearest(), until=600)
    assert outcome.world.now == 600
    assert at(events, Kind.ARRIVED) == [120], "what is due at 600 is not done yet"
    assert at(play(city, Nearest(), until=600.001), Kind.ARRIVED) == [120, 600]


@pytest.mark.parametrize("name", ["district", "two days"])
def test_progress_grows_to_one(name: str) -> None:
    told: list[float] = []
    simulate(town(name), city_of(name), Nearest(), Log(), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    assert 40 < len(told) < 200


def test_telling_progress_changes_nothing() -> None:
    log = Log()
    simulate(town("district"), city_of("district"), Matching(), log, progress=lambda share: None)
    np.testing.assert_array_equal(log.events(), log_of("district", "matching"))


@pytest.mark.parametrize(("name", "policy"), CASES[:6:2] + CASES[-3:])
def test_a_second_run_is_equal_to_the_byte(name: str, policy: str) -> None:
    log = Log()
    simulate(town(name), city_of(name), POLICIES[policy], log)
    assert log.events().tobytes() == log_of(name, policy).tobytes()


def test_a_city_where_nothing_happens_has_a_log_of_shifts() -> None:
    scenario = Scenario.model_validate(
        {"city": {"kind": "plane"}, "population": {"users": 0}, "riders": {"count": 5, "attendance": 1}}
    )
    log = Log()
    simulate(scenario, build_city(scenario), Matching(), log)
    kinds = {Kind(kind) for kind in log.events()["kind"]}
    assert kinds == {Kind.ON_SHIFT, Kind.IDLE, Kind.OFF_SHIFT}


def test_a_city_without_riders_asks_no_policy() -> None:
    scenario = town("events", riders={"count": 0})
    log, policy = Log(), scripted()
    simulate(scenario, build_city(scenario), policy, log)
    assert policy.seen == []
    ends = log.events()["kind"]
    assert (ends == Kind.CANCELLED).sum() == (ends == Kind.PLACED).sum() > 100


def test_the_engine_leaves_no_rider_behind() -> None:
    """After a long drain all are home, whatever they carried."""
    scenario = town("scarce", calendar={"drain_min": 600})
    log = Log()
    outcome = simulate(scenario, city_of("scarce"), Matching(), log)
    world, events = outcome.world, log.events()
    assert len(rows(events, Kind.ON_SHIFT)) == len(rows(events, Kind.OFF_SHIFT)) == 5
    assert not world.live
    assert not world.open
    assert not world.assigned
    assert not any(kitchen.stove or kitchen.queue for kitchen in world.kitchens)


def test_a_policy_that_answers_nothing_is_no_error() -> None:
    events = play(toy_city([want(100)]), scripted({0: lambda wave: [], 1: lambda wave: ()}), until=1000)
    assert story(events, Kind.ASSIGNED) == []


def test_the_same_route_again_changes_nothing() -> None:
    """A policy may repeat what a rider does already."""

    def again(wave: Wave) -> list:
        return [give(0, *wave.riders.route[0])] if wave.riders.route[0] else []

    first: dict[int, Answer] = {0: lambda wave: [give(0, *errand(wave.orders[0]))]}
    calm = play(toy_city([want(100), want(110, patience_s=2000)]), scripted(first))
    repeated = play(
        toy_city([want(100), want(110, patience_s=2000)]), scripted({**first, **dict.fromkeys(range(1, 60), again)})
    )
    np.testing.assert_array_equal(calm, repeated)


def test_the_floor_of_the_bench_does_the_same_orders() -> None:
    city, log = city_of("district"), Log()
    orders = simulate_floor(city, log, Streams(1), riders=20)
    events = log.events()
    assert orders == len(city.day(0, Streams(1)).intents)
    assert len(rows(events, Kind.DELIVERED)) == orders
    assert (np.diff(events["t"]) >= 0).all()

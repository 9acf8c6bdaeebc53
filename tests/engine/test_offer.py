"""Offers: a rider may refuse what is new to him, and the order goes to somebody else at once."""

from functools import partial
from typing import Any

import numpy as np
import pytest

from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.entities import Assignment, Wave
from sim.events import Kind
from sim.kpi.kpis import KPIS
from sim.kpi.tables import Tables
from sim.policies.nearest import Nearest
from tests.engine.test_resume import assert_same
from tests.engine.toy import Scripted, drop, give, pick, play, rows, scripted, toy_city, toy_scenario, want

PLAIN = {"taste_sd": 0.0, "per_km": 0.0, "per_yuan_per_min": 0.0}
NEVER, ALWAYS = {**PLAIN, "accept": 0.01}, {**PLAIN, "accept": 0.99}
SHIFTS = [(rider, rider % 6, 0.0, 9000.0) for rider in range(12)]


def choosy(**choice: float) -> dict[str, Any]:
    return {"choice": choice}


def route(*stops_and_wave: Any) -> list[Assignment]:
    return [give(0, *stops_and_wave[:-1])]


def many() -> list[tuple]:
    return [want(100.0 + 41.37 * n, n % 2, 3 + n % 3) for n in range(60)]


def test_without_choice_nobody_refuses() -> None:
    events = play(toy_city(many(), SHIFTS), Nearest(), riders={})
    assert not len(rows(events, Kind.REFUSED))


def test_a_refused_order_is_offered_to_another_at_the_same_instant() -> None:
    events = play(toy_city(many(), SHIFTS), Nearest(), riders=choosy(accept=0.5))
    refused, assigned = rows(events, Kind.REFUSED), rows(events, Kind.ASSIGNED)
    assert len(refused) > 10
    again = {(row["order"], row["t"]) for row in refused} & {(row["order"], row["t"]) for row in assigned}
    assert len(again) >= 5


def test_nobody_is_asked_twice_and_nobody_carries_what_he_refused() -> None:
    events = play(toy_city(many(), SHIFTS), Nearest(), riders=choosy(accept=0.5))
    refused = [(row["order"], row["rider"]) for row in rows(events, Kind.REFUSED)]
    assert len(set(refused)) == len(refused)
    assert not set(refused) & {(row["order"], row["rider"]) for row in rows(events, Kind.ASSIGNED)}


def test_a_policy_sees_who_refused() -> None:
    policy = scripted({0: lambda wave: [give(0, pick(0), drop(0))]})
    play(toy_city([want(100)]), policy, riders=choosy(**NEVER))
    assert [dict(wave.refused) for wave in policy.seen[:2]] == [{}, {0: {0}}]
    assert policy.seen[1].now == policy.seen[0].now


def test_a_stubborn_policy_is_refused_at_every_beat_and_no_oftener() -> None:
    class Stubborn(Scripted):
        def __call__(self, wave: Wave, rng: np.random.Generator) -> list[Assignment]:
            self.seen.append(wave)
            return [give(0, pick(0), drop(0))]

    policy = Stubborn({}, [])
    events = play(toy_city([want(100, patience_s=200)], [(0, 0, 0, 9000)]), policy, riders=choosy(**NEVER))
    assert [wave.now for wave in policy.seen] == [120, 120, 150, 180, 210, 240, 270, 300][: len(policy.seen)]
    assert len(rows(events, Kind.REFUSED)) == len(policy.seen)
    assert len(rows(events, Kind.CANCELLED)) == 1


def test_what_a_rider_has_already_stays_his_when_he_refuses_more() -> None:
    """Order 0 is his from a long way; order 1 is added to the route and refused."""
    both = (pick(0), pick(1), drop(0), drop(1))
    for keep in (both, (pick(0), pick(1), drop(1), drop(0))):
        log = Log()
        scenario = toy_scenario(riders={"choice": {**ALWAYS, "per_order": 10.0}})
        city = toy_city([want(100), want(130)], [(0, 5, 0, 9000)])
        answers = {0: partial(route, pick(0), drop(0)), 1: partial(route, *keep)}
        simulate(scenario, city, scripted(answers), log)
        events = log.events()
        assert [row["order"] for row in rows(events, Kind.REFUSED)] == [1]
        assert [row["order"] for row in rows(events, Kind.DELIVERED)] == [0]


def test_acceptance_follows_its_share() -> None:
    shares = []
    for accept in (0.5, 0.9):
        events = play(
            toy_city(many(), SHIFTS), Nearest(), riders=choosy(accept=accept, per_yuan_per_min=0, per_km=0, taste_sd=0)
        )
        shares.append(KPIS["offer_acceptance"].value(Tables(events)))
    assert shares == pytest.approx([0.5, 0.9], abs=0.1)


def test_a_run_that_is_cut_remembers_who_refused() -> None:
    scenario, city = toy_scenario(riders=choosy(accept=0.5)), toy_city(many(), SHIFTS)
    whole, first, second = Log(), Log(), Log()
    simulate(scenario, city, Nearest(), whole)
    outcome = simulate(scenario, city, Nearest(), first, until=1000.3)
    simulate(scenario, city, Nearest(), second, world=outcome.world)
    both = np.concatenate([first.events(), second.events()])
    by = ["t", "kind", "order", "rider"]  # rows of one instant may change places
    assert_same(np.sort(both, order=by), np.sort(whole.events(), order=by))

"""The night as a whole: what it keeps, and that it can be cut anywhere."""

import copy
import pickle
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.city.build import build_city
from sim.city.datebook import Datebook
from sim.city.model import City
from sim.engine.log import Log
from sim.engine.night import live
from sim.engine.simulate import simulate
from sim.engine.world import World
from sim.entities import Grants, Night
from sim.events import Kind
from sim.policies.membership.care import CareCall, CareOffer
from sim.policies.membership.registry import RULES
from sim.policies.nearest import Nearest
from sim.scenario.demand import Holiday
from sim.scenario.schema import Scenario
from tests.engine.crowds import rows, says, standing

N = 6
ONES = np.ones(N, np.int64)
SMALL: dict[str, Any] = {
    "city": {"kind": "plane", "places": 150},
    "population": {"users": 150},
    "merchants": {"classes": {"restaurant": {"count": 8, "stations": 2}}},
    "riders": {"count": 5},
    "calendar": {"days": 10, "drain_min": 30},
}
KEEN = {
    "on": True,
    "registered": 0.6,
    "leaving": {"a": 3, "b": 27, "contact": 0.6},
    "spreading": {"base": 0.2, "invites": 10, "again_days": 3},
    "together": {"begins": 0.5},
}


def members(days: int = 10, **rules: float) -> Scenario:
    programme = {name: {"rule": name, "share": share} for name, share in rules.items()}
    calendar = SMALL["calendar"] | {"days": days}
    return Scenario.model_validate(SMALL | {"calendar": calendar, "response": KEEN, "membership": {"rules": programme}})


@cache
def city() -> City:
    return build_city(members())


def lived(scenario: Scenario) -> tuple[np.ndarray, World]:
    log = Log()
    outcome = simulate(scenario, city(), Nearest(), log)
    return log.events(), outcome.world


ALONE = sorted(set(RULES) - {"preorder"})
"""Rules that ask nothing of the rest of the scenario."""

EVERYTHING = dict.fromkeys(ALONE, 0.8)
CUTS = [17.3, 86400.0, 86400.1, 17 * 86400 + 43000.5, 18 * 86400 - 0.1, 30 * 86400.0, 33 * 86400 + 60000.7]


@cache
def quarter() -> tuple[np.ndarray, World]:
    return lived(members(35, **EVERYTHING))


@pytest.mark.parametrize("cut", CUTS)
def test_a_run_cut_in_mid_quarter_goes_on_as_if_it_had_not_been(cut: float) -> None:
    whole, _ = quarter()
    scenario, before, after = members(35, **EVERYTHING), Log(), Log()
    world = simulate(scenario, city(), Nearest(), before, until=cut).world
    simulate(scenario, city(), Nearest(), after, world=pickle.loads(pickle.dumps(copy.deepcopy(world))))
    both = np.concatenate([before.events(), after.events()])
    assert len(before.events())
    assert len(after.events())
    np.testing.assert_allclose(both["t"], whole["t"], rtol=0, atol=1e-6)
    for column in ("kind", "order", "rider", "user", "place", "amount", "detail"):
        np.testing.assert_array_equal(both[column], whole[column], err_msg=column)


def test_much_happens_in_that_quarter() -> None:
    kinds = set(quarter()[0]["kind"].tolist())
    expected = {Kind.JOINED, Kind.DROPPED_OUT, Kind.CAME_BACK, Kind.COUPON, Kind.REDEEMED, Kind.TIER, Kind.EARNED}
    assert expected | {Kind.BURNT, Kind.TOUCHED, Kind.SPENT, Kind.ARM, Kind.BROWSED} <= kinds


def test_a_night_is_lived_for_every_day_and_on_the_eve() -> None:
    log, world = lived(members(3))
    assert log["t"][log["kind"] == Kind.CENSUS].tolist() == [0, 86400, 2 * 86400, 3 * 86400]
    assert world.people is not None
    assert world.people.nights == 4


def test_a_rule_is_asked_from_its_first_night_to_its_last() -> None:
    seen: list[int] = []

    def rule(night: Night, rng: np.random.Generator) -> Grants:
        seen.append(night.day)
        return Grants()

    run, _ = standing(rule, users=N)
    assert run.crowd is not None
    run.crowd = replace(run.crowd, clauses=tuple(replace(clause, first=1, last=2) for clause in run.crowd.clauses))
    for _night in range(5):
        live(run)
    assert seen == [0, 1], "the eves of days 1 and 2"


def test_rules_are_told_of_a_holiday_and_on_the_eve_of_its_first_day_alone() -> None:
    told: list[tuple[int, bool, bool]] = []

    def rule(night: Night, rng: np.random.Generator) -> Grants:
        told.append((night.tomorrow.day, night.holiday, night.eve))
        return Grants()

    run, _ = standing(rule, users=N)
    assert run.crowd is not None
    spring = Holiday(name="spring", dates=("2026-02-02", "2026-02-03", "2026-02-05"))
    saturday = Holiday(name="working", dates=("2026-02-04",), curve="weekday")
    run.crowd = replace(run.crowd, book=Datebook(date(2026, 2, 1), (spring, saturday)))
    for _night in range(6):
        live(run)
    yes, no = True, False
    assert told == [(1, no, no), (2, yes, yes), (3, yes, no), (4, no, no), (5, yes, yes), (6, no, no)]


@pytest.mark.parametrize(("levels", "called"), [([CareCall(), CareOffer()], [0]), ([CareOffer(), CareCall()], [])])
def test_a_rule_sees_what_those_before_it_have_given(levels: list[Any], called: list[int]) -> None:
    """An offer takes the place of the coupon whose idleness is a sign, and hides it from a call that comes later."""
    run, people = standing(*levels, users=N)
    members, people.nights = people.members, 8
    members.recent_late[0], members.recent_complaints[0] = 2, 2
    members.coupons.value[:, 0], members.coupons.until[:, 0] = 500, 6
    live(run)
    assert rows(run, Kind.COUPON)["user"].tolist() == [0], "whose turn it is"
    assert rows(run, Kind.TOUCHED)["user"].tolist() == called


def test_points_grow_old_by_the_month() -> None:
    run, people = standing(users=N)
    people.members.points[:, [0, 10, 11]] = 5, 3, 1
    for _night in range(31):
        live(run)
    assert people.members.points[0].tolist() == [0, 5, *[0] * 9, 4]


def test_attention_and_trust_fade() -> None:
    run, people = standing(users=N)
    people.trust[:], people.attention[:] = 0.8, 2.0
    live(run)
    assert people.trust[0] == pytest.approx(0.8 * np.exp(-1 / 60))
    assert people.attention[0] == pytest.approx(2 * np.exp(-1 / 5))


def test_a_streak_lasts_as_long_as_the_app_is_opened() -> None:
    run, people = standing(users=N)
    for night, opened in enumerate([[], [0, 1], [0], [0, 1]]):
        people.members.opened[opened] = night - 1
        live(run)
    assert people.members.streak[:3].tolist() == [3, 1, 0]


def test_the_pull_grows_towards_the_next_rung_and_begins_anew_behind_it() -> None:
    pulls = []
    for balance in (0, 50, 99, 100, 150, 10_000):
        run, people = standing(says(ladder=((100, 500), (200, 1100))), users=N)
        people.members.points[:, 0] = balance
        live(run)
        pulls.append(float(people.worth[0]))
    assert pulls[0] == pulls[3] == 0
    assert pulls[0] < pulls[1] < pulls[2] > pulls[3] < pulls[4]
    assert pulls[1] == pytest.approx(pulls[4])


def test_arms_are_told_once() -> None:
    arm = np.arange(N) < 2
    run, _ = standing(says(), users=N, arms=(arm,))
    live(run)
    live(run)
    assert rows(run, Kind.ARM)[["user", "detail"]].tolist() == [(0, 0), (1, 0)]


def test_trust_moves_what_people_answer() -> None:
    means = []
    for trust in (-1, 0, 1):
        run, people = standing(users=400, survey={"share": 1})
        people.trust[:] = trust
        live(run)
        means.append(rows(run, Kind.SURVEYED)["amount"].mean())
    assert means[0] < means[1] < means[2]
    assert means[1] == pytest.approx(7.5, abs=0.3)

"""What orders do to their users: trust, complaints and their answers, counts, and leaving."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.engine.outcomes import review
from sim.events import Kind, Purpose
from sim.scenario.membership import Desk
from sim.units import MINUTE
from tests.engine.crowds import paid, rows, standing

N = 400


def ended(
    *orders: tuple[int, float, bool], desk: dict[str, Any] | None = None, ride_min: Any = 0.0, **response: Any
) -> Any:
    """A night after orders of (user, minutes late, delivered); the run, the people and what the night says."""
    run, people = standing(users=N, **({"leaving": {"a": 0.01, "b": 10000}} | response))
    if desk:
        run.crowd = replace(run.crowd, desk=Desk(**desk))  # type: ignore[type-var]
    people.nights = 1
    for number, (user, late_min, delivered) in enumerate(orders):
        times = (3600.0, 7200.0, late_min * MINUTE)
        row = (number, user, 0, 0, 1, *times, 2000, 2400 * delivered, delivered, 0, 4, ride_min * MINUTE)
        people.ended.append(row)
    return run, people, review(run, people, run.crowd)  # type: ignore[arg-type]


def trust_after(*orders: tuple[float, bool], **response: Any) -> float:
    _, people, _ = ended(*((0, late, delivered) for late, delivered in orders), **response)
    return float(people.trust[0])


def test_later_is_never_better() -> None:
    trusts = [trust_after((late, True)) for late in (-30, -10, 0, 5, 10, 30, 90, 600)]
    assert trusts == sorted(trusts, reverse=True)
    assert trusts[2] == 0
    assert trusts[0] > 0 > trusts[-1]


def test_late_hurts_more_than_early_helps_and_less_with_every_minute() -> None:
    early, late, later = (trust_after((minutes, True)) for minutes in (-20, 20, 40))
    assert -late > early
    assert later - late > late, "the second twenty minutes hurt less than the first"


def test_a_cancelled_order_costs_trust_whenever_it_was_promised() -> None:
    assert trust_after((0, False)) == trust_after((60, False)) < 0


def test_a_meal_that_was_carried_long_costs_trust() -> None:
    warm, cool, cold = (float(ended((0, -5, True), ride_min=minutes)[1].trust[0]) for minutes in (20, 35, 90))
    assert warm == trust_after((-5, True)) > cool > cold
    assert float(ended((0, -5, True), ride_min=90, trust={"cold": 0})[1].trust[0]) == warm


def test_orders_act_one_after_the_other() -> None:
    once, twice = trust_after((30, True)), trust_after((30, True), (30, True))
    assert twice < once
    assert trust_after((30, True), (-30, True)) > trust_after((-30, True), (30, True)), "the last one counts most"


def leavers(late_min: float, tier: int = 0) -> int:
    run, people = standing(users=N, leaving={"a": 60, "b": 540})
    people.members.tier[:] = tier
    people.ended.extend((n, n, 0, 0, 1, 0.0, 0.0, late_min * MINUTE, 2000, 2400, True, 0, 0, 0.0) for n in range(N))
    review(run, people, run.crowd)  # type: ignore[arg-type]
    assert len(rows(run, Kind.DROPPED_OUT)) == N - people.alive.sum()
    return int(N - people.alive.sum())


def test_bad_orders_make_more_people_leave_and_tiers_keep_some() -> None:
    good, usual, bad = (leavers(minutes) for minutes in (-30, 0, 60))
    assert 0 < good <= usual < bad < N
    assert leavers(60, tier=3) < bad


def test_nobody_leaves_twice() -> None:
    run, people, _ = ended(*[(0, 200, True)] * 30, leaving={"a": 100, "b": 0.01})
    assert not people.alive[0]
    assert len(rows(run, Kind.DROPPED_OUT)) == 1


COMPLAINING = {"leaving": {"a": 0.01, "b": 10000, "complains": 1}}


def test_complaints_are_answered_apologised_for_and_paid() -> None:
    desk = {"compensation_yuan": 5, "cost_yuan": 3, "answer_min": 60}
    run, people, night = ended(*((user, 600, True) for user in range(N)), desk=desk, **COMPLAINING)
    count = int(night.complained.sum())
    assert count > N / 2
    assert (paid(run, Purpose.APOLOGY), paid(run, Purpose.SERVICE)) == (500 * count, 300 * count)
    assert np.array_equal(people.members.recent_complaints[0] > 0, night.complained)
    answers = rows(run, Kind.COMPLAINED)["amount"]
    assert answers.mean() == pytest.approx(60 * MINUTE, rel=0.25)
    assert np.isinf(night.answered_s[~night.complained]).all()


def test_nobody_complains_of_a_good_order() -> None:
    _, _, night = ended(*((user, -5, True) for user in range(N)), **COMPLAINING)
    assert not night.complained.any()


def test_fast_answers_and_compensation_mend_trust() -> None:
    late = [(user, 600, True) for user in range(N)]
    means = [
        float(ended(*late, desk=desk, **COMPLAINING)[1].trust.mean())
        for desk in ({"answer_min": 14400}, {"answer_min": 30}, {"answer_min": 30, "compensation_yuan": 5})
    ]
    assert means[0] < means[1] < means[2] < 0


def test_what_the_platform_counts() -> None:
    _, people, night = ended((0, -5, True), (0, 9, True), (1, 7, True), (2, 0, False))
    members = people.members
    assert members.recent_orders[0, :4].tolist() == [2, 1, 0, 0]
    assert members.recent_late[0, :4].tolist() == [1, 0, 0, 0], "late is more than eight minutes"
    assert members.recent_cancelled[0, :4].tolist() == [0, 0, 1, 0]
    assert members.spent[:3].tolist() == [4800, 2400, 0]
    assert members.last_order[:4].tolist() == [0, 0, -1, -1]
    assert len(night) == 4
    assert not people.ended


def test_only_who_joined_in_the_run_has_a_first_order_and_only_one() -> None:
    run, people = standing(users=N)
    people.members.joined[0], people.nights = 0, 1
    story = [(0, False), (0, True), (0, True), (1, True)]
    people.ended.extend((n, u, 0, 0, 1, 0.0, 0.0, 0.0, 2000, 2000, d, 0, 0, 0.0) for n, (u, d) in enumerate(story))
    assert review(run, people, run.crowd).first.tolist() == [False, True, False, False]  # type: ignore[arg-type]
    people.ended.append((9, 0, 0, 0, 1, 0.0, 0.0, 0.0, 2000, 2000, True, 0, 0, 0.0))
    assert review(run, people, run.crowd).first.tolist() == [False]  # type: ignore[arg-type]


def test_a_day_without_orders_is_lived_too() -> None:
    _, people, night = ended()
    assert len(night) == 0
    assert not people.members.recent_orders.any()

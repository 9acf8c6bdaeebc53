"""Gathering others for a reward: everybody asked decides, and too few get nothing."""

from typing import Any

import numpy as np
import pytest

from sim.engine.night import live
from sim.entities import Rally
from sim.events import Kind
from tests.engine.crowds import rows, says, standing

N = 40
FIRST = np.arange(N) == 0
QUIET = {"organic": 0, "invites": 0}
EAGER = {"begins": 1, "reward_yuan": 0.1, "helps": 0.9999}


def gathered(insiders: int = N, arms: Any = (), helps: float = 0.9999, base: float = 0.9999, **rally: Any) -> Any:
    """The first user gathers others, if he may."""
    given = Rally(**{"who": FIRST, "rungs": ((2, 1500),), "asks": 6, "thanks": 1500} | rally)
    together = EAGER | {"helps": helps}
    run, people = standing(says(rally=given), users=N, arms=arms, spreading=QUIET | {"base": base}, together=together)
    people.members.registered[:] = np.arange(N) < insiders
    return run, people


def test_three_who_come_together_all_get_the_coupon() -> None:
    run, people = gathered(percent=50, days=2)
    live(run)
    held = np.flatnonzero(people.members.coupons.value[:, 0])
    assert 0 in held
    assert 3 <= len(held) <= 7
    assert (people.members.coupons.percent[held, 0] == 50).all()
    assert (people.members.coupons.until[held, 0] == 1).all()
    assert set(people.members.zone[held].tolist()) == {0}
    assert sorted(rows(run, Kind.COUPON)["user"].tolist()) == held.tolist()


def test_too_few_get_nothing() -> None:
    run, people = gathered(asks=1)
    live(run)
    assert not people.members.coupons.value.any()
    run, people = gathered(helps=0.0001, thanks=0)
    live(run)
    assert not len(rows(run, Kind.COUPON))


def test_outsiders_join_to_take_part() -> None:
    run, people = gathered(insiders=1)
    live(run)
    joined = rows(run, Kind.JOINED)
    assert len(joined) >= 2
    assert set(joined["amount"].tolist()) == {0}
    assert people.members.friends[0] == len(joined)
    assert (people.members.coupons.value[joined["user"], 0] == 1500).all()


def test_nobody_joins_twice_for_two_who_ask() -> None:
    run, people = gathered(insiders=10, who=np.arange(N) < 10, asks=30)
    for _night in range(2):
        live(run)
    users = rows(run, Kind.JOINED)["user"].tolist()
    assert len(set(users)) == len(users) == people.members.friends.sum() > 5


def test_who_has_left_neither_begins_nor_helps() -> None:
    run, people = gathered()
    people.alive[1:] = False
    live(run)
    assert not len(rows(run, Kind.COUPON))
    run, people = gathered()
    people.alive[0] = False
    live(run)
    assert not len(rows(run, Kind.COUPON))


@pytest.mark.parametrize("rung", [1, 3, 5])
def test_more_help_climbs_the_ladder(rung: int) -> None:
    rungs = {1: 200, 3: 500, 5: 1000}
    run, people = gathered(rungs=tuple(rungs.items()), asks=60, thanks=100)
    people.alive[:] = False
    people.alive[: 2 * rung + 1] = True  # every other one lives in the zone of the first
    live(run)
    assert people.members.coupons.value[0, 0] == rungs[rung]
    assert np.count_nonzero(people.members.coupons.value == 100) == rung


def test_an_arm_says_who_may_begin() -> None:
    run, _ = gathered(arms=(~FIRST,))
    live(run)
    assert not len(rows(run, Kind.COUPON))


def test_without_a_reward_nobody_begins() -> None:
    run, _ = gathered(rungs=((1, 0),), who=np.ones(N, np.bool_))
    live(run)
    assert not len(rows(run, Kind.COUPON))

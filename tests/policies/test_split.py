"""Two policies in one city: whose orders, whose riders, whose turn."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Generator

from sim.entities import Assignment, Orders, Wave
from sim.policies.matching import Matching
from sim.policies.nearest import Nearest
from sim.policies.split import Split, Unit
from sim.routes import errand
from tests.policies.waves import RNG, order, random_waves, wave

NEVER, ALWAYS = np.zeros(40, bool), np.ones(40, bool)


@dataclass(frozen=True)
class Watching:
    """Remembers the waves it was shown; gives the first orders to the riders it may use."""

    seen: list[Wave] = field(default_factory=list)

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        self.seen.append(wave)
        free = wave.riders.id[wave.riders.available & (wave.riders.load == 0)].tolist()
        return [Assignment(rider, errand(o)) for rider, o in zip(free, wave.orders, strict=False)]


def split(by: Unit, arm: np.ndarray, slot_s: float = 3600.0) -> tuple[Split, Watching, Watching]:
    a, b = Watching(), Watching()
    return Split(a, b, by, arm, slot_s), a, b


def odd(size: int = 40) -> np.ndarray:
    return np.arange(size) % 2 == 1


def ids(seen: Wave) -> list[int]:
    return [o.id for o in seen.orders]


def four(**columns: Any) -> Wave:
    """Orders 0 to 3 of users 0 to 3, to places 4 to 7; riders 10, 11, 12."""
    return wave(
        [order(i, 0, 4 + i)._replace(user=i) for i in range(4)], [0, 1, 2], [100.0 * i for i in range(8)], **columns
    )


@pytest.mark.parametrize(("by", "second"), [("user", [1, 3]), ("zone", [1, 3])])
def test_each_arm_sees_its_own_orders(by: Unit, second: list[int]) -> None:
    policy, a, b = split(by, odd())
    policy(four(), RNG)
    assert (ids(a.seen[0]), ids(b.seen[0])) == ([0, 2], second)


def test_assigned_orders_are_shown_to_their_arm_only() -> None:
    policy, a, b = split("user", odd())
    policy(
        replace(four(), orders=Orders([]), assigned=Orders([order(7)._replace(user=1), order(8)._replace(user=2)])), RNG
    )
    assert [[o.id for o in w.seen[0].assigned] for w in (a, b)] == [[8], [7]]


def test_the_arms_take_turns_in_asking_first_for_the_shared_riders() -> None:
    policy, a, b = split("user", odd())
    for index, first, later in ((2, a, b), (3, b, a)):
        a.seen.clear()
        b.seen.clear()
        policy(replace(four(), index=index), RNG)
        assert first.seen[0].riders.available.tolist() == [True, True, True]
        assert later.seen[0].riders.available.tolist() == [False, False, True]


def test_one_answer_serves_no_rider_and_no_order_twice() -> None:
    policy, _, _ = split("user", odd())
    answer = policy(four(), RNG)
    assert sorted(a.rider for a in answer) == [10, 11, 12]
    assert len({a.route[0].order for a in answer}) == 3


def test_riders_are_split_and_orders_shared() -> None:
    policy, a, b = split("rider", odd())
    answer = policy(four(), RNG)  # wave 3: the second arm asks first
    assert b.seen[0].riders.available.tolist() == [False, True, False]
    assert a.seen[0].riders.available.tolist() == [True, False, True]
    assert ids(b.seen[0]) == [0, 1, 2, 3]
    assert ids(a.seen[0]) == [1, 2, 3]  # the second arm took order 0
    assert [(x.rider, x.route[0].order) for x in answer] == [(11, 0), (10, 1), (12, 2)]


def test_riders_who_may_not_be_used_stay_so() -> None:
    policy, a, b = split("rider", odd())
    policy(four(available=[False, True, False]), RNG)
    assert not a.seen[0].riders.available.any()
    assert b.seen[0].riders.available.tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("now", "slot_s", "second"),
    [(0.0, 3600, False), (3599.9, 3600, False), (3600.0, 3600, True), (7300, 3600, False), (7300, 600, False),
     (6700, 600, True), (39 * 3600, 3600, True), (40 * 3600, 3600, False)],
)  # fmt: skip
def test_time_belongs_to_one_policy_slot_by_slot(now: float, slot_s: float, second: bool) -> None:
    policy, a, b = split("time", odd(), slot_s)
    shown = replace(four(), now=now)
    policy(shown, RNG)
    assert (len(a.seen), len(b.seen)) == ((0, 1) if second else (1, 0))
    assert (b if second else a).seen == [shown]  # the wave itself, whole


@pytest.mark.parametrize("by", ["user", "rider", "zone", "time"])
def test_an_arm_without_units_leaves_all_to_the_other(by: Unit) -> None:
    for arm, policy in ((NEVER, Nearest()), (ALWAYS, Matching())):
        made = Split(Nearest(), Matching(), by, arm)
        assert list(made(four(), RNG)) == list(policy(four(), RNG))


@given(random_waves(), st.sampled_from(["user", "rider", "zone"]), st.integers(0, 2**32 - 1))
def test_every_order_is_decided_by_exactly_one_arm(shown: Wave, by: Unit, seed: int) -> None:
    arm = np.random.default_rng(seed).random(40) < 0.5
    policy, a, b = split(by, arm)
    answer = policy(shown, RNG)
    riders, given_away = [x.rider for x in answer], [x.route[0].order for x in answer]
    assert len(riders) == len(set(riders))
    assert len(given_away) == len(set(given_away))
    if by != "rider":
        one, two = (set(ids(w.seen[0])) for w in (a, b))
        assert not one & two
        assert one | two == set(ids(shown))
    else:
        assert not (a.seen[0].riders.available & b.seen[0].riders.available).any()


@given(random_waves())
def test_the_wave_that_was_shown_is_not_changed(shown: Wave) -> None:
    before = shown.riders.available.copy(), list(shown.orders.rows), list(shown.assigned.rows)
    Split(Nearest(), Matching(), "user", odd())(shown, RNG)
    np.testing.assert_array_equal(shown.riders.available, before[0])
    assert (list(shown.orders.rows), list(shown.assigned.rows)) == before[1:]

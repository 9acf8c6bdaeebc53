"""Reposition policies on a street of four zones, a kilometre apart, at 1 m/s."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.city.travel import StraightTravel
from sim.entities import Floats
from sim.policies.reposition import REPOSITION, Flow, Home, Move, Proportional, Scene, Stay
from tests.policies.waves import RNG

X = np.array([0.0, 1000.0, 2000.0, 3000.0, 50.0])


def scene(at: list[int], expected: list[float], **columns: Any) -> Scene:
    """Riders 10, 11, ... at some places; place i is the anchor of zone i; place 4 is in zone 0 as well."""
    n = len(at)
    ahead = np.zeros((4, 4))
    ahead[:, 0] = expected
    made = Scene(
        now=36_000.0,
        rider=np.arange(n) + 10,
        at=np.array(at, np.int64),
        home=np.zeros(n, np.int64),
        zone=np.array([0, 1, 2, 3, 0]),
        anchor=np.arange(4),
        expected=ahead,
        coming=np.zeros(4, np.int64),
        waiting=np.zeros(4, np.int64),
        travel=StraightTravel(X, np.zeros(5), 60.0),
    )
    return replace(made, **columns)


def test_none_moves_nobody() -> None:
    assert Stay()(scene([0, 1], [9, 9, 9, 9]), RNG) == []


def test_home_calls_back_whoever_is_far() -> None:
    assert Home(beyond_min=5)(scene([0, 3, 4], [0] * 4), RNG) == [Move(11, 0)]


def test_proportional_fills_what_is_short_from_what_has_too_many() -> None:
    moves = Proportional(quarters=1, most_min=60)(scene([0, 0, 0, 0], [1, 1, 1, 1]), RNG)
    assert sorted(move.place for move in moves) == [1, 2, 3]
    assert len({move.rider for move in moves}) == 3


def test_proportional_moves_nobody_far_and_nobody_without_demand() -> None:
    assert {m.place for m in Proportional(most_min=20)(scene([0] * 4, [1, 1, 1, 1]), RNG)} == {1}
    assert Proportional()(scene([0] * 4, [0, 0, 0, 0]), RNG) == []
    assert Proportional()(scene([0, 1], [5, 5, 0, 0]), RNG) == []


def test_flow_covers_the_needs_that_are_worth_the_way() -> None:
    flow = Flow(orders_per_rider=1.0, most_min=20)
    assert flow(scene([0, 0], [1, 1, 0, 0]), RNG) == [Move(10, 1)]
    assert flow(scene([0, 0], [1, 0, 0, 1]), RNG) == []  # 50 minutes away
    assert flow(scene([0], [1, 1, 0, 0]), RNG) == []  # he is needed where he is


@pytest.mark.parametrize(("coming", "waiting", "moves"), [(0, 0, 1), (1, 0, 0), (1, 1, 1), (0, 2, 3)])
def test_flow_counts_riders_to_come_and_orders_that_wait(coming: int, waiting: int, moves: int) -> None:
    busy, queue = np.zeros(4, np.int64), np.zeros(4, np.int64)
    busy[1], queue[1] = coming, waiting
    answer = Flow(orders_per_rider=1.0, most_min=60)(scene([0] * 4, [0, 1, 0, 0], coming=busy, waiting=queue), RNG)
    assert [move.place for move in answer] == [1] * moves


def test_the_later_needs_of_a_zone_are_worth_less() -> None:
    """Two needs a kilometre (1,000 s) away: worth 1,200 s and 600 s."""
    flow = Flow(orders_per_rider=1.0, most_min=20)
    assert len(flow(scene([0, 0, 0], [0, 2, 0, 0]), RNG)) == 1


@pytest.mark.parametrize("name", REPOSITION)
@pytest.mark.parametrize("seed", range(20))
def test_any_scene_is_answered_with_idle_riders_and_real_places(name: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(0, 9))
    demand: Floats = rng.integers(0, 5, 4).astype(float)
    anchor = np.where(rng.random(4) < 0.7, np.arange(4), -1)
    given = scene(rng.integers(0, 5, n).tolist(), demand.tolist(), anchor=anchor)
    moves = REPOSITION[name]()(given, RNG)
    riders = [move.rider for move in moves]
    assert len(set(riders)) == len(riders)
    assert set(riders) <= set(given.rider.tolist())
    assert all(0 <= move.place < 5 for move in moves)

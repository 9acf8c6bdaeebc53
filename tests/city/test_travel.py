"""Travel times: exact where the benchmark is exact, and the same one by one as in arrays."""

from fractions import Fraction
from math import ceil, isqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.city.travel import StraightTravel, TableTravel
from sim.entities import Travel

XY = st.tuples(st.integers(0, 20000), st.integers(0, 20000))
ANYWHERE = st.tuples(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
SPEED = st.sampled_from([320.0, 240.0, 250.0, 427.0, 1.0, 333.3])


def straight(points: list[tuple[float, float]], speed: float = 60.0, **how: bool) -> StraightTravel:
    x, y = np.array(points, dtype=float).T
    return StraightTravel(x, y, speed, **how)


def test_three_four_five() -> None:
    travel = straight([(0, 0), (300, 400)])
    assert travel.distance(0, 1) == travel.distance(1, 0) == 500
    assert travel.time(0, 1) == pytest.approx(500)
    assert straight([(0, 0), (300, 400)], manhattan=True).distance(0, 1) == 700


def test_nowhere_to_go_takes_no_time() -> None:
    for how in ({}, {"manhattan": True}, {"whole_minutes": True}):
        assert straight([(7, 9), (7, 9)], **how).time(0, 1) == 0


@given(XY, XY, st.integers(1, 500))
def test_whole_minutes_are_the_exact_ceiling(a: tuple[int, int], b: tuple[int, int], speed: int) -> None:
    """ceil(sqrt(n) / v) in whole numbers, with no rounding anywhere."""
    squared = (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2
    minutes = isqrt(squared // speed**2)
    minutes += (minutes * speed) ** 2 < squared
    assert straight([a, b], speed, whole_minutes=True).time(0, 1) == 60 * minutes


@given(XY, XY, st.integers(1, 500))
def test_whole_minutes_are_exact_on_a_grid_too(a: tuple[int, int], b: tuple[int, int], speed: int) -> None:
    metres = abs(a[0] - b[0]) + abs(a[1] - b[1])
    travel = straight([a, b], speed, whole_minutes=True, manhattan=True)
    assert travel.time(0, 1) == 60 * ceil(Fraction(metres, speed))


@given(st.lists(ANYWHERE, min_size=1, max_size=8), SPEED, st.booleans(), st.booleans())
def test_arrays_agree_with_pairs_to_the_last_bit(points: list, speed: float, whole: bool, manhattan: bool) -> None:
    travel = straight(points, speed, whole_minutes=whole, manhattan=manhattan)
    places = np.arange(len(points))
    table = travel.times(places[:, None], places)
    assert table.shape == (len(points), len(points))
    assert table.tolist() == [[travel.time(a, b) for b in places.tolist()] for a in places.tolist()]


@given(st.lists(st.floats(0, 1e5, width=32), min_size=9, max_size=9), SPEED, st.booleans())
def test_a_table_agrees_with_its_pairs_to_the_last_bit(metres: list[float], speed: float, whole: bool) -> None:
    travel = TableTravel(np.array(metres, np.float32).reshape(3, 3), speed, whole)
    table = travel.times(np.arange(3)[:, None], np.arange(3))
    assert table.dtype == np.float64
    assert table.tolist() == [[travel.time(a, b) for b in range(3)] for a in range(3)]
    assert [travel.distance(a, b) for a in range(3) for b in range(3)] == metres


def test_a_table_may_be_one_way() -> None:
    travel = TableTravel(np.array([[0, 600], [300, 0]], np.float32), 300)
    assert (travel.time(0, 1), travel.time(1, 0)) == (120, 60)


def test_a_table_rounds_up() -> None:
    travel = TableTravel(np.array([[0, 601], [600, 0]], np.float32), 300, whole_minutes=True)
    assert (travel.time(0, 1), travel.time(1, 0)) == (180, 120)


@given(st.lists(ANYWHERE, min_size=3, max_size=3), st.booleans())
def test_no_detour_is_shorter(points: list, manhattan: bool) -> None:
    travel = straight(points, manhattan=manhattan)
    assert travel.distance(0, 1) <= travel.distance(0, 2) + travel.distance(2, 1) + 1e-6
    assert travel.distance(0, 1) == travel.distance(1, 0)


def test_origins_and_destinations_broadcast() -> None:
    travel = straight([(0, 0), (60, 0), (120, 0)])
    ends = np.array([1, 2])
    assert travel.times(0, ends).tolist() == [60, 120]
    assert travel.times(np.array([[0], [1]]), ends).tolist() == [[60, 120], [0, 60]]
    assert travel.times(np.empty(0, np.int64), np.empty(0, np.int64)).shape == (0,)


@pytest.mark.parametrize("travel", [straight([(0, 0), (9, 9)]), TableTravel(np.ones((2, 2), np.float32), 60)])
def test_a_place_that_is_not_there_is_an_error(travel: Travel) -> None:
    with pytest.raises(IndexError):
        travel.time(0, 2)
    with pytest.raises(IndexError):
        travel.times(np.array([0]), np.array([2]))


def test_faster_is_sooner() -> None:
    assert straight([(0, 0), (1000, 0)], 500).time(0, 1) == straight([(0, 0), (1000, 0)], 250).time(0, 1) / 2

"""Priority layers: the urgent choose first, the rest get what is left."""

from dataclasses import replace

import pytest

from sim.entities import Assignment, Order, Stop, StopKind, Weather
from sim.policies.candidates import left
from sim.policies.priority import Priority
from sim.policies.registry import PolicyNotFound
from tests.policies.waves import RNG, order, pairs, wave

X = [0.0, 100.0, 400.0, 1000.0]


def urgent(number: int, priority: int = 1, **fields: int) -> Order:
    return order(number, 0, 3)._replace(priority=priority, **fields)


def test_the_urgent_order_gets_the_only_rider() -> None:
    scene = wave([order(1, 1, 3), urgent(2)], [1], X)
    assert pairs(Priority()(scene, RNG)) == [(10, 2)]
    assert pairs(Priority()(wave([order(1, 1, 3), urgent(2, 0)], [1], X), RNG)) == [(10, 1)]


def test_ranks_are_served_from_the_highest() -> None:
    scene = wave([urgent(1, 0), urgent(2, 2), urgent(3, 1)], [1, 1], X)
    assert sorted(n for _, n in pairs(Priority()(scene, RNG))) == [2, 3]


def test_care_lifts_by_its_ranks() -> None:
    scene = wave([urgent(1, 1), urgent(2, 0, care=1)], [1], X)
    assert pairs(Priority(care=2)(scene, RNG)) == [(10, 2)]
    assert pairs(Priority(care=0)(scene, RNG)) == [(10, 1)]


@pytest.mark.parametrize(("weather", "first"), [(Weather.DRY, 1), (Weather.HEAVY_RAIN, 2)])
def test_dear_baskets_come_first_in_bad_weather_only(weather: Weather, first: int) -> None:
    orders = [order(1, 1, 3), urgent(2, 0, basket=90_000), *(urgent(n, 0) for n in range(3, 8))]
    scene = replace(wave(orders, [1], X), weather=int(weather))
    assert pairs(Priority()(scene, RNG)) == [(10, first)]


def test_reserved_riders_serve_the_urgent_only() -> None:
    scene = wave([urgent(n, 0) for n in range(4)], [0, 1, 2, 3], X)
    assert len(Priority(reserve=0.5)(scene, RNG)) == 2
    assert len(Priority(reserve=0.0)(scene, RNG)) == 4
    vip = wave([urgent(n, 1) for n in range(4)], [0, 1, 2, 3], X)
    assert len(Priority(reserve=0.5)(vip, RNG)) == 4


@pytest.mark.parametrize("reserve", [0.05, 0.5, 0.99, 1.0])
def test_the_last_idle_rider_is_never_kept_from_a_usual_order(reserve: float) -> None:
    assert pairs(Priority(reserve=reserve)(wave([urgent(1, 0)], [1], X), RNG)) == [(10, 1)]


@pytest.mark.parametrize(
    ("reserve", "idle", "kept"), [(0.2, 4, 0), (0.2, 5, 1), (0.29, 100, 29), (0.5, 3, 1), (1.0, 4, 3), (1.0, 1, 0)]
)
def test_so_many_are_kept_back(reserve: float, idle: int, kept: int) -> None:
    scene = wave([urgent(n, 0) for n in range(idle)], [0] * idle, X)
    assert len(Priority(reserve=reserve)(scene, RNG)) == idle - kept


def test_it_goes_around_any_policy() -> None:
    scene = wave([order(1, 1, 3), urgent(2)], [1], X)
    assert pairs(Priority(inner="nearest", params={"lead_min": 5})(scene, RNG)) == [(10, 2)]
    with pytest.raises(PolicyNotFound, match="did you mean 'nearest'"):
        Priority(inner="nearst")


def test_a_rider_who_lost_an_order_is_left_alone() -> None:
    busy = wave([order(1), order(2)], [0, 1, 2], X, load=[1, 0, 0])
    taken = [Assignment(11, (Stop(StopKind.PICKUP, 900, 0), Stop(StopKind.DROPOFF, 900, 1)))]
    rest = left(busy, [busy.orders[0]], taken)
    assert rest.riders.available.tolist() == [False, False, True]
    assert [o.id for o in rest.orders] == [1]


def test_a_wave_without_ranks_is_passed_on_as_it_is() -> None:
    scene = wave([order(1)], [0], X)
    assert left(scene, list(scene.orders), []) is scene

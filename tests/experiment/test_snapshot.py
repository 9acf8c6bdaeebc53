"""Waves of a lunch peak: of the size asked for, whole, feasible, and new for each index."""

import numpy as np
import pytest

from sim.city.build import build_city
from sim.experiment.snapshot import LOADS, NOW, PLACED_WITHIN_S, Peak
from sim.experiment.speed import district
from sim.routes import DROPOFF, PICKUP, plan


@pytest.fixture(scope="module")
def peak() -> Peak:
    scenario = district(600)
    return Peak.of(scenario, build_city(scenario))


def test_a_wave_has_the_size_asked_for(peak: Peak) -> None:
    made = peak.wave(20, 40)
    assert (len(made.orders), len(made.riders), made.now) == (20, 40, NOW)
    shares = np.bincount(made.riders.load, minlength=len(LOADS)) / 40
    assert shares == pytest.approx(LOADS, abs=1 / 40)


def test_orders_are_new_and_known_once(peak: Peak) -> None:
    made = peak.wave(20, 40)
    assert (made.orders.placed_at <= NOW).all()
    assert (made.orders.placed_at >= NOW - PLACED_WITHIN_S).all()
    assert (made.orders.ready_at > made.orders.placed_at).all()
    carried = [number for board in made.riders.on_board for number in board]
    known = [*made.orders.id.tolist(), *made.assigned.id.tolist(), *carried]
    assert sorted(known) == list(range(len(known)))


def test_routes_are_whole_and_take_as_long_as_the_wave_says(peak: Peak) -> None:
    made = peak.wave(20, 40)
    waiting = {order.id: order for order in made.assigned}
    for row, (route, board) in enumerate(zip(made.riders.route, made.riders.on_board, strict=True)):
        picked, dropped = ({s.order for s in route if s.kind == kind} for kind in (PICKUP, DROPOFF))
        assert dropped == picked | board
        assert not picked & board
        assert len(dropped) == made.riders.load[row]
        if route:
            assert made.riders.at[row] == route[-1].place
        if route and not board:
            _, end = plan(route, route[0].place, NOW, waiting.__getitem__, made.travel, made.rules)
            assert made.riders.free_at[row] == end
    assert (made.riders.free_at[made.riders.load == 0] == NOW).all()


def test_an_index_is_one_wave(peak: Peak) -> None:
    one, same, other = (peak.wave(20, 40, index) for index in (3, 3, 4))
    assert one.orders.rows == same.orders.rows
    assert one.riders.route.tolist() == same.riders.route.tolist()
    assert one.orders.rows != other.orders.rows


@pytest.mark.parametrize(("orders", "riders"), [(10_000, 5), (5, 10_000)])
def test_a_city_that_is_too_small_says_so(peak: Peak, orders: int, riders: int) -> None:
    with pytest.raises(ValueError, match="expected a city of at least"):
        peak.wave(orders, riders)


def test_nobody_and_nothing_is_a_wave_too(peak: Peak) -> None:
    made = peak.wave(0, 1)
    assert (len(made.orders), len(made.riders)) == (0, 1)

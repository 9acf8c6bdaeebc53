"""Zones: every place in one cell, named like a chess board."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.city.zones import zone_grid


def names_of(x: list[float], y: list[float], side: float) -> list[str]:
    zone, names = zone_grid(np.array(x), np.array(y), side)
    return [names[z] for z in zone.tolist()]


def test_letters_go_east_and_numbers_north() -> None:
    assert names_of([0, 150, 0, 150, 200], [0, 0, 150, 150, 200], 100) == ["A1", "B1", "A2", "B2", "B2"]


def test_what_is_left_over_belongs_to_the_last_whole_cell() -> None:
    assert names_of([0, 100, 199, 240], [0, 0, 0, 0], 100) == ["A1", "B1", "B1", "B1"]
    assert names_of([0, 100, 210, 260], [0, 0, 0, 0], 100) == ["A1", "B1", "C1", "C1"]


def test_one_place_is_one_zone() -> None:
    assert names_of([4711], [-3], 1000) == ["A1"]


def test_columns_after_z_have_two_letters() -> None:
    assert names_of([0, 2500, 2600, 5200, 70300], [0] * 5, 100) == ["A1", "Z1", "AA1", "BA1", "AAA1"]


POINTS = st.lists(st.tuples(st.floats(-5000, 5000), st.floats(-5000, 5000)), min_size=1, max_size=60)


@given(POINTS, st.floats(100, 3000))
def test_every_zone_has_places_a_name_of_its_own_and_about_the_right_size(points: list, side: float) -> None:
    x, y = np.array(points).T
    zone, names = zone_grid(x, y, side)
    assert zone.shape == x.shape
    assert len(set(names)) == len(names)
    assert set(zone.tolist()) == set(range(len(names)))
    assert all(re.fullmatch(r"[A-Z]+[1-9]\d*", name) for name in names)
    for z in range(len(names)):
        assert np.ptp(x[zone == z]) <= 1.5 * side + 1e-6
        assert np.ptp(y[zone == z]) <= 1.5 * side + 1e-6

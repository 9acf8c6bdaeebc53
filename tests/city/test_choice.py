"""Choice of a merchant: by weight, near and open."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.city.choice import appeal, choose, draw_columns
from sim.scenario.schema import Scenario
from sim.units import HOUR
from tests.city.towns import BLOCKS, city

ROW_OF_WEIGHTS = st.lists(st.sampled_from([0.0, 0.0, 1e-6, 0.5, 1.0, 40.0]), min_size=4, max_size=4)


@given(st.lists(ROW_OF_WEIGHTS, min_size=1, max_size=6), st.lists(st.floats(0, 0.999999), min_size=1, max_size=9))
def test_a_column_is_drawn_by_its_weight(weights: list[list[float]], u: list[float]) -> None:
    """The least column whose cumulative weight exceeds u times the total, and never one without weight."""
    table, rows = np.array(weights), np.arange(len(u)) % len(weights)
    for row, uniform, column in zip(rows.tolist(), u, draw_columns(table, rows, np.array(u)).tolist(), strict=True):
        total = table[row].sum()
        assert (column == -1) == (total == 0)
        if total:
            assert table[row, column] > 0
            assert table[row, :column].sum() <= uniform * total + 1e-9 * total
            assert table[row, : column + 1].sum() >= uniform * total - 1e-9 * total


def test_without_columns_nothing_is_drawn() -> None:
    assert draw_columns(np.empty((3, 0)), np.array([0, 2]), np.array([0.1, 0.9])).tolist() == [-1, -1]


def test_appeal_falls_by_distance_and_ends_at_the_radius() -> None:
    spec = Scenario.model_validate(BLOCKS).merchants
    weights = appeal(spec, city().merchants, city().places)
    assert weights.shape == (120, 20)
    home = city().merchants.place
    np.testing.assert_allclose(weights[home, np.arange(20)], city().merchants.popularity)
    narrow = appeal(spec.model_copy(update={"radius_km": 0.5}), city().merchants, city().places)
    assert ((narrow == weights) | (narrow == 0)).all()
    assert (narrow == 0).sum() > (weights == 0).sum()


def test_the_order_of_the_intents_does_not_matter() -> None:
    weights = appeal(Scenario.model_validate(BLOCKS).merchants, city().merchants, city().places)
    rng = np.random.default_rng(1)
    place, t, u = rng.integers(0, 120, 500), rng.uniform(0, 24, 500) * HOUR, rng.random(500)
    by_time = np.argsort(t)
    chosen = choose(city().merchants, weights, place, t, u)
    np.testing.assert_array_equal(
        chosen[by_time], choose(city().merchants, weights, place[by_time], t[by_time], u[by_time])
    )
    assert (chosen >= 0).any()

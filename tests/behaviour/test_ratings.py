"""Ratings: the shares that were asked for, monotone in the uniform and in everything that goes wrong."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.ratings import Rating, cuts

SHARES = (0.07, 0.025, 0.08, 0.205, 0.62)
RATING = Rating(cuts(SHARES), 1.7, 0.05, 20.0, 0.02, 0.5, 1.0, 1.0)
UNIFORMS = (np.arange(10_000) + 0.5) / 10_000


def mean(
    rating: Rating,
    late_min: float = -5,
    ride_min: float = 10,
    care: bool = False,
    handled: bool = False,
    trust: float = 0.0,
) -> float:
    return float(np.mean([rating.stars(u, late_min, ride_min, care, handled, trust) for u in UNIFORMS.tolist()]))


def test_a_good_delivery_gets_the_shares_asked_for() -> None:
    stars = [RATING.stars(u, -5, 10, False, False, 0.0) for u in UNIFORMS.tolist()]
    np.testing.assert_allclose(np.bincount(stars, minlength=6)[1:] / len(stars), SHARES, atol=1e-4)


def test_ten_minutes_late_cost_what_olist_says() -> None:
    """4.28 stars on time, 2.55 late."""
    assert mean(RATING) == pytest.approx(4.28, abs=0.005)
    assert mean(RATING, late_min=10) == pytest.approx(2.6, abs=0.06)


def test_lateness_cold_and_care_each_move_the_mean() -> None:
    usual = mean(RATING)
    assert mean(RATING, late_min=0.1) < usual - 1
    assert mean(RATING, late_min=30) < mean(RATING, late_min=0.1)
    assert mean(RATING, ride_min=20) == usual > mean(RATING, ride_min=45)
    assert mean(RATING, care=True) < usual < mean(RATING, care=True, handled=True)
    assert mean(RATING, handled=True) == usual, "who asks for no care cannot be pleased by it"


worse = st.tuples(st.floats(-60, 200), st.floats(0, 200))


@given(st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True), worse, worse, st.booleans(), st.booleans())
def test_it_is_monotone_in_everything(
    u: float, v: float, one: tuple[float, float], two: tuple[float, float], care: bool, handled: bool
) -> None:
    (early, near), (late, far) = map(min, one, two), map(max, one, two)
    low = RATING.stars(min(u, v), late, far, care, handled, 0.0)
    high = RATING.stars(max(u, v), early, near, care, handled, 0.0)
    assert 1 <= low <= high <= 5
    assert (
        RATING.stars(u, *one, True, False, 0.0)
        <= RATING.stars(u, *one, False, handled, 0.0)
        <= RATING.stars(u, *one, True, True, 0.0)
    )


@given(st.floats(0, 1, exclude_max=True), worse, st.tuples(st.floats(-1, 1), st.floats(-1, 1)), st.booleans())
def test_more_trust_never_takes_a_star_away(
    u: float, how: tuple[float, float], pair: tuple[float, float], care: bool
) -> None:
    less, more = (RATING.stars(u, *how, care, False, trust) for trust in sorted(pair))
    assert less <= more
    deaf = replace(RATING, trust=0.0)
    assert deaf.stars(u, *how, care, False, pair[0]) == RATING.stars(u, *how, care, False, 0.0)


def test_trust_moves_the_mean_as_the_scenario_says() -> None:
    assert mean(RATING, trust=-1) < mean(RATING, trust=-0.2) < mean(RATING) < mean(RATING, trust=0.5)
    assert mean(RATING, trust=-1) == pytest.approx(mean(replace(RATING, trust=2.0), trust=-0.5))


@pytest.mark.parametrize(("shares", "only"), [((1, 0, 0, 0, 0), 1), ((0, 0, 0, 0, 1), 5), ((0, 0, 1, 0, 0), 3)])
def test_a_certain_rating_stays_certain(shares: tuple[float, ...], only: int) -> None:
    rating = replace(RATING, cuts=cuts(shares))
    for u in (0.0, 0.5, 0.999999):
        for late_min in (-10, 1000):
            assert rating.stars(u, late_min, 10, True, False, -1.0) == only

"""What a merchant makes ahead: enough on the share of days he wants, less the surer he is, and not fooled twice."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.behaviour.newsvendor import learnt, portions, share_that_comes

counts = st.integers(0, 500)
expected = st.floats(-100, 500)
variances = st.floats(0, 1e4)
ratios = st.floats(0.01, 0.99)


def made(told: float = 0, rest: float = 0.0, variance: float = 0.0, ratio: float = 0.8) -> int:
    return int(portions(np.array([told]), np.array([rest]), np.array([variance]), ratio)[0])


@pytest.mark.parametrize(("rest", "whole"), [(3.4, 4), (3.6, 5), (-0.6, 0), (-9.0, 0)])
def test_portions_are_whole_and_the_nearest_to_what_is_expected(rest: float, whole: int) -> None:
    assert made(told=1, rest=rest, ratio=0.5) == whole


@given(counts, ratios)
def test_where_all_is_pre_ordered_nothing_is_left_and_nothing_is_short(told: int, ratio: float) -> None:
    assert made(told, ratio=ratio) == told


@given(counts, expected, variances, ratios, ratios)
def test_who_wants_to_have_enough_more_often_never_makes_less(
    told: int, rest: float, variance: float, a: float, b: float
) -> None:
    assert 0 <= made(told, rest, variance, min(a, b)) <= made(told, rest, variance, max(a, b))


@given(counts, expected, variances, variances, st.floats(0.5, 0.99))
def test_who_is_surer_never_makes_more(told: int, rest: float, a: float, b: float, ratio: float) -> None:
    assert made(told, rest, min(a, b), ratio) <= made(told, rest, max(a, b), ratio)


@pytest.mark.parametrize("ratio", [0.3, 0.5, 0.8, 0.95])
def test_enough_is_there_on_the_share_of_days_that_is_wanted(ratio: float) -> None:
    demand = np.random.default_rng(1).normal(200, 20, 20_000)
    assert (demand <= made(0, 200, 400, ratio)).mean() == pytest.approx(ratio, abs=0.02)


@pytest.mark.parametrize("ratio", [0.3, 0.5, 0.8, 0.95])
def test_the_more_is_told_the_less_is_thrown_away_and_the_less_is_missing(ratio: float) -> None:
    rng = np.random.default_rng(2)
    left, short = [], []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        told, rest = rng.poisson(50 * share, 20_000), rng.poisson(50 * (1 - share), 20_000)
        usual = np.full(20_000, 50 * (1 - share))
        over = portions(told, usual, usual, ratio) - told - rest
        left.append(np.maximum(over, 0).mean())
        short.append(np.maximum(-over, 0).mean())
    assert (np.diff(left) < 0).all()
    assert max(short[1:]) < short[0], "but for whole portions, which cannot be halved"
    assert left[-1] == short[-1] == 0


def lived(days: int, learns: float, told: int, came: int, others: int) -> tuple[float, float]:
    """What a merchant expects beside pre-orders, and how wrong he was, after equal days."""
    rest, variance = np.array([30.0]), np.array([30.0])
    for _ in range(days):
        rest, variance = learnt(learns, rest, variance, np.array([float(came + others - told)]))
    return float(rest[0]), float(variance[0])


@given(counts, counts, counts, st.floats(0.2, 1))
def test_pre_orders_that_do_not_come_fool_nobody_for_long(told: int, came: int, others: int, learns: float) -> None:
    rest, variance = lived(200, learns, told, came, others)
    assert rest == pytest.approx(came + others - told, abs=1e-6)
    assert variance == pytest.approx(0, abs=1e-6)
    assert made(told, rest, variance) == came + others


@example(0, 0.5, 0.5, 0.8)
@given(counts, st.floats(0, 1), st.floats(0.05, 1), st.floats(0, 1))
def test_how_many_of_them_come_is_learnt_and_a_day_without_any_teaches_nothing(
    told: int, true: float, learns: float, begins: float
) -> None:
    comes = np.array([begins])
    for _ in range(400):
        comes = share_that_comes(learns, comes, np.array([told]), np.array([round(true * told)]))
    assert 0 <= comes[0] <= 1
    assert comes[0] == pytest.approx(round(true * told) / told if told else begins, abs=1e-6)


@given(counts, counts)
def test_who_does_not_learn_expects_what_he_expected(told: int, others: int) -> None:
    assert lived(5, 0.0, told, told, others) == (30.0, 30.0)


def test_one_day_counts_as_the_scenario_says() -> None:
    rest, variance = learnt(0.2, np.array([10.0]), np.array([4.0]), np.array([15.0]))
    assert rest.tolist() == [11.0]
    assert variance.tolist() == pytest.approx([0.8 * 4 + 0.2 * 25])

"""Kim and Nelson's procedure: its guarantee on synthetic KPIs with common random numbers, its cost, its ends."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from scipy.stats import binom, norm

from sim.experiment.select import FIRST, Selection, select_best

REPETITIONS = 200
Value = Callable[[str, int], float]


def kpi(means: Sequence[float], seed: int, noise: float = 1.0, common: float = 3.0) -> Value:
    """A KPI per variant and replication: the day's load, common to all, and noise of its own."""
    rng = np.random.default_rng(seed)
    day, own = rng.normal(0, common, 2000), rng.normal(0, noise, (len(means), 2000))
    return lambda variant, r: float(means[int(variant)] + day[r] + own[int(variant), r])


def names(means: Sequence[float]) -> list[str]:
    return [str(index) for index in range(len(means))]


def chosen(means: Sequence[float], seed: int, higher: bool = True, budget: int = 2000, **noise: float) -> Selection:
    return select_best(kpi(means, seed, **noise), names(means), "a KPI", higher, 0.5, budget)


LEAST = int(binom.ppf(0.001, REPETITIONS, 0.95))
"""Correct selections that a procedure of 95% falls short of once in a thousand tests."""


@pytest.mark.parametrize("k", [2, 3, 4, 5])
@pytest.mark.parametrize("higher", [True, False])
def test_the_best_is_found_as_often_as_promised(k: int, higher: bool) -> None:
    """In the least favourable case: all others equal, and worse by exactly delta; the best is anywhere."""
    right = 0
    for seed in range(REPETITIONS):
        best = seed % k
        means = [-40.0] * k  # KPIs may be negative
        means[best] += 0.5 if higher else -0.5
        found = chosen(means, seed, higher)
        right += found.best == str(best)
        assert found.decided
    assert right >= LEAST


def test_unequal_variances_keep_the_promise() -> None:
    """The variance looked up must be that of the pair, in whatever order the two are."""
    right = 0
    for seed in range(REPETITIONS):
        value, loud = kpi([0.5, 0.0, 0.0], seed, noise=0.05), np.random.default_rng(seed).normal(0, 2, 2000)
        order = np.random.default_rng(seed).permutation(3)

        def noisy(
            variant: str, r: int, value: Value = value, loud: np.ndarray = loud, order: np.ndarray = order
        ) -> float:
            which = int(order[int(variant)])
            return value(str(which), r) + (loud[r] if which == 2 else 0.0)

        found = select_best(noisy, ["0", "1", "2"], "a KPI", True, 0.5, 2000)
        right += int(order[int(found.best)]) == 0
    assert right >= LEAST


def test_clear_losers_leave_early_and_common_days_are_cheap() -> None:
    found = chosen([0.0, 0.6, 5.0], seed=3)
    assert found.best == "2"
    assert list(found.replications.values())[:2] == [FIRST, FIRST]
    apart = [max(chosen([0, 0.5], s, common=0.0, noise=3.0).replications.values()) for s in range(20)]
    together = [max(chosen([0, 0.5], s, common=3.0, noise=0.5).replications.values()) for s in range(20)]
    assert np.mean(together) < np.mean(apart) / 4


def test_it_needs_fewer_replications_than_a_fixed_number() -> None:
    """A fixed number must suffice for differences of delta; this procedure sees when they are larger."""
    delta, variance = 0.5, 2.0  # of a difference of two noises
    fixed = math.ceil((norm.ppf(0.95) / delta) ** 2 * variance)  # even with the variance known, for two variants
    spent = [max(chosen([0.0, 2.0], seed, noise=1.0).replications.values()) for seed in range(100)]
    assert fixed == 22
    assert np.mean(spent) < 0.75 * fixed


def test_the_same_data_give_the_same_answer() -> None:
    assert chosen([0.1, 0.4, 0.2], seed=5) == chosen([0.1, 0.4, 0.2], seed=5)


def test_lower_is_the_mirror_image_of_higher() -> None:
    for seed in range(10):
        value = kpi([0.3, 0.0, 0.2], seed)
        up = select_best(value, ["0", "1", "2"], "k", True, 0.5, 500)
        down = select_best(lambda v, r, value=value: -value(v, r), ["0", "1", "2"], "k", False, 0.5, 500)  # type: ignore[misc]
        assert up == down


@pytest.mark.parametrize("value", [lambda v, r: 1.0, lambda v, r: float(r % 7)], ids=["constant", "common"])
def test_variants_that_tie_end_at_the_budget(value: Value) -> None:
    found = select_best(value, ["a", "b"], "on_time_share", True, 0.01, 40)
    assert not found.decided
    assert found.replications == {"a": 40, "b": 40}
    assert str(found) == ("No variant could be selected by on_time_share within the budget (replications: a 40, b 40).")


def test_a_budget_below_the_first_stage_decides_nothing() -> None:
    found = select_best(kpi([0, 9], 1), ["0", "1"], "k", True, 0.5, FIRST - 1)
    assert not found.decided
    assert max(found.replications.values()) == FIRST - 1


def test_replications_are_asked_for_in_order_and_once() -> None:
    asked: list[tuple[str, int]] = []
    inner = kpi([0, 0.3, 0.5], 2)

    def value(variant: str, r: int) -> float:
        asked.append((variant, r))
        return inner(variant, r)

    found = select_best(value, ["0", "1", "2"], "k", True, 0.3, 500)
    for variant, count in found.replications.items():
        assert [r for name, r in asked if name == variant] == list(range(count))


def test_the_sentence_states_the_guarantee() -> None:
    text = str(Selection("quick", "on_time_share", 0.01, 0.95, {"now": 12, "quick": 14}, True))
    assert text == (
        "quick is best in on_time_share: selected with probability of at least 95% if it is better than every other "
        "by 0.01 or more (Kim-Nelson; replications: now 12, quick 14)."
    )


@pytest.mark.parametrize("delta", [0.0, -1.0])
def test_an_indifference_zone_of_nothing_is_refused(delta: float) -> None:
    with pytest.raises(ValueError, match="must be positive, got"):
        select_best(kpi([0, 1], 1), ["0", "1"], "k", True, delta, 100)


def test_one_variant_is_no_choice() -> None:
    with pytest.raises(ValueError, match="two variants or more"):
        select_best(kpi([0], 1), ["0"], "k", True, 1.0, 100)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_replication_without_a_value_ends_it_with_one_line(bad: float) -> None:
    with pytest.raises(ValueError, match="b has no value in replication 12"):
        select_best(lambda v, r: bad if (v, r) == ("b", 12) else float(r % 3), ["a", "b"], "k", True, 0.01, 100)

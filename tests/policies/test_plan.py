"""Plans: one that follows from another is as cheap as one matched anew."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from sim.policies import plan as plan_module
from sim.policies.plan import Plan
from sim.policies.plan_loops import joined, prices_of_columns, totals
from sim.policies.rolling_horizon import RollingHorizon
from sim.policies.trips import Trips
from tests.policies.waves import RNG, order, wave

plain_prices: Any = getattr(prices_of_columns, "py_func", prices_of_columns)
plain_joined: Any = getattr(joined, "py_func", joined)
plain_totals: Any = getattr(totals, "py_func", totals)


def draw(seed: int, trips: int, spare: int, whole: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Costs of some trips and of one more, their rows, and the columns of a cheapest matching."""
    rng = np.random.default_rng(seed)
    costs = rng.integers(0, 9, (trips + 1, trips + spare)) * 1.0 if whole else rng.random((trips + 1, trips + spare))
    return costs, np.arange(trips), linear_sum_assignment(costs[:trips])[1]


@given(seed=st.integers(0, 2**32 - 1), trips=st.integers(2, 9), spare=st.integers(0, 4), whole=st.booleans())
def test_prices_leave_no_trip_a_cheaper_column(seed: int, trips: int, spare: int, whole: bool) -> None:
    costs, rows, columns = draw(seed, trips, spare, whole)
    prices = prices_of_columns(costs, rows, columns)
    paid = costs[:trips] - prices
    assert (paid[rows, columns] <= paid.min(axis=1) + 1e-6).all()
    assert (prices <= 0).all()
    assert (np.delete(prices, columns) == 0).all()


@given(seed=st.integers(0, 2**32 - 1), trips=st.integers(2, 9), spare=st.integers(0, 4), whole=st.booleans())
def test_a_bundle_after_the_other_costs_what_a_new_matching_does(
    seed: int, trips: int, spare: int, whole: bool
) -> None:
    costs, rows, columns = draw(seed, trips, spare, whole)
    prices = prices_of_columns(costs, rows, columns)
    while len(rows) > 1:
        one, two = sorted(np.random.default_rng(seed).permutation(len(rows))[:2].tolist())
        rest = np.append(np.delete(rows, (one, two)), trips)
        each = totals(costs, rows, columns, prices, np.array([(one, two, trips)]))
        total = joined(costs, rows, columns, prices, one, two, trips)
        rows, columns = rows[:-1], columns[:-1]
        assert rows.tolist() == rest.tolist()
        assert len(set(columns.tolist())) == len(columns)
        matching = linear_sum_assignment(costs[rows])
        assert total == pytest.approx(costs[rows][matching].sum(), abs=1e-6)
        assert total == pytest.approx(costs[rows, columns].sum(), abs=1e-9)
        assert each.tolist() == [total]


@given(seed=st.integers(0, 2**32 - 1), trips=st.integers(2, 7), spare=st.integers(0, 3))
def test_compiled_and_plain_loops_say_the_same(seed: int, trips: int, spare: int) -> None:
    costs, rows, columns = draw(seed, trips, spare, whole=False)
    prices = prices_of_columns(costs, rows, columns)
    np.testing.assert_array_equal(plain_prices(costs, rows, columns), prices)
    bundle = np.array([(0, 1, trips)])
    np.testing.assert_array_equal(
        plain_totals(costs, rows, columns, prices, bundle), totals(costs, rows, columns, prices, bundle)
    )
    copies = [(rows.copy(), columns.copy(), prices.copy()) for _ in range(2)]
    assert plain_joined(costs, *copies[0], 0, 1, trips) == joined(costs, *copies[1], 0, 1, trips)
    for plain, fast in zip(*copies, strict=True):
        np.testing.assert_array_equal(plain, fast)


def crowded(seed: int) -> Trips:
    """Too few riders for the orders of four merchants."""
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 4000, (2, 14)).astype(float).tolist()
    orders = [order(n, int(rng.integers(4)), int(rng.integers(4, 14))) for n in range(12)]
    made = wave(orders, rng.integers(0, 14, 5).tolist(), x, y)
    return Trips.of(made, orders, np.arange(5), 3, 0.15, 10_800.0)


@given(seed=st.integers(0, 2**32 - 1))
def test_a_large_plan_is_as_cheap_as_a_small_one(seed: int) -> None:
    """Bundle after bundle: what follows from the plan before costs the same as what is matched anew."""
    totals_of = []
    for large in (10**9, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(plan_module, "LARGE", large)
            trips = crowded(seed)
            first = Plan.of(trips, np.arange(12))
            second = RollingHorizon()._bundled(first)
            totals_of.append([first.total] + ([second.total] if second else []))
    assert totals_of[0] == pytest.approx(totals_of[1], abs=1e-6)


@given(seed=st.integers(0, 2**32 - 1))
def test_no_plan_with_a_bundle_is_cheaper_than_its_bound(seed: int) -> None:
    """Nor dearer than with nobody changed, when both riders may have the bundle."""
    trips = crowded(seed)
    plan = Plan.of(trips, np.arange(12))
    couples = trips.pairs(plan.rows)
    joints = trips.joints(couples)
    for (one, two), joint, (bound, saving) in zip(couples, joints, plan.prospects(couples, joints).T, strict=True):
        total = Plan.of(trips, np.append(np.delete(plan.rows, (one, two)), joint)).total
        assert bound - 1e-6 <= total <= plan.total - saving + 1e-6


def test_no_bundle_no_plan() -> None:
    trips = crowded(1)
    plan = Plan.of(trips, np.arange(12))
    couples = trips.pairs(plan.rows)[:1]
    bundle = np.column_stack([couples, trips.joints(couples)])
    assert plan.best(bundle, worth=-1.0) is None
    assert plan.best(bundle, worth=1e9) is not None


def test_a_crowd_above_the_threshold_is_served_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    made = crowded(3).wave
    small = RollingHorizon()(made, RNG)
    monkeypatch.setattr(plan_module, "LARGE", 0)
    assert {a.rider for a in RollingHorizon()(made, RNG)} == {a.rider for a in small}

"""Promise policies, asked directly."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.promise import PROMISE, Distance, LoadAware, Quote
from sim.policies.registry import load_policy


def quote(eta_s: float = 1500, metres: float = 2000, errors: tuple[float, ...] = ()) -> Quote:
    return Quote(40000.0, 2400.0, eta_s, metres, errors)


@pytest.mark.parametrize("name", PROMISE)
def test_every_policy_promises_a_time_twice_the_same_and_can_be_pickled(name: str) -> None:
    policy = load_policy(PROMISE, name)
    for asked in (quote(), quote(errors=(60.0,) * 50), quote(eta_s=1e5, metres=0)):
        assert policy(asked) == policy(asked) == pickle.loads(pickle.dumps(policy))(asked) > 0


def test_fixed_is_the_scenario_s_promise() -> None:
    assert load_policy(PROMISE, "fixed")(quote()) == 2400


def test_distance_grows_by_the_kilometre() -> None:
    assert [Distance(20, 6)(quote(metres=metres)) for metres in (0, 1000, 2500)] == [1200, 1560, 2100]


def test_a_load_aware_promise_is_the_estimate_and_a_margin_in_whole_minutes() -> None:
    errors = tuple(60.0 * n for n in range(10))
    assert LoadAware(quantile=0.5, least=10)(quote(1500, errors=errors)) == 1800
    assert LoadAware(quantile=0.9, least=10)(quote(1501, errors=errors)) == 2100
    assert LoadAware(quantile=1, least=10)(quote(1500, errors=errors)) == 1500 + 540


def test_it_says_the_usual_until_it_knows_enough() -> None:
    assert LoadAware(least=3)(quote(errors=(0.0, 0.0))) == 2400
    assert LoadAware(least=3)(quote(errors=(0.0, 0.0, 0.0))) == 1500


def test_it_stays_within_its_limits() -> None:
    policy = LoadAware(shortest_min=20, longest_min=60, least=1)
    assert [policy(quote(eta_s, errors=(0.0,))) for eta_s in (60, 9999)] == [1200, 3600]


@given(st.lists(st.floats(-3600, 3600), min_size=20, max_size=200), st.floats(0.01, 0.99))
def test_the_margin_would_have_sufficed_for_that_share(errors: list[float], share: float) -> None:
    policy = LoadAware(quantile=share, shortest_min=1, longest_min=1e6)
    promise = policy(quote(7200, errors=tuple(errors)))
    assert sum(7200 + error <= promise for error in errors) >= share * len(errors)

"""The merchants chosen anew: the same as before on equal terms, and only as different as the terms."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.city.build import build_city
from sim.city.model import City, Intents, Merchants
from sim.city.pool import only_standing
from sim.city.rechoice import Rechoice
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY
from tests.city.towns import BLOCKS
from tests.engine.markets import KINDS, city_of, scenario

POOL = 0.5


def town(**blocks: Any) -> tuple[Scenario, City]:
    spec = Scenario.model_validate(BLOCKS | {"market": {"on": True, "pool": POOL}} | blocks)
    return spec, build_city(spec)


SPEC, CITY = town()
RECHOICE = Rechoice.of(SPEC, CITY)
SIZE = len(CITY.merchants.kind)
INTENTS = CITY.day(1, Streams(1)).intents
STANDING = np.arange(SIZE) < RECHOICE.standing


def chosen(worth: np.ndarray, active: np.ndarray = STANDING, radius: float = 1.0) -> np.ndarray:
    reach = RECHOICE.reach(active, np.full(SIZE, radius))
    return RECHOICE.chosen(INTENTS, 1, RECHOICE.weights(reach, worth))


def test_on_equal_terms_everybody_chooses_as_before() -> None:
    np.testing.assert_array_equal(chosen(np.zeros(SIZE)), INTENTS.merchant)
    np.testing.assert_array_equal(chosen(np.full(SIZE, 1.7)), INTENTS.merchant)


def test_without_a_market_the_same_intents_are_drawn_without_the_uniform() -> None:
    plain = build_city(Scenario.model_validate(BLOCKS)).day(1, Streams(1)).intents
    assert plain.pick is None
    for column in fields(Intents):
        if column.name != "pick":
            np.testing.assert_array_equal(getattr(plain, column.name), getattr(INTENTS, column.name))


def test_the_pool_stands_behind_the_others_and_changes_nobody() -> None:
    plain = build_city(Scenario.model_validate(BLOCKS))
    assert len(plain.merchants.kind) == RECHOICE.standing == 20
    assert SIZE == 30
    for column in fields(Merchants):
        np.testing.assert_array_equal(getattr(CITY.merchants, column.name)[:20], getattr(plain.merchants, column.name))
    np.testing.assert_array_equal(CITY.riders.start, plain.riders.start)
    assert np.bincount(CITY.merchants.kind[20:]).tolist() == [6, 4]
    assert INTENTS.merchant.max() < 20


def test_only_standing_leaves_the_weights_of_the_first() -> None:
    assert only_standing(np.ones((2, 3)), 2).tolist() == [[1, 1, 0]] * 2


@given(st.integers(0, SIZE - 1), st.floats(0, 3))
def test_who_becomes_worth_more_has_a_larger_share_everywhere(merchant: int, gain: float) -> None:
    worth, reach = np.zeros(SIZE), RECHOICE.reach(np.ones(SIZE, np.bool_), np.ones(SIZE))
    before = RECHOICE.weights(reach, worth)
    worth[merchant] = gain
    after = RECHOICE.weights(reach, worth)
    some = before.sum(axis=1) > 0
    shares = [(weights[some, merchant] / weights[some].sum(axis=1)) for weights in (before, after)]
    assert (shares[1] >= shares[0] - 1e-12).all()
    np.testing.assert_allclose(after[:, merchant], before[:, merchant] * np.exp(gain))


@given(st.integers(0, 19))
def test_nobody_chooses_who_has_left_and_somebody_who_has_joined(merchant: int) -> None:
    active = STANDING.copy()
    active[merchant] = False
    assert not (chosen(np.zeros(SIZE), active) == merchant).any()
    active[25] = True
    assert (chosen(np.eye(SIZE)[25] * 5, active) == 25).any()


def test_a_smaller_radius_reaches_fewer_and_a_larger_one_more() -> None:
    served = [(chosen(np.zeros(SIZE), radius=radius) >= 0).sum() for radius in (0.2, 0.5, 1.0, 2.0)]
    assert served == sorted(served)
    assert served[0] < served[-1]


def test_nobody_is_sent_to_a_merchant_that_is_shut() -> None:
    merchant, t = chosen(np.zeros(SIZE), radius=2.0), RECHOICE.clock(INTENTS, 1)
    rows = np.flatnonzero(merchant >= 0)
    assert RECHOICE.open_at(t[rows])[np.arange(len(rows)), merchant[rows]].all()
    assert (t >= 0).all()
    assert (t < DAY).all()


def served(price: float, pace: float) -> Intents:
    merchant = chosen(np.zeros(SIZE))
    means = CITY.merchants.prep_s
    return RECHOICE.served(INTENTS, merchant, np.full(SIZE, price), means * pace, means)


def test_as_before_on_equal_terms() -> None:
    same = served(1.0, 1.0)
    for name in ("merchant", "basket", "prep_s"):
        np.testing.assert_array_equal(getattr(same, name), getattr(INTENTS, name))


def test_baskets_and_preparation_scale() -> None:
    dear, there = served(1.5, 0.5), INTENTS.merchant >= 0
    np.testing.assert_allclose(dear.basket[there], 1.5 * INTENTS.basket[there], atol=0.51)
    np.testing.assert_allclose(dear.prep_s[there], 0.5 * INTENTS.prep_s[there])
    np.testing.assert_array_equal(dear.basket[~there], INTENTS.basket[~there])


def test_another_merchant_cooks_in_his_own_time() -> None:
    other = np.where(INTENTS.merchant >= 0, (INTENTS.merchant + 12) % 20, -1)
    means = CITY.merchants.prep_s
    moved = RECHOICE.served(INTENTS, other, np.ones(SIZE), means, means)
    there = other >= 0
    ratio = means[other[there]] / means[INTENTS.merchant[there]]
    np.testing.assert_allclose(moved.prep_s[there], INTENTS.prep_s[there] * ratio)


@pytest.fixture(scope="module")
def errands() -> tuple[Rechoice, Intents]:
    spec = scenario({}, kinds=KINDS)
    return Rechoice.of(spec, city_of(spec)), city_of(spec).day(0, Streams(1)).intents


def test_kinds_stay_with_their_classes(errands: tuple[Rechoice, Intents]) -> None:
    rechoice, intents = errands
    size = len(rechoice.merchants.kind)
    weights = rechoice.weights(rechoice.reach(np.arange(size) < rechoice.standing, np.ones(size)), np.zeros(size))
    merchant = rechoice.chosen(intents, 0, weights)
    np.testing.assert_array_equal(merchant, intents.merchant)
    assert intents.kind is not None
    assert (merchant[intents.kind == 2] == -1).all(), "what is sent from door to door needs no merchant"
    assert set(rechoice.merchants.kind[merchant[(intents.kind == 1) & (merchant >= 0)]]) == {1}


def test_what_the_rider_does_takes_as_long_at_every_merchant(errands: tuple[Rechoice, Intents]) -> None:
    rechoice, intents = errands
    size, means = len(rechoice.merchants.kind), rechoice.merchants.prep_s
    slow = rechoice.served(intents, intents.merchant, np.ones(size), 2 * means, 3 * means)
    assert intents.kind is not None
    assert slow.expected_s is not None
    assert intents.expected_s is not None
    cooked, bought = intents.kind == 0, intents.kind == 1
    there = intents.merchant >= 0
    np.testing.assert_allclose(slow.prep_s[cooked & there], 2 * intents.prep_s[cooked & there])
    np.testing.assert_allclose(slow.expected_s[cooked & there], 3 * intents.expected_s[cooked & there])
    np.testing.assert_allclose(slow.prep_s[bought], intents.prep_s[bought])
    np.testing.assert_allclose(slow.expected_s[bought], intents.expected_s[bought])


def test_an_intent_that_nobody_could_serve_takes_the_mean_time(errands: tuple[Rechoice, Intents]) -> None:
    rechoice, intents = errands
    size, means = len(rechoice.merchants.kind), rechoice.merchants.prep_s
    assert intents.kind is not None
    none = np.full(len(intents), -1)
    zeros = np.zeros(len(intents))
    lost = replace(intents, merchant=none, prep_s=zeros, expected_s=zeros)
    found = rechoice.served(lost, np.where(intents.kind == 0, 0, -1), np.ones(size), means, means)
    assert (found.prep_s[intents.kind == 0] == means[0]).all()

"""What is drawn with an Intent for checkout, intake and flash: rates, the score's AUC, and common random numbers."""

from typing import Any

import numpy as np
import pytest

from sim.city.build import build_city
from sim.city.checkout import Column, draw_checkout, weak_places
from sim.city.model import Intents
from sim.entities import Floats
from sim.scenario.checkout import Checkout, Signal
from sim.scenario.errors import ScenarioError
from sim.scenario.schema import Scenario
from sim.streams import Streams

SMALL: dict[str, Any] = {
    "city": {"kind": "plane", "places": 60},
    "population": {"users": 2000},
    "merchants": {"classes": {"restaurant": {"count": 10}}},
    "riders": {"count": 3},
}


def draws(size: int = 40_000, **spec: Any) -> Floats:
    checkout = Checkout.model_validate({"on": True, **spec})
    return draw_checkout(checkout, size, np.random.default_rng(3))


def intents(**blocks: Any) -> Intents:
    scenario = Scenario.model_validate(SMALL | blocks)
    return build_city(scenario).day(0, Streams(1)).intents


def test_the_rates_are_those_of_the_scenario() -> None:
    drawn = draws(wrong_address=0.1, out_of_stock=0.2, fraud={"share": 0.3})
    honest = drawn[:, Column.FRAUD] == 0
    assert drawn[honest, Column.WRONG_ADDRESS].mean() == pytest.approx(0.1, abs=0.01)
    assert not drawn[~honest, Column.WRONG_ADDRESS].any(), "a fraud is no mistake"
    assert drawn[:, Column.OUT_OF_STOCK].mean() == pytest.approx(0.2, abs=0.01)
    assert 1 - honest.mean() == pytest.approx(0.3, abs=0.01)


def test_payments_fail_as_often_as_they_should() -> None:
    failures = draws(payment={"failure": 0.5, "again_failure": 0.4})[:, Column.FAILURES]
    shares = [(failures > k).mean() for k in range(4)]
    assert shares == pytest.approx([0.5, 0.5 * 0.4, 0.5 * 0.4**2, 0.5 * 0.4**3], abs=0.01)


@pytest.mark.parametrize(("first", "again", "most"), [(0, 1, 0), (1, 0, 1), (1, 1, 1000)])
def test_payments_that_never_or_always_fail(first: float, again: float, most: float) -> None:
    assert draws(50, payment={"failure": first, "again_failure": again})[:, Column.FAILURES].max() == most


@pytest.mark.parametrize("auc", [0.5, 0.8, 0.95])
def test_a_fraud_scores_higher_than_an_honest_user_with_the_chance_auc(auc: float) -> None:
    drawn = draws(fraud={"share": 0.5, "auc": auc})
    false = drawn[:, Column.FRAUD] == 1
    honest, frauds = drawn[~false, Column.SCORE], drawn[false, Column.SCORE]
    n = min(len(honest), len(frauds))
    assert (frauds[:n] > honest[:n]).mean() == pytest.approx(auc, abs=0.012)
    assert (honest.mean(), honest.std()) == pytest.approx((0, 1), abs=0.02)


def test_a_higher_rate_only_adds() -> None:
    few, many = (draws(1000, fraud={"share": s}, payment={"failure": s}) for s in (0.1, 0.3))
    assert (few[:, Column.FRAUD] <= many[:, Column.FRAUD]).all()
    assert (few[:, Column.FAILURES] <= many[:, Column.FAILURES]).all()


def test_nothing_is_drawn_while_all_is_off_and_the_rest_stays_as_it_was() -> None:
    off = intents()
    on = intents(checkout={"on": True}, intake={"requests_per_min": 5}, promise={"flash": {"on": True}})
    assert (off.checkout, off.asks_s, off.flash) == (None, None, None)
    for column in ("t", "user", "merchant", "place", "prep_s", "patience_s", "basket"):
        np.testing.assert_array_equal(getattr(on, column), getattr(off, column))
    assert on.checkout is not None
    assert on.checkout.shape == (len(off), len(Column))
    assert on.asks_s is not None
    assert on.flash is not None
    assert ((on.flash >= 0) & (on.flash < 1)).all()


def test_the_mean_wait_is_the_patience() -> None:
    asks_s = intents(intake={"requests_per_min": 5, "patience_s": 45}).asks_s
    assert asks_s is not None
    assert asks_s.mean() == pytest.approx(45, rel=0.1)


def test_places_with_a_weak_signal_are_equal_in_all_replications() -> None:
    city = build_city(Scenario.model_validate(SMALL))
    spec = Signal(share=0.3)
    weak = weak_places(spec, city, Streams(1, 0))
    assert weak.sum() == pytest.approx(18, abs=10)
    np.testing.assert_array_equal(weak, weak_places(spec, city, Streams(1, 5)))
    whole = weak_places(Signal(zones=(city.zones[0],)), city, Streams(1))
    np.testing.assert_array_equal(whole, city.places.zone == 0)


@pytest.mark.parametrize(
    "blocks", [{"checkout": {"on": True}}, {"intake": {"requests_per_min": 5}}, {"promise": {"flash": {"on": True}}}]
)
def test_a_benchmark_city_has_none_of_it(blocks: dict[str, Any], tmp_path: Any) -> None:
    scenario = Scenario.model_validate({"city": {"kind": "mdrp", "dir": str(tmp_path)}, **blocks})
    with pytest.raises(ScenarioError, match="brings its own orders"):
        build_city(scenario)

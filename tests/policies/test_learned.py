"""Learned matching: neutral it is matching, each lever does what it says, and a broken model is refused."""

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from sim.entities import Orders, Wave
from sim.policies.dispatch import DISPATCH
from sim.policies.learned import LEVERS, SEEN, SHIPPED, Learned, Model, match, observe, read_model, weighted
from sim.policies.matching import Matching
from sim.policies.registry import PolicyNotFound, load_policy
from tests.policies.waves import NOW, RNG, order, pairs, random_waves, wave

LINE = [0.0, 100.0, 1000.0, 1500.0, 4000.0]
NAMES = [lever.name for lever in LEVERS]


def action(**entries: float) -> np.ndarray:
    return np.array([entries.get(name, 0.0) for name in NAMES])


def chosen(made: Wave, **entries: float) -> list[tuple[int, int]]:
    return pairs(match(made, weighted(action(**entries))))


def document(**changes: Any) -> dict[str, Any]:
    zeros = {"gain": np.zeros((len(LEVERS), len(SEEN))).tolist(), "bias": [0.0] * len(LEVERS)}
    return {"seen": list(SEEN), "levers": NAMES, **zeros} | changes


def written(folder: Path, **changes: Any) -> str:
    file = folder / "model.json"
    file.write_text(json.dumps(document(**changes)), encoding="utf-8")
    return str(file)


@given(random_waves())
def test_a_neutral_action_is_matching(made: Wave) -> None:
    assert match(made, weighted(action())) == Matching()(made, RNG)


def test_an_untrained_model_is_matching(tmp_path: Path) -> None:
    made = wave([order(1, 1), order(2, 2), order(3, 3)], [0, 4], LINE)
    assert Learned(written(tmp_path))(made, RNG) == Matching()(made, RNG) != []


def test_a_policy_keeps_the_model_that_it_was_made_with(tmp_path: Path) -> None:
    made, file = wave([order(1, 1, ready_at=NOW + 700)], [0], LINE), written(tmp_path)
    policy = Learned(file)
    written(tmp_path, bias=action(lead_min=1.0).tolist())
    assert pickle.loads(pickle.dumps(policy))(made, RNG) == policy(made, RNG) == []
    assert pairs(Learned(file)(made, RNG)) == [(10, 1)]


def test_the_lead_is_moved() -> None:
    made = wave([order(7, 1, ready_at=NOW + 700)], [0], LINE)
    assert chosen(made) == []
    assert chosen(made, lead_min=0.2) == [(10, 7)]


def test_a_long_ride_can_cost() -> None:
    """Order 1 has the shorter way to the merchant, order 2 the shorter ride."""
    made = wave([order(1, 1, 4), order(2, 2, 3)], [0], LINE)
    assert chosen(made) == [(10, 1)]
    assert chosen(made, ride=1.0) == [(10, 2)]


def test_what_would_be_late_can_cost() -> None:
    """Order 1 is near, but lost: it was promised long ago."""
    made = wave([order(1, 1)._replace(promised_at=NOW - 2000), order(2, 2)], [0], LINE)
    assert chosen(made) == [(10, 1)]
    assert chosen(made, late=3.0) == chosen(made, late=1.0) == [(10, 2)]


def test_age_and_readiness_can_count() -> None:
    aged = wave([order(1, 1), order(2, 2)._replace(placed_at=NOW - 6000)], [0], LINE)
    assert (chosen(aged), chosen(aged, age=1.0)) == ([(10, 1)], [(10, 2)])
    cold = wave([order(1, 1), order(2, 2, ready_at=NOW - 2500)], [0], LINE)
    assert (chosen(cold), chosen(cold, urgency=-1.0)) == ([(10, 2)], [(10, 1)])


def test_waiting_can_count() -> None:
    """The merchant of order 1 is near and its meal ready in 500 s; order 2 is far and ready."""
    made = wave([order(1, 1, ready_at=NOW + 500), order(2, 2)], [0], LINE)
    assert chosen(made, meal=-1.0) == [(10, 1)]
    assert chosen(made, meal=-1.0, rider=1.0) == [(10, 1)]
    far = wave([order(1, 1, ready_at=NOW + 599), order(2, 2)], [0], [0.0, 600.0, 1000.0])
    assert (chosen(far, meal=-1.0), chosen(far, meal=1.0)) == ([(10, 1)], [(10, 1)])
    near = wave([order(1, 1, ready_at=NOW + 599), order(2, 2)], [0], [0.0, 10.0, 300.0])
    assert (chosen(near, meal=-1.0), chosen(near, meal=-1.0, rider=1.0)) == ([(10, 1)], [(10, 2)])


def test_an_action_out_of_range_is_cut() -> None:
    np.testing.assert_array_equal(weighted(np.full(len(LEVERS), 9.0)), weighted(np.ones(len(LEVERS))))
    assert weighted(-np.ones(len(LEVERS))).tolist() == [lever.neutral - lever.span for lever in LEVERS]


def test_what_is_seen() -> None:
    """Two orders are due and one is not; one of three riders is idle."""
    made = wave([order(1), order(2), order(3, ready_at=NOW + 601)], [0, 0, 0], LINE, load=[0, 1, 2])
    np.testing.assert_allclose(observe(made), [(3 / 2 - 1) / (3 / 2 + 1), 2 / 3, 60 / 1800])
    old = wave([order(1)._replace(placed_at=NOW - 9000)], [], LINE)
    np.testing.assert_allclose(observe(old), [1 / 3, 0, 1])


@given(random_waves())
def test_what_is_seen_is_in_range_also_where_there_is_nothing(made: Wave) -> None:
    quiet = Wave(0, NOW, Orders(()), Orders(()), made.riders, made.travel, made.rules)
    for seen in (observe(made), observe(quiet)):
        assert seen.shape == (len(SEEN),)
        assert (np.abs(seen) <= 1).all()


def test_a_model_is_linear() -> None:
    gain, bias = np.zeros((len(LEVERS), len(SEEN))), action(late=0.5)
    gain[NAMES.index("late"), SEEN.index("busy")] = 2.0
    assert Model(gain, bias).action(np.array([9.0, 0.1, 9.0])) == pytest.approx(action(late=0.7))


def test_the_shipped_model_is_small_trained_and_not_on_the_shipped_seed() -> None:
    assert SHIPPED.stat().st_size < 50_000
    told = json.loads(SHIPPED.read_text(encoding="utf-8"))
    assert 7 not in told["training"]["seeds"]
    assert np.abs(read_model().gain).max() > 0.05
    assert len(told["tried_min"]) == told["training"]["iterations"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"levers": NAMES[::-1]}, "another version"),
        ({"bias": [0.0]}, "another version"),
        ({"bias": [float("nan")] * len(LEVERS)}, "not all finite"),
        ({"gain": "many"}, "not a model"),
        ({"gain": [[0.0], [0.0, 1.0]]}, "not a model"),
    ],
)
def test_a_broken_model_is_refused_when_it_is_made(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(PolicyNotFound, match=said):
        load_policy(DISPATCH, "learned", {"model": written(tmp_path, **changes)})


@pytest.mark.parametrize("text", ["", "[]", "{}", "late = 1", "3"])
def test_what_is_no_model_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "model.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="not a model"):
        Learned(str(file))


def test_a_missing_model_is_told() -> None:
    with pytest.raises(ValueError, match=r"nowhere\.json: not a model .*No such file"):
        Learned("nowhere.json")

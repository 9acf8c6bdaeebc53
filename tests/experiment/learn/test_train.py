"""Training: the search goes uphill, can be repeated, and writes what the policy reads."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.experiment.learn import train as training_file
from sim.experiment.learn.train import SHAPE, Trained, Training, train, write_model
from sim.policies.learned import Learned, Model, read_model
from sim.scenario.schema import Scenario
from tests.experiment.learn.town import TOWN

SHORT = Training(seeds=(TOWN.seed, 5), iterations=2, directions=2, noise=0.3)


@pytest.fixture(scope="module")
def trained() -> Trained:
    pytest.importorskip("gymnasium")
    return train(TOWN, SHORT)


def test_training_can_be_repeated(trained: Trained) -> None:
    shares: list[float] = []
    again = train(TOWN, SHORT, shares.append)
    np.testing.assert_array_equal(again.model.gain, trained.model.gain)
    assert again.tried_min == trained.tried_min
    assert shares == [0.5, 1.0]


def test_the_search_leaves_matching_and_tells_what_that_costs(trained: Trained) -> None:
    assert trained.model.gain.shape == (SHAPE[0], SHAPE[1] - 1)
    assert np.abs(trained.model.bias).min() > 0
    assert len(trained.tried_min) == len(trained.matching_min) == 2
    assert trained.tried_min != trained.matching_min
    assert all(10 < cost < 60 for cost in trained.matching_min)


def test_other_directions_give_another_model(trained: Trained) -> None:
    from dataclasses import replace

    other = train(TOWN, replace(SHORT, seed=2))
    assert not np.allclose(other.model.bias, trained.model.bias)
    assert other.matching_min == trained.matching_min


def test_the_search_finds_the_least_of_a_bowl(monkeypatch: pytest.MonkeyPatch) -> None:
    """Costs in place of episodes: the squared distance from a model that is known."""
    best = np.random.default_rng(3).uniform(-0.5, 0.5, SHAPE)

    def distance(env: object, model: Model, which: dict[str, int]) -> float:
        return float(((np.column_stack([model.gain, model.bias]) - best) ** 2).sum()) + which["replication"]

    monkeypatch.setattr(training_file, "cost_min", distance)
    monkeypatch.setattr(training_file, "_environment", lambda scenario, training: None)
    found = train(Scenario(), Training(iterations=200, directions=8, noise=0.05))
    assert distance(None, found.model, {"replication": 0}) < 0.1 * float((best**2).sum())


def test_what_is_written_is_what_the_policy_reads(trained: Trained, tmp_path: Path) -> None:
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    for path in (one, two):
        write_model(trained, TOWN, SHORT, path)
    assert one.read_bytes() == two.read_bytes()
    assert Learned(str(one)).model == str(one)
    np.testing.assert_allclose(read_model(str(one)).gain, trained.model.gain, atol=1e-6)
    told = json.loads(one.read_text(encoding="utf-8"))
    assert told["training"] | {"seeds": [TOWN.seed, 5], "iterations": 2} == told["training"]
    assert told["scenario"] == "short of riders"


def test_without_gymnasium_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gymnasium", None)
    monkeypatch.delitem(sys.modules, "sim.experiment.learn.env", raising=False)
    with pytest.raises(ValueError, match=r"pip install 'paotui\[learn\]'"):
        train(TOWN, SHORT)

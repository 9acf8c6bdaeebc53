"""``paotui train``: from a command to a policy that runs."""

import json
from pathlib import Path

import pytest

from tests.cli.command import Paotui

TINY = [f"--set={value}" for value in ("population.users=150", "riders.count=4", "calendar.drain_min=60")]


@pytest.fixture
def model(paotui: Paotui, here: Path) -> Path:
    pytest.importorskip("gymnasium")
    short = ("--seeds", "3,4", "--iterations", "1", "--directions", "1", "--lost-min", "90")
    answer = paotui("train", "campus_lunch", *TINY, *short)
    assert answer.code == 0, answer.err
    assert "minutes an order costs" in answer.words
    assert "lead_min" in answer.words
    return here / "learned.json"


def test_a_trained_model_runs(model: Path, quick: Paotui) -> None:
    assert json.loads(model.read_text(encoding="utf-8"))["training"]["price"] == {"late_min": 15.0, "lost_min": 90.0}
    answer = quick("run", "campus_lunch", *TINY, "--dispatch", "learned", "--set", f"dispatch.params.model={model}")
    assert answer.code == 0, answer.err


def test_seeds_are_numbers(paotui: Paotui) -> None:
    answer = paotui("train", "--seeds", "1;2")
    assert answer.code == 2
    assert "expected whole numbers" in answer.err

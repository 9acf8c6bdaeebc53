"""Compiled loops say so before their first use, and are compiled once."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.policies import compiled as module
from sim.policies.compiled import compiled
from sim.policies.dispatch import DISPATCH
from sim.policies.registry import load_policy
from tests.policies.waves import RNG, order, wave

numba = pytest.importorskip("numba")


def twice(one: int) -> int:
    return 2 * one


def test_what_is_compiled_is_told_once_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    told = []
    for uses in (0, 2, 1):
        module._tell.cache_clear()
        assert [loop(4) for loop in [compiled(twice) for _ in range(uses + 1)]] == [8] * (uses + 1)
        told.append(capsys.readouterr().err.count("is compiled"))
    assert told == [1, 0, 0]


def kinds_of_arguments() -> dict[tuple[str, str], int]:
    """For how many kinds of arguments each loop of the policies has been compiled."""
    modules = [found for name, found in sys.modules.items() if name.startswith("sim.policies.") and "loops" in name]
    loops = {(m.__name__, name): loop for m in modules for name, loop in vars(m).items()}
    return {where: len(loop.signatures) for where, loop in loops.items() if hasattr(loop, "signatures")}


@pytest.mark.parametrize(
    ("policy", "whole"),
    [
        ("insertion", {"patience_min": 10, "thrift": 0}),
        ("rolling_horizon", {"thrift": 0, "wait_min": 5, "early_min": 1}),
        ("batch_match", {"loss_s": 60, "thrift": 0, "early_min": 1}),
    ],
)
def test_whole_numbers_compile_nothing_anew(policy: str, whole: dict[str, Any]) -> None:
    seen = wave([order(0), order(1, 1, 0)], [0, 1, 1], [0.0, 600.0])
    load_policy(DISPATCH, policy)(replace(seen, rules=replace(seen.rules, pickup_s=120.5, dropoff_s=90.5)), RNG)
    before = kinds_of_arguments()
    load_policy(DISPATCH, policy, whole)(seen, RNG)
    assert kinds_of_arguments() == before

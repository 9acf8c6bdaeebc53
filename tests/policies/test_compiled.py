"""Compiled loops say so before their first use."""

from pathlib import Path

import pytest

from sim.policies import compiled as module
from sim.policies.compiled import compiled

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

"""Gates on tiny cities: each outcome, resuming, equal bytes, and the helper for pytest."""

import json
import os
from pathlib import Path

import pytest

from sim.engine.referee import PolicyError
from sim.experiment.gate.result import GateResult
from sim.experiment.gate.run import bless, run_gate
from sim.experiment.gate.testing import assert_no_regression
from sim.experiment.pool import Pool
from tests.experiment.gate.made import SLOWER, UNREACHABLE, tiny

ONE = Pool(1)
BLESSED = "blessed: rows.json\nblessed_replications: 2\n"


def gate(path: Path, candidate: str | None = None, out: Path | None = None) -> GateResult:
    return run_gate(path, candidate, out, ONE)


def test_the_same_on_both_sides_passes_at_the_first_look(tmp_path: Path) -> None:
    result = gate(tiny(tmp_path))
    assert (result.outcome, result.exit_code, result.replications) == ("pass", 0, 4)
    assert {finding.note for finding in result.findings} == {"unchanged"}
    assert result.back_test is None


def test_a_worse_candidate_is_a_regression(tmp_path: Path) -> None:
    result = gate(tiny(tmp_path, SLOWER))
    assert (result.outcome, result.exit_code) == ("regression", 1)
    finding = result.findings[0]
    assert finding.difference > 3
    assert finding.low > 0


def test_what_is_open_at_the_budget_fails_closed(tmp_path: Path) -> None:
    told: list[float] = []
    path = tiny(tmp_path, UNREACHABLE)
    result = run_gate(path, "matching", None, ONE, told.append)
    assert (result.outcome, result.exit_code, result.replications) == ("inconclusive", 3, 6)
    assert told == sorted(told)
    assert told[-1] == 1


def test_it_resumes_and_equal_gates_give_equal_bytes(tmp_path: Path) -> None:
    path, out, again = tiny(tmp_path, SLOWER), tmp_path / "out", tmp_path / "again"
    gate(path, out=out)
    first = (out / "gate.json").read_bytes()
    kept = sorted((out / "replications").rglob("*.json"))
    assert len(kept) == 8
    stamps = [file.stat().st_mtime_ns for file in kept]
    kept[0].unlink()
    gate(path, out=out)
    assert (out / "gate.json").read_bytes() == first
    assert [file.stat().st_mtime_ns for file in kept][1:] == stamps[1:]
    gate(path, out=again)
    assert (again / "gate.json").read_bytes() == first
    assert str(tmp_path).encode() not in first


def test_kept_rows_of_other_code_are_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    mine, out = Path("mine.py"), tmp_path / "out"
    body = "from sim.policies.nearest import Nearest\n\n\ndef mine(wave, rng):\n    return {}\n"
    mine.write_text(body.format("Nearest()(wave, rng)"))
    assert gate(tiny(tmp_path), "mine.py:mine", out).outcome == "pass"
    mine.write_text(body.format("[]"))
    assert gate(tiny(tmp_path), "mine.py:mine", out).outcome == "regression"


def test_a_policy_that_breaks_stops_the_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.py").write_text("def bad(wave, rng):\n    return 7 / 0\n")
    with pytest.raises(PolicyError, match="ZeroDivisionError"):
        gate(tiny(tmp_path), "bad.py:bad")


def test_blessed_rows_are_equal_bit_for_bit(tmp_path: Path) -> None:
    path = tiny(tmp_path, more=BLESSED)
    bless(path, "first", ONE)
    result = gate(path)
    assert result.outcome == "pass"
    assert result.back_test is not None
    assert (result.back_test.same, result.back_test.changes, result.back_test.notes) == (True, [], [])


def test_a_changed_simulator_fails_beside_a_pass_and_behind_a_regression(tmp_path: Path) -> None:
    path = tiny(tmp_path, more=BLESSED)
    rows = bless(path, "first", ONE)
    document = json.loads(rows.read_text())
    kpis = document["rows"][1]["kpis"]
    kpis["click_to_door_mean"] *= 1 + 2**-52
    rows.write_text(json.dumps(document))
    result = gate(path)
    assert (result.verdict, result.outcome, result.exit_code) == ("pass", "simulator changed", 3)
    assert result.back_test is not None
    assert [(c.replication, c.kpi) for c in result.back_test.changes] == [(1, "click_to_door_mean")]
    worse = gate(tiny(tmp_path, SLOWER, more=BLESSED))
    assert (worse.outcome, worse.exit_code) == ("regression", 1)


def test_a_broken_file_of_rows_is_told_before_anything_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pool, "run", None)
    (tmp_path / "rows.json").write_text("[1, 2")
    with pytest.raises(ValueError, match="not a file of blessed rows"):
        gate(tiny(tmp_path, more=BLESSED))


@pytest.mark.parametrize(("reason", "more", "told"), [(" ", BLESSED, "say why"), ("why", "", "names no file to bless")])
def test_to_bless_takes_a_reason_and_a_file(tmp_path: Path, reason: str, more: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        bless(tiny(tmp_path, more=more), reason, ONE)
    assert os.listdir(tmp_path) == ["tiny.yaml"]  # noqa: PTH208


def test_the_helper_is_silent_when_the_gate_passes(tmp_path: Path) -> None:
    assert assert_no_regression(tiny(tmp_path), workers=1).verdict == "pass"


def test_the_helper_fails_with_the_table(tmp_path: Path) -> None:
    path = tiny(tmp_path, SLOWER)
    with pytest.raises(AssertionError, match=r"(?s)click_to_door_mean  lower .*tiny: regression"):
        assert_no_regression(path, workers=1)
    loose = tiny(tmp_path, UNREACHABLE)
    with pytest.raises(AssertionError, match="inconclusive"):
        assert_no_regression(loose, "matching", workers=1)

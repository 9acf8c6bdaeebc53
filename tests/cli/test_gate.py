"""``paotui gate``: exit codes, what is printed, and the files for CI."""

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from tests.cli.command import Paotui
from tests.experiment.gate.made import SLOWER, UNREACHABLE, tiny

BLESSED = "blessed: rows.json\n"


@pytest.fixture(autouse=True)
def no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)


def test_a_pass(here: Path, paotui: Paotui) -> None:
    answer = paotui("gate", tiny(here), "--workers", 1, "--junit", "ci/junit.xml", "--out", "out")
    assert answer.code == 0
    assert answer.out.splitlines()[-1] == "tiny: pass, 4 paired replications"
    assert Xml.parse("ci/junit.xml").getroot().get("failures") == "0"
    assert json.loads(Path("out/gate.json").read_text())["outcome"] == "pass"
    assert "::error" not in answer.out


def test_a_regression_with_its_annotations(here: Path, paotui: Paotui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(here))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    Path("summary.md").write_text("before\n")
    answer = paotui("gate", tiny(here, SLOWER), "--workers", 1, "--junit", "junit.xml")
    assert answer.code == 1
    assert "\n::error file=tiny.yaml,line=15,title=regression%3A click_to_door_mean in lunch::" in answer.out
    assert Path("summary.md").read_text().startswith("before\n### paotui gate tiny: regression")
    assert Xml.parse("junit.xml").getroot().get("failures") != "0"


def test_the_candidate_of_the_command_line_and_an_open_verdict(here: Path, paotui: Paotui) -> None:
    path = tiny(here, UNREACHABLE)
    answer = paotui("gate", path, "--candidate", "matching", "--workers", 1)
    assert answer.code == 3
    assert "tiny: inconclusive, 6 paired replications, the budget is used" in answer.out


def test_bless_then_pass_then_tell_that_the_simulator_changed(here: Path, paotui: Paotui) -> None:
    path = tiny(here, more=BLESSED)
    assert paotui("gate", path, "--workers", 1).code == 3
    assert paotui("gate", path, "--bless", "first", "--workers", 1).code == 0
    good = paotui("gate", path, "--workers", 1)
    assert (good.code, "equal bit for bit" in good.out) == (0, True)
    rows = here / "rows.json"
    rows.write_text(rows.read_text().replace('"orders": ', '"orders": 1'))
    bad = paotui("gate", path, "--workers", 1)
    assert (bad.code, "tiny: simulator changed" in bad.out, '--bless "why"' in bad.out) == (3, True, True)
    assert paotui("gate", path, "--bless", "we count from one", "--workers", 1).code == 0
    assert json.loads(rows.read_text())["reasons"] == ["first", "we count from one"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["none.yaml"], "no such scenario file: none.yaml"),
        (["tiny.yaml", "--bless", ""], "--bless: say why"),
        (["tiny.yaml", "--candidate", "nearst"], "did you mean 'nearest'"),
        (["tiny.yaml", "--candidate", "bad.py:bad", "--workers", 1], "ZeroDivisionError"),
        (["slip.yaml"], "slip.yaml:13:3: lunch, candidate: dispatch.policy: unknown policy 'nearst' (did you mean 'n"),
        (["typo.yaml"], "typo.yaml:17:3: guardrails.on_time_shaer: unknown KPI (did you mean 'on_time_share'?)"),
        (["broken.yaml"], "broken.yaml:2:1: not valid YAML"),
    ],
)
def test_misuse_is_one_line_and_exit_code_2(here: Path, paotui: Paotui, arguments: list[object], told: str) -> None:
    tiny(here, ("on_time_share", "on_time_shaer")).rename(here / "typo.yaml")
    tiny(here, ("candidate:\n  dispatch.policy: nearest", "candidate:\n  dispatch.policy: nearst")).rename("slip.yaml")
    tiny(here, more=BLESSED)
    Path("bad.py").write_text("def bad(wave, rng):\n    return 7 / 0\n")
    Path("broken.yaml").write_text("name: [\n")
    answer = paotui("gate", *arguments)
    assert answer.code == 2
    assert told in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert "Traceback" not in answer.err

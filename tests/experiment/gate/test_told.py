"""How a verdict is told: text, gate.json, JUnit XML, annotations and the summary."""

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pytest

from sim.experiment.gate.blessed import BackTest, Change
from sim.experiment.gate.document import document, headline, requirement, sentence, text
from sim.experiment.gate.github import commands, summary
from sim.experiment.gate.junit import junit, write_junit
from sim.experiment.gate.plan import plan_gate
from tests.experiment.gate.made import LATE, OPEN, PASS, at_budget, check, exact, result, success, tiny

CHANGED = BackTest([Change("lunch", r, "orders", 70.0, None) for r in range(7)], ["numpy was 1, is 2"], False)
NASTY = "<b>&\"'|%\r\n::error::,:\x00\x1b[0m\ud800"


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (check(), "at most 0.005 lower"),
        (check("click_to_door_p90", 0.5), "at most 0.5 min higher"),
        (success(), "higher"),
        (success("click_to_door_mean"), "lower"),
        (success("click_to_door_mean", 0.5), "lower by more than 0.5 min"),
    ],
)
def test_what_a_check_asks_for_in_words(made: object, told: str) -> None:
    assert requirement(at_budget([made], [exact(4, 0, 1)])[0]) == told  # type: ignore[list-item]


def test_a_sentence_carries_the_numbers(tmp_path: Path) -> None:
    made = result(tmp_path, list(LATE))
    told = sentence(made.findings[0], made.power[0])
    assert told.startswith("regression: click_to_door_mean must be lower: 10 became 13 min, difference 3, not excluded")
    assert "after 6 pairs" in told
    assert f"a loss of {made.power[0].detectable:.4g} min is found with 90% probability" in told


def test_the_text_is_a_table_with_the_verdict_last(tmp_path: Path) -> None:
    lines = text(result(tmp_path, list(LATE))).splitlines()
    assert lines[0].split()[:3] == ["verdict", "scenario", "KPI"]
    assert lines[1].split()[:3] == ["regression", "lunch", "click_to_door_mean"]
    assert lines[-1] == "tiny: regression, 6 paired replications"
    assert "fails closed" in headline(result(tmp_path, list(OPEN)))


def test_a_changed_simulator_asks_for_a_reason(tmp_path: Path) -> None:
    made = result(tmp_path, list(PASS), CHANGED)
    told = text(made)
    assert made.exit_code == 3
    assert told.count("orders was 70.0, is no value") == 5
    assert "... and 2 more" in told
    assert "numpy was 1, is 2" in told
    assert f'paotui gate {tmp_path / "tiny.yaml"} --bless "why"' in told


def test_the_document_is_json_without_paths(tmp_path: Path) -> None:
    none = np.full(6, np.nan)
    made = document(result(tmp_path, [PASS[0], (none, none)], CHANGED))
    told = json.loads(json.dumps(made, allow_nan=False))
    assert (told["verdict"], told["exit_code"], told["looks"]) == ("inconclusive", 3, [4, 6])
    assert told["checks"][0]["verdict"] == "pass"
    assert told["checks"][1]["difference"] is None
    assert told["back_test"]["same"] is False
    assert str(tmp_path) not in json.dumps(made)


def suite_of(made: str) -> Xml.Element:
    suite = Xml.fromstring(made).find("testsuite")
    assert suite is not None
    return suite


def test_junit_has_a_case_for_each_check(tmp_path: Path) -> None:
    suite = suite_of(junit(result(tmp_path, list(LATE))))
    cases = [(case.get("classname"), case.get("name")) for case in suite.iter("testcase")]
    assert cases == [("tiny.lunch", "click_to_door_mean (success)"), ("tiny.lunch", "on_time_share (guardrail)")]
    assert [failure.get("type") for failure in suite.iter("failure")] == ["regression"] * 2
    assert "10 became 13 min" in (suite.find("testcase/failure").text or "")  # type: ignore[union-attr]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "2", "0")


def test_junit_of_a_pass_has_no_failure(tmp_path: Path) -> None:
    suite = suite_of(junit(result(tmp_path, list(PASS), BackTest())))
    assert (suite.get("tests"), suite.get("failures")) == ("3", "0")
    assert list(suite.iter("failure")) == []


def test_junit_of_a_changed_simulator_fails_in_its_own_case(tmp_path: Path) -> None:
    suite = suite_of(junit(result(tmp_path, list(PASS), CHANGED)))
    (failure,) = suite.iter("failure")
    assert failure.get("type") == "simulator changed"
    assert "orders was 70.0" in (failure.text or "")


def test_junit_survives_any_text(tmp_path: Path) -> None:
    made = result(tmp_path, list(LATE))
    findings = [replace(finding, note=NASTY) for finding in made.findings]
    path = tmp_path / "new" / "junit.xml"
    write_junit(replace(made, findings=findings), path)
    told = suite_of(path.read_text(encoding="utf-8")).find("testcase/failure")
    assert told is not None
    assert "<b>&\"'|%" in (told.text or "")
    assert [file.name for file in path.parent.iterdir()] == ["junit.xml"]


def test_annotations_name_the_line_and_escape_all(tmp_path: Path) -> None:
    made = result(tmp_path, list(LATE))
    made = replace(made, findings=[replace(finding, note=NASTY) for finding in made.findings])
    for command in commands(made):
        assert len(command.splitlines()) == 1 or "\x0b" in command
        assert re.fullmatch(r"::error file=[^,\n]+,line=(15|17),title=regression%3A [^,:\n]+::[^\n\r]*", command)
        assert "%25%0D%0A" in command


def test_annotations_tell_the_worst_first_and_ten_at_most(tmp_path: Path) -> None:
    pins = "".join(f"  - {{scenario: campus_lunch, name: s{i}, seed: 1}}\n" for i in range(6))
    plan = plan_gate(tiny(tmp_path, ("settings:\n", f"{pins}settings:\n")))
    columns = [exact(6, 0.3 + 0.1 * i, 0.01) for i in range(7)] + [exact(6, -2.0 - 0.1 * i, 0.01) for i in range(7)]
    told = commands(result(tmp_path, columns, CHANGED, plan))
    names = ["s5", "s4", "s3", "s2", "s1", "s0", "lunch"]
    titles = [re.sub(".*title=(.*?)::.*", r"\1", command) for command in told]
    assert titles == [f"regression%3A on_time_share in {name}" for name in names] + [
        f"regression%3A click_to_door_mean in {name}" for name in names[:3]
    ]
    few = commands(result(tmp_path, [OPEN[0]] * 6 + [LATE[0]] + [PASS[1]] * 7, CHANGED, plan))
    assert ["regression" in few[0], "simulator changed" in few[1], "inconclusive" in few[2]] == [True] * 3


def test_a_pass_is_silent(tmp_path: Path) -> None:
    assert commands(result(tmp_path, list(PASS), BackTest())) == []


def test_the_path_is_told_from_the_repository(tmp_path: Path) -> None:
    made = result(tmp_path, list(LATE))
    assert commands(made, tmp_path)[0].startswith("::error file=tiny.yaml,line=")
    assert commands(made, tmp_path / "elsewhere")[0].startswith(f"::error file={tmp_path}")


def test_the_summary_is_a_table_whatever_stands_in_it(tmp_path: Path) -> None:
    made = result(tmp_path, list(LATE), CHANGED)
    page = summary(replace(made, findings=[replace(finding, note="a|b\n<img>") for finding in made.findings]))
    table = [line for line in page.splitlines() if line.startswith("|")]
    assert len(table) == 4
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {10}
    assert "<img>" not in page
    assert "- lunch, replication 0: orders was 70.0, is no value" in page

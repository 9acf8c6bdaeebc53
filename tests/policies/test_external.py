"""A policy behind a pipe: what it is asked, what it may answer, and what is said when it fails."""

import json
import pickle
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import numpy as np
import pytest

from sim.entities import Assignment, Roster, Stop, StopKind, Wave
from sim.experiment.contract import check_policy
from sim.policies.dispatch import DISPATCH
from sim.policies.external import CommandFailed, External, question
from sim.policies.registry import PolicyNotFound, load_policy
from tests.policies.waves import RNG, order, wave

ROOT = Path(__file__).parents[2]
ANSWER = "import json, sys\nfor line in sys.stdin:\n    wave = json.loads(line)\n    print({answer}, flush=True)\n"


def program(tmp_path: Path, answer: str) -> str:
    file = tmp_path / "policy.py"
    file.write_text(ANSWER.format(answer=answer))
    return f"{sys.executable} {file}"


def ask(tmp_path: Path, answer: str, **columns: Any) -> object:
    return External(program(tmp_path, answer), limit_s=5)(small(**columns), RNG)


def small(**columns: Any) -> Wave:
    return wave([order(7, 1, 2)], [0, 3], [0.0, 100.0, 300.0, 700.0], **columns)


def test_the_question_is_the_wave_in_plain_data() -> None:
    asked = json.loads(json.dumps(question(small(load=[0, 1]), 5)))
    assert (asked["wave"], asked["now"], asked["seed"]) == (3, 10_000.0, 5)
    assert asked["rules"]["pickup_s"] == 120
    assert asked["orders"][0]["ride_s"] == 200
    assert asked["orders"][0]["promised_at"] == 12_400
    assert [rider["to_pickup_s"] for rider in asked["riders"]] == [[100], [600]]
    assert [rider["route"] for rider in asked["riders"]] == [[], [["dropoff", 901, 0]]]
    assert [rider["on_board"] for rider in asked["riders"]] == [[], [901]]
    assert asked["coming"] == []


def test_who_is_expected_is_told_too() -> None:
    roster = Roster(np.array([8]), np.array([2]), np.array([12_000.0]), np.array([15_000.0]), np.array([4]))
    asked = json.loads(json.dumps(question(replace(small(), coming=roster), 5)))
    assert asked["coming"] == [{"id": 8, "at": 2, "on_at": 12_000, "off_at": 15_000, "capacity": 4}]


def test_the_answer_becomes_routes(tmp_path: Path) -> None:
    told = json.dumps({"assignments": [{"rider": 10, "route": [["pickup", 7], ["dropoff", 7], ["reposition", 3]]}]})
    stops = Stop(StopKind.PICKUP, 7, 1), Stop(StopKind.DROPOFF, 7, 2), Stop(StopKind.REPOSITION, -1, 3)
    assert ask(tmp_path, repr(told)) == [Assignment(10, stops)]


def test_stops_of_a_riders_own_route_keep_their_place(tmp_path: Path) -> None:
    told = json.dumps({"assignments": [{"rider": 11, "route": [["dropoff", 901]]}]})
    assert ask(tmp_path, repr(told), load=[0, 1]) == [Assignment(11, (Stop(StopKind.DROPOFF, 901, 0),))]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("'nonsense'", "answered 'nonsense': JSONDecodeError"),
        ("'[]'", "TypeError"),
        ("'{}'", "KeyError: 'assignments'"),
        ('\'{"assignments": [{"rider": 1, "route": [["pickup", 99]]}]}\'', "KeyError"),
        ('\'{"assignments": [{"rider": 1, "route": [["fly", 7]]}]}\'', "KeyError: 'fly'"),
        ("sys.exit(3)", "ended with exit code 3"),
    ],
)
def test_nonsense_is_told(tmp_path: Path, answer: str, says: str) -> None:
    with pytest.raises(CommandFailed, match=says):
        ask(tmp_path, answer)


def test_silence_has_a_limit(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match=r"took longer than 0\.3 s"):
        External(program(tmp_path, "__import__('time').sleep(60)"), limit_s=0.3)(small(), RNG)


def test_what_a_command_has_started_ends_with_it(tmp_path: Path) -> None:
    sleeper = f"{sys.executable} -c 'import time; time.sleep(60)'"
    begun = monotonic()
    with pytest.raises(CommandFailed, match=r"took longer than 0\.3 s"):
        External(f'sh -c "{sleeper}; true"', limit_s=0.3)(small(), RNG)
    assert monotonic() - begun < 30, "its child holds the output open"


def test_several_lines_are_no_answer_to_one_wave(tmp_path: Path) -> None:
    answer = "json.dumps({'assignments': []})"
    with pytest.raises(CommandFailed, match="several lines"):
        ask(tmp_path, f"{answer} + '\\n' + {answer}")
    late = tmp_path / "late.py"
    late.write_text(ANSWER.format(answer=answer) + f"    __import__('time').sleep(0.2); print({answer}, flush=True)\n")
    policy = External(f"{sys.executable} {late}", limit_s=5)
    assert policy(small(), RNG) == []
    sleep(0.5)
    with pytest.raises(CommandFailed, match="several lines"):
        policy(small(), RNG)


def test_a_command_is_expected() -> None:
    with pytest.raises(ValueError, match="expected a command"):
        External(" ")


def test_a_command_that_is_not_there_is_told() -> None:
    with pytest.raises(CommandFailed, match="cannot be started"):
        External("no-such-command-at-all")(small(), RNG)


def test_it_travels_without_its_process(tmp_path: Path) -> None:
    policy = External(program(tmp_path, "'{\"assignments\": []}'"))
    assert policy(small(), RNG) == []
    twin = pickle.loads(pickle.dumps(policy))
    assert twin == policy
    assert twin(small(), np.random.default_rng(0)) == []


def test_it_is_named_by_its_command() -> None:
    policy = load_policy(DISPATCH, "exec:node a.js", {"limit_s": 2})
    assert (policy.command, policy.limit_s) == ("node a.js", 2)
    with pytest.raises(PolicyNotFound, match="command"):
        load_policy(DISPATCH, "exec")


@pytest.mark.skipif(not shutil.which("node"), reason="needs node")
def test_the_example_in_another_language_keeps_the_contract() -> None:
    checks = check_policy(f"exec:node {ROOT / 'scenarios/policies/nearest.js'}")
    faults = {check.clause: check.fault for check in checks if check.fault}
    assert not {clause for clause in faults if "benchmark" not in clause}, faults

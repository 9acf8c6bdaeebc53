"""Gates: what a file may say, when it looks, and which two scenarios follow."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sim.scenario.errors import ScenarioError
from sim.scenario.gate import Gate, Looks, pair_of, places_of, read_gate, unknown, with_candidate
from tests.experiment.gate.made import tiny

PIN = {"scenario": "campus_lunch", "seed": 7}
LEAST: dict[str, Any] = {"scenarios": [PIN], "guardrails": {"on_time_share": 0.01}}


@pytest.mark.parametrize(
    ("looks", "counts"),
    [((6, 6, 24), (6, 12, 18, 24)), ((4, 5, 10), (4, 9, 10)), ((8, 3, 8), (8,)), ((2, 100, 20), (2, 20))],
)
def test_the_last_look_is_at_the_budget(looks: tuple[int, int, int], counts: tuple[int, ...]) -> None:
    first, step, budget = looks
    assert Looks(first=first, step=step, budget=budget).counts == counts


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"scenarios": []}, "at least 1 item"),
        ({"scenarios": [{"scenario": "campus_lunch"}]}, "seed"),
        ({"scenarios": [PIN, PIN]}, "'campus_lunch' stands twice"),
        ({"scenarios": [{**PIN, "name": "../up"}]}, "match pattern"),
        ({"guardrails": {}}, "nothing to decide"),
        ({"guardrails": {"on_time_share": 0}}, "greater than 0"),
        ({"guardrails": {"on_time_share": float("nan")}}, "finite number"),
        ({"success": {"on_time_share": 0}}, "'on_time_share' stands twice"),
        ({"success": {"click_to_door_mean": -1}}, "greater than or equal to 0"),
        ({"candidate": {"seed": 8}}, "must meet the same days"),
        ({"replications": {"first": 9, "budget": 8}}, "more than the budget of 8"),
        ({"replications": {"first": 2, "step": 1, "budget": 100}}, "99 looks are too many"),
        ({"blessed_replications": 7}, "more than the replications of the first look"),
        ({"margins": {}}, "Extra inputs"),
    ],
)
def test_what_cannot_decide_is_refused(change: dict[str, Any], told: str) -> None:
    Gate.model_validate(LEAST)
    with pytest.raises(ValidationError, match=told):
        Gate.model_validate(LEAST | change)


def test_the_error_of_a_file_names_its_line(tmp_path: Path) -> None:
    path = tiny(tmp_path, ("on_time_share: 0.05", "on_time_share: -0.05"))
    with pytest.raises(ScenarioError, match=rf"{path}:17:3: guardrails.on_time_share: expected a number > 0"):
        read_gate(path)


def test_a_shipped_gate_goes_by_its_name_unless_a_file_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_gate("dispatch")[0].name == read_gate("dispatch.yaml")[0].name == "dispatch"
    monkeypatch.chdir(tmp_path)
    tiny(tmp_path).rename(tmp_path / "dispatch.yaml")
    assert read_gate("dispatch.yaml")[0].name == "tiny"
    assert read_gate("dispatch")[0].name == "dispatch"
    with pytest.raises(ScenarioError, match="no such scenario file"):
        read_gate("other/dispatch.yaml")


def test_both_sides_share_all_but_what_is_theirs(tmp_path: Path) -> None:
    gate, path = read_gate(tiny(tmp_path, ("candidate:\n", "candidate:\n  riders.count: 9\n")))
    baseline, candidate = pair_of(gate, gate.scenarios[0], path.parent)
    assert (baseline.seed, baseline.population.users, baseline.riders.count) == (3, 250, 8)
    assert candidate == baseline.model_copy(update={"riders": baseline.riders.model_copy(update={"count": 9})})


def test_the_settings_of_a_scenario_are_before_the_shared_ones(tmp_path: Path) -> None:
    gate, path = read_gate(tiny(tmp_path, ("    seed: 3\n", "    seed: 3\n    settings: {population.users: 99}\n")))
    assert pair_of(gate, gate.scenarios[0], path.parent)[1].population.users == 99


def test_a_value_that_does_not_fit_names_scenario_and_side(tmp_path: Path) -> None:
    gate, path = read_gate(tiny(tmp_path, ("candidate:\n", "candidate:\n  riders.count: many\n")))
    with pytest.raises(ScenarioError, match=r"lunch, candidate: .*riders\.count: expected an integer"):
        pair_of(gate, gate.scenarios[0], path.parent)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("candidate:\n", "candidate:\n  riders.count: many\n", "13:3: lunch, candidate: riders.count: expected an int"),
        ("baseline:\n", "baseline:\n  riders.cuont: 3\n", "11:3: lunch, baseline: riders.cuont: unknown key"),
        ("riders.count: 8", "riders.count: -8", "8:3: lunch, baseline: riders.count: expected an integer"),
        ("    seed: 3\n", "    seed: 3\n    settings: {seeed: 1}\n", "6:16: lunch, baseline: seeed: unknown key"),
    ],
)
def test_a_value_that_does_not_fit_is_told_by_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    gate, path = read_gate(tiny(tmp_path, (old, new)))
    with pytest.raises(ScenarioError) as caught:
        pair_of(gate, gate.scenarios[0], path.parent)
    assert str(caught.value).startswith(f"{path}:{said}")


def test_a_candidate_of_the_command_line_has_no_line_in_the_gate(tmp_path: Path) -> None:
    gate, path = read_gate(tiny(tmp_path))
    pairs = [pair_of(each, gate.scenarios[0], path.parent)[1] for each in (gate, with_candidate(gate, "matching"))]
    assert [scenario.place(("dispatch", "policy")) for scenario in pairs] == [
        f"{path}:13:3: lunch, candidate",
        'lunch, candidate: dispatch.policy="matching"',
    ]


def test_another_candidate_brings_its_own_parameters(tmp_path: Path) -> None:
    params = "candidate:\n  dispatch.params.lead_min: 3\n  pay.per_km_yuan: 1\n"
    gate, path = read_gate(tiny(tmp_path, ("candidate:\n", params)))
    candidate = pair_of(with_candidate(gate, "matching"), gate.scenarios[0], path.parent)[1]
    assert (candidate.dispatch.policy, candidate.dispatch.params) == ("matching", {})
    assert candidate.pay.per_km_yuan == 1


def test_places_are_lines_of_the_file(tmp_path: Path) -> None:
    path = tiny(tmp_path)
    assert places_of(path)["guardrails", "on_time_share"] == (17, 3)
    assert str(unknown(path, ("guardrails", "on_time_share"), "no")) == f"{path}:17:3: guardrails.on_time_share: no"
    assert str(unknown(path, ("success", "inherited"), "no")) == f"{path}:1:1: success.inherited: no"

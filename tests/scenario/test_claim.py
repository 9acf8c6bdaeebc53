"""Claims as files: what a claim may say, and what is answered when it says too little or too much."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sim.scenario.claim import Assumption, Claim, built_in_claims, read_claims
from sim.scenario.errors import ScenarioError
from sim.scenario.load import load

FLEET = {"path": "riders.count", "values": [10, 20], "sentence": "Few riders.", "source": "assumption"}
EFFECT: dict[str, Any] = {
    "id": "T-effect",
    "row": "B",
    "sentence": "Delivery is 20% shorter.",
    "quoted": -20,
    "unit": "%",
    "kpi": "click_to_door_mean",
    "scenario": "campus_lunch",
    "baseline": {"dispatch.policy": "nearest"},
    "variant": {"dispatch.policy": "matching"},
    "assumptions": [FLEET],
}
LEVEL = {key: value for key, value in EFFECT.items() if key not in ("baseline", "variant")} | {
    "quoted": 30,
    "unit": "min",
    "level": "at_most",
}
YAML = """id: T-own
row: B
sentence: Delivery is within 30 minutes.
quoted: 30
unit: min
kpi: click_to_door_mean
scenario: campus_lunch
level: at_most
assumptions:
  - {path: riders.count, low: 10, high: 20, sentence: Few riders., source: assumption}
"""


def claim(**changes: Any) -> Claim:
    return Claim.model_validate(EFFECT | changes)


def test_an_effect_has_two_arms_that_share_the_settings() -> None:
    arms = claim(settings={"seed": 3, "dispatch.policy": "x"}).arms
    assert arms == {
        "baseline": {"seed": 3, "dispatch.policy": "nearest"},
        "variant": {"seed": 3, "dispatch.policy": "matching"},
    }


def test_the_settings_of_an_arm_know_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    arms = "settings: {seed: 3}\nbaseline: {dispatch.policy: nearest}\nvariant: {dispatch.policy: matching}\n"
    path.write_text(YAML.replace("level: at_most\n", arms))
    read = load(path, Claim)
    assert read.places_of("baseline", ()) == {("seed",): f"{path}:8:12", ("dispatch.policy",): f"{path}:9:12"}
    assert read.places_of("variant", ())["dispatch.policy",] == f"{path}:10:11"
    assert read.places_of("level", ["riders.count"]) == {("seed",): f"{path}:8:12", ("riders.count",): f"{path}:12:5"}
    assert claim(settings={"seed": 3}).places_of("baseline", ["riders.count"]) == {}


def test_a_level_has_one_arm() -> None:
    assert Claim.model_validate(LEVEL | {"settings": {"seed": 3}}).arms == {"level": {"seed": 3}}


@pytest.mark.parametrize(
    "changes",
    [
        {"level": "at_most"},
        {"baseline": None, "variant": None},
        {"baseline": None},
        {"variant": None},
        {"variant": None, "level": "about"},
    ],
)
def test_a_claim_is_either_an_effect_or_a_level(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="expected either baseline and variant"):
        claim(**changes)


def test_an_effect_of_nothing_has_no_direction() -> None:
    with pytest.raises(ValidationError, match="no direction"):
        claim(quoted=0)


def test_what_is_measured_comes_first() -> None:
    assert claim().kpis == ["click_to_door_mean"]
    assert claim(per="on_time_share").kpis == ["click_to_door_mean", "on_time_share"]


def test_a_level_is_not_told_per_per_cent() -> None:
    with pytest.raises(ValidationError, match="per: a level is not told"):
        Claim.model_validate(LEVEL | {"per": "on_time_share"})


def test_what_the_variant_decides_is_no_assumption() -> None:
    with pytest.raises(ValidationError, match=r"dispatch\.policy: baseline and variant set it"):
        claim(assumptions=[FLEET | {"path": "dispatch.policy"}])


def test_every_claim_names_what_may_carry_it() -> None:
    with pytest.raises(ValidationError, match="at least 1"):
        claim(assumptions=[])


def test_a_range_is_its_ends_or_its_values() -> None:
    ends = {key: value for key, value in FLEET.items() if key != "values"}
    assert Assumption.model_validate(FLEET).tried == (10, 20)
    tried = Assumption.model_validate(ends | {"low": 10, "high": 2.5}).tried
    assert tried == (10, 2.5)
    assert [type(value) for value in tried] == [int, float]
    for wrong in (ends, ends | {"low": 1}, FLEET | {"low": 1, "high": 2}, FLEET | {"high": 2}):
        with pytest.raises(ValidationError, match="either values, or low and high"):
            Assumption.model_validate(wrong)


def test_the_shipped_claims_are_named_as_their_files() -> None:
    found = read_claims()
    assert [each.id for each, _ in found] == list(built_in_claims())
    assert {"B-delivery-time", "B-cost", "B-on-time", "B-response", "B-empty-capacity"} <= set(built_in_claims())
    assert all(each.replications >= 10 for each, _ in found)


def test_the_same_claim_twice_is_read_once() -> None:
    assert [each.id for each, _ in read_claims(["B-cost", "B-cost"])] == ["B-cost"]


@pytest.fixture
def own(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        file = tmp_path / "own.yaml"
        file.write_text(text)
        return str(file)

    return write


def test_a_file_of_ones_own(own: Callable[[str], str], tmp_path: Path) -> None:
    ((found, folder),) = read_claims([own(YAML)])
    assert (found.id, folder) == ("T-own", tmp_path)


def test_two_claims_may_not_share_an_id(own: Callable[[str], str]) -> None:
    with pytest.raises(ScenarioError, match="two claims share the id 'B-cost'"):
        read_claims([own(YAML.replace("T-own", "B-cost")), "B-cost"])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (YAML.replace("level: at_most", "level: at_moast"), "did you mean 'at_most'"),
        (YAML.replace("level: at_most\n", ""), "expected either baseline and variant"),
        (YAML.replace("quoted: 30", "quoted: many"), "quoted: expected a number, got 'many'"),
        (YAML + "kip: 1\n", "unknown key (did you mean 'kpi'?)"),
        (YAML.replace("row: B\n", ""), "row: missing key"),
        ("id: [", "own.yaml:2:1: not valid YAML"),
        ("- 1", "expected a mapping"),
    ],
)
def test_a_file_that_is_no_claim_is_told_in_a_line(text: str, reason: str, own: Callable[[str], str]) -> None:
    with pytest.raises(ScenarioError) as error:
        read_claims([own(text)])
    assert len(str(error.value).splitlines()) == 1
    assert reason in str(error.value)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("B-delivery-tme", "did you mean 'B-delivery-time'?"), ("zzz", "there are: A"), ("no.yaml", "no.yaml")],
)
def test_an_unknown_claim(name: str, reason: str) -> None:
    with pytest.raises(ScenarioError) as error:
        read_claims([name])
    assert reason in str(error.value)

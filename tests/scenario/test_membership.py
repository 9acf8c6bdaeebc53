"""The blocks about users over weeks and the programme: refused where nobody would notice them."""

from pathlib import Path

import pytest
import yaml

from sim.scenario.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.schema import Scenario


def loaded(tmp_path: Path, blocks: object) -> Scenario:
    file = tmp_path / "scenario.yaml"
    file.write_text(yaml.safe_dump(blocks))
    return load(str(file), Scenario)


def test_off_by_default() -> None:
    scenario = Scenario()
    assert not scenario.response.on
    assert not scenario.membership.rules


@pytest.mark.parametrize("block", [{"rules": {"mine": {"rule": "tiers"}}}, {"policy": "classic"}])
def test_a_programme_to_which_nobody_responds_is_refused(tmp_path: Path, block: object) -> None:
    with pytest.raises(ScenarioError, match=r"response: \{on: true\}"):
        loaded(tmp_path, {"membership": block})
    assert loaded(tmp_path, {"membership": block, "response": {"on": True}}).response.on


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ({"response": {"on": True, "trust": {"lat": 0.5}}}, "did you mean 'late'"),
        ({"response": {"on": True, "trust": {"late": 0.1}}}, "0.2"),
        ({"response": {"on": True, "taste": {"conversion": 1}}}, "0.99"),
        ({"response": {"on": True}, "membership": {"rules": {"a": {"params": {}}}}}, "rule"),
        ({"response": {"on": True}, "membership": {"rules": {"a": {"rule": "tiers", "share": 2}}}}, "1"),
    ],
)
def test_mistakes_are_answered(tmp_path: Path, block: object, found: str) -> None:
    with pytest.raises(ScenarioError, match=found):
        loaded(tmp_path, block)

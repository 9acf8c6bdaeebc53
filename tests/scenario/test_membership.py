"""The blocks about users over weeks and the programme: refused where nobody would notice them."""

from pathlib import Path

import pytest
import yaml

from sim.kpi import members, programme
from sim.scenario.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.membership import TAKEN
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


def programme_of(**rules: object) -> dict[str, object]:
    return {"response": {"on": True}, "membership": {"rules": rules}}


def test_names_that_tables_use_are_taken() -> None:
    costs = (programme.TERMS, programme.CHECKOUT, programme.DESK, programme.PLANS, programme.WELCOME, programme.OTHER)
    assert set(TAKEN) == {members.FRIEND, members.ITSELF, *costs}


@pytest.mark.parametrize("name", [*TAKEN, "", "  "])
def test_a_rule_has_a_name_of_its_own_and_where_it_has_not_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(ScenarioError) as error:
        loaded(tmp_path, programme_of(**{name: {"rule": "earn"}}))
    told = f"membership.rules.{name}: a rule cannot be named {name!r}"
    assert "scenario.yaml:3:" in str(error.value)
    assert told in str(error.value)


@pytest.mark.parametrize(("first", "last"), [(5, 4), (1, 0)])
def test_a_rule_ends_no_sooner_than_it_begins(tmp_path: Path, first: int, last: int) -> None:
    rule = {"rule": "earn", "from_day": first, "until_day": last}
    with pytest.raises(ScenarioError, match=rf"rules\.mine: from_day: expected at most until_day, {last}, got {first}"):
        loaded(tmp_path, programme_of(mine=rule))
    assert loaded(tmp_path, programme_of(mine=rule | {"from_day": last})).membership.rules["mine"].from_day == last


def test_pre_orders_need_somebody_who_prepares_for_them(tmp_path: Path) -> None:
    block = programme_of(asked={"rule": "preorder"})
    with pytest.raises(ScenarioError, match=r"membership\.rules\.asked: .*write classes of `market\.fresh`"):
        loaded(tmp_path, block)
    prepared = {"on": True, "fresh": {"classes": ["restaurant"]}}
    assert loaded(tmp_path, block | {"market": prepared}).membership.rules


@pytest.mark.parametrize(("kinds", "good"), [([0], True), ([1], False), ([-1], False), ([], True)])
def test_green_kinds_are_kinds_of_the_scenario(tmp_path: Path, kinds: list[int], good: bool) -> None:
    block = programme_of(green={"rule": "green", "params": {"kinds": kinds}})
    if good:
        assert loaded(tmp_path, block).membership.rules
        return
    with pytest.raises(ScenarioError, match=rf"rules\.green\.params\.kinds: there is no kind {kinds[0]}"):
        loaded(tmp_path, block)

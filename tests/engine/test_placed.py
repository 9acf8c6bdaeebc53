"""Wrong names, parameters and values of every kind of policy are told by file, line and key, before anything runs."""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.engine.log import Log
from sim.engine.placed import dispatch_of, placed
from sim.engine.simulate import begin
from sim.policies.nearest import Nearest
from sim.policies.registry import PolicyNotFound
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from tests.engine.toy import toy_city, toy_scenario, want

PLUGS: dict[tuple[str, ...], tuple[str, str, str, object]] = {
    ("dispatch", "policy"): ("nearst", "nearest", "lead_min", -1),
    ("intake", "policy"): ("queu", "queue", "room_s", -1),
    ("checkout", "screening", "policy"): ("treshold", "threshold", "score", "high"),
    ("promise", "policy"): ("fixd", "load_aware", "quantile", 2),
    ("reposition", "policy"): ("hom", "proportional", "most_min", "far"),
    ("incentive", "policy"): ("pek", "peak", "yuan", -1),
    ("crew", "cup", "rule"): ("star", "praise", "share", 2),
    ("pay", "rules", "rain", "rule"): ("wether", "weather", "yuan", "much"),
    ("market", "deals", "mine", "policy"): ("flatt", "flat", "share", 2),
    ("market", "supplier", "policy"): ("neerest", "best", "minute_yuan", "much"),
    ("membership", "rules", "mine", "rule"): ("brun", "burn", "factor", "high"),
}
"""By the key of its name: a wrong name, a right one, a parameter and a value that is refused."""
SWITCHES = ("response.on=true", "market.on=true")


def nested(key: tuple[str, ...], block: Mapping[str, Any]) -> dict[str, Any]:
    return {key[0]: nested(key[1:], block)} if key else dict(block)


def written(folder: Path, key: tuple[str, ...], block: Mapping[str, Any]) -> Path:
    """A scenario with a block, each of whose keys has a line of its own."""
    text = yaml.safe_dump(nested(key[:-1], block), sort_keys=False)
    (folder / "town.yaml").write_text(text)
    return folder / "town.yaml"


def refusal(path: Path, *overrides: str) -> PolicyNotFound:
    scenario = load(path, Scenario, [*SWITCHES, *overrides])
    with pytest.raises(PolicyNotFound) as caught:
        begin(scenario, toy_city([want(100)]), dispatch_of(scenario), Log())
    return caught.value


@pytest.mark.parametrize("key", PLUGS, ids=".".join)
def test_a_wrong_name_is_told_by_file_line_and_key(key: tuple[str, ...], tmp_path: Path) -> None:
    wrong, *_ = PLUGS[key]
    path = written(tmp_path, key, {key[-1]: wrong})
    at = f"{path}:{len(key)}:{2 * len(key) - 1}"
    assert str(refusal(path)).startswith(f"{at}: {'.'.join(key)}: unknown policy {wrong!r} (did you mean ")


@pytest.mark.parametrize("key", PLUGS, ids=".".join)
def test_a_wrong_parameter_is_told_by_file_line_and_key(key: tuple[str, ...], tmp_path: Path) -> None:
    _, name, *_ = PLUGS[key]
    path = written(tmp_path, key, {key[-1]: name, "params": {"colour": 1}})
    at = f"{path}:{len(key) + 2}:{2 * len(key) + 1}: {'.'.join(key[:-1])}.params.colour"
    assert str(refusal(path)).startswith(f"{at}: policy {name!r} has no parameter 'colour'")


@pytest.mark.parametrize("key", PLUGS, ids=".".join)
def test_a_value_that_is_refused_is_told_by_file_line_and_key(key: tuple[str, ...], tmp_path: Path) -> None:
    _, name, parameter, value = PLUGS[key]
    path = written(tmp_path, key, {key[-1]: name, "params": {parameter: value}})
    at = f"{path}:{len(key) + 2}:{2 * len(key) + 1}: {'.'.join(key[:-1])}.params.{parameter}"
    assert str(refusal(path)).startswith(f"{at}: policy {name!r} refuses its parameters: ")


@pytest.mark.parametrize("key", PLUGS, ids=".".join)
def test_what_is_set_on_the_command_line_is_told_as_it_was_typed(key: tuple[str, ...], tmp_path: Path) -> None:
    wrong, name, *_ = PLUGS[key]
    path, dotted = written(tmp_path, key, {key[-1]: name}), ".".join(key)
    assert str(refusal(path, f"{dotted}={wrong}")).startswith(f"--set {dotted}={wrong}: {dotted}: unknown policy")


def test_the_file_is_the_one_that_says_it(tmp_path: Path) -> None:
    path = written(tmp_path, ("dispatch", "policy"), {"policy": "nearest", "params": {"leed_min": 1}})
    child = tmp_path / "child.yaml"
    child.write_text("extends: town.yaml\ndispatch:\n  every_s: 20\n")
    assert refusal(child).place == f"{path}:4:5"
    child.write_text("extends: town.yaml\ndispatch:\n  policy: nearst\n")
    assert refusal(child).place == f"{child}:3:3"


def test_a_policy_inside_another_is_told_where_it_is_written(tmp_path: Path) -> None:
    block = {"policy": "priority", "params": {"inner": "nearest", "params": {"leed_min": 1}}}
    path = written(tmp_path, ("dispatch", "policy"), block)
    found = refusal(path)
    assert (found.place, found.key) == (f"{path}:6:7", ("dispatch", "params", "params", "leed_min"))
    assert "policy 'nearest' has no parameter 'leed_min' (did you mean 'lead_min'?)" in str(found)


def test_an_unknown_programme_is_told_by_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, ("membership", "policy"), {"policy": "clasic"})
    assert str(refusal(path)).startswith(f"{path}:2:3: membership.policy: unknown policy 'clasic'")


def test_a_kind_of_order_that_a_pay_rule_does_not_know_is_told_by_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, ("pay", "rules", "k", "rule"), {"rule": "kind", "params": {"yuan": {"medicin": 3}}})
    assert str(refusal(path)).startswith(f"{path}:6:9: pay.rules.k.params.yuan: yuan: unknown kind 'medicin'")


def test_what_python_made_is_told_by_its_key_alone() -> None:
    scenario = toy_scenario(crew={"cup": {"rule": "star"}}, dispatch={"policy": "nearst"})
    with pytest.raises(PolicyNotFound, match=r"^dispatch\.policy: unknown policy 'nearst'"):
        dispatch_of(scenario)
    with pytest.raises(PolicyNotFound, match=r"^crew\.cup\.rule: unknown policy 'star'"):
        begin(scenario, toy_city([want(100)]), Nearest(), Log())


def test_the_error_of_another_process_keeps_its_words(tmp_path: Path) -> None:
    found = refusal(written(tmp_path, ("dispatch", "policy"), {"policy": "nearst"}))
    there = pickle.loads(pickle.dumps(found))
    assert (str(there), there.key, there.place) == (str(found), found.key, found.place)


def test_other_errors_pass_as_they_are() -> None:
    with pytest.raises(ValueError, match=r"^no place for this$"), placed(Scenario()):
        raise ValueError("no place for this")

"""``paotui new``: what it writes runs as it stands."""

import shlex
from pathlib import Path

import pytest

from sim.cli.drafts import DRAFTS
from sim.experiment.run import read_run
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from tests.cli.command import Paotui
from tests.cli.conftest import SMALL


def test_a_new_policy_runs_and_keeps_the_contract(here: Path, quick: Paotui) -> None:
    answer = quick("new", "policy", "Mine")
    assert (answer.code, answer.err) == (0, "")
    assert [path.name for path in here.iterdir()] == ["mine.py"]
    assert "wrote mine.py" in answer.out
    assert "paotui check-policy mine.py:Mine" in answer.words
    check = quick("check-policy", "mine.py:Mine")
    assert check.code == 0, check.out
    ran = quick("run", "campus_lunch", *SMALL, "--dispatch", "mine.py:Mine", "--out", "out")
    assert ran.code == 0, ran.err
    assert read_run(here / "out").kpis["delivered_share"] > 0.5


def test_the_new_policy_is_short_and_commented(here: Path, paotui: Paotui) -> None:
    paotui("new", "policy", "mine")
    text = (here / "mine.py").read_text()
    body = [line for line in text.split("def mine")[1].splitlines() if line.strip()]
    assert len(body) <= 15
    assert text.count("#") >= 3
    assert "paotui run campus_lunch --dispatch mine.py:mine" in text
    assert "{" not in text


@pytest.mark.parametrize("kind", [kind for kind in DRAFTS if kind != "dispatch"])
def test_a_new_rule_keeps_its_contract_and_runs_as_it_says(kind: str, here: Path, quick: Paotui) -> None:
    answer = quick("new", "policy", "mine", "--kind", kind)
    assert (answer.code, answer.err) == (0, "")
    check, run = (shlex.split(line.partition("paotui ")[2]) for line in answer.out.splitlines()[1:])
    assert quick(*check).code == 0
    ran = quick(*run, "--days", "2", "--no-range", "--set", "population.users=200", "--out", "out")
    assert ran.code == 0, ran.err


def test_a_new_scenario_runs(here: Path, quick: Paotui) -> None:
    answer = quick("new", "scenario", "my_city")
    assert (answer.code, answer.err) == (0, "")
    assert "paotui run my_city.yaml" in answer.words
    ran = quick("run", "my_city.yaml", "--set", "population.users=300", "--out", "out")
    assert ran.code == 0, ran.err
    assert read_run(here / "out").scenario.name == "my_city"


def test_the_new_scenario_does_what_it_says(here: Path, paotui: Paotui) -> None:
    paotui("new", "scenario", "my_city")
    mine, parent = load("my_city.yaml", Scenario), load("campus_lunch", Scenario)
    assert "larger fleet" in mine.description
    assert mine.riders.count > parent.riders.count


def test_a_new_scenario_may_bear_its_parents_name(here: Path, paotui: Paotui) -> None:
    assert paotui("new", "scenario", "campus_lunch").code == 0
    assert load("campus_lunch.yaml", Scenario).riders.count == 400


@pytest.mark.parametrize("kind", ["policy", "scenario"])
@pytest.mark.parametrize("name", ["9lives", "a b", "a-b", "", "a/b", "../up", "é", "a.py"])
def test_a_bad_name_is_refused(kind: str, name: str, here: Path, paotui: Paotui) -> None:
    answer = paotui("new", kind, name)
    assert (answer.code, answer.out) == (2, "")
    assert "is not a name: letters, digits and underscores" in answer.err
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("name", ["class", "None", "idle", "errand", "np", "Assignment", "pair_costs"])
def test_a_policy_never_shadows_what_it_needs(name: str, here: Path, paotui: Paotui) -> None:
    answer = paotui("new", "policy", name)
    assert answer.code == 2 or paotui("check-policy", f"{name.lower()}.py:{name}").code == 0


@pytest.mark.parametrize("name", ["null", "true"])
def test_a_scenario_name_is_text(name: str, here: Path, paotui: Paotui) -> None:
    answer = paotui("new", "scenario", name)
    assert answer.code == 2 or load(f"{name}.yaml", Scenario).name == name


@pytest.mark.parametrize(("kind", "file"), [("policy", "mine.py"), ("scenario", "mine.yaml")])
def test_nothing_is_overwritten(kind: str, file: str, here: Path, paotui: Paotui) -> None:
    (here / file).write_text("mine")
    answer = paotui("new", kind, "mine")
    assert (answer.code, answer.err) == (2, f"paotui: {file}: exists already; choose another name\n")
    assert (here / file).read_text() == "mine"
    (here / file).unlink()
    (here / file).mkdir()
    assert paotui("new", kind, "mine").code == 2

"""``paotui compare``: policies on a scenario, a study's file, resuming, selection, A/B, and mistakes in one line."""

import json
from pathlib import Path

import pytest

from sim.experiment.compare import Comparison
from tests.cli.command import Answer, Paotui

TOWN = """
name: town
calendar: {drain_min: 60}
city: {kind: plane, places: 40, width_m: 2500, height_m: 2500}
population: {users: 150}
merchants: {classes: {restaurant: {count: 6}}}
riders: {count: 6}
"""
STUDY = """
name: my study
scenario: town.yaml
variants:
  few: {riders.count: 4}
  many: {riders.count: 8}
replications: {count: 2}
kpis: [on_time_share, click_to_door_mean]
"""
POLICY = '''
def wrong(wave, rng):
    """Fails."""
    return "nonsense"
'''


@pytest.fixture
def plain(paotui: Paotui, here: Path, monkeypatch: pytest.MonkeyPatch) -> Paotui:
    """The command beside a scenario, a study and a policy, without the drawing of figures."""

    def page(result: Comparison, out: Path, roi: object = None) -> Path:
        (out / "compare.html").write_text("<html>")
        return out / "compare.html"

    monkeypatch.setattr("sim.report.compare.report_compare", page)
    (here / "town.yaml").write_text(TOWN)
    (here / "study.yaml").write_text(STUDY)
    (here / "slip.yaml").write_text(STUDY.replace("riders.count: 4", "riders.count: 4, crew.cup: {rule: star}"))
    (here / "mine.py").write_text(POLICY)
    return lambda *args: paotui("compare", *args, "--workers", 1)


def one_line(answer: Answer) -> str:
    """What a mistake is answered with: one line, and the code of misuse."""
    lines = answer.err.strip().splitlines()
    assert (answer.code, len(lines)) == (2, 1), answer
    return lines[0]


def told(folder: str) -> dict:
    return json.loads((Path(folder) / "compare.json").read_text())


def kept(folder: str) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in Path(folder).rglob("0*.json")}


def test_policies_on_a_scenario(plain: Paotui) -> None:
    answer = plain(
        "town.yaml", "--dispatch", "nearest,matching", "--replications", 3, "--set", "riders.count=5", "--out", "cmp"
    )
    assert answer.code == 0, answer
    assert "matching less nearest, 3 paired replications" in answer.words
    assert "matching" in answer.words
    assert "page: cmp/compare.html" in answer.words
    assert "scaling efficiency" in answer.words
    assert sorted(path.parent.name for path in kept("cmp")) == ["matching"] * 3 + ["nearest"] * 3
    found = told("cmp")
    assert (found["study"], found["baseline"], found["replications"]) == ("town-nearest-matching", "nearest", 3)


def test_the_same_command_again_runs_nothing(plain: Paotui) -> None:
    command = ("town.yaml", "--dispatch", "nearest,matching", "--replications", 2, "--out", "cmp")
    first = plain(*command)
    before, text = kept("cmp"), Path("cmp/compare.json").read_bytes()
    again = plain(*command)
    assert (first.code, again.code) == (0, 0)
    assert kept("cmp") == before
    assert Path("cmp/compare.json").read_bytes() == text
    assert "scaling efficiency" not in again.words
    more = plain(*command[:4], 3, *command[5:])
    assert more.code == 0
    assert len(kept("cmp")) == 6
    assert {path: time for path, time in kept("cmp").items() if path in before} == before


def test_a_study(plain: Paotui) -> None:
    answer = plain("study.yaml")
    assert answer.code == 0, answer
    found = told("reports/my_study")
    assert [(e["variant"], e["kpi"]) for e in found["effects"]] == [
        ("many", "on_time_share"),
        ("many", "click_to_door_mean"),
    ]
    assert found["effects"][0]["mean"] > 0  # more riders are more often on time


def test_a_studys_file_may_lie_elsewhere(plain: Paotui, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "deep").mkdir()
    monkeypatch.chdir(here / "deep")
    assert plain("../study.yaml", "--out", "cmp").code == 0
    assert len(kept("cmp")) == 4


def test_set_and_replications_change_a_study(plain: Paotui) -> None:
    assert plain("study.yaml", "--set", "population.users=60", "--replications", 3, "--out", "small").code == 0
    assert plain("study.yaml", "--out", "whole").code == 0
    small, whole = (told(name) for name in ("small", "whole"))
    assert (small["replications"], whole["replications"]) == (3, 2)
    orders = [found["variants"]["few"]["orders"]["mean"] for found in (small, whole)]
    assert 0 < orders[0] < 0.7 * orders[1]


def test_selection_of_the_best(plain: Paotui) -> None:
    answer = plain("study.yaml", "--select-best", "on_time_share", "--delta", 0.1, "--out", "cmp")
    assert answer.code == 0, answer
    assert "many is best in on_time_share: selected with probability of at least 95%" in answer.words
    assert told("cmp")["selection"] in answer.words


def test_a_split_beside_the_whole_city(plain: Paotui) -> None:
    command = ("town.yaml", "--dispatch", "nearest,matching", "--replications", 2, "--split", "user,time")
    answer = plain(*command, "--out", "cmp")
    assert answer.code == 0, answer
    assert "matching less nearest, 2 replications: mean [95% interval]" in answer.words
    assert "interference" in answer.words
    designs = json.loads(Path("cmp/split.json").read_text())
    assert {design["by"] for design in designs} == {"user", "time"}


ONE_POLICY = ("town.yaml", "--dispatch", "nearest")
BOTH = ("town.yaml", "--dispatch", "nearest,matching")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("nowhere.yaml",), "nowhere.yaml"),
        (ONE_POLICY, "--dispatch: expected two policies or more"),
        (("town.yaml", "--dispatch", "nearest,matchin"), "did you mean 'matching'?"),
        (("town.yaml", "--dispatch", "nearest,mine.py:wrong"), "policy mine.py:wrong, wave 0: "),
        ((*BOTH, "--set", "riders.coun=3"), "variant nearest: riders.coun=3: riders.coun: unknown key"),
        ((*BOTH, "--set", "riders.count"), "--set riders.count: expected key.key=value"),
        (("study.yaml", "--set", "riders.attendance=7"), "variant few: riders.attendance=7"),
        ((*BOTH, "--split", "users"), "unknown design 'users'; there are: user, rider, zone, time"),
        (("slip.yaml",), "slip.yaml:5:37: variant few: crew.cup.rule: unknown policy 'star' (did you mean 'stars'?)"),
        (("study.yaml", "--split", "user"), "may differ in dispatch.policy and dispatch.params only"),
        (("study.yaml", "--select-best", "on_time"), "did you mean 'on_time_share'?"),
        (("study.yaml", "--select-best", "on_time_share"), "--select-best needs --delta"),
        (("study.yaml", "--select-best", "orders", "--delta", 1), "neither higher nor lower is better"),
        (("study.yaml", "--out", "town.yaml"), "town.yaml"),
    ],
)
def test_a_mistake_is_answered_in_one_line(command: tuple, said: str, plain: Paotui) -> None:
    answer = plain(*command)
    if "unknown key" in said or "attendance" in said:  # one line for each problem of the first variant
        assert answer.code == 2
        assert said in answer.err
    else:
        assert said in one_line(answer)
    assert "Traceback" not in answer.err
    assert not list(Path().rglob("compare.json"))


def test_a_scenario_without_policies_says_what_is_missing(plain: Paotui) -> None:
    answer = plain("town.yaml")
    assert answer.code == 2
    assert "town.yaml is a scenario and no study: say what to compare, by --dispatch A,B" in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("option", [("--replications", 1), ("--workers", -1), ("--delta", "much")])
def test_options_out_of_range_are_misuse(option: tuple, paotui: Paotui) -> None:
    assert paotui("compare", "campus_lunch", "--dispatch", "nearest,matching", *option).code == 2


def test_no_scheduler_is_one_line(plain: Paotui, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("sim.experiment.pool.WAIT_S", 1)
    answer = plain(*BOTH, "--replications", 2, "--cluster", "tcp://127.0.0.1:1")
    assert "--cluster tcp://127.0.0.1:1: no scheduler answers" in one_line(answer)

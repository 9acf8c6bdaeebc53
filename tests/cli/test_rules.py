"""A/B of rules and retention's range on the terminal, as a new user would meet them."""

import json
from pathlib import Path

import pytest

from sim.experiment.compare import Comparison
from tests.cli.command import Paotui

WEEKS = """
name: weeks
seed: 2
calendar: {days: 14, drain_min: 30}
city: {kind: plane, places: 40, width_m: 2000, height_m: 2000}
population: {users: 200}
merchants: {classes: {restaurant: {count: 6}}}
riders: {count: 9}
dispatch: {policy: nearest}
response: {on: true}
membership:
  rules:
    earn: {rule: earn}
    gift: {rule: themed_day, share: 0.5, params: {active_orders: 0, yuan: 15, floor_yuan: 0}}
"""
FEW = ("--set", "population.users=120")
ENDS = "0.2 (low end) 0.7 (as given) 1 (high end)"


@pytest.fixture
def plain(quick: Paotui, here: Path, monkeypatch: pytest.MonkeyPatch) -> Paotui:
    """The command beside a scenario of two weeks, without the drawing of figures."""

    def page(result: Comparison, out: Path, roi: object) -> Path:
        (out / "compare.html").write_text("<html>")
        return out / "compare.html"

    monkeypatch.setattr("sim.report.compare.report_compare", page)
    monkeypatch.setattr("os.cpu_count", lambda: 1)  # in this process
    (here / "weeks.yaml").write_text(WEEKS)
    return quick


def kept(folder: str) -> list[Path]:
    return sorted(Path(folder).rglob("0*.json"))


def test_a_run_tells_its_ab_tests_and_its_range(plain: Paotui) -> None:
    answer = plain("run", "weeks.yaml", *FEW, "--out", "one")
    assert answer.code == 0, answer
    assert "A/B of gift: " in answer.words
    assert "users with it less" in answer.words
    assert "delivered orders" in answer.words
    assert ENDS in answer.words
    assert "no public source gives it" in answer.words
    found = json.loads(Path("one/range.json").read_text())
    assert found["at"] == [0.2, 0.7, 1.0]
    assert "trust_mean" in {row["kpi"] for row in found["rows"]}
    assert answer.out.splitlines()[-1] == "report: one/report.html"


def test_the_range_is_not_run_twice(plain: Paotui, monkeypatch: pytest.MonkeyPatch) -> None:
    first = plain("run", "weeks.yaml", *FEW, "--out", "one")
    before = Path("one/range.json").read_bytes()
    monkeypatch.setattr("sim.experiment.pool.Pool.run", lambda self, jobs, *rest: pytest.fail("it was run"))
    again = plain("run", "weeks.yaml", *FEW, "--out", "one")
    assert (first.code, again.code) == (0, 0)
    assert Path("one/range.json").read_bytes() == before
    assert again.words == first.words


def test_no_range_says_so(plain: Paotui) -> None:
    answer = plain("run", "weeks.yaml", *FEW, "--no-range", "--out", "one")
    assert answer.code == 0, answer
    assert "retention over response.trust.late from 0.2 to 1: not run (--no-range)" in answer.words
    assert ENDS not in answer.words
    assert not Path("one/range.json").exists()


def test_where_there_is_no_retention_nothing_is_said_of_it(plain: Paotui) -> None:
    answer = plain("run", "weeks.yaml", *FEW, "--days", 13, "--out", "one")
    assert answer.code == 0, answer
    assert "response.trust.late" not in answer.words
    assert not Path("one/range.json").exists()


def test_a_rule_is_split_beside_two_whole_cities(plain: Paotui) -> None:
    command = ("compare", "weeks.yaml", "--split-rule", "gift", *FEW, "--replications", 2, "--workers", 1)
    answer = plain(*command, "--no-range", "--out", "cmp")
    assert answer.code == 0, answer
    assert "with_rule less without_rule, 2 paired replications" in answer.words
    assert "gift for 50% of the users less the others, 2 replications" in answer.words
    assert "spill-over" in answer.words
    assert "sample-ratio check: p" in answer.words
    assert "not run (--no-range)" in answer.words
    told = json.loads(Path("cmp/rule.json").read_text())
    assert [effect["metric"] for effect in told["effects"]] == ["orders", "spend", "retained", "contribution"]
    assert {path.parent.name for path in kept("cmp")} == {"without_rule", "with_rule", "inside"}


def test_a_comparison_tells_the_range_of_its_differences(plain: Paotui) -> None:
    command = ("compare", "weeks.yaml", "--dispatch", "nearest,matching", *FEW, "--replications", 2, "--workers", 1)
    answer = plain(*command, "--out", "cmp")
    assert answer.code == 0, answer
    assert ENDS in answer.words
    assert "matching less nearest" in answer.words
    assert len(kept("cmp")) == 12
    assert Path("cmp/range.json").is_file()
    without = plain(*command, "--no-range", "--out", "cmp")
    assert "not run (--no-range)" in without.words
    assert not Path("cmp/range.json").exists()  # nothing stale beside the page


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--split-rule", "gif"), "unknown rule 'gif' in membership.rules (did you mean 'gift'?)"),
        (("--split-rule", "gift", "--dispatch", "nearest,matching"), "leave out --dispatch"),
        (("--split-rule", "gift", "--split", "user"), "--split-rule goes with neither --split nor --select-best"),
        (("--split-rule", "earn", "--split-rule", "gift"), "--split-rule takes one rule, got earn, gift"),
        (("--roi", "earn", "--roi", "gift"), "--roi takes one rule, got earn, gift: one command for each"),
        (("--roi", "gift", "--set", "membership.rules.gift.share=0"), "membership.rules.gift.share is 0"),
        (("--split-rule", "gift", "--set", "response.on=false"), "nobody responds to a programme here"),
    ],
)
def test_a_mistake_is_answered_in_one_line(options: tuple[str, ...], said: str, plain: Paotui) -> None:
    answer = plain("compare", "weeks.yaml", *options)
    assert answer.code == 2
    assert said in answer.err
    assert len(answer.err.strip().splitlines()) == 1

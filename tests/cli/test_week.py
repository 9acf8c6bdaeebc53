"""``paotui report --week`` and ``paotui compare --roi``, with mistakes in one line."""

import json
from pathlib import Path

import pytest

from sim.experiment.compare import Comparison
from sim.experiment.roi import Roi
from tests.cli.command import Paotui

TOWN = """
name: town
calendar: {days: 7, drain_min: 30}
city: {kind: plane, places: 40, width_m: 2500, height_m: 2500}
population: {users: 60}
merchants: {classes: {restaurant: {count: 4}}}
riders: {count: 5}
incentive: {policy: peak}
"""
LEVERS = """
levers:
  more riders: {settings: {riders.count: {times: 1.4}}}
  coupon: {needs: [response.on], settings: {membership.rules.c: {rule: themed_day}}}
"""


@pytest.fixture
def lived(quick: Paotui, here: Path) -> Paotui:
    """The command after a run of a week in ``out``, with levers beside it."""
    (here / "town.yaml").write_text(TOWN)
    (here / "levers.yaml").write_text(LEVERS)
    assert quick("run", "town.yaml", "--out", "out").code == 0
    return quick


def test_a_week_is_reported_with_its_levers(lived: Paotui, here: Path) -> None:
    asked = ("report", "out", "--week", 1, "--levers", "levers.yaml", "--replications", 2, "--workers", 1)
    answer = lived(*asked)
    assert answer.code == 0
    assert "week 1, 2 paired replications" in answer.words
    assert "more riders" in answer.words
    assert "left out: coupon: response.on is off in this run" in answer.words
    assert (here / "out" / "week.html").is_file()
    assert json.loads((here / "out" / "levers" / "week_1.json").read_text())["replications"] == 2
    page = (here / "out" / "week.html").read_bytes()
    assert lived(*asked).out == answer.out
    assert (here / "out" / "week.html").read_bytes() == page


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--week", 2), "--week 2: the run has whole weeks 1 to 1"),
        (("--replications", 3), "add --week N"),
        (("--week", 1, "--levers", "nowhere.yaml"), "no such scenario file: nowhere.yaml"),
    ],
)
def test_mistakes_about_weeks(lived: Paotui, options: tuple[object, ...], told: str) -> None:
    answer = lived("report", "out", *options)
    assert (answer.code, len(answer.err.strip().splitlines())) == (2, 1)
    assert told in answer.err


def test_the_return_of_a_rule(paotui: Paotui, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def page(result: Comparison, out: Path, roi: Roi | None) -> Path:
        assert roi is not None
        return out / "compare.html"

    monkeypatch.setattr("sim.report.compare.report_compare", page)
    (here / "town.yaml").write_text(TOWN)
    answer = paotui("compare", "town.yaml", "--roi", "incentive", "--replications", 2, "--workers", 1, "--out", "roi")
    assert answer.code == 0, answer
    assert "incentive: with it less without it, 2 paired replications" in answer.words
    assert "Return: " in answer.words
    assert "Cost of an extra order: " in answer.words
    assert "Market elasticity: " in answer.words
    kept = json.loads((here / "roi" / "roi.json").read_text())
    assert kept["cost"][0] > 0
    assert "cost +" in answer.words


@pytest.mark.parametrize(
    ("options", "told"),
    [(("--roi", "coupon"), "no rule is called 'coupon'"), (("--roi", "x", "--split", "user"), "goes with none of")],
)
def test_mistakes_about_rules(paotui: Paotui, here: Path, options: tuple[str, ...], told: str) -> None:
    (here / "town.yaml").write_text(TOWN)
    answer = paotui("compare", "town.yaml", *options)
    assert (answer.code, len(answer.err.strip().splitlines())) == (2, 1)
    assert told in answer.err

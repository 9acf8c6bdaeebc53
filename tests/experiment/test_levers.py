"""Levers: the week by itself, what is left out, which are favoured, and the trials on disk."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.experiment.bookkeeping import CONTRIBUTION, BooksJob, booked, jobs, total
from sim.experiment.levers import (
    AS_IT_WAS,
    LeverTest,
    judged,
    lever_document,
    outcomes_of,
    try_levers,
    week_scenarios,
)
from sim.experiment.pool import Pool
from sim.experiment.replicate import Row
from sim.experiment.run import RunResult, run
from sim.kpi.books import LINES
from sim.kpi.others import balances
from sim.scenario.errors import ScenarioError
from sim.scenario.levers import Levers
from sim.scenario.load import load, resolved
from sim.scenario.schema import Scenario

TOWN: dict[str, Any] = {
    "name": "town",
    "calendar": {"days": 14, "drain_min": 30},
    "city": {"kind": "plane", "places": 40, "width_m": 2500, "height_m": 2500},
    "population": {"users": 60},
    "merchants": {"classes": {"restaurant": {"count": 4}}},
    "riders": {"count": 4},
    "disruptions": [{"kind": "outage", "from": "0 12:00", "to": "0 12:10"}],
}
ASKED = Levers.model_validate(
    {
        "replications": 2,
        "levers": {
            "more riders": {"settings": {"riders.count": {"times": 1.5}}},
            "dearer": {"settings": {"platform.delivery_fee_yuan": {"plus": 1}}},
            "same": {"settings": {"dispatch.policy": "matching"}},
            "coupon": {"needs": ["response.on"], "settings": {"membership.rules.c": {"rule": "themed_day"}}},
        },
    }
)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    return run(Scenario.model_validate(TOWN), tmp_path_factory.mktemp("run") / "town")


@pytest.fixture(scope="module")
def tested(lived: RunResult) -> LeverTest:
    return try_levers(lived, 1, ASKED, Pool(1))


def rows_of(gains: Mapping[str, tuple[float, float]], replications: int = 6) -> dict[str, list[Row]]:
    """Rows in which each lever brings so much contribution, and so much on-time share, but for a wobble."""

    def row(name: str, r: int) -> Row:
        money, share = gains.get(name, (0.0, 0.0))
        wobble = 0.01 * (r % 3 - 1) * (name != AS_IT_WAS)
        kpis = {
            CONTRIBUTION: 100 + r + money * (1 + wobble),
            "on_time_share": 0.8 + share * (1 + wobble),
            "orders": 9.0,
        }
        return Row(name, r, "key", kpis, ())

    return {name: [row(name, r) for r in range(replications)] for name in (AS_IT_WAS, *gains)}


def told_of(gains: Mapping[str, tuple[float, float]]) -> LeverTest:
    settings = {name: {"riders.count": at} for at, name in enumerate(gains)}
    return judged(rows_of(gains), 0, outcomes_of(Scenario()), settings, {}, {"a": "not all is charged"})


def test_the_three_that_bring_most_are_favoured() -> None:
    found = told_of({"a": (5, 0), "b": (9, 0), "c": (-7, 0), "d": (1, 0), "e": (7, 0.1)})
    assert [trial.name for trial in found.favoured] == ["b", "e", "a"]
    assert all(trial.is_certain for trial in found.favoured)


def test_a_note_stays_with_its_lever() -> None:
    found = told_of({"a": (5, 0), "b": (9, 0)})
    assert [trial.note for trial in found.trials] == ["not all is charged", ""]
    assert [told["note"] for told in lever_document(found)["levers"]] == ["not all is charged", ""]


def test_what_harms_punctuality_is_not_favoured_however_much_it_brings() -> None:
    found = told_of({"greedy": (50, -0.2), "fair": (1, 0.01)})
    assert [trial.name for trial in found.favoured] == ["fair"]
    assert found.trials[0].harms == ["on_time_share"]


def test_what_is_certain_stands_before_what_seems_more() -> None:
    rows = rows_of({"sure": (2, 0), "lucky": (0, 0)})
    lucky = [Row("lucky", r, "key", row.kpis | {CONTRIBUTION: row.kpis[CONTRIBUTION] + 90 * (r == 0)}, ())
             for r, row in enumerate(rows["lucky"])]  # fmt: skip
    found = judged(rows | {"lucky": lucky}, 0, outcomes_of(Scenario()), {"sure": {"a": 1}, "lucky": {"a": 2}}, {}, {})
    assert [(trial.name, trial.is_certain) for trial in found.favoured] == [("sure", True), ("lucky", False)]


def test_users_are_an_outcome_where_they_respond() -> None:
    responding = Scenario.model_validate({"response": {"on": True}})
    assert "active_users" in outcomes_of(responding)
    assert "drop_out_rate" in outcomes_of(responding)
    assert outcomes_of(Scenario()) == (CONTRIBUTION, "on_time_share", "orders")


def test_a_week_stands_by_itself(tmp_path: Path) -> None:
    scenario = Scenario.model_validate(TOWN)
    (tmp_path / "s.yaml").write_text(resolved(scenario))
    first, _ = week_scenarios(str(tmp_path / "s.yaml"), scenario, 0, ASKED)
    second, left_out = week_scenarios(str(tmp_path / "s.yaml"), scenario, 1, ASKED)
    assert [s.calendar.start.day for s in (first[AS_IT_WAS], second[AS_IT_WAS])] == [2, 9]
    assert second[AS_IT_WAS].calendar.days == 7
    assert len(first[AS_IT_WAS].disruptions) == 1
    assert not second[AS_IT_WAS].disruptions
    assert list(second) == [AS_IT_WAS, "more riders", "dearer"]
    assert second["more riders"].riders.count == 6
    assert left_out == {"same": "the run has it already", "coupon": "response.on is off in this run"}


def test_rules_of_some_days_of_the_run_have_them_in_the_week_too(tmp_path: Path) -> None:
    rules = {
        "now": {"rule": "themed_day", "from_day": 9, "until_day": 20},
        "over": {"rule": "themed_day", "until_day": 6},
        "always": {"rule": "themed_day"},
    }
    rise = {"rules": {"rise": {"rule": "flat", "params": {"from_day": 10}}, "rain": {"rule": "weather"}}}
    responding = {"response": {"on": True}, "membership": {"policy": "composed", "rules": rules}, "pay": rise}
    scenario = Scenario.model_validate(TOWN | responding)
    (tmp_path / "s.yaml").write_text(resolved(scenario))
    second = week_scenarios(str(tmp_path / "s.yaml"), scenario, 1, ASKED)[0][AS_IT_WAS]
    now, over, always = (second.membership.rules[name] for name in rules)
    assert (now.from_day, now.until_day, now.share) == (2, 13, 1)
    assert over.share == 0
    assert (always.from_day, always.share) == (0, 1)
    assert [spec.params.get("from_day") for spec in second.pay.rules.values()] == [3, None]


def test_mistakes_name_the_lever(tmp_path: Path) -> None:
    scenario = Scenario.model_validate(TOWN)
    (tmp_path / "s.yaml").write_text(resolved(scenario))
    wrong = Levers.model_validate({"levers": {"oops": {"settings": {"rider.count": 3}}}})
    with pytest.raises(ScenarioError, match=r"^lever oops: "):
        week_scenarios(str(tmp_path / "s.yaml"), scenario, 0, wrong)
    (tmp_path / "levers.yaml").write_text("levers:\n  oops:\n    settings: {rider.count: 3}\n")
    with pytest.raises(ScenarioError, match=r"levers\.yaml:3:16: lever oops: rider: unknown key"):
        week_scenarios(str(tmp_path / "s.yaml"), scenario, 0, load(tmp_path / "levers.yaml", Levers))
    none = Levers.model_validate({"levers": {"same": {"settings": {"riders.count": 4}}}})
    with pytest.raises(ScenarioError, match="no lever is left to try: same: the run has it already"):
        week_scenarios(str(tmp_path / "s.yaml"), scenario, 0, none)


def test_the_trials_are_kept_and_taken_up_again(tested: LeverTest, lived: RunResult) -> None:
    assert lived.folder is not None
    kept = json.loads((lived.folder / "levers" / "week_2.json").read_text())
    assert kept["week"] == tested.week + 1 == 2
    assert [each["name"] for each in kept["levers"]] == ["more riders", "dearer"]
    assert kept["left_out"] == tested.left_out
    assert try_levers(lived, 1, ASKED, Pool(1)) == tested


def test_a_fee_nobody_responds_to_brings_a_yuan_an_order(tested: LeverTest) -> None:
    dearer = next(trial for trial in tested.trials if trial.name == "dearer")
    assert dearer.gain > 0
    assert dearer.effects["orders"].difference.estimate.mean == 0
    assert dearer.effects["on_time_share"].difference.estimate.mean == 0


def test_a_run_in_memory_has_nowhere_to_keep_them(lived: RunResult) -> None:
    with pytest.raises(ValueError, match="no directory"):
        try_levers(replace(lived, folder=None), 0, ASKED)


def test_a_row_with_books_adds_up(lived: RunResult) -> None:
    job = BooksJob("x", lived.scenario, 0)
    row = job.run(lived.city)
    held = lived.tables.flows["amount"][lived.tables.flows["held"]].sum()
    assert row.kpis[CONTRIBUTION] == (balances(lived.tables.payments)["platform"] - held) / 100
    assert total(row, LINES) == pytest.approx(row.kpis[CONTRIBUTION])
    assert row.kpis[booked("fees")] > 0
    assert job.key().endswith("-books")
    assert [(j.variant, j.replication) for j in jobs({"a": lived.scenario, "b": lived.scenario}, 2)] == [
        ("a", 0), ("b", 0), ("a", 1), ("b", 1)]  # fmt: skip

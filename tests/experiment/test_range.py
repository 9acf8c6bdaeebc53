"""Retention over its declared range: both ends beside the run, and beside every variant of a study."""

import json
from math import isnan
from pathlib import Path
from typing import Any

import pytest

import sim.experiment.range as ranging
from sim.experiment.compare import Comparison, compare
from sim.experiment.pool import Pool
from sim.experiment.range import (
    RETENTION,
    Range,
    applies,
    bounds,
    late,
    range_of_run,
    range_of_study,
    read_range,
    varies,
    write_range,
)
from sim.experiment.replicate import Job
from sim.experiment.run import RunResult, run
from sim.kpi.kpis import KPIS
from sim.scenario.schema import Scenario
from sim.scenario.study import Study

ONE = Pool(1)
TOWN: dict[str, Any] = {
    "calendar": {"days": 14, "drain_min": 30},
    "city": {"kind": "plane", "places": 50, "width_m": 3000, "height_m": 3000},
    "population": {"users": 250},
    "merchants": {"classes": {"restaurant": {"count": 8}}},
    "riders": {"count": 9},
    "response": {"on": True},
}
SMALL = Scenario.model_validate(TOWN)


@pytest.fixture(scope="module")
def lived() -> RunResult:
    """Two weeks with so few riders that many orders are late."""
    return run(SMALL)


@pytest.fixture(scope="module")
def found(lived: RunResult) -> Range:
    return range_of_run(lived, pool=ONE)


def study(**fields: Any) -> Comparison:
    variants = {"few": {}, "many": {"riders.count": 25}}
    plan = {"scenario": "campus_lunch", "settings": TOWN, "variants": variants, "replications": {"count": 2}}
    return compare(Study.model_validate(plan | fields), pool=ONE)


def test_the_range_is_the_schemas() -> None:
    assert bounds() == (0.2, 1.0)
    assert bounds()[0] < SMALL.response.trust.late < bounds()[1]


def test_retention_kpis_exist() -> None:
    assert set(RETENTION) <= set(KPIS)
    assert {kpi for kpi in KPIS if kpi.startswith("retention_")} <= set(RETENTION)


@pytest.mark.parametrize(
    ("changes", "moves"),
    [({}, True), ({"calendar": {"days": 13}}, False), ({"response": {"on": False}}, False)],
)
def test_only_weeks_in_which_people_respond_have_a_range(changes: dict[str, Any], moves: bool) -> None:
    assert applies(Scenario.model_validate(TOWN | changes)) == moves


def test_an_end_differs_in_nothing_else() -> None:
    end = late(SMALL, 1.0)
    assert end.response.trust.late == 1.0
    assert late(end, SMALL.response.trust.late) == SMALL


def test_both_ends_stand_beside_the_run(lived: RunResult, found: Range) -> None:
    assert found.at == (0.2, 0.7, 1.0)
    kpis = {row.kpi: row.values for row in found.rows}
    assert set(kpis) <= set(RETENTION)
    assert "retention_week_12" not in kpis
    for kpi, (_, given, _) in kpis.items():
        assert given.mean == lived.kpis[kpi] or isnan(lived.kpis[kpi])
        assert isnan(given.low)
    low = run(late(SMALL, 0.2)).kpis
    assert kpis["drop_out_rate"][0].mean == low["drop_out_rate"]


def test_the_more_a_late_order_costs_the_less_trust_is_left(found: Range) -> None:
    low, given, high = next(row.values for row in found.rows if row.kpi == "trust_mean")
    assert low.mean > given.mean > high.mean


def test_what_is_known_is_not_run_again(
    lived: RunResult, found: Range, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_range(found, tmp_path)
    known = read_range(tmp_path)
    assert known is not None
    assert repr(known) == repr(found)  # NaN is not equal to itself
    ran = []
    monkeypatch.setattr(Pool, "run", lambda self, jobs, *rest: ran.extend(jobs))
    assert range_of_run(lived, known) is known
    assert not ran
    monkeypatch.undo()
    stale = Range("other", found.at, ())
    assert range_of_run(lived, stale, ONE).rows


def test_nothing_of_ours_is_nothing_known(tmp_path: Path) -> None:
    assert read_range(tmp_path) is None
    for text in ("{", "[]", '{"at": [1, 2], "rows": []}', '{"key": "x", "at": [0, 1, 2], "rows": [{}]}'):
        (tmp_path / "range.json").write_text(text)
        assert read_range(tmp_path) is None


def test_the_ends_are_the_replication_of_the_run(lived: RunResult, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Job] = []

    def keep(self: Pool, jobs: list[Job], store: Any, progress: Any = None) -> None:
        seen.extend(jobs)
        for job in jobs:
            store.keep(job.run(lived.city))

    monkeypatch.setattr(Pool, "run", keep)
    second = RunResult(SMALL, lived.city, lived.tables, lived.kpis, {"replication": 1})
    range_of_run(second)
    assert [(job.replication, job.scenario.response.trust.late) for job in seen] == [(1, 0.2), (1, 1.0)]


def test_a_study_tells_levels_and_differences(tmp_path: Path) -> None:
    result = study()
    found = range_of_study(result, tmp_path, ONE)
    assert {row.what for row in found.rows} == {"few", "many less few"}
    level, change = (
        next(row.values for row in found.rows if (row.what, row.kpi) == (what, "trust_mean"))
        for what in ("few", "many less few")
    )
    assert level[0].mean > level[1].mean > level[2].mean
    assert change[0].mean < change[2].mean  # riders matter more where lateness does
    effect = next(e for e in result.effects if e.kpi == "trust_mean")
    assert change[1] == effect.difference.estimate
    assert len(list(tmp_path.rglob("0*.json"))) == 8
    write_range(found, tmp_path)
    assert json.loads((tmp_path / "range.json").read_text())["at"] == [0.2, 0.7, 1.0]
    assert repr(read_range(tmp_path)) == repr(found)


@pytest.mark.parametrize(
    "other",
    [{"calendar": {"days": 7}}, {"response": {"on": True, "trust": {"late": 0.3}}}, {"response": {"on": False}}],
)
def test_variants_must_share_what_the_range_is_of(other: dict[str, Any]) -> None:
    assert varies({"a": SMALL, "b": SMALL})
    assert not varies({"a": SMALL, "b": Scenario.model_validate(TOWN | other)})


def test_kpis_without_a_value_are_left_out() -> None:
    nothing = ranging.estimate([float("nan")])  # type: ignore[attr-defined]
    rows = [ranging.Moved("", "clv", (nothing, nothing, nothing))]
    assert ranging._told(rows) == ()

"""A/B tests inside a run are written into its folder."""

import json
from pathlib import Path
from typing import Any

import pytest

from sim.experiment.arms import ab_document, arms_inside
from sim.experiment.run import RunResult, run
from sim.kpi.arms import METRICS
from sim.scenario.schema import Scenario

TOWN: dict[str, Any] = {
    "name": "two arms",
    "city": {"kind": "plane", "width_m": 2000, "height_m": 1500, "places": 60, "zone_m": 500},
    "population": {"users": 80},
    "merchants": {"classes": {"kitchen": {"count": 6}}},
    "riders": {"count": 5},
    "calendar": {"days": 5},
    "response": {"on": True},
}
BOX = {"rules": {"box": {"rule": "mystery_box", "share": 0.25}, "earn": {"rule": "earn"}}}


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    return run(Scenario.model_validate(TOWN | {"membership": BOX}), tmp_path_factory.mktemp("ab") / "run")


def test_the_folder_tells_what_the_tables_tell(tried: RunResult) -> None:
    assert tried.folder is not None
    found = arms_inside(tried.scenario, tried.city, tried.tables)
    written = json.loads((tried.folder / "ab.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(ab_document(found)))
    (test,) = written["tests"]
    assert (test["rule"], test["users"] + test["others"]) == ("box", 80)
    assert [metric["metric"] for metric in test["metrics"]] == list(METRICS)
    for metric in test["metrics"]:
        low, high = metric["interval"]
        assert low <= metric["difference"] <= high
        assert metric["difference"] == pytest.approx(metric["with"] - metric["without"])


def test_the_share_is_the_scenarios(tried: RunResult) -> None:
    found = arms_inside(tried.scenario, tried.city, tried.tables)
    assert found["users"].iloc[0] < 40
    assert 0.001 < found["ratio_p"].iloc[0] <= 1


def test_without_a_test_there_is_no_file(tmp_path: Path) -> None:
    result = run(Scenario.model_validate(TOWN), tmp_path / "run")
    assert not (tmp_path / "run" / "ab.json").exists()
    assert ab_document(arms_inside(result.scenario, result.city, result.tables)) == {"tests": []}

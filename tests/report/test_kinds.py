"""The report's table of kinds: there when the scenario has kinds, and silent about very few people."""

from pathlib import Path

import pytest

from sim.experiment.run import RunResult, run
from sim.report.kinds import kind_rows
from sim.report.run import report_run
from sim.scenario.schema import Scenario

SMALL = {
    "city": {"kind": "plane", "places": 60, "width_m": 2500, "height_m": 2500},
    "population": {"users": 250},
    "merchants": {"classes": {"shop": {"count": 6}}},
    "riders": {"count": 12},
}
KINDS = {"takeaway": {"share": 0.95}, "queue_for_me": {"share": 0.05, "starts": "arrival", "prep_min": 20}}


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    return run(Scenario.model_validate(SMALL | {"kinds": KINDS}), tmp_path_factory.mktemp("kinds") / "run")


def test_the_page_tells_the_kinds(lived: RunResult) -> None:
    rows = kind_rows(lived)
    assert [row.name for row in rows] == ["takeaway", "queue for me"]
    assert rows[0].fee == "4.00"
    assert rows[1].on_time == "–", "fewer than five people queued"
    page = report_run(lived).read_text(encoding="utf-8")
    assert '<h2 id="kinds">' in page
    assert "queue for me" in page
    assert "locker_share" not in page  # nobody has one


def test_a_city_of_takeaways_has_no_such_table(tmp_path: Path) -> None:
    result = run(Scenario.model_validate(SMALL), tmp_path / "run")
    assert kind_rows(result) == []
    assert 'id="kinds"' not in report_run(result).read_text(encoding="utf-8")

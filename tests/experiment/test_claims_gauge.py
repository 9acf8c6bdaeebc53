"""Gauges: figures of a city that is not run, kept apart from those of runs."""

from math import isnan
from pathlib import Path
from typing import Any

import pytest

from sim.city.build import build_city
from sim.city.model import City
from sim.experiment.claims.gauge import Gauge, Gauging, measure_of
from sim.experiment.claims.measure import finding, plan
from sim.experiment.pool import Pool
from sim.experiment.replicate import Job
from sim.experiment.store import Store
from sim.kpi.kpis import KPIS
from sim.scenario.claim import Claim
from sim.scenario.schema import Scenario
from tests.experiment.test_claims import FLEET, LEVEL, SMALL

HERE = "tests.experiment.test_claims_gauge"


def merchants_per_rider(city: City, scenario: Scenario, replication: int) -> float:
    """Tells nothing but which city and which replication it was given."""
    return len(city.merchants.place) / scenario.riders.count + replication / 100


DENSITY = Gauge("density", "1", "Merchants for each rider.", merchants_per_rider)
CLAIM: dict[str, Any] = LEVEL | {
    "level": "at_least",
    "quoted": 30,
    "unit": "%",
    "kpi": f"{HERE}:DENSITY",
    "assumptions": [FLEET],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small.yaml").write_text(SMALL)
    return tmp_path


def test_a_name_is_a_kpi_or_a_gauge() -> None:
    assert measure_of("on_time_share") is KPIS["on_time_share"]
    assert measure_of(f"{HERE}:DENSITY") is DENSITY
    assert measure_of("sim.twin.forecast_error:FORECAST_ERROR").unit == "1"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("on_tim_share", r"unknown KPI 'on_tim_share' \(did you mean 'on_time_share'\?\)"),
        (f"{HERE}:DENSITI", r"has no gauge 'DENSITI' \(did you mean 'DENSITY'\?\)"),
        (f"{HERE}:merchants_per_rider", "has no gauge 'merchants_per_rider'$"),
        ("sim.twin.nothing:DENSITY", "gauge 'sim.twin.nothing:DENSITY' cannot be loaded"),
        (":DENSITY", "gauge ':DENSITY' cannot be loaded"),
    ],
)
def test_a_name_that_leads_nowhere(name: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        measure_of(name)


def test_a_claim_on_a_gauge_is_a_finding(folder: Path) -> None:
    each, store = plan(Claim.model_validate(CLAIM), folder), Store(None)
    Pool(1).run(list(each.jobs()), store)
    result = finding(each, store)
    assert [r.estimate.mean for r in result.ranges[0].readings] == pytest.approx([81, 41, 100 * 8 / 30 + 1])
    assert isnan(result.own.delivered["level"])
    assert result.verdict == "depends on riders.count"


def test_a_gauge_and_a_run_of_one_scenario_are_kept_apart(folder: Path) -> None:
    gauged, ran = (plan(Claim.model_validate(each), folder) for each in (CLAIM, CLAIM | {"kpi": "on_time_share"}))
    (one, *_), (two, *_) = gauged.jobs(), ran.jobs()
    assert isinstance(one, Gauging)
    assert isinstance(two, Job)
    assert one.scenario == two.scenario
    assert one.variant != two.variant


def test_its_rows_are_kept_and_read_back(folder: Path) -> None:
    scenario = Scenario.model_validate({"name": "small", "riders": {"count": 4}})
    task = Gauging("density", scenario, 2, "density", DENSITY)
    row = task.run(build_city(scenario))
    Store(folder).keep(row)
    kept = Store(folder).find(task)
    assert kept is not None
    assert kept.kpis["density"] == row.kpis["density"]
    assert kept.key == task.key() != Gauging("density", Scenario(), 2, "density", DENSITY).key()

"""What a gate will run, and what it refuses before anything runs."""

from pathlib import Path

import pytest

from sim.experiment.gate.plan import plan_gate
from sim.policies.registry import PolicyNotFound
from sim.scenario.errors import ScenarioError
from tests.experiment.gate.made import tiny

SECOND = ("settings:\n", "  - {scenario: campus_lunch, seed: 4}\nsettings:\n")


def test_each_kpi_is_checked_in_each_scenario_success_first(tmp_path: Path) -> None:
    plan = plan_gate(tiny(tmp_path, SECOND))
    assert [(c.scenario, c.kpi, c.role, c.amount) for c in plan.checks] == [
        ("lunch", "click_to_door_mean", "success", 0),
        ("campus_lunch", "click_to_door_mean", "success", 0),
        ("lunch", "on_time_share", "guardrail", 0.05),
        ("campus_lunch", "on_time_share", "guardrail", 0.05),
    ]
    assert (plan.design.looks, plan.design.alpha) == ((4, 6), 0.05)


def test_both_sides_meet_the_same_days(tmp_path: Path) -> None:
    jobs = plan_gate(tiny(tmp_path, SECOND)).jobs(2)
    places = [(job.variant, job.scenario.seed, job.replication) for job in jobs]
    sides = [("lunch", 3), ("campus_lunch", 4)]
    expected = [(f"{n}/{s}", seed, r) for r in (0, 1) for n, seed in sides for s in ("baseline", "candidate")]
    assert places == expected


def test_the_baseline_alone(tmp_path: Path) -> None:
    assert {job.variant for job in plan_gate(tiny(tmp_path)).jobs(2, "/baseline")} == {"lunch/baseline"}


def test_another_candidate_is_tried_and_the_baseline_stays(tmp_path: Path) -> None:
    plan = plan_gate(tiny(tmp_path), "matching")
    policies = [scenario.dispatch.policy for scenario in plan.scenarios.values()]
    assert policies == ["nearest", "matching"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  on_time_share", "  on_time_shaer", "17:3: guardrails.on_time_shaer: unknown KPI (did you mean 'on_time"),
        ("  click_to_door_mean", "  orders", "15:3: success.orders: neither direction of this KPI is better"),
    ],
)
def test_a_kpi_that_cannot_be_tested_is_refused_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tiny(tmp_path, (old, new))
    with pytest.raises(ScenarioError) as caught:
        plan_gate(path)
    assert str(caught.value).startswith(f"{path}:{told}")


def test_a_policy_that_is_not_there_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(PolicyNotFound, match="did you mean 'nearest'"):
        plan_gate(tiny(tmp_path), "nearst")

"""Stated power: what would be found at the budget, and whether it is so."""

import numpy as np
import pytest

from sim.experiment.gate.power import _chance, powers
from sim.experiment.gate.verdict import Design, decide, judge, overall
from tests.experiment.gate.made import check, exact, first, noise, success

DESIGN = Design((6, 12), 0.05)


def test_a_loss_that_should_be_found_is_found_in_nine_of_ten() -> None:
    made = check("click_to_door_p90", 0.5)
    (finding,) = judge([made], DESIGN, 0, [exact(6, 0.0, 1.0)])
    (power,) = powers([finding], DESIGN)
    rng, found = np.random.default_rng(5), 0
    for _ in range(500):
        base, cand = noise(rng, 12, power.detectable, 1.0)
        columns = [(base, cand)]
        found += overall(decide([made], DESIGN, first(columns))) == "regression"
    assert found / 500 == pytest.approx(0.9, abs=0.04)


def test_a_guardrail_that_should_pass_passes_as_often_as_stated() -> None:
    made = check("click_to_door_p90", 0.5)
    (finding,) = judge([made], DESIGN, 0, [exact(6, 0.0, 0.7)])
    (power,) = powers([finding], DESIGN)
    rng = np.random.default_rng(6)
    passed = [judge([made], DESIGN, 1, [noise(rng, 12, 0.0, 0.7)])[0].verdict == "pass" for _ in range(500)]
    assert 0.5 < power.passing < 0.95
    assert np.mean(passed) == pytest.approx(power.passing, abs=0.06)


@pytest.mark.parametrize(("effect", "count", "level"), [(0.2, 24, 0.05), (0.8, 24, 0.003), (1.2, 6, 0.01), (0, 9, 0.1)])
def test_power_is_that_of_the_noncentral_t(effect: float, count: int, level: float) -> None:
    from statsmodels.stats.power import ttest_power

    expected = ttest_power(effect, nobs=count, alpha=level, alternative="larger")
    assert _chance(effect, count, level) == pytest.approx(expected, abs=2e-4)
    assert _chance(1000.0, count, level) == 1.0


def test_more_noise_or_more_checks_find_less() -> None:
    def detectable(sd: float, checks: int) -> float:
        return powers(judge([check()] * checks, DESIGN, 0, [exact(6, 0.0, sd)] * checks), DESIGN)[0].detectable

    assert 0.005 < detectable(0.01, 1) < detectable(0.02, 1) < detectable(0.02, 10)


def test_a_success_kpi_finds_losses_from_nothing_on() -> None:
    findings = judge([success(amount=0.2), check()], DESIGN, 0, [exact(6, 0.0, 1e-6)] * 2)
    lead, margin = powers(findings, DESIGN)
    assert lead.detectable < 1e-4 < margin.detectable - 0.004
    assert np.isnan(lead.passing)
    assert margin.passing == 1.0


def test_without_noise_anything_beyond_the_margin_is_found() -> None:
    same = np.ones(6)
    (power,) = powers(judge([check()], DESIGN, 0, [(same, same)]), DESIGN)
    assert (power.detectable, power.passing) == (0.005, 1.0)


def test_without_values_nothing_is_known() -> None:
    none = np.full(6, np.nan)
    (power,) = powers(judge([check()], DESIGN, 0, [(none, none)]), DESIGN)
    assert np.isnan(power.detectable)

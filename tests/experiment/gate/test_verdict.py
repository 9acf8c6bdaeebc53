"""The decision: what each verdict needs, odd data, and the error rates over all looks."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t

from sim.entities import Floats
from sim.experiment.gate.verdict import Check, Columns, Design, Verdict, decide, judge, overall
from tests.experiment.gate.made import at_budget, check, exact, first, noise, success

NAN = float("nan")


@pytest.mark.parametrize(
    ("made", "mean", "verdict"),
    [
        (check(), 0.0, "pass"),
        (check(), -0.004, "pass"),
        (check(), -0.006, "regression"),
        (check("click_to_door_p90", 0.5), 0.4, "pass"),
        (check("click_to_door_p90", 0.5), 0.6, "regression"),
        (check("click_to_door_p90", 0.5), -0.6, "pass"),
        (success(), 0.001, "pass"),
        (success(), -0.001, "regression"),
        (success("click_to_door_mean"), -0.001, "pass"),
        (success("click_to_door_mean"), 0.001, "regression"),
        (success("click_to_door_mean", 0.5), -0.501, "pass"),
        (success("click_to_door_mean", 0.5), -0.2, "inconclusive"),
        (success("click_to_door_mean", 0.5), 0.2, "regression"),
    ],
)
def test_clear_data_tell_on_which_side_of_the_line_it_is(made: Check, mean: float, verdict: Verdict) -> None:
    for sd in (1e-5, 0.0):
        (finding,) = at_budget([made], [exact(8, mean, sd)])
        assert finding.verdict == verdict
        assert finding.difference == pytest.approx(mean)


@pytest.mark.parametrize("made", [check(), success()])
def test_noise_is_inconclusive(made: Check) -> None:
    assert at_budget([made], [exact(8, 0.0, 0.1)])[0].verdict == "inconclusive"


@pytest.mark.parametrize("made", [check(), success(), check("click_to_door_p90")])
def test_the_same_results_pass_at_the_first_look(made: Check) -> None:
    same = np.array([0.9, 0.8, 0.95, 0.7])
    (finding,) = judge([made], Design((4, 8, 12), 0.05), 0, [(same, same.copy())])
    assert "-0" not in f"{finding.difference} {finding.low} {finding.high}"
    assert (finding.verdict, finding.note, finding.low, finding.high) == ("pass", "unchanged", 0, 0)


def test_the_same_results_are_not_the_lead_that_is_asked_for() -> None:
    same = np.ones(4)
    assert at_budget([success(amount=0.01)], [(same, same)])[0].verdict == "inconclusive"


def test_the_interval_is_of_the_test_that_decided() -> None:
    (finding,) = at_budget([check("click_to_door_p90", 0.5)], [exact(10, 0.1, 1.0)])
    half = t.isf(0.05, 9) / np.sqrt(10)
    assert (finding.low, finding.high) == pytest.approx((0.1 - half, 0.1 + half))
    assert (finding.baseline, finding.candidate, finding.deviation) == pytest.approx((10, 10.1, 1.0))


@pytest.mark.parametrize("made", [check(), success(), check("click_to_door_p90", 0.01), success("income_gini")])
def test_verdict_and_interval_agree(made: Check) -> None:
    rng = np.random.default_rng(3)
    found: list[Verdict] = []
    for _ in range(300):
        findings = at_budget([made] * 3, [noise(rng, 6, rng.normal(0, 0.02), 0.01) for _ in range(3)])
        for f in findings:
            low, high = sorted((made.sign * f.low, made.sign * f.high))
            inside = "pass" if low > made.hurdle else "regression" if high < made.floor else "inconclusive"
            assert f.verdict == inside
            found.append(f.verdict)
    assert set(found) == {"pass", "regression", "inconclusive"}


def test_an_early_look_asks_for_more_than_the_last() -> None:
    design, data = Design((6, 12, 18, 24), 0.05), exact(6, 0.0, 0.004)
    early, late = judge([check()], design, 0, [data]), judge([check()], design, 3, [data])
    assert (early[0].verdict, late[0].verdict) == ("inconclusive", "pass")
    assert early[0].low < late[0].low


def test_guardrails_are_not_corrected_and_success_is() -> None:
    data = exact(20, 0.0, 0.005 / t.isf(0.04, 19) * np.sqrt(20))  # p of 4% against a margin of 0.005
    assert [f.verdict for f in at_budget([check()] * 5, [data] * 5)] == ["pass"] * 5
    lead = exact(20, 0.005, 0.005 / t.isf(0.04, 19) * np.sqrt(20))
    assert [f.verdict for f in at_budget([success()], [lead])] == ["pass"]
    assert [f.verdict for f in at_budget([success()] * 2, [lead] * 2)] == ["inconclusive"] * 2


def test_holm_goes_on_after_the_first_is_rejected() -> None:
    lead, sure = exact(20, 0.005, 0.005 / t.isf(0.04, 19) * np.sqrt(20)), exact(20, 0.5, 0.001)
    assert [f.verdict for f in at_budget([success()] * 2, [lead, sure])] == ["pass", "pass"]


def test_regressions_are_corrected_over_all_checks() -> None:
    loss = exact(20, -0.01, 0.005 / t.isf(0.04, 19) * np.sqrt(20))  # p of 4% against the margin
    calm = exact(20, 0.0, 1e-4)
    assert at_budget([check()], [loss])[0].verdict == "regression"
    assert at_budget([check()] * 2, [loss, calm])[0].verdict == "inconclusive"


def test_any_regression_decides_and_all_must_pass() -> None:
    (good,) = at_budget([check()], [exact(8, 0.0, 1e-5)])
    bad, unclear = replace(good, verdict="regression"), replace(good, verdict="inconclusive")
    assert overall([good, good]) == "pass"
    assert overall([good, unclear]) == "inconclusive"
    assert overall([good, unclear, bad]) == "regression"


def test_a_value_on_one_side_only_cannot_pass() -> None:
    base, cand = exact(8, 0.0, 1e-5)
    cand[2] = NAN
    (finding,) = at_budget([check()], [(base, cand)])
    assert (finding.verdict, finding.replications) == ("inconclusive", 7)
    assert finding.note == "1 replications have a value on one side only"
    assert at_budget([check()], [(base, cand - 1)])[0].verdict == "regression"


def test_replications_without_a_value_on_either_side_are_left_out() -> None:
    base, cand = exact(8, 0.0, 1e-5)
    base[2] = cand[2] = NAN
    (finding,) = at_budget([check()], [(base, cand)])
    assert (finding.verdict, finding.replications, finding.note) == ("pass", 7, "")


@pytest.mark.parametrize("left", [0, 1])
def test_no_value_at_all_is_inconclusive(left: int) -> None:
    base = np.r_[np.ones(left), np.full(8 - left, NAN)]
    (finding,) = at_budget([check()], [(base, base)])
    assert (finding.verdict, finding.note) == ("inconclusive", "no value to compare")


def test_it_looks_no_further_than_it_must() -> None:
    def looks(mean: float, sd: float) -> list[int]:
        seen: list[int] = []

        def columns(count: int) -> Columns:
            seen.append(count)
            return [exact(count, mean, sd)]

        decide([check()], Design((4, 8, 12), 0.05), columns)
        return seen

    assert looks(0.0, 1e-6) == [4]
    assert looks(-0.1, 1e-6) == [4]
    assert looks(0.0, 0.004) == [4, 8]
    assert looks(0.0, 1.0) == [4, 8, 12]


def rate(verdict: Verdict, checks: list[Check], mean: float, sd: float, repetitions: int, paired: bool = True) -> float:
    """How often a gate of four looks comes to a verdict on synthetic rows."""
    rng, count = np.random.default_rng(4), 0
    for _ in range(repetitions):
        rows: list[tuple[Floats, Floats]] = [
            noise(rng, 24, mean, sd) if paired else (rng.normal(0, sd, 24), rng.normal(mean, sd, 24)) for _ in checks
        ]
        found = decide(checks, Design((6, 12, 18, 24), 0.05), first(rows))
        count += overall(found) == verdict
    return count / repetitions


LIMIT = 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


@pytest.mark.parametrize("paired", [True, False])
def test_no_difference_is_rarely_called_a_regression(paired: bool) -> None:
    checks = [success(), check("on_time_share"), check("click_to_door_p90", 0.001)]
    assert rate("regression", checks, 0.0, 1.0, 400, paired) <= LIMIT


def test_the_error_is_not_wasted_either() -> None:
    assert rate("regression", [success()], 0.0, 1.0, 400) >= 0.02


def test_a_loss_of_the_margin_rarely_passes() -> None:
    assert 0.02 <= rate("pass", [check()], -0.005, 0.005, 400) <= LIMIT


def test_one_point_of_on_time_share_is_found() -> None:
    """At the deviation measured on the campus, among the twelve checks of the shipped gate."""
    assert rate("regression", [check(), *[check("delivered_share", 0.5)] * 11], -0.01, 0.0048, 60) >= 0.9

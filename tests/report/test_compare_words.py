"""Verdicts, numbers and sentences of a study, against rows told by hand."""

from math import inf, nan

import numpy as np
import pytest

from sim.experiment.compare import Effect
from sim.experiment.stats import Difference, Estimate, difference
from sim.kpi.kpis import KPIS
from sim.report.comparison.numbers import amount, in_percent, interval, level, p_value, percent, signed, times
from sim.report.comparison.story import findings, joined, opening, pairing
from sim.report.comparison.tables import cohorts, differing, in_order, tables, trade_off
from sim.report.comparison.verdict import of_variant, others, varying, verdict
from tests.report.studies import made


def effect(kpi: str, low: float, high: float, p: float = 0.001) -> Effect:
    middle = (low + high) / 2
    return Effect("new", kpi, Difference(Estimate(middle, low, high, 9), p, middle, 4.0), p)


@pytest.mark.parametrize(
    ("kpi", "low", "high", "p", "expected"),
    [
        ("on_time_share", 0.1, 0.2, 0.01, "better"),
        ("on_time_share", -0.2, -0.1, 0.01, "worse"),
        ("click_to_door_mean", -2, -1, 0.01, "better"),
        ("click_to_door_mean", 1, 2, 0.01, "worse"),
        ("utilisation", 0.1, 0.2, 0.01, "changed"),
        ("on_time_share", 0.1, 0.2, 0.06, "undecided"),
        ("on_time_share", -0.1, 0.2, nan, "undecided"),
        ("orders", 0, 0, 1.0, "equal"),
        ("click_to_door_mean", nan, nan, nan, "no value"),
    ],
)
def test_a_verdict_needs_certainty_and_a_direction(kpi: str, low: float, high: float, p: float, expected: str) -> None:
    assert verdict(effect(kpi, low, high, p)) == expected


def test_an_always_equal_difference_is_certain() -> None:
    found = difference([31.0, 41.0, 51.0], [30.0, 40.0, 50.0])
    assert verdict(Effect("new", "click_to_door_mean", found, found.p)) == "worse"


def test_numbers_have_the_digits_they_deserve() -> None:
    door = effect("click_to_door_mean", -2.21, -0.74)
    assert (amount(door), interval(door)) == ("−1.48", "−2.21 to −0.74")
    assert amount(effect("on_time_share", 0.0993, 0.1007)) == "+10.0"
    assert interval(effect("orders", -40, 52)) == "−40 to +52"
    assert interval(effect("orders", nan, nan)) == "–"
    assert level("on_time_share", Estimate(0.5, 0.49, 0.51, 5)) == ("50.0", "± 1.0")
    assert level("orders", Estimate(616, nan, nan, 1)) == ("616", "")
    assert level("click_to_door_mean", Estimate(30.46, 30.46, 30.46, 3)) == ("30.46", "± 0.00")
    assert level("income_gini", Estimate(nan, nan, nan, 0)) == ("–", "")


def test_signs_p_values_and_reductions() -> None:
    assert [signed(x, 1) for x in (0.04, -0.04, 1, -1)] == ["0.0", "0.0", "+1.0", "−1.0"]
    assert [p_value(p) for p in (nan, 0, 0.0123, 0.5, 1)] == ["–", "<\u00a00.001", "0.012", "0.50", "1.00"]
    assert [times(x) for x in (nan, inf, 1.25, 12.3)] == ["–", "all of it", "1.2", "12"]
    assert [percent(x) for x in (nan, 4.83, -123.4)] == ["–", "+4.8%", "−123%"]


def test_percent_of_the_baseline() -> None:
    result = made()
    found = in_percent(result, of_variant(result, "new")["click_to_door_mean"])
    assert found.mean == pytest.approx(-200 / 29.9)
    assert found.low < found.mean < found.high
    zero = of_variant(result, "new")["bundle_share"]
    assert np.isnan(in_percent(result, zero).mean)


def test_the_paragraph_names_gains_costs_intervals_and_p() -> None:
    result = made()
    assert opening(result) == (
        "new was compared with old on 6 replications of the same city. "
        "In brackets: the difference, its 95% interval and the adjusted p."
    )
    (finding,) = findings(result)
    assert finding.text.replace("\u00a0", " ") == (
        "is better in on-time share (+10.0 points, +9.9 to +10.1, p < 0.001) and mean click-to-door (−2.00 min, "
        "−2.09 to −1.91, p < 0.001); it pays with being worse in contribution per order (−0.100 yuan, "
        "−0.101 to −0.099, p < 0.001)."
    )


def test_the_paragraph_says_when_an_interval_is_too_wide() -> None:
    def noisy(name: str, r: int, kpis: dict[str, float]) -> dict[str, float]:
        sign = (-1) ** r if name == "new" else 0
        return {"click_to_door_mean": kpis["click_to_door_mean"] + 9 * sign,
                "contribution_per_order": kpis["contribution_per_order"] + 0.01 * sign}  # fmt: skip

    result = made(change=noisy)
    (finding,) = findings(result)
    assert f"nothing is distinguishable in {len(KPIS)} comparisons" in opening(result)
    assert finding.text.startswith("cannot be told from old in any headline KPI. The interval is too wide to tell for")
    assert "for mean click-to-door (−10 to +10 min)" in finding.text
    assert "About the same: contribution per order (−0.011 to +0.011 yuan)" in finding.text
    assert (
        pairing(result)
        == "Pairing bought nothing in mean click-to-door: the replications of the variants are not alike."
    )


def test_an_interval_clear_of_zero_may_be_uncertain_among_many() -> None:
    def faint(name: str, r: int, kpis: dict[str, float]) -> dict[str, float]:
        by = 0.5 + (r % 3 - 1) * 0.6 if name == "new" else 0
        return {"click_to_door_mean": kpis["click_to_door_mean"] + by,
                "click_to_door_p90": kpis["click_to_door_p90"] + by}  # fmt: skip

    (finding,) = findings(made(change=faint, replications=12, kpis=["click_to_door_mean", "click_to_door_p90"]))
    assert "mean click-to-door" in finding.text
    many = made(change=faint, replications=9)
    assert (
        f"Not certain among {len(KPIS)} comparisons: mean click-to-door (+0.10 to +0.90 min)" in findings(many)[0].text
    )


def test_what_pairing_bought() -> None:
    assert pairing(made()) == (
        "Pairing made the difference in mean click-to-door 65 times less variable than independent cities would: "
        "6 replications do the work of 393."
    )
    same = made(change=lambda name, r, kpis: {})
    assert pairing(same) == "Pairing cannot be judged: no KPI varied over the replications."
    shifted = made(
        change=lambda name, r, kpis: {"click_to_door_mean": round(kpis["click_to_door_mean"]) + (name == "new")}
    )
    assert "the difference was the same in every replication" in pairing(shifted)


def test_many_variants_are_told_briefly() -> None:
    result = made(names=("old", *"abcd"))
    assert opening(result).startswith("4 variants were compared with old")
    assert opening(result).endswith("In brackets: the difference and its 95% interval.")
    assert [f.variant for f in findings(result)] == list("abcd")
    assert "p\u00a0" not in findings(result)[0].text
    assert joined([]) == ""
    assert joined(["a"]) == "a"
    assert joined(list("abc")) == "a, b and c"


def test_a_study_of_other_kpis_than_the_headlines() -> None:
    (finding,) = findings(made(kpis=["income_gini", "utilisation"]))
    assert "cannot be told from old in any headline KPI" in finding.text


def test_tables_are_of_all_variants_the_baseline_first() -> None:
    result = made(names=("old", "a", "b"), baseline="b")
    assert in_order(result)[0] == "b" == result.study.reference
    assert [row.variant for row in cohorts(result)] == ["b", "old", "a"]
    assert [row.is_baseline for row in cohorts(result)] == [True, False, False]
    assert [table.variant for table in tables(made(names=("old", "a", "b")))] == ["a", "b"]
    assert [name for name, _, _ in trade_off(result)] == ["b", "old", "a"]


def test_the_cohort_bar_sums_to_100() -> None:
    for row in cohorts(made()):
        assert sum(width for _, width in row.bar) == pytest.approx(100)
    missing = made(change=lambda name, r, kpis: {"delivered_share": nan})
    assert {row.bar for row in cohorts(missing)} == {()}


def test_settings_are_compared_after_all_defaults() -> None:
    old, new = differing(made(settings={"new": {"platform": {"promise_min": 35}}}))
    assert {path: value for path, value, _ in new.values} == {
        "dispatch.policy": "matching", "platform.promise_min": "35",
    }  # fmt: skip
    assert ("platform.promise_min", "40", True) in old.values
    same = made(names=("x", "y"))
    assert [s.values for s in differing(same)] == [(), ()]


def test_kpis_that_never_differ_are_left_out_of_pictures() -> None:
    assert set(varying(made())) == {"on_time_share", "click_to_door_mean", "contribution_per_order", "utilisation",
                                    "income_gini"}  # fmt: skip
    assert others(made()) == ["new"]

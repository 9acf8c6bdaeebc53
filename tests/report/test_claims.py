"""The page of the claims: words, bars and bytes."""

import re
from math import nan
from pathlib import Path
from typing import Any

import pytest

from sim.experiment.claims.finding import Finding, Range, Reading
from sim.experiment.claims.verdict import judge
from sim.experiment.stats import Estimate
from sim.report.claims import amount, block, lead, write_claims
from sim.report.plots.claim_bar import Scale, bar, scale_of
from sim.scenario.claim import Claim

BASE: dict[str, Any] = {
    "id": "T-one",
    "row": "B",
    "sentence": "Delivery is 20% <shorter>.",
    "quoted": -20,
    "unit": "%",
    "kpi": "click_to_door_mean",
    "scenario": "campus_lunch",
    "note": "As it stands.",
    "assumptions": [{"path": "riders.count", "values": [10, 30], "sentence": "Few.", "source": "assumption: a guess"}],
}
ARMS = {"baseline": {"dispatch.policy": "nearest"}, "variant": {"dispatch.policy": "matching"}}


def told(own: float, low: float, high: float, half: float = 1.0, **changes: Any) -> Finding:
    claim = Claim.model_validate(BASE | ({} if "level" in changes else ARMS) | changes)

    def at(value: Any, mean: float) -> Reading:
        estimate = Estimate(mean, mean - half, mean + half, 10)
        arms = {"level": 0.9} if claim.level else {"baseline": 0.9, "variant": 0.95}
        return Reading(value, estimate, arms, judge(claim, estimate))

    found = Range(claim.assumptions[0], at(20, own), (at(10, low), at(30, high)))
    return Finding(claim, at(None, own), (found,))


def test_a_claim_in_words() -> None:
    shown = block(told(-10, -30, 0))
    assert (shown.quoted, shown.own.measured, shown.own.interval) == ("−20%", "−10.0%", "−11.0 to −9.0")
    assert (shown.verdict, shown.tone, shown.carrier) == ("depends", "moves", "riders.count")
    assert shown.moves == [("yes", "supported", "10"), ("part", "smaller", "20"), ("no", "not supported", "30")]
    rows = shown.ranges[0].rows
    assert [(row.value, row.own, row.delivered) for row in rows] == [
        ("10", False, "90.0% → 95.0%"),
        ("20", True, "90.0% → 95.0%"),
        ("30", False, "90.0% → 95.0%"),
    ]
    assert dict(shown.facts)["Variant"] == "dispatch.policy = matching"
    assert shown.ranges[0].source == "a guess"


def test_small_numbers_keep_their_digits() -> None:
    shown = block(told(-0.06, -0.5, 0, half=0.03)).own
    assert (shown.measured, shown.interval) == ("−0.06%", "−0.09 to −0.03")


def test_a_level_in_words() -> None:
    shown = block(told(26.5, 40, 25, level="at_most", quoted=30, unit="min"))
    assert (shown.quoted, shown.own.measured, shown.own.delivered) == ("at most 30 min", "26.5 min", "90.0%")
    assert dict(shown.facts)["Measured"] == "as in the scenario"


def test_an_effect_per_per_cent_names_both_kpis() -> None:
    shown = block(told(1.5, 1, 3, per="on_time_share", unit="% per %", quoted=5))
    facts = dict(shown.facts)
    assert facts["KPI"].startswith("Click to door, mean: ")
    assert facts["For each percent of"].startswith("On time share: ")
    assert (shown.quoted, shown.own.measured) == ("+5 % per %", "+1.5 % per %")
    assert shown.own.interval == "+0.5 to +2.5"


def test_a_gauge_is_told_by_its_definition() -> None:
    gauge = "sim.twin.forecast_error:FORECAST_ERROR"
    shown = block(told(24, 30, 6, kpi=gauge, unit="%", level="at_most", quoted=8))
    assert dict(shown.facts)["KPI"].startswith("Forecast error: Absolute errors")


def test_amounts() -> None:
    claim, minutes = told(1, 1, 1).claim, told(1, 1, 1, level="about", unit="min", quoted=2.5).claim
    assert [amount(claim, value) for value in (1.25, -0.01, nan)] == ["+1.2%", "0.0%", "–"]
    assert amount(minutes, 1234.56) == "1,234.6 min"
    assert block(told(1, 1, 1, level="about", unit="min", quoted=2.5)).quoted == "about 2.5 min"


def test_a_reading_without_an_interval() -> None:
    shown = block(told(nan, -10, 0))
    assert (shown.own.measured, shown.own.interval, shown.own.bar.interval) == ("–", "no interval", None)


def test_the_lead_counts_the_verdicts() -> None:
    one, two, three = told(-10, -30, 0), told(0, 0, 0), told(-10, -10, -10)
    assert lead([]) == "No claim has been put to the test yet."
    assert lead([two]) == "Of 1 quoted claim, 1 is not supported."
    assert lead([one, two, two, three]) == (
        "Of 4 quoted claims, 1 is smaller than quoted, 2 are not supported and 1 holds only under some assumptions."
    )


def test_all_that_is_shown_is_on_the_scale() -> None:
    result = told(-10, -30, 5)
    scale = scale_of(result)
    assert scale.left < -31
    assert scale.right > 6
    bars = [bar(result.claim, r.estimate, scale) for r in result.ranges[0].readings]
    for each in bars:
        assert each.interval is not None
        assert each.mean is not None
        assert 0 <= each.interval[0] < each.mean < sum(each.interval) <= 100
        assert 0 < each.quoted < (each.zero or 0) < 100
    assert len({each.quoted for each in bars}) == 1


@pytest.mark.parametrize(
    ("changes", "claimed"),
    [
        ({"quoted": -20}, (0, 30.0)),
        ({"quoted": 20}, (70.0, 30.0)),
        ({"quoted": 20, "level": "at_least", "unit": "min"}, (70.0, 30.0)),
        ({"quoted": 20, "level": "at_most", "unit": "min"}, (0, 70.0)),
        ({"quoted": 20, "level": "about", "unit": "min"}, (68.0, 4.0)),
    ],
)
def test_where_the_claim_would_be_true(changes: dict[str, Any], claimed: tuple[float, float]) -> None:
    result = told(-1, -1, -1, **changes)
    assert bar(result.claim, result.own.estimate, Scale(-50, 50)).claimed == pytest.approx(claimed)


def test_readings_that_are_all_the_same_have_a_scale() -> None:
    result = told(30, 30, 30, half=0.0, level="at_most", quoted=30, unit="min")
    assert bar(result.claim, result.own.estimate, scale_of(result)).mean == 50


def test_the_page_is_whole_safe_and_the_same_again(tmp_path: Path) -> None:
    findings = [told(-10, -30, 0), told(26, 40, 25, id="T-two", level="at_most", quoted=30, unit="min")]
    text = write_claims(findings, tmp_path).read_text()
    assert write_claims(findings, tmp_path).read_text() == text
    assert "20% &lt;shorter&gt;." in text
    assert "depends on riders.count" in text
    assert text.count('<article class="claim"') == 2
    assert not re.search(r"<script|https?://|@import|url\(", text)
    assert 'href="#T-two"' in text
    assert 'id="T-two"' in text


def test_the_page_of_nothing(tmp_path: Path) -> None:
    assert "No claim has been put to the test yet." in write_claims([], tmp_path).read_text()

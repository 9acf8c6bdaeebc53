"""What is told of a campaign: each answer where there is one, and why where there is none."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.cli.roi import show_roi
from sim.experiment.ab_rule import WITH, WITHOUT
from sim.experiment.bookkeeping import CONTRIBUTION, booked
from sim.experiment.compare import Comparison, effects
from sim.experiment.replicate import Row
from sim.experiment.roi import Roi, roi_document, roi_of
from sim.kpi.books import LINES
from sim.kpi.kpis import KPIS
from sim.report.campaign import Answer, campaign
from sim.report.compare import report_compare
from sim.scenario.schema import Scenario
from sim.scenario.study import Study
from tests.report.conftest import SMALL
from tests.report.page_reader import Page

BLOCKS: dict[str, dict[str, Any]] = {
    "pay.rules.rise": {"pay": {"rules": {"rise": {"rule": "flat", "params": {"yuan": 1.0}}}}},
    "membership.rules.gift": {
        "response": {"on": True},
        "membership": {"policy": "composed", "rules": {"gift": {"rule": "themed_day", "share": 0.5}}},
    },
    "market.deals.half": {"market": {"on": True, "deals": {"half": {"policy": "shared"}}}},
}


def told(path: str, more: float, sold: tuple[float, float] = (150.0, 90.0), supply: bool = True) -> Roi:
    """Three replications in which a campaign of 50 yuan brings orders and raises pay by a tenth of them in percent."""
    scenario = Scenario.model_validate(SMALL | BLOCKS[path] | {"supply": {"on": supply}})

    def row(name: str, r: int, by: float, orders: tuple[float, float]) -> Row:
        wobble = 1 + 0.01 * r * (name == WITH)
        books = dict.fromkeys(map(booked, LINES), 0.0) | {
            booked("fees"): 400 + by * wobble, booked("rider_extras"): -50.0 * (name == WITH)}  # fmt: skip
        merchants = {"merchant 0 0 delivered": orders[0] * wobble, "merchant 1 0 delivered": orders[1]}
        merchants["merchant 0 0 promoted"] = orders[0] * wobble * (name == WITH)
        kpis = dict.fromkeys(KPIS, float("nan")) | {
            "orders": 200 + by * wobble, "delivered_share": 1.0, "fleet_hours_per_week": 40 + 0.05 * by * wobble,
            "rider_cost_per_order": 5 + 0.01 * by, CONTRIBUTION: sum(books.values())}  # fmt: skip
        return Row(name, r, "key", kpis | books | merchants, ((1.0,), (1.0,), (1.0,), (1.0,)))

    rows = {
        WITHOUT: [row(WITHOUT, r, 0.0, (100.0, 100.0)) for r in range(3)],
        WITH: [row(WITH, r, more, sold) for r in range(3)],
    }
    study = Study(name="rise", scenario="small", variants={WITHOUT: {}, WITH: {}})
    found = effects(rows, WITHOUT, ["orders"])
    return roi_of(path.rpartition(".")[2], Comparison(study, {WITHOUT: scenario, WITH: scenario}, rows, found), path)


def answers(result: Roi) -> dict[str, Answer]:
    return {answer.title: answer for answer in campaign(result).answers}


def test_each_question_has_its_answer() -> None:
    found = answers(told("pay.rules.rise", 40))
    assert list(found) == ["Return", "Cost of an extra order", "Market elasticity"]
    assert found["Return"].value == "−0.192"
    assert found["Cost of an extra order"].value == "1.24"
    assert "+40.3 orders delivered (+38.9 to +41.8)" in found["Cost of an extra order"].note
    assert found["Market elasticity"].value == "0.640"
    assert "a rider’s own is set to 1.2" in found["Market elasticity"].note


def test_what_is_not_certain_is_not_told_and_the_reason_is() -> None:
    found = answers(told("pay.rules.rise", 0))
    for title in ("Cost of an extra order", "Market elasticity"):
        assert found[title].value == "–"
        assert found[title].note.startswith("not told")
    assert found["Return"].value == "−1"
    assert found["Cost of an extra order"].line == (
        "Cost of an extra order: –; not told, for orders delivered are not certainly more: 0 orders delivered (0 to 0)"
    )


def test_a_rule_for_some_of_the_users_says_so() -> None:
    result = told("membership.rules.gift", 40)
    assert answers(result)["Given to"].line == "Given to: 50% of users; as the scenario says"
    assert roi_document(result)["share"] == 0.5
    assert "Given to" not in answers(told("pay.rules.rise", 40)), "to all of them"


def test_riders_who_do_not_respond_have_no_elasticity() -> None:
    assert (
        answers(told("pay.rules.rise", 0, supply=False))["Market elasticity"].note
        == "riders do not respond in this run"
    )


def test_a_deal_tells_of_merchants() -> None:
    found = answers(told("market.deals.half", 40))
    assert found["Promoted merchants"].value == "+51.5%"
    assert found["Other merchants"].value == "−10%"
    assert found["Extra orders"].value == "0.274"
    assert found["Taken from others"].value == "0.194"
    assert "Market elasticity" not in found


def test_where_no_merchant_is_promoted_the_page_says_so() -> None:
    result = told("market.deals.half", 40)
    assert result.promotion is not None
    found = answers(replace(result, promotion=replace(result.promotion, share=0.0)))
    assert found["Promoted merchants"].note == "no week of a merchant has half more of its orders promoted"
    assert "Other merchants" not in found


def test_the_table_tells_money_orders_and_the_books_that_moved() -> None:
    lines = campaign(told("pay.rules.rise", 40)).lines
    assert [line.name for line in lines] == [
        "Contribution", "margin", "cost", "Orders placed", "Orders delivered", "Books: fees",
        "Books: rider extras"]  # fmt: skip
    assert [line.part for line in lines[:3]] == [False, True, True]
    assert lines[-1].mean == "−50"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    result = told("market.deals.half", 40)
    return Page(report_compare(result.comparison, tmp_path_factory.mktemp("out"), result))


def test_the_page_has_the_section(page: Page) -> None:
    assert "What “half” costs and brings in" in page.text
    assert "Cost of an extra order" in page.text
    assert "rider extras, discounts, promotions" in page.text


def test_a_study_without_a_campaign_has_none(tmp_path: Path) -> None:
    result = told("market.deals.half", 40)
    assert "costs and brings in" not in Page(report_compare(result.comparison, tmp_path)).text


def test_the_terminal_has_the_same_words(capsys: pytest.CaptureFixture[str]) -> None:
    result = told("pay.rules.rise", 40)
    show_roi(result)
    shown = " ".join(capsys.readouterr().out.split())
    assert all(" ".join(answer.line.split()) in shown for answer in campaign(result).answers)

"""Campaigns of a scenario: found by name, switched off and nothing else, and where their cost stands."""

from pathlib import Path

import pytest

from sim.experiment.campaigns import GUARANTEE, INCENTIVE, block_of, campaigns, given_to, paid_on, path_of, without
from sim.experiment.roi import roi_study
from sim.kpi.books import GIVEN, LINES
from sim.scenario.errors import ScenarioError
from sim.scenario.schema import Scenario
from sim.scenario.study import scenarios_of
from tests.experiment.test_roi import TOWN


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("town") / "town.yaml"
    path.write_text(TOWN)
    return str(path)


@pytest.mark.parametrize("rule", ["coupon", "membership.rules.coupon", "rain", "crew.praise", INCENTIVE])
def test_a_rule_is_switched_off_and_nothing_else(town: str, rule: str) -> None:
    off, on = scenarios_of(roi_study(town, rule), Path()).values()
    names = ("membership", "pay", "crew", "incentive")
    changed = [name for name in names if getattr(off, name) != getattr(on, name)]
    block = {"coupon": "membership", "rain": "pay"}.get(rule, rule.partition(".")[0])
    assert changed == [block]
    assert off.model_copy(update={block: getattr(on, block)}) == on


def test_a_rule_that_is_not_there_is_refused_with_those_that_are(town: str) -> None:
    with pytest.raises(ScenarioError, match="no rule is called 'cupon'"):
        roi_study(town, "cupon")
    with pytest.raises(ScenarioError, match="there are: none"):
        without(Scenario(), "x")


def test_a_name_of_several_needs_its_block() -> None:
    rules = {"crew": {"x": {"rule": "praise"}}, "pay": {"rules": {"x": {"rule": "weather"}}}}
    scenario = Scenario.model_validate(rules)
    with pytest.raises(ScenarioError, match=r"several rules are called 'x'; there are: crew\.x, pay\.rules\.x"):
        without(scenario, "x")
    assert without(scenario, "crew.x") == {"crew": {}}
    assert set(campaigns(scenario)) == {"crew.x", "pay.rules.x"}


def test_a_campaign_is_found_by_its_name_or_its_path() -> None:
    scenario = Scenario.model_validate({"crew": {"x": {"rule": "praise"}}, "incentive": {"policy": "peak"}})
    assert path_of(scenario, "x") == path_of(scenario, "crew.x") == "crew.x"
    assert path_of(scenario, INCENTIVE) == INCENTIVE
    assert [block_of(path) for path in campaigns(scenario)] == ["crew", INCENTIVE]


def test_the_guarantee_of_the_scenario_is_a_campaign_where_there_is_one() -> None:
    scenario = Scenario.model_validate({"pay": {"guarantee_yuan_per_hour": 20}})
    assert without(scenario, GUARANTEE) == {GUARANTEE: 0}
    assert "rider_extras" in paid_on(scenario, GUARANTEE)
    assert list(campaigns(scenario)) == [GUARANTEE]
    assert not campaigns(Scenario.model_validate({"pay": {"guarantee_yuan_per_hour": 0}}))


def test_a_rule_that_nobody_has_is_refused_by_its_key(town: str) -> None:
    nobody = "membership.rules.coupon.share=0"
    with pytest.raises(ScenarioError, match=r"^--roi: membership\.rules\.coupon\.share is 0, so nobody has the rule"):
        roi_study(town, "coupon", [nobody])
    assert roi_study(town, "rain", [nobody]).settings == {"membership.rules.coupon.share": 0}, "that of another rule"


def test_only_rules_of_the_programme_have_a_share() -> None:
    rules = {"coupon": {"rule": "themed_day", "share": 0.3}}
    scenario = Scenario.model_validate(
        {"response": {"on": True}, "membership": {"rules": rules}, "crew": {"x": {"rule": "praise"}}}
    )
    assert [given_to(scenario, rule) for rule in ("coupon", "membership.rules.coupon", "x")] == [0.3, 0.3, 1.0]


def test_rules_of_pay_are_paid_by_order_and_deals_about_commission_out_of_it() -> None:
    deals = {"half": {"policy": "shared"}, "less": {"policy": "flat", "params": {"share": 0.1}}}
    scenario = Scenario.model_validate({"market": {"on": True, "deals": deals}})
    assert set(paid_on(scenario, "pay.rules.rain")) == {*GIVEN, "rider_pay"} <= set(LINES)
    assert set(paid_on(scenario, "market.deals.less")) == {*GIVEN, "commission"} <= set(LINES)
    assert paid_on(scenario, "crew.x") == paid_on(scenario, "market.deals.half") == GIVEN


def test_stars_are_paid_by_the_order_where_a_rule_of_pay_says_so() -> None:
    crew = {"crew": {"ladder": {"rule": "stars"}}}
    assert "rider_pay" not in paid_on(Scenario.model_validate(crew), "crew.ladder")
    paid = crew | {"pay": {"rules": {"by_star": {"rule": "star"}}}}
    assert "rider_pay" in paid_on(Scenario.model_validate(paid), "crew.ladder")
    both = paid | {"crew": {"ladder": {"rule": "stars"}, "cheer": {"rule": "praise"}}}
    assert "rider_pay" not in paid_on(Scenario.model_validate(both), "crew.cheer"), "praise is no star"


def test_what_is_set_of_a_rule_holds_only_where_it_is(town: str) -> None:
    off, on = scenarios_of(roi_study(town, "rain", ["pay.rules.rain.params.yuan=7"]), Path()).values()
    assert on.pay.rules["rain"].params["yuan"] == 7
    assert "rain" not in off.pay.rules

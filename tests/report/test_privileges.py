"""The table of privileges, the fees of plans, and tests inside a run, on a page of a run."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.events import Kind, Purpose
from sim.experiment.promises import promises
from sim.experiment.run import RunResult
from sim.kpi.events import of
from sim.kpi.flows import programme_cost
from sim.report.ab import arm_tests
from sim.report.privileges import plans_sold, privilege_rows
from sim.report.programme import cost_total, never_acted, rule_rows
from sim.report.run import report_run
from sim.report.wording import number
from tests.report.page_reader import Page

RULES = {
    "tiers": {"rule": "tiers", "params": {"least": [1, 2, 4], "welcome_yuan": [1, 1, 2]}},
    "service": {"rule": "service", "params": {"least": 1, "every_days": 7}},
    "birthday order": {"rule": "birthday_order", "params": {"least": 0}},
    "plan": {"rule": "plan", "params": {"fee_yuan": 1, "days": 7, "saving_yuan": 5, "least_orders": 1}},
    "plan terms": {"rule": "holders"},
    "box": {"rule": "mystery_box", "share": 0.5},
}
PROGRAMME = {
    "population": {"users": 150},
    "response": {"on": True, "registered": 0.9},
    "membership": {"policy": "composed", "rules": RULES},
}


@pytest.fixture(scope="module")
def club(made: Callable[..., RunResult]) -> RunResult:
    result = made(calendar={"days": 16}, riders={"count": 8}, **PROGRAMME)
    return replace(result, tables=replace(result.tables, rules=tuple(RULES)))


def test_every_privilege_has_a_row_with_its_use(club: RunResult) -> None:
    rows = {row.name: row for row in privilege_rows(club)}
    assert {"Discounts of levels", "Discounts of level or plan", "VIP lane", "Tiers", "Service", "Plan"} <= set(rows)
    assert rows["VIP lane"].used.endswith("orders")
    assert rows["VIP lane"].cost == "–"
    off = sum(yuan(row.cost) for name, row in rows.items() if "iscounts" in name)
    assert off == pytest.approx(programme_cost(club.tables.flows)[Purpose.DISCOUNT] / 100)


@pytest.mark.parametrize(
    ("policy", "served"),
    [
        ("priority", "served first; "),
        ("postpone", "never held back; "),
        ("nearest", "in name only, for dispatch nearest heeds no priority; "),
        ("exec:mine", "as dispatch exec:mine heeds priority, which is not known here; "),
    ],
)
def test_the_lane_is_what_dispatch_makes_of_it(club: RunResult, policy: str, served: str) -> None:
    dispatch = club.scenario.dispatch.model_copy(update={"policy": policy})
    rows = privilege_rows(replace(club, scenario=club.scenario.model_copy(update={"dispatch": dispatch})))
    lane = next(row for row in rows if row.name == "VIP lane")
    assert lane.meaning.startswith(served)
    assert lane.meaning.endswith("; cost: told by a comparison with and without it")


def yuan(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-").replace("–", "0"))


def test_sales_of_plans_stand_with_the_rule_that_sells_them(club: RunResult) -> None:
    plans = of(club.tables.events, Kind.PLAN)
    assert len(plans) > 0
    assert plans_sold(club).to_dict() == {"sold": {"plan": len(plans)}, "fees": {"plan": 100 * len(plans)}}
    rows = {row.name: row for row in rule_rows(club)}
    assert rows["plan"].sold == number(len(plans))
    assert "fees of plans" not in rows
    spent = club.tables.by_rule.set_index("rule")["cost"]["plan"]
    assert rows["plan"].cost == number(spent / 100 - len(plans), 2)
    assert sum(yuan(row.cost) for row in rows.values()) == pytest.approx(yuan(cost_total(club.tables.by_rule)))


def test_plans_of_one_price_and_length_are_told_together(club: RunResult) -> None:
    twins = RULES | {"gold": {"rule": "plan", "params": {"fee_yuan": 1, "days": 7, "saving_yuan": 9}}}
    membership = club.scenario.membership.model_validate({"policy": "composed", "rules": twins})
    scenario = club.scenario.model_copy(update={"membership": membership})
    both = replace(club, scenario=scenario, tables=replace(club.tables, rules=tuple(twins)))
    plans = len(of(club.tables.events, Kind.PLAN))
    assert promises(scenario).plans == {(100, 7): ("plan", "gold")}
    assert plans_sold(both).to_dict() == {"sold": {"plan or gold": plans}, "fees": {"plan or gold": 100 * plans}}
    rows = {row.name: row for row in rule_rows(both)}
    assert [rows[name].sold for name in ("plan", "gold", "fees of plans")] == ["–", "–", number(plans)]
    assert yuan(rows["fees of plans"].cost) == -plans
    (row,) = (row for row in privilege_rows(both) if row.name.endswith("gold"))
    assert row.name == "Plan or gold"
    assert row.used == f"{plans} plans"
    assert never_acted(both) == "", "the log does not tell which of them was sold"


def test_a_plan_that_no_rule_sells_at_this_price_keeps_its_own_row(club: RunResult) -> None:
    other = RULES | {"plan": {"rule": "plan", "params": {"fee_yuan": 2, "days": 7}}}
    membership = club.scenario.membership.model_validate({"policy": "composed", "rules": other})
    changed = replace(club, scenario=club.scenario.model_copy(update={"membership": membership}))
    rows = {row.name: row for row in rule_rows(changed)}
    assert rows["plan"].sold == "–"
    assert yuan(rows["fees of plans"].cost) == -len(of(club.tables.events, Kind.PLAN))


def quiet_ones(club: RunResult, more: dict[str, Any], policy: str = "composed", *names: str) -> str:
    """What never acted, had the same log been of a programme with some other rules at its end."""
    membership = club.scenario.membership.model_validate({"policy": policy, "rules": RULES | more})
    scenario = club.scenario.model_copy(update={"membership": membership})
    return never_acted(replace(club, scenario=scenario, tables=replace(club.tables, rules=names or (*RULES, *more))))


def test_rules_that_never_acted_are_named_unless_they_only_set_terms(club: RunResult, tmp_path: Path) -> None:
    assert quiet_ones(club, {}) == "", "the plan is sold, and the log cannot tell of its terms"
    care = {"free_order": {"rule": "care_order"}, "burn": {"rule": "burn"}, "last": {"rule": "referral"}}
    assert quiet_ones(club, care) == "free order, last"
    assert quiet_ones(club, {"strange": {"rule": "mine.py:Rule"}}) == "", "it may be one that only sets terms"
    before = tuple(RULES)[:4]
    assert quiet_ones(club, {}, "classic", *before, "expiry", "box", "burn") == "expiry", "names are kinds"
    assert quiet_ones(club, {}, "mine.py:Programme", *before, "programme") == ""
    more = replace(club.tables, rules=(*RULES, "referral"))
    page = Page(report_run(replace(club, tables=more, folder=tmp_path)))
    assert "Never acted: referral." in page.text


def test_promises_are_read_from_the_scenario(club: RunResult, town: RunResult) -> None:
    told = promises(club.scenario)
    assert told.levels == ("silver", "gold", "black")
    assert told.lane == {3}
    assert not told.plan_lane
    assert told.plans == {(100, 7): ("plan",)}
    assert (told.tiers, told.holders, told.birthdays) == (("tiers",), ("plan terms",), ("birthday order",))
    nothing = promises(town.scenario)
    assert (nothing.levels, nothing.lane, nothing.plans) == ((), frozenset(), {})
    assert privilege_rows(town) == []


def test_other_numbers_of_levels_have_no_names(club: RunResult) -> None:
    two = {"rule": "tiers", "params": {"least": [1, 2], "discount": [0, 0], "fee_off_yuan": [0, 0], "priority": [0, 1],
                                       "welcome_yuan": [0, 0]}}  # fmt: skip
    membership = club.scenario.membership.model_validate({"policy": "composed", "rules": {"steps": two}})
    told = promises(club.scenario.model_copy(update={"membership": membership}))
    assert told.levels == ("level 1", "level 2")
    assert told.lane == {2}


def test_a_test_inside_the_run_stands_on_its_page(club: RunResult, town: RunResult, tmp_path: Path) -> None:
    (test,) = arm_tests(club)
    assert (test.rule, test.sound) == ("box", True)
    assert int(test.users) + int(test.others) == 150
    assert [row.metric for row in test.rows] == ["orders", "spend", "retained", "contribution"]
    assert all(" to " in row.interval for row in test.rows)
    text = Page(report_run(replace(club, folder=tmp_path))).text
    assert "A/B test: box" in text
    assert f"sample-ratio check p = {test.ratio_p}" in text
    assert "Use and cost of privileges" in text
    assert arm_tests(town) == []

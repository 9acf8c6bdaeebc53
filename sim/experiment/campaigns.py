"""Campaigns of a scenario: rules whose return can be asked for, how each is switched off, and where its cost stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.kpi.books import GIVEN
from sim.scenario.errors import ScenarioError
from sim.scenario.schema import Scenario
from sim.scenario.study import Settings
from sim.spelling import did_you_mean

INCENTIVE = "incentive"
"""Extra pay, which has no name of its own: ``incentive.policy``."""
GUARANTEE = "pay.guarantee_yuan_per_hour"
"""The scenario's own guarantee to riders, which is no rule."""
BLOCKS = ("membership.rules", "crew", "pay.rules", "market.deals")
OF_RIDERS = ("crew", "pay.rules", INCENTIVE, GUARANTEE)
"""Blocks whose campaigns are paid to riders."""
OF_COMMISSION = ("flat", "tiered", "growth")
"""Shipped deals by which the platform gives up commission."""


def path_of(scenario: Scenario, rule: str) -> str:
    """The dotted path of a campaign that is told by its name or its path.

    Raises
    ------
    ScenarioError
        When there is no such rule, or several blocks have one of that name.
    """
    found = [path for path in campaigns(scenario) if rule in (path, path.removeprefix(block_of(path) + "."))]
    if len(found) != 1:
        names = found or list(campaigns(scenario))
        hint = did_you_mean(rule, campaigns(scenario)) if not found else ""
        what = "several rules are called" if found else "no rule is called"
        raise ScenarioError(f"--roi: {what} {rule!r}{hint or '; there are: ' + (', '.join(names) or 'none')}")
    return found[0]


def without(scenario: Scenario, rule: str) -> Settings:
    """Settings under which a rule does nothing.

    Raises
    ------
    ScenarioError
        As :func:`path_of`, and when nobody has the rule anyway.
    """
    path = path_of(scenario, rule)
    if not given_to(scenario, path):
        raise ScenarioError(f"--roi: {path}.share is 0, so nobody has the rule: set it above 0")
    return campaigns(scenario)[path]


def given_to(scenario: Scenario, rule: str) -> float:
    """Share of the users to whom a campaign is given: 1 where it is no rule of the programme.

    Raises
    ------
    ScenarioError
        As :func:`path_of`.
    """
    path, block = path_of(scenario, rule), "membership.rules"
    return scenario.membership.rules[path.removeprefix(f"{block}.")].share if block_of(path) == block else 1.0


def campaigns(scenario: Scenario) -> dict[str, Settings]:
    """Rules whose return can be asked for, by dotted path, each with the settings that switch it off.

    A rule of the programme keeps its place and has nobody; others are taken out of their block.
    """
    found: dict[str, Settings] = {}
    if scenario.membership.policy == "composed":
        found = {
            f"membership.rules.{name}": {f"membership.rules.{name}.share": 0} for name in scenario.membership.rules
        }
    blocks: dict[str, Mapping[str, Any]] = {
        "crew": scenario.crew,
        "pay.rules": scenario.pay.rules,
        "market.deals": scenario.market.deals,
    }
    for block, rules in blocks.items():
        written = {name: spec.model_dump(mode="json", by_alias=True) for name, spec in rules.items()}
        found |= {f"{block}.{name}": {block: {n: s for n, s in written.items() if n != name}} for name in rules}
    if scenario.incentive.policy != "none":
        found[INCENTIVE] = {"incentive.policy": "none", "incentive.params": {}}
    if scenario.pay.guarantee_yuan_per_hour:
        found[GUARANTEE] = {GUARANTEE: 0}
    return found


def block_of(path: str) -> str:
    """The block that a campaign stands in; :data:`INCENTIVE` and :data:`GUARANTEE` are their own."""
    return next((block for block in BLOCKS if path.startswith(f"{block}.")), path)


def paid_on(scenario: Scenario, path: str) -> tuple[str, ...]:
    """Lines of the books on which a campaign of a scenario is paid.

    A rule of pay is paid on riders' pay by order too, and so are star levels where a rule of pay heeds them; a deal
    about commission is paid out of the commission.
    """
    block = block_of(path)
    if block == "market.deals" and scenario.market.deals[path.removeprefix(f"{block}.")].policy in OF_COMMISSION:
        return (*GIVEN, "commission")
    starred = path in [f"crew.{name}" for name, spec in scenario.crew.items() if spec.rule == "stars"]
    heeded = any(spec.rule == "star" for spec in scenario.pay.rules.values())
    return (*GIVEN, "rider_pay") if block == "pay.rules" or (starred and heeded) else GIVEN

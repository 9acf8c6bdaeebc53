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
"""The one campaign that has no name of its own: ``incentive.policy``."""
BLOCKS = ("membership.rules", "crew", "pay.rules", "market.deals")
OF_RIDERS = ("crew", "pay.rules", INCENTIVE)
"""Blocks whose campaigns are paid to riders."""


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
        As :func:`path_of`.
    """
    return campaigns(scenario)[path_of(scenario, rule)]


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
    return found


def block_of(path: str) -> str:
    """The block that a campaign stands in; :data:`INCENTIVE` is its own."""
    return next((block for block in BLOCKS if path.startswith(f"{block}.")), path)


def paid_on(path: str) -> tuple[str, ...]:
    """Lines of the books on which a campaign is paid: a rule of pay also on riders' pay by order."""
    return (*GIVEN, "rider_pay") if block_of(path) == "pay.rules" else GIVEN

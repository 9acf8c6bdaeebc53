"""What a programme's shipped rules promise, as the scenario writes it: what the log does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.policies.dispatch import DISPATCH
from sim.policies.membership.plans import Holders, Plan
from sim.policies.membership.privileges import BirthdayOrder, Hotline
from sim.policies.membership.registry import PROGRAMMES, RULES, compose
from sim.policies.membership.tiers import Tiers
from sim.policies.registry import load_policy
from sim.scenario.schema import Scenario
from sim.units import fen

LEVELS = ("silver", "gold", "black")
"""The articles' names of three levels (mission E1)."""
HEEDED = {
    "priority": "served first",
    "rolling_horizon": "their delay weighs more",
    "batch_match": "their delay weighs more",
    "postpone": "never held back",
}
"""What a shipped dispatch policy does for orders of a higher priority; those that are not here do not read it."""


@dataclass(frozen=True, slots=True)
class Promises:
    """What levels and plans promise.

    Parameters
    ----------
    levels
        Names of the levels, the first one above none.
    lane
        Levels whose orders have a higher priority.
    plan_lane
        Whether those of holders of a paid plan have.
    served
        What the scenario's dispatch does for such orders, in words.
    plans
        Rules that sell plans, by fee in fen and days; several where the log cannot tell their plans apart.
    tiers, holders, services, birthdays
        Names of the rules that give levels, terms to holders of plans, calls, and free orders on the birthday.
    """

    levels: tuple[str, ...]
    lane: frozenset[int]
    plan_lane: bool
    served: str
    plans: dict[tuple[int, int], tuple[str, ...]]
    tiers: tuple[str, ...]
    holders: tuple[str, ...]
    services: tuple[str, ...]
    birthdays: tuple[str, ...]


def promises(scenario: Scenario) -> Promises:
    """What the scenario's shipped rules promise; a stranger's rule is not asked."""
    rules = list(_shipped(scenario))
    tiers = [rule for _, rule in rules if isinstance(rule, Tiers)]
    return Promises(
        levels=max((_names(rule) for rule in tiers), key=len, default=()),
        lane=frozenset(at for rule in tiers for at, first in enumerate(rule.priority, start=1) if first),
        plan_lane=any(rule.priority > 0 for _, rule in rules if isinstance(rule, Holders)),
        served=_served(scenario.dispatch.policy),
        plans=_plans(rules),
        tiers=_called(rules, Tiers),
        holders=_called(rules, Holders),
        services=_called(rules, Hotline),
        birthdays=_called(rules, BirthdayOrder),
    )


def _shipped(scenario: Scenario) -> Iterator[tuple[str, object]]:
    spec = scenario.membership
    if spec.policy in PROGRAMMES:
        yield from ((name, rule) for name, rule, *_ in compose(spec.policy, spec.rules))
    elif spec.policy == "composed":
        yield from ((name, load_policy(RULES, s.rule, s.params)) for name, s in spec.rules.items() if s.rule in RULES)


def _names(rule: Tiers) -> tuple[str, ...]:
    return LEVELS if len(rule.least) == len(LEVELS) else tuple(f"level {at}" for at in range(1, len(rule.least) + 1))


def _served(policy: str) -> str:
    if policy in DISPATCH and policy not in (*HEEDED, "exec"):
        return f"in name only, for dispatch {policy} heeds no priority"
    return HEEDED.get(policy, f"as dispatch {policy} heeds priority, which is not known here")


def _plans(rules: list[tuple[str, object]]) -> dict[tuple[int, int], tuple[str, ...]]:
    plans: dict[tuple[int, int], tuple[str, ...]] = {}
    for name, rule in rules:
        if isinstance(rule, Plan):
            key = fen(rule.fee_yuan), rule.days
            plans[key] = (*plans.get(key, ()), name)
    return plans


def _called(rules: list[tuple[str, object]], kind: type) -> tuple[str, ...]:
    return tuple(name for name, rule in rules if isinstance(rule, kind))

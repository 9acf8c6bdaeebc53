"""Shipped rules of membership programmes, and programmes composed of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from sim.policies.membership.care import CareCall, CareOffer, CareOrder
from sim.policies.membership.channels import Channel
from sim.policies.membership.deeds import CheckIn, Review, Share
from sim.policies.membership.friction import Checkout
from sim.policies.membership.green import Green
from sim.policies.membership.groups import ThemedDay
from sim.policies.membership.leaders import Leaders
from sim.policies.membership.messages import Calls, Content, Restock
from sim.policies.membership.occasions import Birthday, Holiday
from sim.policies.membership.plans import Holders, Plan
from sim.policies.membership.play import Leaderboard, MysteryBox, Streak, Task
from sim.policies.membership.points import Burn, Earn, Expiry
from sim.policies.membership.preorders import Preorder
from sim.policies.membership.privileges import BirthdayOrder, Hotline
from sim.policies.membership.referral import Referral
from sim.policies.membership.rewards import Auction, Partner
from sim.policies.membership.rule import Rule
from sim.policies.membership.segments import OfferTo
from sim.policies.membership.tiers import Tiers
from sim.policies.membership.together import Bargain, GroupBuying, Sharing
from sim.policies.registry import load_policy

RULES: dict[str, Callable[..., Any]] = {
    "tiers": Tiers,
    "earn": Earn,
    "burn": Burn,
    "expiry": Expiry,
    "check_in": CheckIn,
    "review": Review,
    "share": Share,
    "green": Green,
    "partner": Partner,
    "auction": Auction,
    "streak": Streak,
    "task": Task,
    "mystery_box": MysteryBox,
    "leaderboard": Leaderboard,
    "plan": Plan,
    "holders": Holders,
    "service": Hotline,
    "birthday_order": BirthdayOrder,
    "birthday": Birthday,
    "holiday": Holiday,
    "offer_to": OfferTo,
    "care_offer": CareOffer,
    "care_call": CareCall,
    "care_order": CareOrder,
    "referral": Referral,
    "channel": Channel,
    "leaders": Leaders,
    "themed_day": ThemedDay,
    "preorder": Preorder,
    "group_buying": GroupBuying,
    "sharing": Sharing,
    "bargain": Bargain,
    "checkout": Checkout,
    "content": Content,
    "restock": Restock,
    "calls": Calls,
}
"""Shipped rules by name."""

FOREVER = 3660

PROGRAMMES: dict[str, Mapping[str, Mapping[str, Any]]] = {
    "none": {},
    "points": {"earn": {}, "burn": {}, "expiry": {}},
    "classic": {"tiers": {}, "earn": {}, "burn": {}, "expiry": {}},
}
"""Shipped programmes by name: parameters by rule."""


class Spec(Protocol):
    """A rule as a scenario writes it."""

    @property
    def rule(self) -> str:
        """Name of a shipped rule, or where a stranger's is."""

    @property
    def params(self) -> Mapping[str, Any]:
        """Parameters of the rule."""

    @property
    def share(self) -> float:
        """Part of the users to whom it applies."""

    @property
    def from_day(self) -> int:
        """First day on which it holds."""

    @property
    def until_day(self) -> int:
        """Last day on which it holds."""


Composed = tuple[str, Rule, float, int, int]
"""A rule of a programme: its name, the rule, the share of users, the first and the last day."""


def compose(policy: str, rules: Mapping[str, Spec]) -> Iterator[Composed]:
    """The rules of a programme: a shipped one, those of the scenario, or a stranger's single one.

    Raises
    ------
    PolicyNotFound
        When a rule or programme does not exist, or refuses its parameters; names the key.
    """
    if policy in PROGRAMMES:
        for name, params in PROGRAMMES[policy].items():
            yield name, load_policy(RULES, name, params), 1.0, 0, FOREVER
    elif policy == "composed":
        for name, spec in rules.items():
            rule = load_policy(RULES, spec.rule, spec.params, ("membership", "rules", name, "rule"))
            yield name, rule, spec.share, spec.from_day, spec.until_day
    else:
        rule = load_policy(dict.fromkeys(PROGRAMMES, _shipped), policy, where=("membership", "policy"))
        yield "programme", rule, 1.0, 0, FOREVER


def rule_names(policy: str, rules: Mapping[str, Spec]) -> tuple[str, ...]:
    """Names of a programme's rules, in the order in which they act; nothing is loaded."""
    if policy in PROGRAMMES:
        return tuple(PROGRAMMES[policy])
    return tuple(rules) if policy == "composed" else ("programme",)


def _shipped() -> None:
    """A shipped programme is not one rule; its name only serves to say what was meant."""

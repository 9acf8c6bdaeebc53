"""The programme: rules composed into what the platform gives its users."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sim.scenario.fields import Section, quantity


class RuleSpec(Section):
    """One rule of the programme."""

    rule: str
    """A shipped rule, `FILE.py:Name` or `package.module:Name`; `paotui policies` lists them."""
    params: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the rule."""
    share: float = quantity(1, "share of users", 0, 1, "none: what is tried out")
    """Random part of the users to whom it applies, by user: below 1 it is an A/B test."""
    from_day: int = quantity(0, "day", 0, 3660, "none: what is tried out")
    """First day on which it holds, from 0."""
    until_day: int = quantity(3660, "day", 0, 3660, "none: what is tried out")
    """Last day on which it holds."""


class Desk(Section):
    """How the platform answers complaints."""

    answer_min: float = quantity(240, "min", 0, 14400)
    """Mean time until a complaint is answered (exponential)."""
    compensation_yuan: float = quantity(0, "yuan", 0, 1000)
    """Paid to every user who complains."""
    cost_yuan: float = quantity(3, "yuan/complaint", 0, 1000)
    """What an answer costs the platform."""


class Membership(Section):
    """What the platform gives its users over weeks, and what it answers their complaints."""

    policy: str = "composed"
    """`composed` of the rules below, `none`, a shipped programme, or `FILE.py:Name`: one rule that is the programme."""
    rules: dict[str, RuleSpec] = Field(default_factory=dict)
    """Rules by a name of one's own, in the order in which they act."""
    desk: Desk = Desk()
    """The desk that answers complaints."""

"""The programme: rules composed into what the platform gives its users."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from sim.scenario.fields import Section, quantity

TAKEN = ("friend", "by itself", "discounts of levels and plans", "points at the checkout", "complaints",
         "fees of plans", "coupons of invited friends", "other")  # fmt: skip
"""What tables call ways to an account and costs that are no rule's."""


def _name(name: str) -> str:
    if not name.strip() or name in TAKEN:
        raise ValueError(f"a rule cannot be named {name!r}: " + ("tables use that name" if name.strip() else "no name"))
    return name


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

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.from_day > self.until_day:
            raise ValueError(f"from_day: expected at most until_day, {self.until_day}, got {self.from_day}")
        return self


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
    rules: dict[Annotated[str, AfterValidator(_name)], RuleSpec] = Field(default_factory=dict)
    """Rules by a name of one's own, in the order in which they act."""
    desk: Desk = Desk()
    """The desk that answers complaints."""

    def misplaced(self, kinds: int, fresh: bool) -> Iterator[str]:
        """What shipped rules ask of the rest of the scenario, and do not find; by key.

        Parameters
        ----------
        kinds
            How many kinds of order there are.
        fresh
            Whether merchants have goods that spoil.
        """
        for name, spec in self.rules.items():
            green = spec.params.get("kinds") if spec.rule == "green" else None
            for kind in green if isinstance(green, list | tuple) else ():
                if isinstance(kind, int) and not 0 <= kind < kinds:
                    yield f"membership.rules.{name}.params.kinds: there is no kind {kind}, only {kinds} of them, from 0"
            if spec.rule == "preorder" and not fresh:
                yield f"membership.rules.{name}: nobody prepares for pre-orders; write classes of `market.fresh`"

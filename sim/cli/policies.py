"""``paotui policies`` and ``paotui check-policy``."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.text import Text

from sim.cli.show import console, table
from sim.experiment.contract import check_policy
from sim.experiment.contract_rule import check_rule
from sim.policies.admission import ADMISSION
from sim.policies.crew.incentive import INCENTIVES
from sim.policies.crew.pay import PAY
from sim.policies.crew.registry import CREW
from sim.policies.dispatch import DISPATCH
from sim.policies.membership.registry import PROGRAMMES, RULES
from sim.policies.merchants.registry import MERCHANT_POLICIES
from sim.policies.merchants.suppliers import SUPPLIERS
from sim.policies.promise import PROMISE
from sim.policies.reposition import REPOSITION
from sim.policies.screening import SCREENING

KINDS: dict[str, Mapping[str, Callable[..., Any]]] = {
    "dispatch": DISPATCH,
    "reposition": REPOSITION,
    "admission": ADMISSION,
    "screening": SCREENING,
    "promise": PROMISE,
    "membership rule": RULES,
    "pay rule": PAY,
    "incentive": INCENTIVES,
    "crew rule": CREW,
    "merchant deal": MERCHANT_POLICIES,
    "supplier": SUPPLIERS,
}
"""Shipped policies by kind."""


class Kind(StrEnum):
    """Kinds of policies that have a contract."""

    DISPATCH = "dispatch"
    RULE = "rule"
    PAY = "pay"
    CREW = "crew"
    INCENTIVE = "incentive"
    DEAL = "deal"


def policies() -> None:
    """List the shipped policies with their parameters."""
    for kind, shipped in KINDS.items():
        rows = [(name, _first_line(made), _parameters(made)) for name, made in shipped.items()]
        table(
            f"{kind} policies" if "rule" not in kind else f"{kind}s",
            ("name", "what it does", "parameters"),
            rows,
            left=3,
        )
    programmes = [(name, ", ".join(rules) or "nothing") for name, rules in PROGRAMMES.items()]
    table("membership programmes (--membership NAME)", ("name", "rules"), programmes, left=2)
    console.print("\nyour own: --dispatch FILE.py:Name (paotui new policy NAME writes one to start from),")
    console.print("or exec:COMMAND in any language; the others by their key: reposition.policy, intake.policy,")
    console.print("checkout.screening.policy, promise.policy")


def check(
    policy: Annotated[str, typer.Argument(metavar="FILE.py:NAME", help="A policy of yours, or a shipped one.")],
    kind: Annotated[Kind, typer.Option(help="What it decides.")] = Kind.DISPATCH,
) -> None:
    """Try a policy against the contract; exit code 1 when a clause is broken."""
    checks = check_policy(policy) if kind is Kind.DISPATCH else check_rule(policy, kind=kind.value)
    for item in checks:
        mark = Text("kept   ", "green") if item.fault is None else Text("broken ", "red")
        console.print(mark.append(item.clause + (f"\n       {item.fault}" if item.fault else ""), "default"))
    if any(item.fault for item in checks):
        raise typer.Exit(1)


def _first_line(made: Any) -> str:
    return re.sub(r":\w+:`([^`]*)`", r"\1", (inspect.getdoc(made) or "").partition("\n")[0])


def _parameters(made: Any) -> str:
    return ", ".join(_told(f) for f in fields(made) if f.init) if is_dataclass(made) else "–"


def _told(parameter: Field[Any]) -> str:
    """A parameter and its default, if it has a plain one."""
    return parameter.name if parameter.default is MISSING else f"{parameter.name}={parameter.default}"

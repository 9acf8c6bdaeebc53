"""``paotui new policy`` and ``paotui new scenario``."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.policies import Kind
from sim.cli.show import console

app = typer.Typer(help="Start a policy or a scenario of your own.", no_args_is_help=True)

POLICY = '''"""A dispatch policy. Try it: paotui run campus_lunch --dispatch {file}:{name}"""

import numpy as np

from sim import Assignment, errand, idle, pair_costs


def {name}(wave, rng):
    """Give each open order, the oldest first, to the idle rider who costs least."""
    riders, answer = idle(wave), []
    for order in wave.orders:  # placed, and in nobody's route
        if not len(riders):
            break
        costs = pair_costs(wave, [order], riders)[0]  # seconds; inf where the rules forbid it
        best = int(costs.argmin())
        if costs[best] < np.inf:
            answer.append(Assignment(int(wave.riders.id[riders[best]]), errand(order)))  # pickup, drop-off
            riders = np.delete(riders, best)
    return answer  # riders that are left out keep the route they have
'''
RULE = '''"""A rule of a membership programme; try it: paotui run membership_quarter --membership {file}:{name}"""

import numpy as np

from sim import Grants, Offer


def {name}(night, rng):
    """Give 3 yuan off to every user who has not ordered for a week; asked every midnight."""
    members = night.members  # columns over everybody who lives in the city
    silent = members.registered & (night.day - members.last_order == 7)
    return Grants(offer=Offer(value=np.where(silent, 300, 0), floor=1500, days=7))  # fen
'''
SCENARIO = """# A scenario of your own: whatever it does not say, it takes from its parent.
# `paotui schema` tells every key with its unit and range.
extends: campus_lunch
name: "{name}"
description: Lunch on the campus with a larger fleet.
riders:
  count: 400  # riders; assumption
"""
USED = {"Grants", "Offer", "np", "sim", "numpy", "Assignment", "errand", "idle", "pair_costs", "null", "true", "false"}
Name = Annotated[str, typer.Argument(help="Its name: letters, digits and underscores.")]


@app.command()
def policy(name: Name, kind: Annotated[Kind, typer.Option(help="What it decides.")] = Kind.DISPATCH) -> None:
    """Write a commented policy that runs: one that dispatches, or a rule of a membership programme."""
    file, rule = f"{_checked(name).lower()}.py", kind is Kind.RULE
    _write(Path(file), (RULE if rule else POLICY).format(name=name, file=file))
    how = "membership_quarter --days 14 --membership" if rule else "campus_lunch --dispatch"
    checked = " --kind rule" if rule else ""
    console.print(f"try it:  paotui check-policy {file}:{name}{checked}\n         paotui run {how} {file}:{name}")


@app.command()
def scenario(name: Name) -> None:
    """Write a commented scenario that runs."""
    file = f"{_checked(name)}.yaml"
    _write(Path(file), SCENARIO.format(name=name))
    console.print(f"try it:  paotui run {file}")


def _checked(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
        raise ValueError(f"{name!r} is not a name: letters, digits and underscores, no digit first")
    if keyword.iskeyword(name) or name in USED:
        raise ValueError(f"{name!r} has a meaning in Python or in the file already; choose another name")
    return name


def _write(path: Path, text: str) -> None:
    if path.exists():
        raise ValueError(f"{path}: exists already; choose another name")
    path.write_text(text, encoding="utf-8")
    console.print(f"wrote {path}")

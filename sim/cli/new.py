"""``paotui new policy`` and ``paotui new scenario``."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from typing import Annotated

import typer

import sim
from sim.cli.drafts import DRAFTS, SCENARIO
from sim.cli.policies import Kind
from sim.cli.show import console

app = typer.Typer(help="Start a policy or a scenario of your own.", no_args_is_help=True)

USED = {"np", "sim", "numpy", "null", "true", "false", *sim.__all__}
Name = Annotated[str, typer.Argument(help="Its name: letters, digits and underscores.")]


@app.command()
def policy(name: Name, kind: Annotated[Kind, typer.Option(help="What it decides.")] = Kind.DISPATCH) -> None:
    """Write a commented policy that runs: one that dispatches, or a rule of the programme, for riders or merchants."""
    file, draft = f"{_checked(name).lower()}.py", DRAFTS[kind.value]
    how = draft.how.format(name=name, file=file)
    _write(Path(file), draft.text.format(name=name, file=file, how=how))
    checked = "" if kind is Kind.DISPATCH else f" --kind {kind.value}"
    console.print(f"try it:  paotui check-policy {file}:{name}{checked}\n         paotui run {how}", soft_wrap=True)


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

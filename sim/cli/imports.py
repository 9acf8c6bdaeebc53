"""``paotui import``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.show import console
from sim.experiment.mdrp.scenario import import_mdrp

app = typer.Typer(help="Turn other people's data into scenarios.", no_args_is_help=True)


@app.callback()
def imports() -> None:
    """Turn other people's data into scenarios."""


@app.command()
def mdrp(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="An instance folder.")],
    out: Annotated[Path, typer.Option(help="File to write, or a folder for it.")] = Path(),
    dispatch: Annotated[str, typer.Option(help="Dispatch policy of the scenario.")] = "matching",
) -> None:
    """Write a Meal Delivery Routing Problem instance as a scenario for ``paotui run``."""
    written = import_mdrp(folder, out, dispatch)
    console.print(f"wrote {written}\ntry it:  paotui run {written}", soft_wrap=True, highlight=False)

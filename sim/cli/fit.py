"""``paotui fit``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.city.weather_trace import read_trace
from sim.cli.show import console
from sim.scenario.weather import Thresholds
from sim.twin.users import as_yaml as users_yaml
from sim.twin.users import fit_users, read_order_dates, summary
from sim.twin.weather import fit_weather
from sim.twin.weather_text import as_yaml

app = typer.Typer(help="Turn real data into values of a scenario.", no_args_is_help=True)


@app.callback()
def fit() -> None:
    """Turn real data into values of a scenario."""


@app.command()
def weather(
    file: Annotated[Path, typer.Argument(metavar="CSV", help="Hourly record: time, temp_c, precip_mm.")],
    out: Annotated[Path | None, typer.Option(help="File to write; printed without it.")] = None,
    station: Annotated[str, typer.Option(help="Station of the record; the most complete one by default.")] = "",
    rain_mm: Annotated[float, typer.Option(help="Rain from here on, mm/h.")] = 0.1,
    heavy_mm: Annotated[float, typer.Option(help="Heavy rain from here on, mm/h.")] = 4.0,
    heat_c: Annotated[float, typer.Option(help="Heat from here on, deg C.")] = 30.0,
    cold_c: Annotated[float, typer.Option(help="Cold up to here, deg C.")] = 0.0,
) -> None:
    """Count a weather chain, as YAML that a scenario extends or contains."""
    limits = Thresholds.given(rain_mm=rain_mm, heavy_mm=heavy_mm, heat_c=heat_c, cold_c=cold_c)
    _give(as_yaml(fit_weather(read_trace(file, station), limits)), out)


@app.command()
def users(
    file: Annotated[Path, typer.Argument(metavar="CSV", help="One row an order: who, and when.")],
    out: Annotated[Path | None, typer.Option(help="File to write; printed without it.")] = None,
    user: Annotated[str, typer.Option(help="Column of the user.")] = "user",
    time: Annotated[str, typer.Option(help="Column of the time or date of the order.")] = "placed_at",
    until: Annotated[str | None, typer.Option(help="Last day that counts; the last of the record by default.")] = None,
) -> None:
    """Fit how often users order and when they stop (BG/NBD), as YAML that a scenario extends or contains."""
    table = summary(read_order_dates(file, user, time), until)
    _give(users_yaml(fit_users(table, file.name)), out)


def _give(text: str, out: Path | None) -> None:
    """Print a piece of YAML, or write it to a new file."""
    if out is None:
        typer.echo(text, nl=False)
        return
    if out.exists():
        raise ValueError(f"{out}: exists already; choose another name")
    out.write_text(text, encoding="utf-8")
    console.print(f"wrote {out}\ntry it:  a scenario that says `extends: {out.name}`", soft_wrap=True, highlight=False)

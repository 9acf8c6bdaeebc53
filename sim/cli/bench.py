"""``paotui bench mdrp``, ``paotui bench speed`` and ``paotui bench waves``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from sim.cli.mdrp import draw_pareto, show_diversion, show_instances, show_verdicts
from sim.cli.show import console, progress, table
from sim.experiment.folder import expect_file, write_text
from sim.experiment.mdrp.bench import bench_mdrp, find_instances, orders_per_cpu_s, write_table
from sim.experiment.mdrp.sweep import grid_of
from sim.experiment.speed import bench_speed
from sim.experiment.wave_speed import SIZES, TIMED, bench_waves

app = typer.Typer(help="Measure against published results and a speed floor.", no_args_is_help=True)

DATA = Path("../shared/data/grubhub")


@app.command()
def mdrp(
    dirs: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Instances, or folders that hold some.")],
    dispatch: Annotated[str, typer.Option(help="Dispatch policy: a name or FILE.py:Name.")] = "matching",
    export: Annotated[Path | None, typer.Option(help="Write solution files for the official evaluator.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for mdrp.csv.")] = None,
    diversion: Annotated[
        bool, typer.Option("--diversion", help="Also with diversion and prepositioning, reported apart.")
    ] = False,
    pareto: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Vary parameters; for pareto.png, .svg, .csv; resumes.")
    ] = None,
    vary: Annotated[
        list[str] | None, typer.Option(metavar="NAME=V,V,...", help="What --pareto varies; repeatable.")
    ] = None,
) -> None:
    """Run Meal Delivery Routing Problem instances, beside the published results."""
    folders, grid = find_instances(dirs), grid_of(dispatch, vary or ()) if pareto else {}
    if vary and not pareto:
        raise ValueError("--vary says what --pareto FOLDER varies: give both")
    if out:
        expect_file(out / "mdrp.csv")
    frame = _benched(folders, dispatch, export)
    show_instances(frame)
    console.print(f"\n{int(frame['orders'].sum()):,} orders at {orders_per_cpu_s(frame):,.0f} orders per CPU second")
    if out:
        out.mkdir(parents=True, exist_ok=True)
        write_table(frame, out / "mdrp.csv")
        console.print(f"table: {out / 'mdrp.csv'}", soft_wrap=True)
    if diversion:
        show_diversion(frame, _benched(folders, dispatch, diversion=True))
    if pareto:
        draw_pareto(folders, dispatch, grid, pareto)
    if export and not show_verdicts(frame, export):
        raise typer.Exit(1)


@app.command()
def speed(
    orders: Annotated[int, typer.Option(min=100, help="Orders of the generated day.")] = 10_000,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; the least CPU counts.")] = 10,
    instances: Annotated[Path | None, typer.Option(help="Folder of benchmark instances.")] = None,
    out: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the figures as JSON.")] = None,
) -> None:
    """CPU per order beside a bare SimPy model of the same orders."""
    where = instances or (DATA if DATA.is_dir() else None)
    if out:
        expect_file(out)
    with progress("measuring") as tell:
        result = bench_speed(orders, rounds, find_instances([where]) if where else None, tell)
    rows = [(name, us, us / result["us_per_order"]["floor"]) for name, us in result["us_per_order"].items()]
    table(f"{result['orders']:,} Intents, log to Parquet", ("model", "CPU us/order", "over the floor"), rows)
    for name, value in result.get("mdrp_orders_per_cpu_s", {}).items():
        console.print(f"benchmark instances, {name}: {value:,.0f} orders per CPU second, KPIs included")
    if out:
        write_text(out, json.dumps(result, indent=2) + "\n")


def _benched(
    folders: Sequence[Path], dispatch: str, export: Path | None = None, diversion: bool = False
) -> pd.DataFrame:
    with progress(f"{len(folders)} instances, {dispatch}{', with diversion' if diversion else ''}") as tell:
        return bench_mdrp(
            folders, dispatch, export=export, progress=lambda done, of, _: tell(done / of), diversion=diversion
        )


@app.command()
def waves(
    dispatch: Annotated[str, typer.Option(help="Policies, with commas between; all shipped ones if silent.")] = "",
    count: Annotated[int, typer.Option(min=0, help="Waves of each size; 0 for 200 small and 30 large ones.")] = 0,
    out: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the figures as JSON.")] = None,
) -> None:
    """Decision time of dispatch policies at 100 open orders and 500 riders, and at 600 and 2,600."""
    sizes = [size._replace(waves=count or size.waves) for size in SIZES]
    if out:
        expect_file(out)
    with progress("deciding") as tell:
        rows = [asdict(row) for row in bench_waves(dispatch.split(",") if dispatch else TIMED, sizes, tell)]
    table("ms of CPU for a wave", list(rows[0]), [tuple(row.values()) for row in rows])
    if out:
        write_text(out, json.dumps(rows, indent=2) + "\n")

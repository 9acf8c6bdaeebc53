"""``paotui forecast``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.run import Overrides
from sim.cli.show import console, progress, table
from sim.experiment.folder import expect_file, write_text
from sim.experiment.stats import Estimate
from sim.forecast.registry import FORECASTERS, find_forecasters
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.twin.backtest_forecast import Backtest, Grain, backtest_forecasts, error_table, verdict
from sim.twin.counts import scenario_counts
from sim.twin.orders_csv import OrderColumns, read_orders

INTERVAL = "95% interval"
COLUMNS = ("forecaster", "WAPE", INTERVAL, "next step", "2 hours", "quantile loss", INTERVAL, "in 80%", "in 95%")


def forecast(
    source: Annotated[str, typer.Argument(metavar="SCENARIO|CSV", help="A scenario, or a CSV of orders.")],
    forecasters: Annotated[str, typer.Option(metavar="A,B,...", help="Which to test.")] = ",".join(FORECASTERS),
    learn: Annotated[int, typer.Option(min=8, help="Days to learn from before the tests, of a scenario.")] = 28,
    test: Annotated[int, typer.Option(min=2, help="Days to test on; of a CSV at most a third.")] = 14,
    overrides: Overrides = None,
    time: Annotated[str, typer.Option(metavar="COLUMN", help="CSV: when an order was placed.")] = "TIMESTAMP",
    lat: Annotated[str, typer.Option(metavar="COLUMN", help="CSV: where it goes.")] = "USER_LAT",
    lon: Annotated[str, typer.Option(metavar="COLUMN", help="CSV: where it goes.")] = "USER_LONG",
    zone: Annotated[str, typer.Option(metavar="COLUMN", help="CSV: its zone, instead of lat and lon.")] = "",
    timezone: Annotated[str, typer.Option(help="CSV: the city's time zone; times without offset are UTC.")] = "UTC",
    zone_m: Annotated[float, typer.Option(min=100, help="CSV: side of a zone in metres.")] = 1000.0,
    out: Annotated[Path | None, typer.Option(help="Folder of the page; default reports/forecast-NAME.")] = None,
) -> None:
    """Test demand forecasts two hours ahead by rolling origin, beside the noise that none can forecast."""
    from sim.report.forecast import report_forecast

    made = find_forecasters(forecasters.split(","))
    if source.endswith(".csv"):
        counts = read_orders(Path(source), OrderColumns(time, lat, lon, zone, "UTC", timezone, zone_m))
        test = min(test, counts.days // 3)
    else:
        counts = scenario_counts(load(source, Scenario, overrides or []), learn + test)
    folder = out or Path("reports") / f"forecast-{counts.name.replace(' ', '_')}"
    expect_file(folder / "forecast.csv")
    with progress(f"testing forecasts of {counts.name}") as tell:
        result = backtest_forecasts(counts, made, test, progress=tell)
    _show(result)
    write_text(folder / "forecast.csv", error_table(result).to_csv(index=False, float_format="%.6g"))
    page = report_forecast(result, folder)
    console.print(f"table: {folder / 'forecast.csv'}\npage: {page}", soft_wrap=True, highlight=False)


def _show(result: Backtest) -> None:
    for grain in result.grains:
        kind = "floor" if result.exact else "floor, estimated"
        rows = [*(_row(name, grain) for name in grain.trials), _floor(grain, kind)]
        table(f"{grain.name}: {len(grain.floor.actual)} tested days", COLUMNS, rows)
        console.print()
    for line in verdict(result):
        console.print(line, highlight=False, soft_wrap=True)


def _row(name: str, grain: Grain) -> tuple[str, ...]:
    trial = grain.trials[name]
    wape, loss, last = trial.wape(), trial.share(trial.loss), trial.actual.shape[1] - 1
    leads = (trial.wape(slice(lead, lead + 1)).mean for lead in (0, last))
    within = (float(each.mean()) for each in (trial.within_80, trial.within_95))
    shares = (wape.mean, _interval(wape), *leads, loss.mean, _interval(loss), *within)
    return name, *(each if isinstance(each, str) else f"{each:.1%}" for each in shares)


def _floor(grain: Grain, kind: str) -> tuple[str, ...]:
    floor = grain.floor
    noise, loss = (f"{floor.floor(each):.1%}" for each in (floor.noise, floor.noise_loss))
    return kind, noise, "", "", "", loss, "", "", ""


def _interval(of: Estimate) -> str:
    return f"{of.low:.1%} to {of.high:.1%}"

"""The commands and their order in ``paotui --help``."""

from __future__ import annotations

import typer

from sim.cli import bench, claims, compare, fit, forecast, gate, imports, new, policies, report, run, schema, train

app = typer.Typer(
    name="paotui",
    help="The digital twin of an on-demand delivery city.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(run.run)
app.command()(compare.compare)
app.command()(gate.gate)
app.command()(claims.claims)
app.command()(report.report)
app.command()(policies.policies)
app.command("check-policy")(policies.check)
app.add_typer(new.app, name="new")
app.command()(schema.schema)
app.add_typer(imports.app, name="import")
app.add_typer(fit.app, name="fit")
app.command()(forecast.forecast)
app.command()(train.train)
app.add_typer(bench.app, name="bench")

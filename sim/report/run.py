"""The report of one run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sim.experiment.run import RunResult
from sim.kpi.cohorts import BACK_DAYS
from sim.report.ab import arm_tests
from sim.report.assumptions import blocks, changed
from sim.report.diagnosis import late_table
from sim.report.figures import plots
from sim.report.kinds import kind_rows
from sim.report.kpi_rows import kpi_rows
from sim.report.merchants import week_rows
from sim.report.page import write_page
from sim.report.pictures import draw_all
from sim.report.privileges import privilege_rows
from sim.report.programme import account, cost_total, never_acted, rule_rows
from sim.report.retention import range_table
from sim.report.returns import return_rows
from sim.report.riders import star_rows, tenure_rows
from sim.report.story import broken_off, cards, sentence
from sim.report.surroundings import surroundings
from sim.report.users import turns, users
from sim.report.zones import FEWEST_PEOPLE, zone_rows


def report_run(result: RunResult) -> Path:
    """Write ``report.html`` and, as PNG and SVG, ``figures/`` into the run directory.

    The same run gives the same bytes.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    ValueError
        When the run was kept in memory and has no directory.
    """
    if result.folder is None:
        raise ValueError("the run has no directory; give run() an `out`")
    pictures = draw_all(plots(result), result.folder / "figures")
    rows, assumptions = kpi_rows(result), blocks(result.scenario)
    values = {
        "name": result.scenario.name,
        "description": result.scenario.description.strip(),
        "sentence": sentence(result),
        "broken_off": broken_off(result),
        "cards": cards(result, rows),
        "kpis": [row for row in rows if not row.reason],
        "missing": sum(bool(row.reason) for row in rows),
        "surroundings": surroundings(result),
        "kinds": kind_rows(result),
        "pictures": {picture.name: picture for picture in pictures},
        "zones": zone_rows(result),
        "fewest_people": FEWEST_PEOPLE,
        "credit": result.city.map.credit,
        "users": users(result),
        "returns": return_rows(result) if result.tables.days else [],
        "back_days": BACK_DAYS,
        "privileges": privilege_rows(result) if result.tables.days else [],
        "tests": arm_tests(result),
        "tenure": tenure_rows(result),
        "stars": star_rows(result),
        "merchant_weeks": week_rows(result),
        "account": account(result) if result.tables.days else [],
        "rules": rule_rows(result) if result.tables.days else [],
        "never_acted": never_acted(result) if result.tables.days else "",
        "rules_cost": cost_total(result.tables.by_rule) if result.tables.days else "",
        "turns": turns(result.tables.days),
        "range": range_table(result.folder, {"": result.scenario}),
        "late": late_table(result),
        "days": result.scenario.calendar.days,
        "blocks": assumptions,
        "changed": changed(assumptions),
        "policy": result.scenario.dispatch.policy,
        "seed": result.scenario.seed,
        "manifest": list(_flat(result.manifest)),
    }
    return write_page(result.folder / "report.html", "run.html", values)


def _flat(values: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Names and values of nested details."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}".replace("_", " "), "–" if value is None else str(value)

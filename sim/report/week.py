"""The weekly report: what changed, why, and which levers would have made the week better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sim.experiment.levers import AS_IT_WAS, LeverTest
from sim.experiment.run import RunResult
from sim.kpi.cut import week_of
from sim.kpi.span import WEEK_DAYS
from sim.report.diagnosis import late_table
from sim.report.page import write_page
from sim.report.pictures import FULL, Plot, draw_all
from sim.report.plots.week import gains, moves, plot_gains, plot_moves
from sim.report.week_changes import UNUSUAL, Change, changes, lines_changed
from sim.report.week_sides import sides
from sim.report.week_words import change_rows, heads, lever_rows, opening, verdict_of
from sim.report.wording import day, number

NAMED = (2.2, 0.3, 0.42, 0.62)
"""Margins in inches: names beside the rows."""


def whole_week(result: RunResult, number_from_1: int) -> int:
    """The week, from 0.

    Raises
    ------
    ValueError
        When the run has no such whole week.
    """
    weeks = result.scenario.calendar.days // WEEK_DAYS
    if not 1 <= number_from_1 <= weeks:
        there = "the run has no whole week" if not weeks else f"the run has whole weeks 1 to {weeks}"
        raise ValueError(f"--week {number_from_1}: {there}")
    return number_from_1 - 1


def report_week(result: RunResult, week: int, test: LeverTest) -> Path:
    """Write ``week.html`` into the run directory and its figures, as ``week_*.png`` and SVG, into ``figures/``.

    Parameters
    ----------
    result
        A run with a directory.
    week
        From 0.
    test
        What the levers did to that week.

    Raises
    ------
    ValueError
        When the run was kept in memory and has no directory.
    """
    if result.folder is None:
        raise ValueError("the run has no directory; give run() an `out`")
    found = changes(result, week) if week else []
    names = " ".join(trial.name for trial in test.trials)
    pictures = draw_all(_plots(found, test), result.folder / "figures", names)
    begin = result.scenario.calendar.start + timedelta(days=WEEK_DAYS * week)
    values = {
        "name": result.scenario.name,
        "week": week + 1,
        "dates": f"{day(begin)} to {day(begin + timedelta(days=WEEK_DAYS - 1))}",
        "opening": opening(found),
        "verdict": verdict_of(test),
        "sides": list(sides(result.tables, week)),
        "changes": change_rows(found),
        "unusual": f"{UNUSUAL:g}",
        "money": _money(result, week),
        "late": late_table(replace(result, tables=week_of(result.tables, week))),
        "pictures": {picture.name: picture for picture in pictures},
        "heads": heads(test),
        "levers": lever_rows(test),
        "left_out": test.left_out,
        "replications": test.replications,
        "as_it_was": AS_IT_WAS,
        "policy": result.scenario.dispatch.policy,
        "seed": result.scenario.seed,
    }
    return write_page(result.folder / "week.html", "week.html", values)


def _plots(found: Sequence[Change], test: LeverTest) -> Iterator[Plot]:
    told, tried = moves(found), gains(test)
    if told.rows:
        yield Plot("week_changes", told.alt, lambda ax: plot_moves(told, ax), FULL, told.height, told.height, NAMED)
    yield Plot("week_levers", tried.alt, lambda ax: plot_gains(tried, ax), FULL, tried.height, tried.height, NAMED)


def _money(result: RunResult, week: int) -> list[tuple[str, str, str, str]]:
    """Lines of the books in yuan to the fen, the last one what is left."""
    lines = lines_changed(result.tables, week)
    rows = [
        (str(line).replace("_", " "), number(now, 2), number(before, 2), number(change, 2))
        for line, now, before, change in lines.itertuples(index=False)
    ]
    now, before, change = (number(float(lines[name].sum(min_count=1)), 2) for name in ("now", "before", "change"))
    return [*rows, ("contribution", now, before, change)]

"""The figures of users and their programme over weeks."""

from __future__ import annotations

from collections.abc import Iterator

from sim.experiment.run import RunResult
from sim.report.pictures import ACROSS, FULL, Plot
from sim.report.plots.activity import activity, plot_activity, plot_change
from sim.report.plots.cohorts import cohorts, plot_cohorts, plot_retention
from sim.report.plots.points import plot_points, points
from sim.report.plots.standing import of_levels, of_segments, plot_standings
from sim.report.users import level_mix, segment_mix

NAMED_COHORTS = (1.05, 0.12, 0.5, 0.4)
"""Margins of the heat map in inches: dates and sizes beside it."""


def over_weeks(result: RunResult) -> Iterator[Plot]:
    """Figures of a run in which people respond; none where they do not."""
    tables, first = result.tables, result.scenario.calendar.start
    if not tables.days or not len(tables.members):
        return
    users, kept = activity(tables.weeks, first), cohorts(tables.cohorts, first)
    yield Plot("activity", users.alt, lambda ax: plot_activity(users, ax))
    yield Plot("change", users.change_alt, lambda ax: plot_change(users, ax))
    tall = kept.height
    yield Plot("cohorts", kept.alt, lambda ax: plot_cohorts(kept, ax), FULL, tall, tall, NAMED_COHORTS)
    yield Plot("retention", kept.curve_alt, lambda ax: plot_retention(kept, ax))
    groups = of_segments(segment_mix(result), first)
    yield Plot("segments", groups.alt, lambda ax: plot_standings(groups, ax))
    if (tables.members["tier"] > 0).any():
        tiers = of_levels(level_mix(result), first)
        yield Plot("tiers", tiers.alt, lambda ax: plot_standings(tiers, ax))
    if tables.members["earned"].any():
        money = points(tables.weeks, first)
        yield Plot("points", money.alt, lambda ax: plot_points(money, ax), FULL, 3.3, 3.2, ACROSS)

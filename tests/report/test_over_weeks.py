"""What a page tells of users and their programme over weeks."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.events import Kind, Purpose
from sim.experiment.run import RunResult
from sim.kpi.flows import programme_cost
from sim.kpi.members import accounts
from sim.kpi.others import balances
from sim.report.figures import plots
from sim.report.kpi_rows import kpi_rows
from sim.report.over_weeks import over_weeks
from sim.report.pictures import figure
from sim.report.plots.activity import activity, plot_activity, plot_change
from sim.report.plots.cohorts import EMPTY, cohorts, plot_cohorts, plot_retention
from sim.report.plots.points import plot_points, points
from sim.report.plots.standing import OF_LEVELS, of_levels, of_segments, plot_standings
from sim.report.plots.week_axis import week_axis
from sim.report.programme import account, cost_total, rule_rows
from sim.report.run import report_run
from sim.report.style import RC
from sim.report.users import level_mix, users
from sim.report.wording import count, number
from sim.units import DAY
from tests.report.page_reader import Page

MONDAY = date(2026, 3, 2)
RESPONSE = {
    "population": {"users": 150},
    "response": {"on": True, "registered": 0.6, "spreading": {"organic": 0.01}},
    "membership": {"policy": "classic"},
}
WEEKS = pd.DataFrame(
    {"active": [8, 6], "accounts": [10, 9], "joined": [3, 0], "came_back": [0, 1], "dropped_out": [2, 2],
     "issued": [100, 80], "burnt": [0, 100], "expired": [0, 10], "liability": [100, 70]}
)  # fmt: skip


@pytest.fixture
def ax() -> Iterator[Axes]:
    with rc_context(RC):
        yield Figure(figsize=(8, 4)).add_axes((0.15, 0.15, 0.8, 0.65))


@pytest.fixture(scope="module")
def weeks(made: Callable[..., RunResult]) -> RunResult:
    return made(calendar={"days": 23}, riders={"count": 8}, **RESPONSE)


@pytest.fixture(scope="module")
def page(weeks: RunResult, tmp_path_factory: pytest.TempPathFactory) -> Page:
    return Page(report_run(replace(weeks, folder=tmp_path_factory.mktemp("weeks"))))


def test_the_page_tells_of_users_and_programme(page: Page) -> None:
    for title in ("Users over the weeks", "The programme", "Cohorts", "Segments and moves", "Privileges used",
                  "Back after the first order", "Levels and moves", "Use and cost of privileges",
                  "mean over the last 3 turns", "New accounts by channel", "Rules", "The account",
                  "the last week has 2 days"):  # fmt: skip
        assert title in page.text
    assert "Users, riders and merchants over the weeks" in page.text
    assert "nan" not in page.text.lower().replace("finance", "")
    ids = [attributes["id"] for _, attributes in page.attributes if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_a_run_in_which_nobody_responds_tells_nothing_of_weeks(town: RunResult, tmp_path: Path) -> None:
    text = Page(report_run(replace(town, folder=tmp_path))).text
    assert not any(title in text for title in ("Users over the weeks", "The programme", "The account"))
    assert users(town) is None
    assert not list(over_weeks(town))


def test_the_account_ends_with_the_platforms_balance(weeks: RunResult) -> None:
    lines = {line.name: line for line in account(weeks)}
    balance = balances(weeks.tables.payments)["platform"]
    assert lines["Contribution"].amount == number(balance / 100, 2)
    assert lines["Programme"].amount == number(-programme_cost(weeks.tables.flows).sum() / 100, 2)
    assert [name for name, line in lines.items() if line.total] == ["Orders", "Programme", "Contribution"]
    assert "riders’ pay" in lines


def test_the_costs_of_rules_are_those_of_the_programme(weeks: RunResult) -> None:
    rows = rule_rows(weeks)
    assert [row.name for row in rows][:2] == ["rule 0", "rule 1"]  # a log without its scenario
    total = sum(float(row.cost.replace(",", "").replace("–", "0").replace("−", "-")) for row in rows)
    assert number(total, 2) == cost_total(weeks.tables.by_rule) == number(-_programme(weeks) / 100, 2)


def _programme(result: RunResult) -> int:
    return -int(programme_cost(result.tables.flows).sum())


def test_few_people_are_not_told_of(weeks: RunResult) -> None:
    told = users(weeks)
    assert told is not None
    for row in told.channels:
        assert (int(row.accounts) < 5) == (row.ordered == "–") == (row.daily == "–")
    everybody = accounts(weeks.tables.events)
    for rows, names in ((told.segments, told.names), (told.level_moves, told.level_names)):
        assert sum(int(row.accounts) for row in rows) == everybody >= len(weeks.tables.members)
        assert all(len(row.to) == len(names) for row in rows)


def test_levels_are_called_by_their_names_and_moves_are_told(weeks: RunResult) -> None:
    told = users(weeks)
    assert told is not None
    assert told.level_names == ("none", "silver", "gold", "black")[: len(told.level_names)]
    assert [row.name for row in told.levels] == [row.name for row in told.level_moves] == list(told.level_names)
    assert told.level_moves[0].to[1] != "–"  # somebody rises to silver
    assert list(level_mix(weeks).columns) == list(told.level_names)


def test_kpis_over_weeks_tell_over_what_each_is(weeks: RunResult) -> None:
    tables, over = weeks.tables, {row.name: row.over for row in kpi_rows(weeks)}
    assert over["clv"] == over["trust_mean"] == count(accounts(tables.events), "account")
    assert over["nps"] == count(int((tables.events["kind"] == Kind.SURVEYED).sum()), "answer")
    assert over["conversion"] == f"{len(tables.openings):,} openings"
    assert over["complaint_rate"] == f"{len(tables.orders):,} orders placed"
    watched = tables.orders.groupby("user")["placed_at"].min() // DAY + 7 < tables.days
    assert over["retention_day_7"] == count(int(watched.sum()), "user")
    assert over["active_users"] == over["points_issued"] == ""


def test_money_held_for_open_orders_stands_below_the_contribution(weeks: RunResult) -> None:
    flows = weeks.tables.flows.copy()
    last = flows.index[flows["purpose"] == Purpose.BASKET][-1]
    flows.loc[last, ["undone", "held"]] = True
    opened = replace(weeks, tables=replace(weeks.tables))
    opened.tables.__dict__["flows"] = flows
    lines = {line.name: line.amount for line in account(opened)}
    assert list(lines)[-3:] == ["Contribution", "held for orders still open", "Balance"]
    assert lines["Balance"] == account(weeks)[-1].amount
    assert lines["Contribution"] == number((flows["amount"].sum() - flows["amount"][last]) / 100, 2)


def test_a_run_shorter_than_a_week(made: Callable[..., RunResult], tmp_path: Path) -> None:
    short = made(calendar={"days": 3}, riders={"count": 8}, **RESPONSE)
    text = Page(report_run(replace(short, folder=tmp_path))).text
    assert "Users over the weeks" in text
    assert "nan" not in text.lower().replace("finance", "")
    assert cohorts(short.tables.cohorts, MONDAY).alt == cohorts(short.tables.cohorts, MONDAY).curve_alt == EMPTY


def test_a_response_without_anybody(made: Callable[..., RunResult], tmp_path: Path) -> None:
    nobody = made(calendar={"days": 8}, **(RESPONSE | {"population": {"users": 0}}))
    text = Page(report_run(replace(nobody, folder=tmp_path))).text
    assert "nobody ordered" in text
    assert "Users over the weeks" not in text


@pytest.mark.parametrize("phone", [False, True])
def test_every_figure_can_be_drawn_and_read_aloud(weeks: RunResult, phone: bool) -> None:
    drawn = {plot.name: plot for plot in plots(weeks)}
    assert {"activity", "change", "cohorts", "retention", "segments", "tiers", "points"} <= set(drawn)
    with rc_context(RC):
        for plot in over_weeks(weeks):
            assert len(plot.alt) > 30
            assert figure(plot, phone=phone).axes


def test_activity_shows_accounts_behind_those_who_ordered(ax: Axes) -> None:
    data = activity(WEEKS, MONDAY)
    plot_activity(data, ax)
    assert [bar.get_height() for bar in ax.patches] == [10, 9, 8, 6]  # type: ignore[attr-defined]
    assert "from 8 in the first to 6" in data.alt
    ax.clear()
    plot_change(data, ax)
    assert sum(bar.get_height() for bar in ax.patches) == 3 + 1 - 4  # type: ignore[attr-defined]


def test_points_issued_less_burnt_less_expired_are_left(ax: Axes) -> None:
    data = points(WEEKS, MONDAY)
    plot_points(data, ax)
    heights = [float(bar.get_height()) for bar in ax.patches]  # type: ignore[attr-defined]
    assert sum(heights) == 70 == ax.lines[-1].get_ydata()[-1]  # type: ignore[index]
    assert "70 at the end" in data.alt


COHORTS = pd.DataFrame(
    [(0, 1, 40, 40), (0, 2, 40, 30), (0, 3, 40, 20), (1, 1, 8, 8), (1, 2, 8, 4), (2, 1, 3, 3)],
    columns=["cohort", "week", "users", "active"],
)


def test_cohorts_of_few_users_are_blank(ax: Axes) -> None:
    data = cohorts(COHORTS, MONDAY)
    np.testing.assert_array_equal(data.share, [[100, 75, 50], [100, 50, np.nan], [np.nan] * 3])
    plot_cohorts(data, ax)
    assert [text.get_text() for text in ax.texts] == ["100", "75", "50", "100", "50"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["2 Mar  40", "9 Mar  8", "16 Mar  3"]
    assert "50% of the 40 users" in data.alt


def test_later_cohorts_are_pooled_as_far_as_each_was_watched(ax: Axes) -> None:
    data = cohorts(COHORTS, MONDAY)
    np.testing.assert_array_equal(data.later, [100, 50, np.nan])
    plot_retention(data, ax)
    assert [line.get_label() for line in ax.lines][:2] == ["first cohort", "later cohorts"]
    assert all(float(tick).is_integer() for tick in ax.get_xticks())  # there is no week 1.5


def test_standings_stack_the_best_at_the_bottom(ax: Axes) -> None:
    levels = of_levels(pd.DataFrame({"none": [5, 4], "level 1": [1, 2]}), MONDAY)
    assert list(levels.mix) == ["level 1", "none"]
    assert levels.colours == (OF_LEVELS[1], OF_LEVELS[0])
    plot_standings(levels, ax)
    assert [bar.get_height() for bar in ax.patches] == [1, 2, 5, 4]  # type: ignore[attr-defined]
    mix = pd.DataFrame({"big spender": [1], "frequent": [4], "new": [0], "asleep": [2], "others": [3]})
    assert "big spender 1, frequent 4, others 3, new 0, asleep 2" in of_segments(mix, MONDAY).alt


@pytest.mark.parametrize(("weeks_long", "named"), [(2, 2), (12, 12), (60, 12)])
def test_a_year_of_weeks_is_named_by_dates_that_fit(weeks_long: int, named: int, ax: Axes) -> None:
    week_axis(ax, MONDAY, weeks_long)
    labels = [tick.get_text() for tick in ax.get_xticklabels()]
    assert labels[0] == "2 Mar"
    assert 1 < len(labels) <= named

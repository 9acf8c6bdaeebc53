"""Where new accounts come from and how users move, in words."""

from collections.abc import Callable
from dataclasses import replace
from math import inf, nan
from pathlib import Path

import pandas as pd
import pytest

from sim.experiment.run import RunResult
from sim.report.run import report_run
from sim.report.users import ChannelRow, turns, users
from tests.report.page_reader import Page

LIVELY = {
    "population": {"users": 60},
    "riders": {"count": 5},
    "response": {"on": True},
    "membership": {"policy": "classic"},
}
COLUMNS = ["channel", "accounts", "ordered", "lived", "cost", "daily", "payback"]


@pytest.fixture(scope="module")
def day(made: Callable[..., RunResult]) -> RunResult:
    return made(calendar={"days": 1}, **LIVELY)


def told(day: RunResult, *row: object) -> ChannelRow:
    """A channel in words."""
    tables = replace(day.tables)
    tables.__dict__["channels"] = pd.DataFrame([row], columns=COLUMNS)
    found = users(replace(day, tables=tables))
    assert found is not None
    return found.channels[0]


def test_accounts_that_bring_in_nothing_are_said_never_to_pay_back(day: RunResult) -> None:
    row = told(day, "street", 10, 0.5, 100, 5000, -20.0, inf)
    assert (row.cost, row.per_account, row.daily, row.payback) == ("50", "5.00", "−0.20", "never")
    assert told(day, "street", 10, 0.5, 100, 5000, 20.0, 25.0).payback == "25"
    assert told(day, "friend", 10, 0.5, 100, 0, -20.0, nan).payback == "–"


def test_a_channel_that_won_nobody_has_a_cost_and_no_cost_per_account(day: RunResult) -> None:
    row = told(day, "street", 0, nan, 0, 5000, nan, nan)
    assert row == ChannelRow("street", "0", "–", "50", "–", "–", "–")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, ""),
        (7, ""),
        (8, "at the only turn of the week"),
        (15, "mean over the last 2 turns of the week"),
        (84, "mean over the last 4 turns of the week"),
    ],
)
def test_only_turns_that_were_are_told(days: int, words: str) -> None:
    assert turns(days) == words


def test_the_page_of_a_day_tells_of_one_day_and_no_turn(day: RunResult, tmp_path: Path) -> None:
    text = Page(report_run(replace(day, folder=tmp_path))).text
    assert "the last week has 1 day." in text
    assert "turns of the week" not in text
    assert "blank, for there was one week only" in text

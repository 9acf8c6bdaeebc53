"""Who is back after the first order, cohort by cohort, on the page of a run."""

from collections.abc import Callable

from sim.experiment.run import RunResult
from sim.report.returns import ALL, return_rows
from sim.report.wording import number, share


def test_cohorts_and_all_of_them_together(month: RunResult) -> None:
    rows, members = return_rows(month), month.tables.members
    assert rows[-1].name == ALL
    assert [row.total for row in rows] == [False] * (len(rows) - 1) + [True]
    assert rows[-1].users == number((members["first_order"] >= 0).sum())
    assert sum(int(row.users) for row in rows[:-1]) == int(rows[-1].users)
    assert rows[-1].back[:2] == (share(month.kpis["retention_day_1"]), share(month.kpis["retention_day_7"]))
    assert {row.back[2] for row in rows} == {"–"}  # day 30 lies behind a run of 28 days


def test_few_people_are_left_blank(month: RunResult) -> None:
    for row in return_rows(month):
        if int(row.users) < 5:
            assert set(row.back) == {"–"}


def test_nobody_has_no_cohort(made: Callable[..., RunResult]) -> None:
    nobody = made(calendar={"days": 8}, population={"users": 0}, response={"on": True})
    assert return_rows(nobody) == []

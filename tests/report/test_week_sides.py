"""The week of each side in a sentence."""

import pytest

from sim.events import Kind
from sim.experiment.run import RunResult
from sim.kpi.fleet import inequality, p10, weekly_incomes
from sim.kpi.tables import Tables
from sim.report.week_sides import sides
from sim.units import DAY
from tests.engine.markets import tables_of
from tests.engine.test_careers import of_all
from tests.kpi.hand_made import Row, log
from tests.kpi.test_market import LEFT, TOLD, midnight


def told(tables: Tables, week: int = 0) -> dict[str, str]:
    return dict(sides(tables, week))


def test_merchants_tell_orders_money_and_who_came_and_went() -> None:
    assert told(Tables(TOLD))["Merchants"] == (
        "3 on the platform at the end, 1 joined and 1 left; 3 orders, baskets of 100 yuan, of which −56 yuan (−56.0%) "
        "were left to them after commission and their costs; prices as they usually are."
    )


def test_a_week_after_all_have_left_is_told() -> None:
    assert told(Tables(LEFT), 1)["Merchants"] == (
        "0 on the platform at the end, 0 joined and 0 left; 0 orders, baskets of 0 yuan, of which 0 yuan (–) were left "
        "to them after commission and their costs; prices –."
    )


@pytest.mark.parametrize(("permille", "words"), [(1030, "3.0% above the usual"), (980, "2.0% below the usual")])
def test_prices_are_told_against_the_usual(permille: int, words: str) -> None:
    days = [midnight(day, 0, 1, 0) for day in range(7)]
    tables = Tables(log(*days, Row(2 * DAY, Kind.PRICED, merchant=0, amount=permille)))
    assert told(tables)["Merchants"].endswith(f"prices {words}.")


def test_riders_tell_hours_and_incomes() -> None:
    tables = Tables(of_all())
    row, words = tables.fleet.to_dict("records")[0], told(tables)["Riders"]
    assert words.startswith(f"{row['working']} of {row['at_risk']} riders came and worked {row['hours']:,.0f} hours")
    assert f"they earned {row['earned'] / 100 / row['working']:.0f} yuan on average" in words
    assert (
        f"less than {weekly_incomes(tables, p10)[0]:.0f} yuan (Gini {weekly_incomes(tables, inequality)[0]:.2f})"
        in words
    )
    assert words.endswith(f"{row['hired']} were hired and {row['quit']} quit.")


def test_users_tell_what_they_did(month: RunResult) -> None:
    week = month.tables.weeks.to_dict("records")[2]
    words = told(month.tables, 2)["Users"]
    assert words.startswith(f"{week['active']} users placed {week['orders']:,} orders; ")
    assert "dropped out" in words


def test_only_sides_that_respond_are_told(week: RunResult) -> None:
    assert told(week.tables) == {}
    assert list(told(Tables(of_all()))) == ["Riders"]
    assert list(told(tables_of({}))) == ["Merchants"]

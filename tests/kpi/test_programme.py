"""What rules, channels and levels gave and cost."""

from math import inf, isnan

import pytest

from sim.events import Kind, Purpose
from sim.kpi.flows import programme_cost
from sim.kpi.programme import CHECKOUT, DESK, OTHER, TERMS, WELCOME, tiers_table
from sim.kpi.tables import Tables
from sim.units import DAY, HOUR
from tests.kpi.hand_made import Row, pay
from tests.kpi.weeks_made import FORTNIGHT, NOON, order, tables


def test_rules_of_a_fortnight() -> None:
    table = FORTNIGHT.by_rule.set_index("rule")
    assert table.loc["tiers"].to_dict() | {"touched": 1, "reached": 1, "returned": 1} == table.loc["tiers"].to_dict()
    street = table.loc["street"]
    assert (street["coupons"], street["redeemed"], street["won"], street["used"]) == (1, 1, 1, 500)
    assert street["cost"] == 500 + 800
    assert (table.loc["earn", "points"], table.loc["earn", "reached"]) == (190, 2)
    assert table["cost"][3:].to_dict() == {TERMS: 100, CHECKOUT: 500, DESK: 300}
    assert table["cost"].sum() == programme_cost(FORTNIGHT.flows).sum()


def test_a_friends_coupon_is_no_rules() -> None:
    used = [Row(HOUR, Kind.REDEEMED, 0, user=1, amount=200), pay(HOUR, Purpose.COUPON, 200, 0, user=1)]
    table = tables(1, *order(0, 1, 0, hour=1), *used).by_rule.set_index("rule")
    assert table.loc[WELCOME, ["redeemed", "cost"]].tolist() == [1, 200]  # type: ignore[operator]
    assert OTHER not in table.index


def test_what_no_row_explains_is_told() -> None:
    table = tables(1, *order(0, 1, 0), pay(HOUR, Purpose.GIFT, 70, user=1)).by_rule.set_index("rule")
    assert table.loc[OTHER, "cost"] == 70


def test_a_log_without_its_scenario_numbers_the_rules() -> None:
    assert Tables(FORTNIGHT.events).by_rule["rule"].tolist()[:3] == ["rule 0", "rule 1", "rule 2"]


def test_channels_of_a_fortnight() -> None:
    table = FORTNIGHT.channels.set_index("channel")
    assert list(table.index) == ["friend", "street"]
    street = table.loc["street"]
    assert (street["accounts"], street["ordered"], street["lived"], street["cost"]) == (1, 1, 11, 1300)
    assert street["daily"] == (2900 + 500) / 11  # its coupon is a cost of the channel
    assert street["payback"] == 1300 / (3400 / 11)
    assert isnan(table.loc["friend", "payback"])  # type: ignore[arg-type]


def coupon(number: int, user: int, day: int, rule: int, fen: int) -> list[Row]:
    """An order with a coupon of a rule."""
    at = day * DAY + NOON
    return [*order(number, user, day), Row(at, Kind.REDEEMED, number, user=user, amount=fen, detail=rule),
            pay(at, Purpose.COUPON, fen, number, user=user)]  # fmt: skip


def test_only_its_own_coupons_are_added_back_to_what_an_account_brings_in() -> None:
    joins = Row(DAY, Kind.JOINED, user=2, amount=1, detail=1)
    told = tables(11, joins, *coupon(0, 1, 3, 1, 900), *coupon(1, 2, 3, 1, 500), *coupon(2, 2, 4, 0, 300))
    street = told.channels.set_index("channel").loc["street"]
    assert street["cost"] == 900 + 500, "all that the rule cost, to whomever"
    assert street["daily"] == (2 * 3400 - 300) / 10, "the coupon of another rule stays taken off"
    assert street["payback"] == pytest.approx(1400 / (6500 / 10))


def test_a_rule_that_talks_and_wins_nobody_stands_with_its_cost() -> None:
    spent = [pay(DAY, Purpose.ACQUISITION, 450), Row(DAY, Kind.SPENT, amount=450, detail=1)]
    gifts = [pay(DAY, Purpose.GIFT, 70, user=1), Row(DAY, Kind.SPENT, amount=70, detail=2)]
    (row,) = tables(7, *spent, *gifts).channels.to_dict("records")
    assert (row["channel"], row["accounts"], row["cost"]) == ("street", 0, 450)
    assert isnan(row["daily"])
    assert isnan(row["payback"])


def test_accounts_that_bring_in_nothing_never_pay_back() -> None:
    joins = [Row(DAY, Kind.JOINED, user=2, amount=-1, detail=1), Row(DAY, Kind.SPENT, amount=80, detail=1)]
    told = tables(11, *joins, *order(0, 2, 3), pay(4 * DAY, Purpose.APOLOGY, 5000, 0, user=2))
    (row,) = told.channels.to_dict("records")
    assert row["daily"] == (3400 - 5000) / 10
    assert row["payback"] == inf


def test_privileges_by_the_level_at_the_order() -> None:
    table = tiers_table(FORTNIGHT.flows, FORTNIGHT.orders, FORTNIGHT.events, FORTNIGHT.members)
    assert table.to_dict("list") == {
        "level": [0, 1],
        "accounts": [4, 0],
        "orders": [3, 1],
        "discount": [100, 0],
        "coupon": [500, 0],
        "points": [500, 0],
        "spent": [3 * 3400, 3400],
    }
    everybody = tiers_table(FORTNIGHT.flows, FORTNIGHT.orders, FORTNIGHT.events, FORTNIGHT.members, unseen=7)
    assert everybody["accounts"].tolist() == [4 + 7, 0]


def test_every_fen_of_a_lived_programme_has_its_row(city_of_weeks: Tables) -> None:
    table = city_of_weeks.by_rule
    assert OTHER not in set(table["rule"])
    assert table["cost"].sum() == programme_cost(city_of_weeks.flows).sum() > 0
    assert (table["redeemed"] <= table["coupons"] + (table["rule"] == WELCOME) * len(city_of_weeks.orders)).all()
    levels = tiers_table(city_of_weeks.flows, city_of_weeks.orders, city_of_weeks.events, city_of_weeks.members)
    assert levels["discount"].sum() == programme_cost(city_of_weeks.flows)[Purpose.DISCOUNT]
    assert levels["accounts"].sum() == len(city_of_weeks.members)

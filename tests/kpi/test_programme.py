"""What rules, channels and levels gave and cost."""

from math import isnan

from sim.events import Kind, Purpose
from sim.kpi.flows import programme_cost
from sim.kpi.programme import CHECKOUT, DESK, OTHER, TERMS, WELCOME, tiers_table
from sim.kpi.tables import Tables
from sim.units import HOUR
from tests.kpi.hand_made import Row, pay
from tests.kpi.weeks_made import FORTNIGHT, order, tables


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

"""The members table, by hand and in a lived city."""

import numpy as np
import pandas as pd
import pytest

from sim.events import Kind, Purpose
from sim.kpi.members import accounts, arm, named
from sim.kpi.tables import Tables
from sim.units import DAY
from tests.kpi.hand_made import NOTHING, Row, pay
from tests.kpi.weeks_made import FORTNIGHT, order, tables

MEMBERS: dict[str, list[object]] = {
    "user": [1, 2, 3, 4],
    "joined": [-1, 3, 0, -1],
    "channel": ["", "street", "friend", ""],
    "inviter": [-1, -1, 1, -1],
    "first_order": [0, 4, 9, -1],
    "last_order": [8, 4, 9, -1],
    "orders": [2, 1, 1, 0],
    "spent": [6800 - 100 - 500, 3400 - 500, 3400, 0],
    "dropped_out": [-1, 5, -1, -1],
    "came_back": [0, 0, 0, 1],
    "tier": [0, 0, 0, 0],
    "earned": [150, 40, 0, 0],
    "burnt": [100, 0, 0, 0],
    "expired": [30, 0, 0, 0],
    "points": [20, 40, 0, 0],
    "coupons": [0, 1, 0, 0],
    "redeemed": [0, 1, 0, 0],
    "complaints": [1, 0, 0, 0],
    "contribution": [2 * 3400 - 100 - 500 - 300, 3400 - 500, 3400, 0],
    "arm_earn": [True, False, False, True],
}


@pytest.mark.parametrize("column", MEMBERS)
def test_a_column_is_as_told(column: str) -> None:
    assert FORTNIGHT.members[column].tolist() == MEMBERS[column]


def test_there_are_no_other_columns_but_the_discounted_contribution() -> None:
    assert set(FORTNIGHT.members) == {*MEMBERS, "value"}
    later = 3400 * 1.1 ** (-9 / 365)
    assert FORTNIGHT.members["value"][2] == pytest.approx(later)
    assert (FORTNIGHT.members["value"] <= FORTNIGHT.members["contribution"]).all()


def test_a_paid_leader_who_never_orders_is_an_account() -> None:
    paid = [pay(DAY, Purpose.GIFT, 2100, user=6), pay(DAY, Purpose.GUARANTEE, 50, rider=1)]
    told = tables(7, *order(0, 7, 0), *paid).members
    assert told["user"].tolist() == [6, 7]
    assert told["contribution"].tolist() == [-2100, 3400]


def test_accounts_are_those_of_the_eve_and_those_opened_later() -> None:
    assert accounts(FORTNIGHT.events) == 11  # one of the two who joined was in the first census
    assert FORTNIGHT.unseen == 11 - 4
    assert (accounts(NOTHING), Tables(NOTHING).unseen) == (0, 0)


def test_an_arm_is_told_by_the_rules_name() -> None:
    assert arm(FORTNIGHT.members, "earn").tolist() == [True, False, False, True]
    with pytest.raises(KeyError, match="arm_tiers"):
        arm(FORTNIGHT.members, "tiers")
    assert (named(("a",), 0), named(("a",), 1)) == ("a", "rule 1")


def test_who_drops_out_again_is_gone() -> None:
    rows = [Row(n * DAY, kind, 0, user=7) for n, kind in ((1, Kind.DROPPED_OUT), (3, Kind.DROPPED_OUT))]
    back = Row(2 * DAY, Kind.CAME_BACK, user=7, detail=0)
    assert tables(7, *order(0, 7, 0), *rows, back).members["dropped_out"].tolist() == [2]
    assert tables(7, *order(0, 7, 0), rows[0], back).members["dropped_out"].tolist() == [-1]


def test_a_log_in_which_nobody_responds_has_no_weeks(lived: np.ndarray) -> None:
    days = Tables(lived)
    assert (days.days, len(days.weeks)) == (0, 0)
    assert not {"members", "weeks"} & set(days.names)


def test_members_of_a_lived_city_agree_with_its_log(city_of_weeks: Tables) -> None:
    members, events = city_of_weeks.members.set_index("user"), city_of_weeks.events
    assert 0 < len(members) <= accounts(events) == len(members) + city_of_weeks.unseen
    plain = pd.DataFrame(events[["kind", "user", "amount"]]).groupby(["kind", "user"])["amount"].sum()
    for column, kind in (("earned", Kind.EARNED), ("burnt", Kind.BURNT), ("expired", Kind.EXPIRED)):
        told = plain.loc[int(kind)].reindex(members.index).fillna(0)
        assert told.sum() > 0
        assert (told == members[column]).all()
    assert (members["points"] >= 0).all()
    assert members["orders"].sum() == (city_of_weeks.orders["state"] == "delivered").sum()
    assert (members["redeemed"] <= members["orders"]).all()
    assert (members["joined"] >= 0).any()
    assert set(members["channel"][members["joined"] < 0]) == {""}

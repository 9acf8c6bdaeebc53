"""KPIs over weeks: by hand, silent where nobody responds, sound in a lived city."""

from math import isnan, nan

import pytest

from sim.events import Kind, Purpose
from sim.kpi.loyalty import LOYALTY, promoters, renewals
from sim.kpi.tables import Tables
from sim.units import DAY
from tests.kpi.hand_made import NOTHING, STORY, Row, pay
from tests.kpi.weeks_made import ACCOUNTS, FORTNIGHT, order, tables

BY_NAME = {kpi.name: kpi for kpi in LOYALTY}

VALUE = 6800 - 100 - 500 - 300 + 3400 - 500 + 3400
EXPECTED = {
    "retention_day_1": 1 / 3,
    "retention_day_7": 0,
    "retention_day_30": nan,
    "retention_week_4": nan,
    "retention_week_8": nan,
    "retention_week_12": nan,
    "repurchase_share": nan,
    "repurchase_interval": 4,
    "active_users": 2,
    "orders_per_active_user": nan,
    "conversion": 5 / 6,
    "drop_out_rate": 2 / (14 * 10 / 7),
    "new_accounts": 2,
    "clv": VALUE / 100 / 11,
    "nps": 25,
    "trust_mean": 0.075,
    "complaint_rate": 1 / 5,
    "answer_time_mean": 10,
    "high_value_share": 1 / 11,
    "big_spender_share": 0,
    "asleep_share": nan,
    "tier_share": 0,
    "points_issued": 190,
    "points_burnt": 100,
    "points_expired": 30,
    "points_liability": 60 * 500 / 100 / 100,
    "points_inflation": 1.9,
    "coupon_redemption": 1,
    "plan_renewal": nan,
    "programme_cost_per_order": 22 / 4,
    "acquisition_cost": 13,
    "payback_days": 1300 / (3400 / 11),
}


@pytest.mark.parametrize("name", ["nps", "trust_mean"])
def test_a_mean_over_those_who_stayed_says_so(name: str) -> None:
    assert "dropped out" in next(kpi.definition for kpi in LOYALTY if kpi.name == name)


@pytest.mark.parametrize("kpi", LOYALTY, ids=lambda kpi: kpi.name)
def test_a_kpi_is_as_computed_by_hand(kpi: object) -> None:
    name, value = kpi.name, kpi.value(FORTNIGHT)  # type: ignore[attr-defined]
    tolerance = 2e-3 if name == "clv" else 1e-12  # it is discounted
    assert value == pytest.approx(EXPECTED[name], nan_ok=True, rel=tolerance)
    assert type(value) is float


def test_they_are_silent_where_nobody_responds() -> None:
    assert all(isnan(kpi.value(Tables(events))) for kpi in LOYALTY for events in (STORY, NOTHING))


def test_weeks_in_which_nothing_happens() -> None:
    values = {kpi.name: kpi.value(tables(35)) for kpi in LOYALTY}
    assert {name for name, value in values.items() if value == 0} == {
        "active_users", "drop_out_rate", "new_accounts", "clv", "points_issued", "points_burnt", "points_expired",
        "high_value_share", "big_spender_share", "tier_share",
    }  # fmt: skip
    assert values.pop("trust_mean") == pytest.approx(0.18)
    assert all(value == 0 or isnan(value) for value in values.values())


def test_four_weeks_make_a_month() -> None:
    told = tables(28, *(row for n in range(8) for row in order(n, n % 2, 3 * n)))
    values = {kpi.name: kpi.value(told) for kpi in LOYALTY}
    assert values["orders_per_active_user"] == pytest.approx(4 * 30 / 28)
    assert values["active_users"] == pytest.approx((2 + 2 + 2 + 1) / 4)


def test_a_plan_is_renewed_within_a_fortnight() -> None:
    plans = [(1, 0), (1, 10), (2, 0), (2, 30), (3, 30)]  # the last ones end too late to be watched
    told = tables(50, *(Row(day * DAY, Kind.PLAN, user=u, amount=990, detail=10) for u, day in plans))
    assert renewals(told).tolist() == [1, 0, 0]


def test_promoters() -> None:
    assert promoters(FORTNIGHT).tolist() == [100, 100, -100, 0]


@pytest.mark.parametrize(("days", "share"), [(59, nan), (60, 1), (61, 1)])
def test_nobody_can_be_called_asleep_before_the_sixtieth_day(days: int, share: float) -> None:
    assert BY_NAME["asleep_share"].value(tables(days)) == pytest.approx(share, nan_ok=True)


def test_what_wins_nobody_is_a_cost_of_those_whom_others_win() -> None:
    in_vain = [pay(DAY, Purpose.ACQUISITION, 500), Row(DAY, Kind.SPENT, amount=500, detail=0)]
    won = [pay(DAY, Purpose.ACQUISITION, 700), Row(DAY, Kind.JOINED, user=2, amount=-1, detail=1),
           Row(DAY, Kind.SPENT, amount=700, detail=1), *order(0, 2, 2)]  # fmt: skip
    told = tables(11, *in_vain, *won)
    assert BY_NAME["acquisition_cost"].value(told) == 12
    assert BY_NAME["payback_days"].value(told) == pytest.approx(1200 / (3400 / 10))
    nobody = tables(11, *in_vain)
    assert isnan(BY_NAME["acquisition_cost"].value(nobody))
    assert isnan(BY_NAME["payback_days"].value(nobody))


def test_definitions_say_what_is_left_out() -> None:
    told = {name: BY_NAME[name].definition for name in ("payback_days", "acquisition_cost", "coupon_redemption", "clv")}
    assert "without a value where it never does" in told["payback_days"]
    assert "of those who had an account are in it" in told["acquisition_cost"]
    assert "a team is a coupon of each who agrees" in told["coupon_redemption"]
    assert "acquisition (talking to people without an account)" in told["clv"]
    calls = [pay(DAY, Purpose.CONTACT, 900, user=1), pay(DAY, Purpose.ACQUISITION, 700)]
    clv = BY_NAME["clv"].value(tables(7, *order(0, 1, 0), *calls))
    assert clv == pytest.approx((3400 - 900) / 100 / ACCOUNTS, rel=1e-3), "a call to a member is no acquisition"


BUSY = [row for n in range(3) for row in order(n, user=1, day=60 + n)]
TALK = [Row(DAY, Kind.TOUCHED, user=user, amount=0, detail=0) for user in range(2, 9)]


@pytest.mark.parametrize("rows", [(), BUSY, [*BUSY, Row(DAY, Kind.TIER, user=1, amount=1, detail=0)]])
def test_who_is_merely_talked_to_changes_no_share(rows: list[Row]) -> None:
    """A rule that does nothing shows accounts in the log that were not seen before."""
    quiet, talked = (tables(70, *rows, *more) for more in ((), TALK))
    assert len(talked.members) == len(quiet.members) + 7
    for name in ("high_value_share", "big_spender_share", "asleep_share", "tier_share", "clv"):
        assert BY_NAME[name].value(talked) == BY_NAME[name].value(quiet)


def test_shares_are_of_all_accounts_seen_or_not() -> None:
    told = tables(70, *BUSY, Row(DAY, Kind.TIER, user=1, amount=1, detail=0))
    shares = [BY_NAME[name].value(told) for name in ("high_value_share", "asleep_share", "tier_share")]
    assert shares == pytest.approx([1 / ACCOUNTS, 9 / ACCOUNTS, 1 / ACCOUNTS])


def test_a_lived_city_has_sound_values(city_of_weeks: Tables) -> None:
    values = {kpi.name: kpi.value(city_of_weeks) for kpi in LOYALTY}
    shares = [values[k.name] for k in LOYALTY if k.unit == "1" and k.name not in ("trust_mean", "points_inflation")]
    assert all(isnan(value) or 0 <= value <= 1 for value in shares)
    assert values["retention_week_4"] > 0
    assert values["points_issued"] >= values["points_burnt"] + values["points_expired"]
    assert values["programme_cost_per_order"] > 0

"""KPIs of merchants, on a log made by hand and on a lived town."""

from math import isnan

import numpy as np
import pytest

from sim.events import Kind, Purpose, Reason
from sim.kpi.kpis import KPIS
from sim.kpi.market import MARKET, concentration, top_share
from sim.kpi.tables import Tables
from sim.kpi.trading import by_merchant, daily_margins, merchant_weeks, there, trading_table, turnover
from sim.units import DAY
from tests.engine.markets import BRISK, tables_of
from tests.kpi.hand_made import STORY, Row, delivered, log, pay, picked_up, placed

NAMES = [kpi.name for kpi in MARKET]


def midnight(day: int, merchant: int, orders: int, margin: int) -> Row:
    return Row(DAY * (day + 1), Kind.TRADED, merchant=merchant, amount=margin, detail=orders)


def sold(t: float, order: int, merchant: int, basket: int, off: int = 0, own: int = 0) -> list[Row]:
    """An order of a merchant on 20% commission that is delivered at once."""
    promotion = [
        pay(t, Purpose.PROMOTION, off, order, merchant=merchant, user=1),
        pay(t, Purpose.PROMOTION_SHARE, own, order, merchant=merchant),
    ]
    return [
        *placed(t, order, merchant, 1, basket),
        *(promotion if off else []),
        pay(t, Purpose.MERCHANT_SHARE, basket * 4 // 5, order, merchant=merchant),
        picked_up(t + 1, order, 0, merchant=merchant),
        delivered(t + 2, order, 0),
    ]


TOLD = log(
    *sold(100, 0, 0, 3000, off=450, own=300),
    *sold(200, 1, 0, 1000),
    *sold(300, 2, 1, 6000),
    Row(400, Kind.LOST, 3, user=1, detail=Reason.STOCK),
    Row(500, Kind.LOST, 4, user=1, detail=Reason.CLOSED),
    *[Row(t, Kind.SUPPLIED, order, merchant=1, detail=1) for t, order in ((300, 2), (400, 3))],
    *[midnight(0, 0, 2, 700), midnight(0, 1, 1, 1500), midnight(0, 2, 0, -600)],
    *[midnight(day, m, 0, -600) for day in range(1, 8) for m in (0, 1)],
    Row(DAY, Kind.WITHDRAWN, merchant=2, amount=-600),
    Row(7 * DAY, Kind.ENLISTED, merchant=3),
    pay(8 * DAY, Purpose.ADVERTISING, 500, merchant=0),
    Row(DAY, Kind.PREORDERED, merchant=0, amount=2, detail=1),
    Row(DAY, Kind.WASTED, merchant=0, amount=2, detail=5),
    *[Row(t * DAY, Kind.GRADED, merchant=m, amount=a) for t, m, a in ((7, 0, 400), (8, 0, 450), (8, 1, 350))],
)
"""Eight days: three merchants in the first, of whom one leaves; one joins after a week and is never told of."""


def value(name: str, tables: Tables | None = None) -> float:
    return KPIS[name].value(tables or Tables(TOLD))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("merchants_active", 3),
        ("orders_per_merchant", 3 / 17),
        ("gmv_per_merchant", 100 / 17),
        ("merchant_margin", (1600 - 14 * 600) / 100 / 17),
        ("merchant_margin_share", (1600 - 14 * 600) / 10000),
        ("merchant_churn", 1 - (16 / 17) ** 28),
        ("merchant_entry", 28 / 17),
        ("merchant_rating", 4.0),
        ("gmv_hhi", 0.4**2 + 0.6**2),
        ("gmv_top_share", 0.6),
        ("stock_out_share", 1 / 4),
        ("waste_share", 2 / 5),
        ("preorder_share", 1 / 2),
        ("promoted_share", 1 / 3),
        ("promotion_cost_per_order", 1.5 / 3),
        ("take_rate", (20 + 5 - 1.5) / 100),
        ("errand_fulfilment", 1 / 2),
    ],
)
def test_by_hand(name: str, expected: float) -> None:
    assert value(name) == pytest.approx(expected)


def test_each_is_told_here_and_counts_over_weeks() -> None:
    assert len(NAMES) == 17
    assert {KPIS[name].over for name in NAMES} == {"weeks"}


@pytest.mark.parametrize("name", NAMES)
def test_without_a_value_where_merchants_do_not_respond(name: str) -> None:
    assert isnan(value(name, Tables(STORY)))


@pytest.mark.parametrize("name", NAMES)
def test_a_market_in_which_nothing_is_sold_has_no_shares(name: str) -> None:
    idle = value(name, Tables(log(midnight(0, 0, 0, -3000))))
    assert isnan(idle) or idle in (1, -30, 0)


def test_concentration_is_one_over_n_among_equals_and_one_where_one_has_all() -> None:
    assert concentration(np.full(8, 3.0)) == pytest.approx(1 / 8)
    assert concentration(np.array([0.0, 5.0])) == 1
    assert top_share(np.full(20, 1.0)) == pytest.approx(0.1)
    assert top_share(np.array([1.0, 4.0])) == 0.8
    assert isnan(concentration(np.zeros(0)))
    assert isnan(top_share(np.zeros(0)))


def test_days_of_trade_are_those_that_end_at_midnight() -> None:
    table = trading_table(TOLD)
    assert table["day"].tolist() == sorted(table["day"])
    assert table.groupby("day").size().tolist() == [3, 2, 2, 2, 2, 2, 2, 2]
    assert table[table["day"] == 0]["margin"].tolist() == [700, 1500, -600]


def test_weeks_are_whole_and_tell_what_was_in_them() -> None:
    weeks = merchant_weeks(Tables(TOLD))
    assert weeks.to_dict("list") == {
        "week": [0], "active": [3], "joined": [1], "left": [1], "orders": [3], "gmv": [10000],
        "margin": [1600 - 12 * 600], "merchant_days": [15], "price": [1.0]}  # fmt: skip
    assert not len(merchant_weeks(Tables(STORY)))


def test_prices_are_those_last_told_of_the_merchants_who_are_there() -> None:
    told = [Row(t * DAY, Kind.PRICED, merchant=m, amount=a) for t, m, a in ((2, 2, 1500), (3, 0, 900), (7, 0, 1100))]
    gone = Row(3 * DAY, Kind.WITHDRAWN, merchant=2)
    days = [midnight(day, m, 0, 0) for day in range(14) for m in ((0, 1, 2) if day < 3 else (0, 1))]
    weeks = merchant_weeks(Tables(log(*days, *told, gone, Row(8 * DAY, Kind.PRICED, merchant=1, amount=1300))))
    assert weeks["price"].tolist() == pytest.approx([1.05, 1.2]), "what is told at the end of a week holds in it"


LEFT = log(
    *[midnight(day, m, 0, 0) for day in range(7) for m in (0, 1)],
    *[Row(t * DAY, Kind.WITHDRAWN, merchant=m) for t, m in ((7, 0), (7, 1))],
    *[Row((t - 0.5) * DAY, Kind.LOST, t, user=1, detail=Reason.CLOSED) for t in range(1, 15)],
)
"""Two weeks: both merchants leave after the first."""


def test_where_all_have_left_the_weeks_go_on_without_anybody() -> None:
    weeks = merchant_weeks(Tables(LEFT))
    assert weeks[["active", "left", "merchant_days"]].to_numpy().tolist() == [[0, 2, 14], [0, 0, 0]]
    assert weeks["price"].isna().all()
    assert value("merchants_active", Tables(LEFT)) == 0
    assert value("merchant_churn", Tables(log(midnight(0, 0, 0, 0), Row(DAY, Kind.WITHDRAWN, merchant=0)))) == 1


def test_who_was_there_joined_and_left_makes_who_is_there() -> None:
    tables = tables_of({"conduct": BRISK, "pool": 0.5}, calendar={"days": 14, "drain_min": 60})
    weeks, trading = merchant_weeks(tables), trading_table(tables.events)
    assert weeks["left"].sum() > 0
    before = np.array([(trading["day"] == 0).sum(), weeks["active"][0]])
    assert (before + weeks["joined"] - weeks["left"]).tolist() == weeks["active"].tolist()
    for day in range(1, 14):
        assert sorted(trading["merchant"][trading["day"] == day]) == there(tables.events, day - 1).tolist()


def test_weeks_of_a_run_add_up_to_it() -> None:
    tables = tables_of({}, calendar={"days": 7, "drain_min": 60})
    weeks = merchant_weeks(tables)
    assert weeks["gmv"].sum() == pytest.approx(100 * turnover(tables).sum())
    assert weeks["orders"].tolist() == [trading_table(tables.events)["orders"].sum()]


def test_orders_of_merchants_by_week_and_promotion() -> None:
    table = by_merchant(Tables(TOLD))
    assert table.to_dict("list") == {"merchant": [0, 1], "week": [0, 0], "delivered": [2, 1], "promoted": [1, 0]}
    later = by_merchant(Tables(log(*sold(100, 0, 0, 3000), *sold(8 * DAY, 1, 0, 1000, off=100))))
    assert later["week"].tolist() == [0, 1]
    assert later["promoted"].tolist() == [0, 1]


def test_margins_are_means_over_the_days_on_the_platform() -> None:
    assert daily_margins(TOLD).tolist() == pytest.approx([(7 - 42) / 8, (15 - 42) / 8, -6])


def test_turnover_counts_baskets_delivered() -> None:
    assert turnover(Tables(TOLD)).tolist() == [40, 60]


def test_the_tables_of_a_town_agree() -> None:
    tables = tables_of({})
    table = trading_table(tables.events)
    assert KPIS["merchants_active"].value(tables) == len(there(tables.events, 9)) <= (table["day"] == 9).sum()
    assert KPIS["gmv_hhi"].value(tables) >= 1 / 12
    assert 0 < KPIS["take_rate"].value(tables) < 0.18

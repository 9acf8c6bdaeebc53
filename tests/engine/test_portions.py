"""Goods that spoil, in a town: nothing is lost or found, what is told helps, and nobody else notices."""

import copy
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.engine.log import Log
from sim.engine.simulate import Outcome, simulate
from sim.events import Kind, Purpose, Reason
from sim.kpi.kpis import KPIS
from sim.kpi.tables import Tables
from sim.policies.nearest import Nearest
from sim.scenario.errors import ScenarioError
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY
from tests.engine.markets import DEALS, KINDS, city_of, lived, scenario, tables_of
from tests.engine.test_market import CUTS
from tests.engine.test_resume import assert_same

RESTAURANTS = 8
SHORT: dict[str, Any] = {"calendar": {"days": 3, "drain_min": 120}}


def fresh(market: dict[str, Any] | None = None, asked: float = 1.0, tells: float = 0.5, **blocks: Any) -> Scenario:
    """The town, in which restaurants make ahead and a part of the users is asked every evening."""
    fresh = {"classes": ["restaurant"], **blocks.pop("fresh", {})}
    response = {"on": True, "preorders": tells} | blocks.pop("response", {})
    rules = {"pre-orders": {"rule": "preorder", "share": asked, "params": {"active_orders": 0}}}
    market = {"fresh": fresh, "conduct": {"leaves": 0.0}} | (market or {})
    return scenario(market, response=response, membership={"rules": rules}, **blocks)


def of(events: np.ndarray, kind: Kind) -> np.ndarray:
    return events[events["kind"] == kind]


def by_day(rows: np.ndarray, amounts: Any = None) -> np.ndarray:
    """Number of rows, or the sum of amounts, by day and restaurant."""
    day = (rows["t"] // DAY).astype(np.int64)
    table = np.zeros((20, 20), np.int64)
    np.add.at(table, (day, rows["merchant"]), 1 if amounts is None else amounts)
    return table[:, :RESTAURANTS]


def sold(events: np.ndarray) -> np.ndarray:
    """Portions sold by day and restaurant: of orders that were not cancelled on the day they were placed."""
    placed, cancelled = of(events, Kind.PLACED), of(events, Kind.CANCELLED)
    gone_at = dict(zip(cancelled["order"].tolist(), cancelled["t"].tolist(), strict=True))
    orders = zip(placed["order"].tolist(), placed["t"].tolist(), strict=True)
    back = np.array([gone_at.get(order, np.inf) < (t // DAY + 1) * DAY for order, t in orders])
    return by_day(placed[~back])


def thrown(events: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Portions thrown away and made, by day and restaurant."""
    rows = of(events, Kind.WASTED).copy()
    rows["t"] -= DAY  # a day is told at the midnight after it
    return by_day(rows, rows["amount"]), by_day(rows, rows["detail"])


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    ratio=st.floats(0.05, 0.95),
    learns=st.floats(0, 1),
    tells=st.floats(0, 1),
    asked=st.floats(0, 1),
    riders=st.integers(2, 14),
    fee=st.floats(0, 12),
    seed=st.integers(0, 99),
)
def test_every_portion_made_is_sold_or_thrown_away(
    ratio: float, learns: float, tells: float, asked: float, riders: int, fee: float, seed: int
) -> None:
    town = fresh(
        asked=asked,
        tells=tells,
        fresh={"ratio": ratio, "learns": learns},
        riders={"count": riders},
        platform={"delivery_fee_yuan": fee},
        seed=seed,
        **SHORT,
    )
    events, _ = lived(town)
    left, made = thrown(events)
    np.testing.assert_array_equal(made, (left + sold(events))[: len(made)])
    assert (left >= 0).all()
    assert len(of(events, Kind.WASTED)) == 3 * RESTAURANTS, "a row for each day and merchant"
    told = of(events, Kind.PREORDERED)
    assert (told["detail"] <= told["amount"]).all()


@cache
def kpis(tells: float = 0.5, ratio: float = 0.8, asked: float = 1.0, riders: int = 40) -> dict[str, float]:
    events, _ = lived(fresh(asked=asked, tells=tells, fresh={"ratio": ratio}, riders={"count": riders}))
    tables = Tables(events)
    named = ("waste_share", "preorder_share", "stock_out_share", "orders", "merchant_margin")
    return {name: KPIS[name].value(tables) for name in named}


def test_who_wants_to_have_enough_more_often_throws_more_away_and_fails_less() -> None:
    wasted, failed = (
        np.array([kpis(ratio=r)[name] for r in (0.2, 0.5, 0.8, 0.97)]) for name in ("waste_share", "stock_out_share")
    )
    assert (np.diff(wasted) > 0).all()
    assert (np.diff(failed) < 0).all()


def test_the_more_users_know_the_more_is_told_and_merchants_do_not_waste_more_for_it() -> None:
    wasted, told = (np.array([kpis(t)[name] for t in (0.0, 0.5, 1.0)]) for name in ("waste_share", "preorder_share"))
    assert told[0] == 0
    assert (np.diff(told) > 0.2).all()
    assert wasted.max() < wasted[0] + 0.02, "they learn that not all who tell come"


def test_who_tells_decides_on_the_day_like_everybody_else() -> None:
    """The share of them who come is the usual conversion; were it known who will, it would be everybody."""
    told = of(lived(fresh(tells=1.0, fresh={"ratio": 0.97}))[0], Kind.PREORDERED)
    came, n = told["detail"].sum(), told["amount"].sum()
    assert n > 300
    assert came / n == pytest.approx(0.6, abs=4 * (0.24 / n) ** 0.5)


def test_who_is_not_asked_tells_nothing_and_nobody_wishes_anything_else() -> None:
    assert kpis(1.0, asked=0.0) == kpis(0.0, asked=0.0)
    asked, silent = (lived(fresh(asked=a, tells=0.0, **SHORT))[0] for a in (1.0, 0.0))
    quiet = (Kind.TOUCHED, Kind.SPENT, Kind.PAID, Kind.ARM)
    one, two = (events[~np.isin(events["kind"], quiet)] for events in (asked, silent))
    np.testing.assert_array_equal(one, two)
    assert len(of(asked, Kind.TOUCHED))


def test_two_ways_of_asking_meet_the_same_intents() -> None:
    def wishes(asked: float) -> np.ndarray:
        events = lived(fresh(asked=asked, **SHORT))[0]
        rows = events[np.isin(events["kind"], (Kind.PLACED, Kind.LOST, Kind.BROWSED))]
        return rows[np.argsort(rows["order"])][["order", "t", "user", "place"]]

    np.testing.assert_array_equal(wishes(1.0), wishes(0.0))


def test_who_told_and_does_not_come_is_counted_and_learnt_of() -> None:
    """Where the delivery costs more than people are used to, fewer come of those who tell than usual."""
    events, outcome = lived(fresh(tells=1.0, fresh={"ratio": 0.5}, platform={"delivery_fee_yuan": 8.0}))
    told = of(events, Kind.PREORDERED)
    came = told["detail"].sum() / told["amount"].sum()
    assert 0.2 < came < 0.5
    market = outcome.world.market
    assert market is not None
    assert market.larder is not None
    assert market.larder.comes[:RESTAURANTS].mean() < 0.52, "he began with the usual 0.6"
    left, made = thrown(events)
    assert made[5:10].sum() < by_day(told, told["amount"])[6:11].sum(), "so less is made than was told"
    assert made.sum() > left.sum() > 0


def test_a_wish_is_lost_where_nothing_is_left_and_not_by_chance() -> None:
    everybody = {"restaurant": {"count": 8}}
    plenty = lived(fresh({"stock_out": 0.5}, fresh={"ratio": 0.99}, merchants={"classes": everybody}, **SHORT))[0]
    scarce = lived(fresh({"stock_out": 0.5}, fresh={"ratio": 0.05}, merchants={"classes": everybody}, **SHORT))[0]
    few, many = ((of(e, Kind.LOST)["detail"] == Reason.STOCK).sum() for e in (plenty, scarce))
    assert few < 0.1 * len(of(plenty, Kind.PLACED))
    assert many > 0.3 * len(of(scarce, Kind.PLACED))


def test_on_his_first_day_a_merchant_makes_what_is_usual() -> None:
    town = fresh(fresh={"ratio": 0.5}, **SHORT)
    rows = of(lived(town)[0], Kind.WASTED)
    city = city_of(town)
    assert city.expected is not None
    first = rows["detail"][rows["t"] == DAY].sum()
    assert 0.4 < first / city.expected(0).sum() < 0.9, "two merchants of three make ahead, in the long run"
    half = fresh(fresh={"ratio": 0.5}, response={"registered": 0.5}, **SHORT)
    fewer = of(lived(half)[0], Kind.WASTED)
    assert fewer["detail"][fewer["t"] == DAY].sum() == pytest.approx(first / 2, rel=0.25)


def test_a_friday_teaches_what_comes_on_weekdays_and_nothing_of_the_weekend() -> None:
    friday: dict[str, Any] = {"calendar": {"start": "2026-03-06", "days": 1, "drain_min": 60}}
    events, outcome = lived(fresh(fresh={"learns": 1.0}, tells=0.0, **friday))
    market = outcome.world.market
    assert market is not None
    assert market.larder is not None
    lost = of(events, Kind.LOST)
    wished = by_day(of(events, Kind.PLACED)) + by_day(lost[lost["detail"] == Reason.STOCK])
    weekday, weekend = market.larder.rest[:, :RESTAURANTS]
    assert weekday.tolist() == wished[0].tolist()
    assert np.isnan(weekend).all()


def test_what_is_thrown_away_costs_the_merchant_its_goods() -> None:
    def margins(share: float) -> tuple[np.ndarray, np.ndarray]:
        unsold = {"tries": 0.0, "scale_share": 0.0001}  # a promotion gains nobody anything at these costs
        conduct = {"cost_share": share, "cost_spread": 0.0, "leaves": 0.0} | unsold
        events = lived(fresh({"conduct": conduct}, calendar={"days": 1, "drain_min": 60}))[0]
        return events, of(events, Kind.TRADED)["amount"][:RESTAURANTS].astype(float)

    events, cheap = margins(0.5)
    left, _ = thrown(events)
    placed, picked = of(events, Kind.PLACED), of(events, Kind.PICKED_UP)
    placed = placed[np.isin(placed["order"], picked["order"][picked["t"] < DAY])]
    baskets = by_day(placed, placed["amount"])[0]
    price = city_of(fresh()).day(0, Streams(fresh().seed, 0)).intents.basket.mean()
    np.testing.assert_allclose(cheap - margins(0.9)[1], 0.4 * (baskets + left[0] * price), atol=1)
    assert left[0].sum() > 0


def test_nothing_spoils_where_nobody_makes_ahead() -> None:
    events = lived(scenario({}, response={"on": True}, **SHORT))[0]
    assert not len(of(events, Kind.WASTED))
    with pytest.raises(ValueError, match="nobody prepares for pre-orders"):
        fresh(fresh={"classes": []})


def test_without_people_who_respond_nobody_is_asked() -> None:
    tables = tables_of({"fresh": {"classes": ["shop"]}})
    assert KPIS["waste_share"].value(tables) > 0
    assert KPIS["preorder_share"].value(tables) == 0
    assert set(of(tables.events, Kind.WASTED)["merchant"]) == {8, 9, 10, 11}


def test_an_unknown_class_is_told() -> None:
    with pytest.raises(ScenarioError, match=r"fresh\.classes: unknown class of merchants 'restaurnt'"):
        lived(scenario({"fresh": {"classes": ["restaurnt"]}}))


def everything() -> Scenario:
    market = {"deals": DEALS, "pool": 0.5, "conduct": {"leaves": 0.1, "joins": 0.3}}
    return fresh(market, riders={"count": 6}, kinds=KINDS, ratings={"share": 0.5})


@cache
def whole() -> tuple[np.ndarray, Outcome]:
    return lived(everything())


@pytest.mark.parametrize("cut", CUTS)
def test_a_run_stopped_anywhere_goes_on_as_if_it_had_not(cut: float) -> None:
    spec, first, second = everything(), Log(), Log()
    outcome = simulate(spec, city_of(spec), Nearest(), first, until=cut)
    simulate(spec, city_of(spec), Nearest(), second, world=copy.deepcopy(outcome.world))
    assert_same(np.concatenate([first.events(), second.events()]), whole()[0])


def test_who_leaves_makes_nothing_more_and_who_joins_begins() -> None:
    events, _ = whole()
    rows, traded = of(events, Kind.WASTED), of(events, Kind.TRADED)
    classes = city_of(everything()).merchants.kind
    makes = traded[classes[traded["merchant"]] == 0]
    assert set(zip(rows["t"], rows["merchant"], strict=True)) == set(zip(makes["t"], makes["merchant"], strict=True))
    assert len(of(events, Kind.WITHDRAWN))
    assert len(of(events, Kind.ENLISTED))


def test_asking_is_paid_for() -> None:
    events, _ = lived(fresh(**SHORT))
    paid = of(events, Kind.PAID)
    assert paid[paid["detail"] == Purpose.CONTACT]["amount"].sum() == 2 * len(of(events, Kind.TOUCHED))

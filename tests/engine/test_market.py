"""Merchants over weeks: what changes when they respond, what does not, and that the money adds up."""

import copy
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.market import Count, Trade
from sim.engine.referee import PolicyError
from sim.engine.simulate import Outcome, simulate
from sim.entities import Deals, TradeNight
from sim.events import Kind, Purpose, Reason
from sim.kpi.others import balances
from sim.kpi.tables import Tables
from sim.policies.merchants.commission import Flat
from sim.policies.merchants.deal import none
from sim.policies.nearest import Nearest
from sim.policies.registry import PolicyNotFound
from sim.scenario.errors import ScenarioError
from sim.scenario.schema import Scenario
from sim.units import DAY
from tests.engine.markets import BRISK, KINDS, city_of, full, lived, log_of, scenario, tables_of
from tests.engine.test_resume import assert_same

NEW = {Kind.TRADED, Kind.ENLISTED, Kind.WITHDRAWN, Kind.PRICED, Kind.REACHES, Kind.PROMOTES, Kind.GRADED}


def of(events: np.ndarray, *kinds: Kind) -> np.ndarray:
    return events[np.isin(events["kind"], kinds)]


def paid(events: np.ndarray, purpose: Purpose) -> np.ndarray:
    rows = of(events, Kind.PAID)
    return rows[rows["detail"] == purpose]


def test_off_there_is_no_trace_of_it() -> None:
    events = log_of()
    assert not len(of(events, *NEW, Kind.SUPPLIED))
    assert lived(scenario())[1].world.market is None


def test_on_the_same_people_wish_the_same_things_at_the_same_time() -> None:
    off, on = (of(log_of(m), Kind.PLACED, Kind.LOST) for m in (None, {}))  # type: ignore[var-annotated]
    off, on = (rows[np.argsort(rows["order"])] for rows in (off, on))
    for column in ("order", "t", "user", "place"):
        np.testing.assert_array_equal(off[column], on[column])
    differ = off["merchant"] != on["merchant"]
    assert 0.05 < differ.mean() < 0.95, "some choose otherwise, by rating and price, and not all"


def test_every_day_is_told_of_every_merchant_on_the_platform() -> None:
    events, outcome = lived(scenario({}))
    rows, picked = of(events, Kind.TRADED), of(events, Kind.PICKED_UP)
    assert sorted(set(rows["t"])) == [day * DAY for day in range(1, 11)]
    before_midnight = picked[picked["t"] < 10 * DAY]
    assert rows["detail"].sum() == len(before_midnight)
    assert outcome.world.market is not None
    assert outcome.world.market.nights == 11


def test_two_policies_meet_the_same_intents() -> None:
    cheap, dear = ({"deals": {"flat": {"policy": "flat", "params": {"share": s}}}} for s in (0.05, 0.4))
    one, two = (of(log_of(m), Kind.PLACED, Kind.LOST) for m in (cheap, dear))
    one, two = (rows[np.argsort(rows["order"])] for rows in (one, two))
    for column in ("order", "t", "user", "place"):
        np.testing.assert_array_equal(one[column], two[column])


def test_commission_is_the_deals_and_prices_follow_it() -> None:
    deals = {"flat": {"policy": "flat", "params": {"share": 0.4}}}
    events = log_of({"deals": deals, "conduct": {"passes_on": 1.0, "leaves": 0.0}})
    placed, share = of(events, Kind.PLACED), paid(events, Purpose.MERCHANT_SHARE)
    baskets = dict(zip(placed["order"].tolist(), placed["amount"].tolist(), strict=True))
    promoted = set(paid(events, Purpose.PROMOTION_SHARE)["order"])
    for order, amount in zip(share["order"].tolist(), share["amount"].tolist(), strict=True):
        assert order in promoted or amount == baskets[order] - round(0.4 * baskets[order])
    raised = of(events, Kind.PRICED)
    assert len(raised) >= 12
    assert (raised["amount"] > 1000).all()
    assert raised["amount"].max() < 1000 * 0.82 / 0.6 + 1
    later = placed["t"] > 8 * DAY
    usual = of(log_of({"conduct": {"passes_on": 1.0, "leaves": 0.0}}), Kind.PLACED)
    assert placed["amount"][later].mean() > 1.05 * usual["amount"][usual["t"] > 8 * DAY].mean()


def test_no_commission_asks_for_lower_prices() -> None:
    events = log_of({"deals": {"flat": {"policy": "flat", "params": {"share": 0.0}}}})
    assert (of(events, Kind.PRICED)["amount"] < 1000).all()
    share, placed = paid(events, Purpose.MERCHANT_SHARE), of(events, Kind.PLACED)
    baskets = dict(zip(placed["order"].tolist(), placed["amount"].tolist(), strict=True))
    assert share["amount"].tolist() == [baskets[order] for order in share["order"].tolist()]


def test_a_promotion_is_paid_by_whom_it_was_agreed() -> None:
    everybody = {"deals": {"shared": {"policy": "shared", "params": {"matched": 0.4}}}, "conduct": {"tries": 1.0}}
    events = log_of(everybody)
    off, own, placed = (paid(events, p) for p in (Purpose.PROMOTION, Purpose.PROMOTION_SHARE, Purpose.BASKET))
    baskets = dict(zip(placed["order"].tolist(), placed["amount"].tolist(), strict=True))
    late = off[off["t"] > 7 * DAY]
    assert len(late) > 50
    for order, amount in zip(late["order"].tolist(), late["amount"].tolist(), strict=True):
        assert amount == round(0.15 * baskets[order])
    for order, amount in zip(own["order"].tolist(), own["amount"].tolist(), strict=True):
        assert amount == round(0.15 * 0.6 * baskets[order])
    assert set(own["order"]) <= set(off["order"])


def test_what_a_cancelled_order_cost_is_given_back_and_no_more() -> None:
    deals = {"off": {"policy": "subsidy", "params": {"off": 0.3}}}
    events = log_of({"deals": deals}, riders={"count": 2})
    tables = Tables(events)
    gone = of(events, Kind.CANCELLED)["order"]
    assert len(gone) > 20
    of_them = tables.payments[tables.payments["order"].isin(gone)]
    assert balances(of_them)[["platform", "user"]].abs().sum() == 0


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(
    matched=st.floats(0, 1),
    share=st.floats(0, 0.6),
    off=st.floats(0, 1),
    yuan=st.floats(0, 30),
    riders=st.integers(3, 12),
    response=st.booleans(),
)
def test_money_is_conserved_under_any_deals(
    matched: float, share: float, off: float, yuan: float, riders: int, response: bool
) -> None:
    deals: dict[str, Any] = {
        "flat": {"policy": "flat", "params": {"share": share}},
        "shared": {"policy": "shared", "params": {"matched": matched}},
        "personal": {"policy": "personal", "params": {"off": off, "asleep_days": 1}},
        "places": {"policy": "ranking", "params": {"yuan": yuan}},
        "training": {"policy": "training", "params": {"every_days": 1, "yuan": yuan}},
    }
    events, _ = lived(
        scenario(
            {"deals": deals, "conduct": BRISK},
            calendar={"days": 3, "drain_min": 120},
            riders={"count": riders},
            response={"on": response},
            membership={"policy": "classic"} if response else {},
        )
    )
    tables = Tables(events)
    assert balances(tables.payments).sum() == 0
    assert (tables.payments["amount"] >= 0).all()
    by_order = tables.payments[tables.payments["order"] >= 0]
    user = by_order["amount"].where(by_order["payer"] == "user", -by_order["amount"])
    user = user.where((by_order["payer"] == "user") | (by_order["payee"] == "user"), 0)
    assert (user.groupby(by_order["order"]).sum() >= 0).all(), "nobody earns by ordering"


def test_empty_shelves_lose_wishes_and_the_platform_learns_of_them() -> None:
    events, outcome = lived(scenario({"stock_out": 0.3, "learns": 0.5}))
    lost = of(events, Kind.LOST)
    share = (lost["detail"] == Reason.STOCK).mean() * len(lost) / (len(lost) + len(of(events, Kind.PLACED)))
    assert 0.15 < share < 0.45
    market = outcome.world.market
    assert market is not None
    busy = market.ledger.recent_orders.sum(axis=0) > 60
    assert np.corrcoef(market.ledger.stock_out[busy], market.runs_out[busy])[0, 1] > 0.5


def test_no_stock_out_without_empty_shelves() -> None:
    lost = of(log_of({"stock_out": 0.0}), Kind.LOST)
    assert Reason.STOCK not in lost["detail"]


def test_merchants_leave_where_nothing_is_earned_and_join_where_much_is() -> None:
    poor = log_of({"conduct": BRISK | {"fixed_yuan": 500}, "pool": 0.5})
    rich = log_of({"conduct": BRISK | {"fixed_yuan": 0, "cost_share": 0.1}, "pool": 0.5})
    assert len(of(poor, Kind.WITHDRAWN)) > len(of(rich, Kind.WITHDRAWN))
    assert len(of(rich, Kind.ENLISTED)) > len(of(poor, Kind.ENLISTED))
    for row in of(poor, Kind.WITHDRAWN):
        orders = of(poor, Kind.PLACED)
        of_his = orders[orders["merchant"] == row["merchant"]]
        assert (of_his["t"] < row["t"]).all(), "nobody orders from a merchant who has left"


def test_nobody_orders_from_the_pool_before_somebody_joins() -> None:
    events = log_of({"pool": 0.5, "conduct": {"joins": 0.0}})
    assert of(events, Kind.PLACED)["merchant"].max() < 12
    assert len(city_of(scenario({"pool": 0.5})).merchants.place) == 18


def test_training_shortens_the_preparation_and_the_platform_learns_it() -> None:
    deal = {"training": {"policy": "training", "params": {"every_days": 2, "share": 1.0}}}
    market = {"deals": deal, "conduct": {"trained": 0.4, "leaves": 0.0}}
    events, outcome = lived(scenario(market))
    plain = log_of({"conduct": {"leaves": 0.0}})
    cooked = [Tables(log).orders.query("placed_at > 6 * 86400") for log in (events, plain)]
    trained, usual = ((of["ready_at"] - of["cooking_at"]).mean() for of in cooked)
    assert trained < 0.75 * usual
    state = outcome.world.market
    assert state is not None
    seen = state.ledger.recent_orders.sum(axis=0) > 30
    assert (state.ledger.prep_s[seen] < city_of(scenario(market)).merchants.prep_s[seen]).all()
    assert len(paid(events, Purpose.TRAINING)) == state.trained.sum()


def test_a_paid_place_is_paid_and_brings_orders() -> None:
    deal = {"deals": {"places": {"policy": "ranking", "params": {"places": 1, "yuan": 0.5}}}}
    strong = deal | {"choice": {"ranked": 3.0}}
    events = log_of(strong)
    places = paid(events, Purpose.ADVERTISING)
    assert len(places)
    assert (places["amount"] == 50).all()
    day, ordered = places["t"] // DAY, of(events, Kind.PLACED)
    ranked = {(int(d), int(m)) for d, m in zip(day, places["merchant"], strict=True)}
    theirs = [(int(t // DAY), int(m)) in ranked for t, m in zip(ordered["t"], ordered["merchant"], strict=True)]
    plain = of(log_of(deal | {"choice": {"ranked": 0.0}}), Kind.PLACED)
    without = [(int(t // DAY), int(m)) in ranked for t, m in zip(plain["t"], plain["merchant"], strict=True)]
    assert np.mean(theirs) > 1.3 * np.mean(without)


def test_a_long_queue_shrinks_the_radius() -> None:
    events = log_of({"conduct": {"busy_min": 1, "leaves": 0.0}}, population={"users": 600})
    assert len(of(events, Kind.REACHES))
    assert (of(events, Kind.REACHES)["amount"] < 1000).all()


def test_ratings_move_with_the_stars_given() -> None:
    events, outcome = lived(scenario({"rating": 3.0, "rating_sd": 0.0, "rating_moves": 0.1}, ratings={"share": 1.0}))
    assert outcome.world.market is not None
    rating = outcome.world.market.ledger.rating
    assert rating.mean() > 3.3, "deliveries deserve more than three stars"
    graded = of(events, Kind.GRADED)
    assert set(graded["t"]) == {7 * DAY, 10 * DAY}


ERRANDS = {"stock_out": 0.3, "conduct": {"leaves": 0.0}}


def fulfilment(**supplier: Any) -> float:
    tables = tables_of(ERRANDS | {"supplier": supplier}, kinds=KINDS)
    errands = of(tables.events, Kind.SUPPLIED)["order"]
    assert len(errands) > 100
    return float(np.isin(errands, of(tables.events, Kind.DELIVERED)["order"]).mean())


def test_asking_one_supplier_after_the_other_fulfils_more_errands() -> None:
    one, three = fulfilment(policy="best", tries=1), fulfilment(policy="best", tries=3)
    assert three > one
    assert three > fulfilment(policy="user")


def test_the_nearest_supplier_is_nearer_than_the_one_a_user_names() -> None:
    def ride(policy: str) -> float:
        events = log_of(ERRANDS | {"supplier": {"policy": policy, "tries": 1}}, kinds=KINDS)
        city, errands = city_of(scenario(ERRANDS, kinds=KINDS)), of(events, Kind.SUPPLIED)
        served = errands[errands["merchant"] >= 0]
        doors = dict(zip(*(of(events, Kind.PLACED, Kind.LOST)[c].tolist() for c in ("order", "place")), strict=True))
        places = np.array([doors[order] for order in served["order"].tolist()])
        return float(city.travel.times(city.merchants.place[served["merchant"]], places).mean())

    assert ride("nearest") < ride("user")


def test_errands_are_collected_at_the_merchant_that_was_asked() -> None:
    events = log_of(ERRANDS | {"supplier": {"policy": "best"}}, kinds=KINDS)
    city, specified = city_of(scenario(ERRANDS, kinds=KINDS)), of(events, Kind.SPECIFIED)
    merchants = dict(zip(*(of(events, Kind.PLACED)[c].tolist() for c in ("order", "merchant")), strict=True))
    for row in specified:
        merchant = merchants[row["order"].item()]
        assert merchant < 0 or row["place"] == city.merchants.place[merchant]


CUTS = (5000.0, 43000.0, DAY - 0.5, float(DAY), DAY + 0.5, 7 * DAY + 43000.0, 10 * DAY - 1.0, 10 * DAY + 60.0)


@cache
def whole() -> tuple[np.ndarray, Outcome]:
    return lived(full())


@pytest.mark.parametrize("cut", CUTS)
def test_a_run_stopped_anywhere_goes_on_as_if_it_had_not(cut: float) -> None:
    spec = full()
    city, first, second = city_of(spec), Log(), Log()
    outcome = simulate(spec, city, Nearest(), first, until=cut)
    simulate(spec, city, Nearest(), second, world=copy.deepcopy(outcome.world))
    assert_same(np.concatenate([first.events(), second.events()]), whole()[0])


def test_everything_at_once_happens() -> None:
    events, outcome = whole()
    assert {int(kind) for kind in NEW - {Kind.REACHES}} <= set(events["kind"].tolist())
    for purpose in (Purpose.ADVERTISING, Purpose.PROMOTION, Purpose.PROMOTION_SHARE, Purpose.TRAINING):
        assert len(paid(events, purpose)), purpose
    market = outcome.world.market
    assert market is not None
    assert market.today[Count.PICKED_UP].sum() >= 0
    assert len(market.chosen) == 2


def test_a_town_without_merchants_lives_on() -> None:
    nobody = {"classes": {"shop": {"count": 0}}}
    events, _ = lived(scenario({}, merchants=nobody, calendar={"days": 1, "drain_min": 10}))
    assert set(of(events, Kind.LOST)["detail"]) == {Reason.CLOSED}


@pytest.mark.parametrize(
    ("market", "said"),
    [
        (
            {"deals": {"mine": {"policy": "flatt"}}},
            r"^market.deals.mine.policy: unknown policy 'flatt' \(did you mean 'flat'",
        ),
        ({"deals": {"mine": {"policy": "flat", "params": {"rate": 1}}}}, "market.deals.mine"),
        (
            {"supplier": {"policy": "neerest"}},
            "^market.supplier.policy: unknown policy 'neerest' .did you mean 'nearest'",
        ),
    ],
)
def test_an_unknown_policy_is_named(market: dict[str, Any], said: str) -> None:
    with pytest.raises(PolicyNotFound, match=said):
        lived(scenario(market))


def test_deals_are_loaded_in_the_scenarios_order() -> None:
    spec = scenario({"deals": {"b": {"policy": "flat", "params": {"share": 0.3}}, "a": {"policy": "none"}}})
    trade = Trade.of(spec, city_of(spec))
    assert trade is not None
    assert trade.deals == (("b", Flat(0.3)), ("a", none))


def test_nonsense_of_a_deal_ends_the_run_with_one_line() -> None:
    deals = {"mine": {"policy": "tests.engine.test_market:halves"}}
    why = r"^market\.deals\.mine, day 2: .*: place_price: expected a whole number .*, got 20\.5$"
    with pytest.raises(PolicyError, match=why):
        lived(scenario({"deals": deals}))


def halves(night: TradeNight, rng: object) -> Deals:
    return Deals(places=3, place_price=20 if night.day < 1 else 20.5)  # type: ignore[arg-type]


def test_nonsense_of_a_supplier_policy_ends_the_run_with_one_line() -> None:
    supplier = {"policy": "tests.engine.test_market:nonsense"}
    with pytest.raises(PolicyError, match=r"^market\.supplier, day 0: answered '1\.0', .*: expected an array"):
        lived(scenario({"supplier": supplier}, kinds=KINDS))


def nonsense(errands: object) -> float:
    return 1.0


def test_a_benchmark_city_has_no_market(data_dir: Any) -> None:
    folder = next(iter(sorted((data_dir / "grubhub").iterdir())))
    spec = Scenario.model_validate({"city": {"kind": "mdrp", "dir": str(folder)}, "market": {"on": True}})
    with pytest.raises(ScenarioError, match="market"):
        build_city(spec)

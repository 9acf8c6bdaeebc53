"""What a deal may say, who gets a paid place, and what an order is worth to its merchant."""

from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.bargaining import _rank
from sim.engine.market import Trade, open_market
from sim.engine.trade import bargain_of, commission_of, kept, off
from sim.engine.world import Bargain, Live
from sim.entities import Order
from sim.streams import Streams
from tests.engine.markets import KINDS, city_of, scenario

SPEC = scenario({})
TRADE = Trade.of(SPEC, city_of(SPEC))
assert TRADE is not None


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(-1, 1)), min_size=1, max_size=30))
def test_places_go_to_the_first_of_each_zone(rows: list[tuple[int, float]]) -> None:
    zone, by = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    rank = _rank(zone, by)
    for here in np.unique(zone):
        of = zone == here
        assert sorted(rank[of].tolist()) == list(range(of.sum()))
        assert (np.diff(by[of][np.argsort(rank[of])]) >= 0).all()


def market(**columns: float) -> Any:
    assert TRADE is not None
    made = open_market(TRADE, city_of(SPEC), Streams(1))
    for name, value in columns.items():
        getattr(made.ledger if hasattr(made.ledger, name) else made, name)[0] = value
    return made


@given(st.integers(100, 100_000), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_nobody_gives_more_than_is_taken_off_and_nobody_more_than_the_basket(
    basket: int, promotion: float, subsidy: float, personal: float, matched: float, aimed: bool
) -> None:
    state = market(promotion=promotion, subsidy=subsidy, personal=personal, matched=matched)
    state.aimed[4] = aimed
    bargain = bargain_of(state, 4, 0, basket)
    assert 0 <= bargain.own <= bargain.off <= basket
    share = promotion + subsidy + (personal if aimed else 0)
    assert bargain.off == round(basket * min(share, 1))


def test_a_bargain_keeps_the_terms_of_its_day() -> None:
    state = market(promotion=0.2, matched=0.5, commission=0.1, price=1.25)
    assert bargain_of(state, 0, 0, 1000) == Bargain(200, 100, 0.1, 1.25)
    assert bargain_of(state, 0, 1, 1000) == Bargain(0, 0, 0.18, 1.0)
    assert bargain_of(state, 0, -1, 1000) == Bargain()


def live(bargain: Bargain | None) -> Live:
    order = Order(0, 0, 0, 0, 1, 0.0, 0.0, 0.0, basket=1000, fee=400, priority=0)
    return Live(order, 0.0, 0.0, 0.0, bargain=bargain)


def test_commission_is_taken_of_what_the_merchant_sold_it_for() -> None:
    run: Any = SimpleNamespace(terms=SimpleNamespace(commission=0.18))
    agreed = live(Bargain(200, 100, 0.1))
    assert (commission_of(run, agreed), kept(run, agreed), off(agreed)) == (90, 810, 200)
    assert (commission_of(run, live(None)), kept(run, live(None)), off(live(None))) == (180, 820, 0)


def test_a_trade_knows_its_errands() -> None:
    def errands(**supplier: Any) -> frozenset[int]:
        spec = scenario({"supplier": supplier}, kinds=KINDS)
        trade = Trade.of(spec, city_of(spec))
        assert trade is not None
        assert trade.suppliers is None
        return trade.errands

    assert errands() == {1}, "what the rider shops, not what a kitchen cooks or what is sent from door to door"
    assert errands(kinds=["takeaway", "send"]) == {0}
    assert Trade.of(scenario(), city_of(scenario())) is None


def test_every_merchant_begins_with_a_rating_costs_and_shelves_of_his_own() -> None:
    state = market()
    assert ((state.ledger.rating >= 1) & (state.ledger.rating <= 5)).all()
    assert len(set(state.goods.tolist())) == len(state.ledger)
    assert 0 < state.runs_out.mean() < 0.1
    again = market()
    np.testing.assert_array_equal(state.runs_out, again.runs_out)

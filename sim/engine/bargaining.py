"""The platform's deals take effect, and merchants decide what they buy of them: promotions and paid places."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from sim.behaviour.merchants import place_chance, promote_chance, promotion_gain
from sim.engine.answers import fault_of_deals
from sim.engine.consult import consult
from sim.engine.market import Count, Market, Trade
from sim.engine.run import Run
from sim.entities import Bools, Deals, Floats, TradeNight
from sim.events import Kind, Purpose
from sim.policies.merchants.deal import Deal

PAID = Kind.PAID


def agree(run: Run, market: Market, trade: Trade, night: TradeNight) -> None:
    """Ask every deal, and let the answers take effect one after the other."""
    market.subsidy[:] = market.matched[:] = market.personal[:] = 0
    market.aimed[:] = False
    places = price = 0
    for index, (name, deal) in enumerate(trade.deals):
        said = _said(run, name, deal, night, run.streams.generator("policy.merchants", market.nights, index))
        _set_terms(market, said)
        if said.places:
            places, price = said.places, said.place_price
        if said.trained is not None:
            _train(run, market, said.trained, said.training_cost)
    _sell_places(run, market, trade, places, price)


def _said(run: Run, name: str, deal: Deal, night: TradeNight, rng: Generator) -> Deals:
    merchants, users = len(night.merchants), len(night.customers.orders)

    def fits(answer: object) -> bool | str:
        return fault_of_deals(answer, merchants, users) or True

    answer: Deals = consult(run, f"market.deals.{name}", lambda seen: deal(seen, rng), night, fits, by_day=True)
    return answer


def _set_terms(market: Market, said: Deals) -> None:
    if said.commission is not None:
        market.ledger.commission[:] = said.commission
    for mine, theirs in (
        (market.subsidy, said.subsidy),
        (market.matched, said.matched),
        (market.personal, said.personal),
        (market.aimed, said.aimed),
    ):
        if theirs is not None:
            mine[:] = theirs


def _train(run: Run, market: Market, trained: Bools, cost: int) -> None:
    taught = trained & market.ledger.active
    market.trained += taught
    for merchant in np.flatnonzero(taught).tolist():
        run.log.record(run.env.now, PAID, merchant=merchant, amount=cost, detail=Purpose.TRAINING)


def _margin_share(market: Market) -> Floats:
    """What a sold basket leaves a merchant, as a share of it, before any promotion."""
    ledger = market.ledger
    return np.asarray(1 - ledger.commission - market.goods / ledger.price)


def _sell_places(run: Run, market: Market, trade: Trade, places: int, price: int) -> None:
    """Merchants who want a paid place for tomorrow; where they are too many, those with the larger gain get one."""
    ledger = market.ledger
    turnover = ledger.recent_gmv[:7].sum(axis=0) / np.minimum(ledger.days(market.nights - 1), 7)
    gain = (np.exp(trade.appeal.ranked) - 1) * _margin_share(market) - price / np.maximum(turnover, 1)
    u = run.streams.uniforms("merchant.buys", np.array([market.nights]), np.arange(len(ledger)))
    wants = ledger.active & (turnover > 0) & (u < place_chance(trade.conduct, gain))
    ledger.ranked[:] = wants & (_rank(ledger.zone, np.where(wants, -gain, np.inf)) < places)
    for merchant in np.flatnonzero(ledger.ranked).tolist():
        market.today[Count.MARGIN, merchant] -= price
        run.log.record(run.env.now, PAID, merchant=merchant, amount=price, detail=Purpose.ADVERTISING)


def _rank(zone: np.typing.NDArray[np.int64], by: Floats) -> np.typing.NDArray[np.int64]:
    """How many merchants of its zone stand before each one, by ascending order of a column."""
    order = np.lexsort((by, zone))
    begins = np.searchsorted(zone[order], zone[order], side="left")
    rank = np.empty(len(zone), np.int64)
    rank[order] = np.arange(len(zone)) - begins
    return rank


def promote(run: Run, market: Market, trade: Trade, turn: Bools) -> None:
    """Merchants whose turn it is run a promotion for a week, or none."""
    ledger, depth = market.ledger, trade.spec.conduct.depth
    goods = market.goods / ledger.price
    gain = promotion_gain(trade.appeal.price, goods, ledger.commission, depth, market.matched)
    u = run.streams.uniforms("merchant.promotes", np.array([market.nights]), np.arange(len(ledger)))
    wanted = np.where(u < promote_chance(trade.conduct, gain), depth, 0.0)
    changed = turn & (wanted != ledger.promotion)
    ledger.promotion[turn] = wanted[turn]
    for merchant in np.flatnonzero(changed).tolist():
        per_mille = round(1000 * ledger.promotion.item(merchant))
        run.log.record(run.env.now, Kind.PROMOTES, merchant=merchant, amount=per_mille)

"""Dawn: the Intents of the day choose their merchants, on the terms that hold today."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from sim.behaviour.merchants import pace, worth
from sim.city.model import Day, Intents
from sim.engine.answers import fault_of_costs
from sim.engine.consult import consult
from sim.engine.market import Chosen, Market, Trade
from sim.engine.portions import make
from sim.engine.run import Run
from sim.entities import Bools, Errands, Floats, Ints
from sim.units import MINUTE

DAYS_KEPT = 2
"""Wishes of the day before may still be at the checkout."""


def dawn(run: Run, number: int, day: Day) -> Day:
    """The day as it comes to be on today's terms; a resumed day comes to be as before."""
    market, trade = run.world.market, run.trade
    assert market is not None
    assert trade is not None
    if number not in market.chosen and len(market.ledger):
        intents = _chosen(run, market, trade, number, day.intents)
        market.chosen[number] = Chosen.of(intents)
        make(run, number, intents, float(day.intents.basket.mean()) if len(day.intents) else 0.0)
        market.chosen = {kept: market.chosen[kept] for kept in sorted(market.chosen)[-DAYS_KEPT:]}
    return as_chosen(market, number, day)


def as_chosen(market: Market, number: int, day: Day) -> Day:
    """A day with the merchants that were chosen at its dawn; as it was drawn where there was none."""
    chosen = market.chosen.get(number)
    if chosen is None:
        nothing = np.zeros(len(day.intents), np.bool_)
        return replace(day, intents=replace(day.intents, sold_out=nothing))
    columns = {column.name: getattr(chosen, column.name) for column in fields(Chosen)}
    return replace(day, intents=replace(day.intents, **columns))


def _chosen(run: Run, market: Market, trade: Trade, number: int, intents: Intents) -> Intents:
    rechoice, ledger = trade.rechoice, market.ledger
    reach = rechoice.reach(ledger.active, ledger.radius)
    ids = run.world.first_id + np.arange(len(intents))
    merchant, aimed = np.full(len(intents), -1, np.int64), market.aimed[intents.user]
    for some, personal in ((~aimed, np.zeros_like(market.personal)), (aimed, market.personal)):
        rows = np.flatnonzero(some)
        if len(rows):
            weights = rechoice.weights(reach, _worth(market, trade, personal))
            merchant[rows] = rechoice.chosen(intents.take(rows), number, weights)
    sold_out = _runs_out(run, market, ids, merchant)
    if trade.suppliers is not None and intents.kind is not None:
        rows = np.flatnonzero(np.isin(intents.kind, sorted(trade.errands)))
        if len(rows):
            merchant[rows], sold_out[rows] = _supplied(run, market, trade, number, intents.take(rows), ids[rows], reach)
    means_s = rechoice.merchants.prep_s * pace(trade.conduct, market.trained)
    intents = rechoice.served(intents, merchant, ledger.price, means_s, ledger.prep_s)
    return replace(intents, sold_out=sold_out)


def _worth(market: Market, trade: Trade, personal: Floats) -> Floats:
    """What is worth more than usual about each merchant today, as a power of e."""
    ledger = market.ledger
    wait_min = (ledger.prep_s + ledger.wait_s) / MINUTE
    off = np.minimum(ledger.promotion + market.subsidy + personal, 1)
    return worth(trade.appeal, ledger.rating, ledger.price * np.maximum(1 - off, 0.01), wait_min, ledger.ranked)


def _runs_out(run: Run, market: Market, ids: Ints, merchant: Ints) -> Bools:
    """Whether the merchant has run out of what each order asks for: equal under all policies that ask him."""
    u = run.streams.uniforms("merchant.stock", ids, merchant)
    return (merchant >= 0) & (u < market.runs_out[merchant])


def _supplied(
    run: Run, market: Market, trade: Trade, number: int, errands: Intents, ids: Ints, reach: Bools
) -> tuple[Ints, Bools]:
    """Merchants whom the platform asks for errands, one after the other until one has it; whether none had."""
    assert errands.kind is not None
    rechoice = trade.rechoice
    serves = np.array([rechoice.serves(kind) for kind in errands.kind.tolist()], np.bool_)
    may = serves.reshape(len(errands), -1) & reach[errands.place] & rechoice.open_at(rechoice.clock(errands, number))
    cost = np.where(may, _costs(run, market, trade, errands), np.inf)
    rows = np.arange(len(errands))
    merchant, sold_out = np.full(len(errands), -1, np.int64), np.zeros(len(errands), np.bool_)
    for turn in range(trade.spec.supplier.tries):
        asked = cost.argmin(axis=1)
        goes_on = np.isfinite(cost[rows, asked]) & (sold_out | (turn == 0))
        merchant = np.where(goes_on, asked, merchant)
        sold_out = np.where(goes_on, _runs_out(run, market, ids, merchant), sold_out)
        cost[rows, asked] = np.inf
    return merchant, sold_out


def _costs(run: Run, market: Market, trade: Trade, errands: Intents) -> Floats:
    """The policy's answer for the errands of a day."""
    assert trade.suppliers is not None
    ledger, shape = market.ledger, (len(errands), len(market.ledger))
    ride_s = run.city.travel.times(trade.rechoice.merchants.place[None, :], errands.place[:, None])
    price = errands.basket[:, None] * ledger.price
    columns = ride_s, np.broadcast_to(ledger.prep_s + ledger.wait_s, shape), price
    seen = Errands(*columns, np.broadcast_to(ledger.stock_out, shape))
    policy, key = trade.suppliers, "market.supplier"
    answer: Floats = consult(run, key, policy, seen, lambda cost: fault_of_costs(cost, shape) or True, by_day=True)
    return answer

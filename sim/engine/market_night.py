"""The night of the merchants: the day's books are closed, the platform says its deals, and merchants respond."""

from __future__ import annotations

import numpy as np

from sim.behaviour.merchants import join_chance, leave_chance, wanted_price, wanted_radius
from sim.engine.bargaining import agree, promote
from sim.engine.market import Count, Market, Trade
from sim.engine.portions import throw_away
from sim.engine.run import Run
from sim.entities import Bools, Floats, Ints, Ledger, TradeNight
from sim.entities.arrays import locked
from sim.entities.market import TRADE_DAYS
from sim.events import Kind
from sim.units import MINUTE, fen

WEEK = 7
"""Merchants review their prices, radius and promotion once a week, and do not leave or join within the first."""
NOTHING = -1e9
"""What a merchant expects of a platform without merchants, in yuan a day: nobody joins."""


def trade_overnight(run: Run, day: int) -> None:
    """The night before a day, at midnight; nothing where it has been lived already."""
    market, trade = run.world.market, run.trade
    assert market is not None
    assert trade is not None
    if market.nights <= day:
        _live(run, market, trade)


def _live(run: Run, market: Market, trade: Trade) -> None:
    if market.nights:
        _close(run, market, trade)
    if market.nights >= WEEK:
        _leave(run, market, trade)
        _join(run, market, trade)
    if market.nights < run.terms.days:  # after the last day there is none to agree on
        agree(run, market, trade, _seen(run, market, trade))
    _review(run, market, trade)
    for kitchen, prep_s in zip(run.world.kitchens, market.ledger.prep_s.tolist(), strict=True):
        kitchen.mean_prep_s = prep_s
    market.nights += 1


def _close(run: Run, market: Market, trade: Trade) -> None:
    """Close the books of a day: windows move on, and the platform learns."""
    ledger, today = market.ledger, market.today
    throw_away(run, market, trade)
    today[Count.MARGIN] -= fen(trade.spec.conduct.fixed_yuan) * ledger.active
    for window, row in (
        (ledger.recent_orders, Count.PICKED_UP),
        (ledger.recent_gmv, Count.GMV),
        (market.recent_margin, Count.MARGIN),
    ):
        window[1:] = window[:-1].copy()
        window[0] = np.rint(today[row])
    _learn(trade, ledger, today)
    _tell(run, market)
    today[:] = 0


def _learn(trade: Trade, ledger: Ledger, today: Floats) -> None:
    """Estimates move towards yesterday's means, ratings towards yesterday's stars, as far as there were any."""
    learns, stars = trade.spec.learns, today[Count.RATED]
    for column, total, number in (
        (ledger.prep_s, Count.PREP_S, Count.COOKED),
        (ledger.wait_s, Count.WAIT_S, Count.COOKED),
        (ledger.stock_out, Count.FAILED, Count.WISHED),
    ):
        some = today[number] > 0
        mean = today[total] / np.maximum(today[number], 1)
        column += np.where(some, learns * (mean - column), 0.0)
    weight = 1 - (1 - trade.spec.rating_moves) ** stars
    ledger.rating += weight * (today[Count.STARS] / np.maximum(stars, 1) - ledger.rating) * (stars > 0)


def _tell(run: Run, market: Market) -> None:
    """Log what the day brought to each merchant on the platform, and once a week his rating."""
    ledger, now = market.ledger, run.env.now
    margin, orders = market.recent_margin[0], ledger.recent_orders[0]
    for merchant in np.flatnonzero(ledger.active).tolist():
        money, sold = int(margin[merchant]), orders.item(merchant)
        run.log.record(now, Kind.TRADED, merchant=merchant, amount=money, detail=sold)
        if market.nights % WEEK == 0 or market.nights == run.terms.days:
            stars = round(100 * ledger.rating.item(merchant))
            run.log.record(now, Kind.GRADED, merchant=merchant, amount=stars)


def _seen(run: Run, market: Market, trade: Trade) -> TradeNight:
    """What deals see: the same columns, which they cannot write to."""
    names = trade.classes, run.city.zones, run.city.segments
    day, ledger, customers = market.nights - 1, locked(market.ledger), locked(market.customers)
    return TradeNight(day, ledger, customers, trade.commission, *names)


def _mean(window: Floats | Ints, days: Ints) -> Floats:
    """Mean per day of a window over the days that each merchant has been on the platform, 28 at most."""
    return np.asarray(window.sum(axis=0) / days)


def _leave(run: Run, market: Market, trade: Trade) -> None:
    ledger, days = market.ledger, market.ledger.days(market.nights - 1)
    margin, orders = _mean(market.recent_margin, days) / 100, _mean(ledger.recent_orders, days)
    u = _uniforms(run, market, "merchant.leaves")
    goes = ledger.active & (days >= WEEK) & (u < leave_chance(trade.conduct, margin, orders))
    ledger.active[goes], market.left[goes] = False, market.nights
    ledger.promotion[goes], ledger.ranked[goes] = 0.0, False
    _log(run, Kind.WITHDRAWN, goes, np.rint(100 * margin).astype(np.int64))


def _join(run: Run, market: Market, trade: Trade) -> None:
    ledger = market.ledger
    margin = _mean(market.recent_margin, ledger.days(market.nights - 1)) / 100
    outside = ~ledger.active & (market.nights - market.left >= TRADE_DAYS)
    u = _uniforms(run, market, "merchant.joins")
    comes = outside & (u < join_chance(trade.conduct, _of_class(ledger, margin)))
    ledger.active[comes], ledger.since[comes] = True, market.nights
    for window in (ledger.recent_orders, ledger.recent_gmv, market.recent_margin):
        window[:, comes] = 0
    _log(run, Kind.ENLISTED, comes, np.zeros(len(ledger), np.int64))


def _of_class(ledger: Ledger, margin: Floats) -> Floats:
    """Mean margin of those of each merchant's class who are on the platform; of all classes where it has none."""
    number = np.bincount(ledger.kind, ledger.active)
    total = np.bincount(ledger.kind, margin * ledger.active)
    of_all = total.sum() / number.sum() if number.any() else NOTHING
    return np.where(number > 0, total / np.maximum(number, 1), of_all)[ledger.kind]


def _review(run: Run, market: Market, trade: Trade) -> None:
    """Once a week each merchant thinks about prices, radius and a promotion; a seventh of them every night."""
    ledger, conduct = market.ledger, trade.conduct
    turn = ledger.active & (np.arange(len(ledger)) % WEEK == market.nights % WEEK)
    price = wanted_price(conduct, ledger.commission, trade.spec.conduct.usual_commission)
    radius = wanted_radius(conduct, ledger.wait_s / MINUTE)
    for column, wanted, kind in ((ledger.price, price, Kind.PRICED), (ledger.radius, radius, Kind.REACHES)):
        step = np.where(turn, trade.spec.conduct.adjusts * (wanted - column), 0.0)
        column += np.where(np.abs(step) >= 5e-4, step, 0.0)
        _log(run, kind, turn & (np.abs(step) >= 5e-4), np.rint(1000 * column).astype(np.int64))
    promote(run, market, trade, turn)


def _uniforms(run: Run, market: Market, name: str) -> Floats:
    return run.streams.uniforms(name, np.array([market.nights]), np.arange(len(market.ledger)))


def _log(run: Run, kind: Kind, of: Bools, amounts: Ints) -> None:
    for merchant in np.flatnonzero(of).tolist():
        run.log.record(run.env.now, kind, merchant=merchant, amount=amounts.item(merchant))

"""The day of goods that spoil: how many are made at dawn, and what is thrown away at midnight."""

from __future__ import annotations

import numpy as np

from sim.behaviour.newsvendor import learnt, portions
from sim.city.model import Intents
from sim.engine.larder import Larder
from sim.engine.market import Count, Market, Trade
from sim.engine.run import Run
from sim.entities import Bools, Floats, Ints
from sim.events import Kind


def make(run: Run, number: int, intents: Intents, price: float) -> None:
    """Merchants make the portions of a day, once its Intents have chosen them.

    Parameters
    ----------
    price
        Usual price of a portion in fen.
    """
    market, trade = run.world.market, run.trade
    assert market is not None
    assert trade is not None
    larder = market.larder
    if larder is None:
        return
    larder.price = price
    _note(run, larder, intents)
    sort, rows = int(trade.book.weekend(number)), np.flatnonzero(larder.makes & market.ledger.active)
    _begin(run, market, trade, number, rows[np.isnan(larder.rest[sort, rows])])
    larder.made[:] = 0
    expected = larder.rest[sort, rows], larder.variance[sort, rows]
    larder.made[rows] = portions(larder.told[rows], *expected, trade.spec.fresh.ratio)
    larder.left = larder.made.copy()


def _note(run: Run, larder: Larder, intents: Intents) -> None:
    """Each merchant notes the pre-orders that he is told of, and keeps a portion for each."""
    told = _told(run, larder, intents)
    larder.told = np.bincount(intents.merchant[told], minlength=len(larder.makes))
    larder.kept = larder.told.copy()
    larder.waiting = set((run.world.first_id + np.flatnonzero(told)).tolist())


def _told(run: Run, larder: Larder, intents: Intents) -> Bools:
    """Which Intents of the day are told: of users who were asked, know, and would order on the usual terms."""
    crowd, people = run.crowd, run.world.people
    if crowd is None or people is None or intents.want is None:
        return np.zeros(len(intents), np.bool_)
    asked = (people.asked & ~people.absent)[intents.user] & (intents.want < crowd.taste.conversion)
    knows = run.streams.uniforms("user.tells", run.world.first_id + np.arange(len(intents))) < crowd.preorders
    return np.asarray(asked & knows & (intents.merchant >= 0) & larder.makes[intents.merchant])


def _begin(run: Run, market: Market, trade: Trade, number: int, new: Ints) -> None:
    """Whoever lives his first weekday or weekend expects what is usual, and reckons with chance alone.

    The pre-orders of that day he takes to be the usual number of them.
    """
    larder = market.larder
    assert larder is not None
    if len(new):
        sort, usual = int(trade.book.weekend(number)), _usual(run, market, trade, number)[new]
        larder.rest[sort, new], larder.variance[sort, new] = usual - larder.told[new], usual


def _usual(run: Run, market: Market, trade: Trade, number: int) -> Floats:
    """Orders that each merchant may expect of a day by popularity and distance from where users live."""
    ledger, people = market.ledger, run.world.people
    pull = trade.rechoice.weights(trade.rechoice.reach(ledger.active, ledger.radius), np.zeros(len(ledger)))
    pull = pull[run.city.users.home]
    share = pull / np.maximum(pull.sum(axis=1, keepdims=True), 1e-300)
    here = np.ones(len(pull)) if people is None else ~people.absent
    orders = 0.0 if run.city.expected is None else run.city.expected(number).sum()
    return np.asarray(orders * (here @ share) / len(pull))


def throw_away(run: Run, market: Market, trade: Trade) -> None:
    """At the end of a day what is left is thrown away at the merchant's cost, and he learns what was asked for."""
    larder = market.larder
    if larder is None:
        return
    rows, sort = np.flatnonzero(larder.makes & market.ledger.active), int(trade.book.weekend(market.nights - 1))
    seen = market.today[Count.WISHED, rows] - larder.told[rows]
    after = learnt(trade.spec.fresh.learns, larder.rest[sort, rows], larder.variance[sort, rows], seen)
    larder.rest[sort, rows], larder.variance[sort, rows] = after
    market.today[Count.MARGIN, rows] -= market.goods[rows] * larder.price * larder.left[rows]
    _log(run, larder, rows.tolist())
    for column in (larder.left, larder.told, larder.kept):
        column[:] = 0
    larder.waiting, larder.since = set(), run.env.now


def _log(run: Run, larder: Larder, merchants: list[int]) -> None:
    for merchant in merchants:
        made, left, told = (column.item(merchant) for column in (larder.made, larder.left, larder.told))
        if told:
            came = told - larder.kept.item(merchant)
            run.log.record(run.env.now, Kind.PREORDERED, merchant=merchant, amount=told, detail=came)
        run.log.record(run.env.now, Kind.WASTED, merchant=merchant, amount=left, detail=made)

"""The day of goods that spoil: how many are made at dawn, and what is thrown away at midnight."""

from __future__ import annotations

import numpy as np

from sim.behaviour.newsvendor import learnt, portions, share_that_comes
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
    larder.made[rows] = portions(larder.expected[rows], *expected, trade.spec.fresh.ratio)
    larder.left = larder.made.copy()


def _note(run: Run, larder: Larder, intents: Intents) -> None:
    """Each merchant notes the pre-orders that he is told of, and keeps portions for as many as he expects to come.

    On his first day he expects the share that orders on the usual terms.
    """
    usual = 1.0 if run.crowd is None else run.crowd.taste.conversion
    larder.comes = np.where(np.isnan(larder.comes), usual, larder.comes)
    told = _told(run, larder, intents)
    larder.told = np.bincount(intents.merchant[told], minlength=len(larder.makes))
    larder.kept = np.rint(larder.expected).astype(np.int64)
    larder.waiting = set((run.world.first_id + np.flatnonzero(told)).tolist())


def _told(run: Run, larder: Larder, intents: Intents) -> Bools:
    """Which Intents of the day are told: of users who were asked, know what they want, and mean to order.

    On the eve a user means to order as often as is usual; what he decides at noon is another matter.
    """
    crowd, people = run.crowd, run.world.people
    if crowd is None or people is None:
        return np.zeros(len(intents), np.bool_)
    chance = crowd.preorders * crowd.taste.conversion
    tells = run.streams.uniforms("user.tells", run.world.first_id + np.arange(len(intents))) < chance
    asked = (people.asked & ~people.absent)[intents.user]
    return np.asarray(asked & tells & (intents.merchant >= 0) & larder.makes[intents.merchant])


def _begin(run: Run, market: Market, trade: Trade, number: int, new: Ints) -> None:
    """Whoever lives his first weekday or weekend expects what is usual, and reckons with chance alone.

    The pre-orders of that day he takes to be the usual number of them.
    """
    larder = market.larder
    assert larder is not None
    if len(new):
        sort, usual = int(trade.book.weekend(number)), _usual(run, market, trade, number)[new]
        larder.rest[sort, new], larder.variance[sort, new] = usual - larder.expected[new], usual


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
    seen = market.today[Count.WISHED, rows] - larder.expected[rows]
    learns = trade.spec.fresh.learns
    after = learnt(learns, larder.rest[sort, rows], larder.variance[sort, rows], seen)
    larder.rest[sort, rows], larder.variance[sort, rows] = after
    larder.comes[rows] = share_that_comes(learns, larder.comes[rows], larder.told[rows], larder.came[rows])
    market.today[Count.MARGIN, rows] -= market.goods[rows] * larder.price * larder.left[rows]
    _log(run, larder, rows.tolist())
    for column in (larder.left, larder.told, larder.came, larder.kept):
        column[:] = 0
    larder.waiting, larder.since = set(), run.env.now


def _log(run: Run, larder: Larder, merchants: list[int]) -> None:
    for merchant in merchants:
        columns = (larder.made, larder.left, larder.told, larder.came)
        made, left, told, came = (column.item(merchant) for column in columns)
        if told:
            run.log.record(run.env.now, Kind.PREORDERED, merchant=merchant, amount=told, detail=came)
        run.log.record(run.env.now, Kind.WASTED, merchant=merchant, amount=left, detail=made)

"""What is counted and paid for merchants in the day: promotions, commission, what a meal leaves them."""

from __future__ import annotations

from sim.city.model import Intent
from sim.engine.market import Count, Market
from sim.engine.run import Run
from sim.engine.world import Bargain, Live
from sim.entities import Order
from sim.events import NONE, Kind, Purpose
from sim.units import DAY

PAID = Kind.PAID


def sold_out(run: Run, number: int, merchant: int) -> bool:
    """Whether the wish that is being placed fails because the merchant has run out of it; an errand is noted."""
    market, trade, intents, row = run.world.market, run.trade, run.today.intents, run.world.row
    assert market is not None
    assert trade is not None
    if trade.errands and intents.kind is not None and intents.kind.item(row) in trade.errands:
        run.log.record(run.env.now, Kind.SUPPLIED, number, NONE, merchant, detail=intents.kind.item(row))
    if merchant < 0 or intents.sold_out is None:
        return False
    market.today[Count.WISHED, merchant] += 1
    fails = bool(intents.sold_out[row]) or (market.larder is not None and market.larder.short(number, merchant))
    market.today[Count.FAILED, merchant] += fails
    return fails


def bargain_of(market: Market, user: int, merchant: int, basket: int) -> Bargain:
    """What is taken off a basket today, in fen, how much of it the merchant pays, and his commission."""
    if merchant < 0:
        return Bargain()
    ledger = market.ledger
    own, subsidy = ledger.promotion.item(merchant), market.subsidy.item(merchant)
    if market.aimed[user]:
        subsidy += market.personal.item(merchant)
    off = round(basket * min(own + subsidy, 1.0))
    paid = min(round(basket * own * (1 - market.matched.item(merchant))), off)
    return Bargain(off, paid, ledger.commission.item(merchant), ledger.price.item(merchant))


def strike(run: Run, order: Order) -> Bargain:
    """The bargain of an order that is being placed; the user is given what is taken off, and a portion is his."""
    market = run.world.market
    assert market is not None
    if market.larder is not None:
        market.larder.take(order)
    bargain = bargain_of(market, order.user, order.merchant, order.basket)
    if bargain.off:
        who = (order.id, NONE, order.merchant, order.user)
        run.log.record(run.env.now, PAID, *who, NONE, bargain.off, Purpose.PROMOTION)
    return bargain


def asked(run: Run, intent: Intent) -> tuple[int, int]:
    """What is asked for a basket, and by how much that is less than usual, in fen; negative where prices have risen."""
    market, merchant, basket = run.world.market, intent[2], intent[6]
    if market is None or merchant < 0:
        return basket, 0
    bargain = bargain_of(market, intent[1], merchant, basket)
    return basket - bargain.off, round(basket / bargain.price) - basket + bargain.off


def put_back(run: Run, order: Order) -> None:
    """The goods of an order that is cancelled can be sold again."""
    if run.world.market is not None and run.world.market.larder is not None:
        run.world.market.larder.put_back(order)


def commission_of(run: Run, live: Live) -> int:
    """What the platform keeps of a basket, in fen: a share of what is left of it after the merchant's promotion."""
    if live.bargain is None:
        return round(live.order.basket * run.terms.commission)
    return round((live.order.basket - live.bargain.own) * live.bargain.commission)


def kept(run: Run, live: Live) -> int:
    """What a basket leaves the merchant, in fen, before the costs of his goods."""
    own = live.bargain.own if live.bargain is not None else 0
    return live.order.basket - commission_of(run, live) - own


def off(live: Live) -> int:
    """What was taken off an order that has not ended, in fen."""
    return live.bargain.off if live.bargain is not None else 0


def sold(run: Run, live: Live, paid: int) -> None:
    """An order is picked up: the merchant pays his part of the promotion, and it is counted what it leaves him.

    Parameters
    ----------
    paid
        What he was paid, in fen.
    """
    market, order = run.world.market, live.order
    if market is None or live.bargain is None or order.merchant < 0:
        return
    own, merchant, today = live.bargain.own, order.merchant, market.today
    if own:
        run.log.record(run.env.now, PAID, order.id, NONE, merchant, NONE, NONE, own, Purpose.PROMOTION_SHARE)
    goods = market.goods.item(merchant) * order.basket / live.bargain.price
    today[Count.PICKED_UP, merchant] += 1
    today[Count.GMV, merchant] += order.basket
    today[Count.MARGIN, merchant] += paid - own - goods
    market.customers.orders[order.user] += 1
    market.customers.last_order[order.user] = run.env.now // DAY


def gives_back(run: Run, merchant: int, amount: int) -> None:
    """Goods have come back, and the merchant repays a part of their price, in fen, out of his margin."""
    market = run.world.market
    if market is not None:
        market.today[Count.MARGIN, merchant] -= amount


def cooked(run: Run, merchant: int, wait_s: float, prep_s: float) -> None:
    """A preparation begins after a wait for a station; how long it takes is known when it is done."""
    market = run.world.market
    if market is not None:
        market.today[Count.COOKED, merchant] += 1
        market.today[Count.PREP_S, merchant] += prep_s
        market.today[Count.WAIT_S, merchant] += wait_s


def rated(run: Run, merchant: int, stars: int) -> None:
    """A user gives stars."""
    market = run.world.market
    if market is not None and merchant >= 0:
        market.today[Count.RATED, merchant] += 1
        market.today[Count.STARS, merchant] += stars

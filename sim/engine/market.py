"""The market: what is true of every merchant over weeks, as columns, and the terms on which they respond."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from sim.behaviour.merchants import Appeal, Conduct
from sim.city.datebook import Datebook
from sim.city.model import City, Intents
from sim.city.pattern import indices
from sim.city.rechoice import Rechoice
from sim.engine.larder import Larder
from sim.entities import Bools, Customers, Floats, Ints, Ledger
from sim.entities.market import TRADE_DAYS
from sim.policies.merchants.deal import Deal
from sim.policies.merchants.registry import MERCHANT_POLICIES
from sim.policies.merchants.suppliers import SUPPLIERS, SupplierPolicy
from sim.policies.registry import load_policy
from sim.scenario.market import Conduct as ConductSpec
from sim.scenario.market import Market as MarketSpec
from sim.scenario.schema import Scenario
from sim.streams import Streams


class Count(IntEnum):
    """What is counted of each merchant in a day: rows of :attr:`Market.today`."""

    WISHED = 0  # orders placed or lost because he had run out
    FAILED = 1  # of them those lost
    PICKED_UP = 2
    GMV = 3  # baskets picked up, fen
    MARGIN = 4  # what he keeps of them after commission, promotion, places and goods, fen
    PREP_S = 5  # preparation of what was picked up, s
    COOKED = 6
    WAIT_S = 7  # wait for a station, s
    RATED = 8
    STARS = 9


@dataclass(slots=True)
class Chosen:
    """What a dawn made of the Intents of its day: the columns of :class:`~sim.city.model.Intents` that it changed."""

    merchant: Ints
    prep_s: Floats
    basket: Ints
    sold_out: Bools
    pickup: Ints | None
    expected_s: Floats | None

    @classmethod
    def of(cls, intents: Intents) -> Chosen:
        """Those of a day."""
        assert intents.sold_out is not None
        columns = intents.merchant, intents.prep_s, intents.basket, intents.sold_out
        return cls(*columns, intents.pickup, intents.expected_s)


@dataclass(slots=True)
class Market:
    """State of every merchant, on the platform or not; columns of shape (merchants,).

    Parameters
    ----------
    ledger, customers
        What the platform knows.
    goods
        Costs of the goods as a share of the basket at the usual price; the platform does not know.
    runs_out
        True share of wishes that fail because the merchant has run out of it.
    trained
        How often each was trained.
    left
        Day on which each left, far back for those who never did.
    recent_margin
        Margin after all costs in fen by day, shape (28, merchants); row 0 is the day that has just ended.
    subsidy, matched, personal, aimed
        Deals that hold today, see :class:`~sim.entities.Deals`.
    today
        Counts of the present day, shape (counts, merchants).
    chosen
        What became of the Intents of the last two days, by day.
    nights
        Nights lived so far; the first is the eve of the run.
    larder
        Goods made ahead; None where nobody makes any.
    """

    ledger: Ledger
    customers: Customers
    goods: Floats
    runs_out: Floats
    trained: Ints
    left: Ints
    recent_margin: Floats
    subsidy: Floats
    matched: Floats
    personal: Floats
    aimed: Bools
    today: Floats
    chosen: dict[int, Chosen] = field(default_factory=dict)
    nights: int = 0
    larder: Larder | None = None


@dataclass(frozen=True, slots=True)
class Trade:
    """How merchants and users respond, and the platform's deals; None in a run in which merchants do not.

    Parameters
    ----------
    errands
        Kinds of order whose merchant the platform may choose.
    suppliers
        What chooses him; None where the user does.
    book
        Weekdays and weekends.
    """

    spec: MarketSpec
    appeal: Appeal
    conduct: Conduct
    commission: float
    rechoice: Rechoice
    deals: tuple[tuple[str, Deal], ...]
    errands: frozenset[int]
    suppliers: SupplierPolicy | None
    classes: tuple[str, ...]
    book: Datebook

    @classmethod
    def of(cls, scenario: Scenario, city: City) -> Trade | None:
        """That of a scenario in its city.

        Raises
        ------
        PolicyNotFound
            When a deal or the supplier policy does not exist or refuses its parameters.
        ScenarioError
            When there is no such kind of order as is named an errand.
        """
        spec = scenario.market
        if not spec.on:
            return None
        chooses = load_policy(SUPPLIERS, spec.supplier.policy, spec.supplier.params, ("market", "supplier", "policy"))
        return cls(
            spec=spec,
            appeal=Appeal(**spec.choice.model_dump()),
            conduct=_conduct(spec.conduct),
            commission=scenario.platform.commission,
            rechoice=Rechoice.of(scenario, city),
            deals=tuple(_deals(spec)),
            errands=_errands(scenario),
            suppliers=None if spec.supplier.policy == "user" else chooses,
            classes=tuple(scenario.merchants.classes),
            book=Datebook(scenario.calendar.start, scenario.demand.holidays),
        )


def _conduct(spec: ConductSpec) -> Conduct:
    given = spec.model_dump(exclude={"cost_share", "cost_spread", "fixed_yuan", "usual_commission", "adjusts", "depth"})
    return Conduct(**given)


def _deals(spec: MarketSpec) -> Iterator[tuple[str, Deal]]:
    for name, deal in spec.deals.items():
        yield name, load_policy(MERCHANT_POLICIES, deal.policy, deal.params, ("market", "deals", name, "policy"))


def _errands(scenario: Scenario) -> frozenset[int]:
    """Kinds in which the rider shops or queues at a merchant, or those that the scenario names."""
    named, kinds = scenario.market.supplier.kinds, tuple(scenario.kinds)
    asked = indices(named, kinds, "market.supplier.kinds: unknown kind").tolist()
    if not named:
        asked = [index for index, of in enumerate(scenario.kinds.values()) if of.starts == "arrival"]
    return frozenset(index for index in asked if scenario.kinds[kinds[index]].pickup == "merchant")


def open_market(trade: Trade, city: City, streams: Streams) -> Market:
    """Every merchant on the eve of the first day.

    Raises
    ------
    ScenarioError
        When there is no such class of merchants as makes fresh goods.
    """
    spec, size, users = trade.spec, len(city.merchants.kind), len(city.users.home)
    rng, zeros, none = streams.fixed("merchant.standing"), np.zeros(size), np.full(users, -1)
    u, v = rng.standard_normal((2, size))
    rating = np.clip(spec.rating + spec.rating_sd * u, 1, 5)
    goods = np.clip(spec.conduct.cost_share + spec.conduct.cost_spread * v, 0, 0.99)
    runs_out = rng.beta(2, 2 / spec.stock_out - 2, size) if spec.stock_out else zeros.copy()
    zone, larder = city.places.zone, _larder(trade, city)
    if larder is not None:
        runs_out[larder.makes] = 0  # his shelves are empty when his portions are gone, and not by chance
    return Market(
        ledger=_ledger(trade, city, rating),
        customers=Customers(city.users.segment, zone[city.users.home], np.zeros(users, np.int64), none),
        goods=goods,
        runs_out=runs_out,
        trained=np.zeros(size, np.int64),
        left=np.full(size, -10 * TRADE_DAYS),
        recent_margin=np.zeros((TRADE_DAYS, size)),
        subsidy=zeros.copy(),
        matched=zeros.copy(),
        personal=zeros.copy(),
        aimed=np.zeros(users, np.bool_),
        today=np.zeros((len(Count), size)),
        larder=larder,
    )


def _larder(trade: Trade, city: City) -> Larder | None:
    fresh = trade.spec.fresh.classes
    if not fresh:
        return None
    kinds = indices(fresh, trade.classes, "market.fresh.classes: unknown class of merchants")
    return Larder.empty(np.isin(city.merchants.kind, kinds))


def _ledger(trade: Trade, city: City, rating: Floats) -> Ledger:
    size = len(rating)
    zeros, ones = np.zeros(size), np.ones(size)
    return Ledger(
        kind=city.merchants.kind,
        zone=city.places.zone[city.merchants.place],
        active=np.arange(size) < trade.rechoice.standing,
        since=np.full(size, -1),
        rating=rating,
        price=ones.copy(),
        radius=ones.copy(),
        commission=np.full(size, trade.commission),
        promotion=zeros.copy(),
        ranked=np.zeros(size, np.bool_),
        prep_s=city.merchants.prep_s.copy(),
        wait_s=zeros.copy(),
        stock_out=np.full(size, trade.spec.stock_out),
        recent_orders=np.zeros((TRADE_DAYS, size), np.int64),
        recent_gmv=np.zeros((TRADE_DAYS, size), np.int64),
    )

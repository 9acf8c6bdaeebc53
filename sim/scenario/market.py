"""The merchants' side over weeks: how users choose, how merchants run their business, and the platform's deals."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from sim.scenario.demand import Names
from sim.scenario.fields import Section, quantity

RATING = "Luca 2016: a star lifts a restaurant's revenue by 5 to 9%; assumption: more where all stand side by side"


NEWSVENDOR = (
    "newsvendor (Arrow, Harris and Marschak 1951): what a portion too few costs, of that and what one too many costs; "
    "assumption: a meal that is missing costs four times a meal that is left"
)


class Choice(Section):
    """What moves the choice among merchants besides popularity and distance, in powers of e."""

    per_star: float = quantity(0.3, "power of e/star", 0, 5, RATING)
    """Worth of a star of the rating."""
    price: float = quantity(2, "power of e", 0, 20)
    """Worth of the logarithm of the price: twice the price has 2 ** -`price` of the weight."""
    wait_per_min: float = quantity(0.03, "power of e/min", 0, 1)
    """Worth of a minute less of quoted preparation and queue."""
    ranked: float = quantity(0.5, "power of e", 0, 5)
    """Worth of a paid place at the top of the list."""


class Conduct(Section):
    """How merchants run their business."""

    cost_share: float = quantity(0.6, "share of the basket", 0, 1)
    """Food, packaging and hands, of the basket at the usual price."""
    cost_spread: float = quantity(0.04, "share of the basket", 0, 0.3)
    """Standard deviation of it between merchants."""
    fixed_yuan: float = quantity(30, "yuan/day", 0, 100000)
    """What being on the platform costs a day, whatever is sold."""
    leaves: float = quantity(0.005, "chance/night", 0, 1)
    """Of leaving where the margin is far below what is asked for."""
    joins: float = quantity(0.005, "chance/night", 0, 1)
    """Of joining where the merchants on the platform earn far more than what is asked for."""
    asks_yuan: float = quantity(20, "yuan/day", -10000, 100000)
    """Margin after all costs at which half of those chances hold."""
    scale_yuan: float = quantity(30, "yuan/day", 0.1, 100000)
    """Margin that changes the odds of staying, or of joining, by the factor e."""
    few_orders: float = quantity(3, "orders/day", 0, 1000)
    """Below so few orders a merchant minds less to leave: with none, the chance is doubled."""
    usual_commission: float = quantity(0.18, "share of the basket", 0, 0.9, "assumption: as `platform.commission`")
    """Commission to which the prices are adapted when the run begins."""
    passes_on: float = quantity(0.5, "share", 0, 1)
    """Part of a change against the usual commission that goes into the prices in the end."""
    adjusts: float = quantity(0.25, "share/week", 0, 1)
    """Part of the way to the wanted price and radius that is gone at a weekly review."""
    busy_min: float = quantity(15, "min", 1, 240)
    """Mean wait for a station at which a merchant wants half his radius."""
    least_radius: float = quantity(0.5, "share of the radius", 0, 1)
    """No merchant wants less."""
    depth: float = quantity(0.15, "share of the basket", 0.01, 0.9)
    """Taken off by a merchant's own promotion."""
    scale_share: float = quantity(0.02, "share of the turnover", 0.0001, 1)
    """Gain by which the odds of a promotion, or of buying a place, change by the factor e."""
    tries: float = quantity(0.05, "share of merchants", 0, 1)
    """Merchants who promote at a review although it gains them nothing."""
    trained: float = quantity(0.1, "share of the preparation", 0, 0.45)
    """By how much training shortens the preparation; each further one brings half of the one before."""


class Fresh(Section):
    """Goods that are made ahead for the day, finished when they are ordered, and spoil at its end."""

    classes: Annotated[Names, Field(strict=False)] = ()
    """Classes of merchants who make them; all others make what is ordered, when it is ordered."""
    ratio: float = quantity(0.8, "share of days", 0.01, 0.99, NEWSVENDOR)
    """Days on which such a merchant wants to have enough for everybody."""
    learns: float = quantity(0.2, "share/day", 0, 1, "assumption; as quick as the platform's own `learns`")
    """How much a day counts in what he expects of the next of its sort (weekday or weekend) and in how sure he is."""


class DealSpec(Section):
    """One deal of the platform with its merchants."""

    policy: str
    """A shipped deal, `FILE.py:Name` or `package.module:Name`."""
    params: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the deal."""


class Supplier(Section):
    """Who chooses the merchant of an errand."""

    policy: str = "user"
    """`user`, or what chooses for him: `nearest`, `best`, `FILE.py:Name` or `package.module:Name`."""
    params: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the policy."""
    kinds: Annotated[Names, Field(strict=False)] = ()
    """Kinds of order that are errands; when empty, all in which the rider shops or queues at a merchant."""
    tries: int = quantity(3, "merchants", 1, 20)
    """Merchants the platform asks one after the other until one has it; a user asks only one."""


class Market(Section):
    """How users choose among merchants, how merchants respond, and the platform's deals with them."""

    on: bool = False
    """Whether merchants respond; without it they stay as they are and are chosen by popularity and distance."""
    pool: float = quantity(0.2, "share of merchants", 0, 5)
    """Further merchants who are not on the platform when the run begins and may join."""
    stock_out: float = quantity(0.03, "share of wishes", 0, 0.9)
    """Wishes that fail because the merchant has run out of it, mean over merchants (beta between them)."""
    rating: float = quantity(4.6, "stars", 1, 5)
    """Mean rating of the merchants when the run begins."""
    rating_sd: float = quantity(0.25, "stars", 0, 2)
    """Standard deviation of it between merchants."""
    rating_moves: float = quantity(0.02, "share", 0, 1)
    """How much one rated order counts against the rating before; where `ratings` are on."""
    learns: float = quantity(0.2, "share/night", 0, 1)
    """How much yesterday's preparation, queue and stock-outs count in the platform's estimates; 0: it never learns."""
    choice: Choice = Choice()
    """What moves the choice among merchants."""
    conduct: Conduct = Conduct()
    """How merchants run their business."""
    fresh: Fresh = Fresh()
    """Goods that spoil."""
    deals: dict[str, DealSpec] = Field(default_factory=dict)
    """Deals by a name of one's own, in the order in which they act; a later one overrules an earlier one."""
    supplier: Supplier = Supplier()
    """Who chooses the merchant of an errand."""

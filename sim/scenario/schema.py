"""The scenario: all the assumptions of a run, validated and frozen."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from sim.scenario.checkout import Checkout, Signal
from sim.scenario.city import City, District, Merchants, Population, Riders, TravelSpeed
from sim.scenario.demand import Demand
from sim.scenario.disruptions import Disruptions
from sim.scenario.doors import Care, Doors, Lockers, Ratings
from sim.scenario.fields import Section, quantity
from sim.scenario.intake import Intake
from sim.scenario.kinds import Kinds
from sim.scenario.market import Market
from sim.scenario.membership import Membership
from sim.scenario.promise import Promise
from sim.scenario.reposition import Reposition
from sim.scenario.response import Response
from sim.scenario.riders import Hall
from sim.scenario.roads import long_form
from sim.scenario.shifts import MayReport
from sim.scenario.supply import CrewRule, Incentive, PayRule, Supply
from sim.scenario.weather import Congestion, NoWeather, Weather
from sim.scenario.written import Written


class Calendar(Section):
    """Which days are simulated."""

    start: Annotated[date, Field(strict=False, le=date(2900, 1, 1))] = date(2026, 3, 2)
    """First day (a Monday by default); it decides weekday or weekend."""
    days: int = quantity(1, "days", 1, 3660)
    """Days during which users may order."""
    drain_min: float = quantity(240, "min", 0, 2880)
    """Time after the last day in which open orders may still end."""


class DoorTimes(Section):
    """Time at the door: park, walk, hand over, walk back."""

    pickup_min: float = quantity(4, "min", 0, 60, "Reyes et al. 2018, Grubhub instances: 4 min")
    """Service time of a visit to a merchant; half before the pickup, half after."""
    dropoff_min: float = quantity(4, "min", 0, 60, "Reyes et al. 2018, Grubhub instances: 4 min")
    """Service time of a drop-off; half before the drop-off, half after."""


class Platform(Section):
    """What the platform promises and charges."""

    promise_min: float = quantity(40, "min", 1, 600, "Reyes et al. 2018: target click-to-door 40 min")
    """Promised time from placement to door; on time means not later."""
    exact_ready: bool = False
    """Whether the platform knows the true ready time at placement, as in the benchmark."""
    delivery_fee_yuan: float = quantity(4.0, "yuan", 0, 100)
    """Paid by the user for each order."""
    commission: float = quantity(0.18, "share of the basket", 0, 0.9)
    """Kept by the platform from each basket."""
    eta: bool = False
    """Whether users are told when their order will arrive, at the checkout, the assignment and the pickup."""
    road_reports: MayReport = None
    """How riders' finished legs correct the travel times reckoned with; without it they do not."""
    log_plans: bool = False
    """Whether the planned drop-off time of each assignment is written to the log."""


class Pay(Section):
    """What riders earn."""

    per_order_yuan: float = quantity(5.0, "yuan/order", 0, 100)
    """Paid for each delivered order."""
    per_km_yuan: float = quantity(0.5, "yuan/km", 0, 100)
    """Paid for each kilometre between merchant and customer along the way."""
    guarantee_yuan_per_hour: float = quantity(0.0, "yuan/h", 0, 1000)
    """Least pay per hour of shift; a top-up is paid at the end of the shift."""
    rules: dict[str, PayRule] = Field(default_factory=dict)
    """Rules that add to the pay of an order or take from it, by a name of one's own."""


class Dispatch(Section):
    """Which policy decides who carries what, and when it is asked."""

    policy: str = "matching"
    """A shipped policy, `FILE.py:Name` or `package.module:Name`."""
    params: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the policy."""
    every_s: float = quantity(30, "s", 0, 3600, "Meituan: a cycle of 30 s or 1 min (parameters.md 3.1)")
    """Time between waves; 0 asks at every order placed and every rider freed."""
    time_limit_s: float = quantity(0, "s (wall clock)", 0, 3600)
    """A policy that takes longer over one wave ends the run; 0 sets no limit."""
    diversion: bool = True
    """Whether a rider with a route may be given a new one."""
    single_merchant: bool = False
    """Whether all orders of a route must come from one merchant."""

    @field_validator("every_s")
    @classmethod
    def _beat(cls, every_s: float) -> float:
        if 0 < every_s < 1:
            raise ValueError(f"expected 0 or at least 1 s, got {every_s:g}")
        return every_s

    pickup_by_off: bool = False
    """Whether pickups after the rider's off-time are refused."""
    match_skills: bool = False
    """Whether an order may only go to a rider who has what it needs; see `riders.skills`."""
    hall: Hall = Hall()
    """The grab hall."""


class Scenario(Written):
    """All the assumptions of a run."""

    name: str = Field(default="scenario", min_length=1, max_length=80, pattern=r"^[\w.\- ]+$")
    """Name of the scenario, used for the run directory."""
    description: str = ""
    """One paragraph for the report."""
    seed: int = quantity(1, "1", 0, 2**63 - 1)
    """Base seed of all random streams."""
    calendar: Calendar = Calendar()
    """Which days are simulated."""
    city: City = District()
    """The map."""
    travel: TravelSpeed = TravelSpeed()
    """Speed of travel."""
    population: Population = Population()
    """Users and their demand."""
    demand: Demand = Demand()
    """What changes their demand: rules, holidays, bursts."""
    merchants: Merchants = Merchants()
    """Merchants."""
    riders: Riders = Riders()
    """Riders and shifts."""
    weather: Weather = NoWeather()
    """How the weather comes, and what it does."""
    congestion: Congestion = Congestion()
    """How much longer every way takes in each hour of the day."""
    disruptions: Disruptions = Field(default_factory=list)
    """What goes wrong, from when to when."""
    service: DoorTimes = DoorTimes()
    """Time at the door."""
    kinds: Kinds = Field(default_factory=dict)
    """Kinds of order by name; every order is a takeaway when there are none."""
    doors: Doors = Doors()
    """Stairs, lifts, gates and walking zones."""
    lockers: Lockers = Lockers()
    """Lockers to leave orders in."""
    care: Care = Care()
    """Customers who need care."""
    ratings: Ratings = Ratings()
    """How users rate deliveries."""
    platform: Platform = Platform()
    """Promise and prices."""
    promise: Promise = Promise()
    """How promises are made, and what a broken one costs."""
    checkout: Checkout = Checkout()
    """What goes wrong before an order is placed."""
    signal: Signal = Signal()
    """Where riders' reports are late."""
    intake: Intake = Intake()
    """How many requests the platform can answer, and whom it lets in."""
    pay: Pay = Pay()
    """Riders' pay."""
    dispatch: Dispatch = Dispatch()
    """Dispatch policy."""
    reposition: Reposition = Reposition()
    """Where idle riders wait."""
    supply: Supply = Supply()
    """How riders respond over weeks."""
    incentive: Incentive = Incentive()
    """Extra pay where and when riders are short."""
    crew: dict[str, CrewRule] = Field(default_factory=dict)
    """What is done for riders overnight: stars, praise, training, prizes; by a name of one's own."""
    response: Response = Response()
    """How users respond over weeks."""
    membership: Membership = Membership()
    """What the platform gives its users over weeks."""
    market: Market = Market()
    """How merchants respond over weeks, and the platform's deals with them."""

    @model_validator(mode="after")
    def _told_apart(self) -> Scenario:
        asks = self.market.deals or self.market.supplier.policy != "user" or self.market.fresh.classes
        if asks and not self.market.on:
            raise ValueError("market: no merchant responds here; write `market: {on: true}`")
        if self.dispatch.match_skills and self.riders.skills is None:
            raise ValueError("dispatch.match_skills: riders.skills says nothing; write `riders: {skills: true}`")
        if (self.membership.rules or self.membership.policy not in ("composed", "none")) and not self.response.on:
            raise ValueError("membership: nobody responds to a programme here; write `response: {on: true}`")
        if fault := next(self.membership.misplaced(max(len(self.kinds), 1), bool(self.market.fresh.classes)), ""):
            raise ValueError(fault)
        return self

    _short_city = field_validator("city", mode="before")(long_form)

"""From the log to tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sim.entities import Floats
from sim.kpi.books import books_table, contribution_table
from sim.kpi.cohorts import cohorts_table, returns_table
from sim.kpi.events import Events
from sim.kpi.fleet_weeks import fleet_weeks, rider_weeks
from sim.kpi.flows import flows_table
from sim.kpi.front import lost_table, wishes_table
from sim.kpi.members import accounts, members_table
from sim.kpi.orders import orders_table
from sim.kpi.others import merchants_table, payments_table, users_table, waves_table
from sim.kpi.programme import channels_table, rules_table
from sim.kpi.riders import idle_spells, riders_table
from sim.kpi.span import days_lived, days_of
from sim.kpi.standing import Standing, segments
from sim.kpi.steps import steps_table
from sim.kpi.weeks import openings_table, weeks_table

NAMES = ("orders", "riders", "users", "merchants", "payments", "waves", "lost", "books", "contribution")
"""Tables that a run directory holds."""
OVER_WEEKS = ("members", "weeks")
"""Those that it holds besides where people respond."""


@dataclass(frozen=True)
class Tables:
    """Tables of one log, each made when first asked for; see the function of the same name for its columns.

    Parameters
    ----------
    kinds, rules
        Names of the scenario's kinds of order, and of the rules of its programme.
    grams_co2_per_km
        Of the vehicle of each rider, shape (riders,); None where it is not known.
    """

    events: Events
    kinds: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    grams_co2_per_km: Floats | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Tables that belong into the run directory."""
        return NAMES + OVER_WEEKS if self.days else NAMES

    @cached_property
    def days(self) -> int:
        """Days of the run, 0 where nobody responds."""
        return days_of(self.events)

    @cached_property
    def orders(self) -> pd.DataFrame:
        """Orders, one row each."""
        return orders_table(self.events, self.kinds)

    @cached_property
    def riders(self) -> pd.DataFrame:
        """Riders who worked."""
        return riders_table(self.events)

    @cached_property
    def idle(self) -> pd.DataFrame:
        """Spells of idle riders."""
        return idle_spells(self.events)

    @cached_property
    def users(self) -> pd.DataFrame:
        """Users who ordered."""
        return users_table(self.orders)

    @cached_property
    def merchants(self) -> pd.DataFrame:
        """Merchants with an order."""
        return merchants_table(self.orders)

    @cached_property
    def payments(self) -> pd.DataFrame:
        """Payments, exact in fen."""
        return payments_table(self.events)

    @cached_property
    def rider_weeks(self) -> pd.DataFrame:
        """Weeks of the riders of a fleet that responds."""
        return rider_weeks(self.events)

    @cached_property
    def fleet(self) -> pd.DataFrame:
        """Weeks of a fleet that responds."""
        return fleet_weeks(self.events, self.rider_weeks)

    @cached_property
    def steps(self) -> pd.DataFrame:
        """Steps of delivered orders."""
        return steps_table(self.events, self.orders)

    @cached_property
    def wishes(self) -> pd.DataFrame:
        """Wishes that a merchant was open for."""
        return wishes_table(self.events)

    @cached_property
    def lost(self) -> pd.DataFrame:
        """Wishes lost and orders cancelled, by reason."""
        return lost_table(self.events)

    @cached_property
    def waves(self) -> pd.DataFrame:
        """Dispatch waves."""
        return waves_table(self.events)

    @cached_property
    def openings(self) -> pd.DataFrame:
        """Openings of the app."""
        return openings_table(self.events)

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Payments from and to the platform."""
        return flows_table(self.events, self.orders, days_lived(self.events))

    @cached_property
    def books(self) -> pd.DataFrame:
        """What the platform took and paid, by week and line."""
        return books_table(self.events, self.flows, days_lived(self.events))

    @cached_property
    def contribution(self) -> pd.DataFrame:
        """What the platform kept, by week and per order."""
        return contribution_table(self.flows, self.orders, days_lived(self.events))

    @cached_property
    def members(self) -> pd.DataFrame:
        """Accounts."""
        return members_table(self.events, self.orders, self.flows, self.rules, self.days)

    @cached_property
    def unseen(self) -> int:
        """Accounts that the log only counts: from before the run, and nothing happened to them."""
        return max(accounts(self.events) - len(self.members), 0)

    @cached_property
    def weeks(self) -> pd.DataFrame:
        """Weeks."""
        return weeks_table(self.events, self.orders, self.flows, self.openings, self.days)

    @cached_property
    def cohorts(self) -> pd.DataFrame:
        """Users by the week of their first order, and who of them orders later."""
        return cohorts_table(self.orders, self.days)

    @cached_property
    def returns(self) -> pd.DataFrame:
        """The same users, and who of them is back on a day after it."""
        return returns_table(self.openings, self.orders, self.days)

    @cached_property
    def by_rule(self) -> pd.DataFrame:
        """What each rule of the programme did and cost."""
        return rules_table(self.events, self.orders, self.flows, self.rules)

    @cached_property
    def segments(self) -> Standing:
        """Which segment each account is in at the end of each week."""
        return segments(self.members, self.orders, self.flows, self.days, self.unseen)

    @cached_property
    def channels(self) -> pd.DataFrame:
        """Where new accounts came from."""
        return channels_table(self.events, self.orders, self.members, self.by_rule, self.days)

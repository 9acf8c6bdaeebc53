"""From the log to tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sim.kpi.events import Events
from sim.kpi.front import lost_table
from sim.kpi.orders import orders_table
from sim.kpi.others import merchants_table, payments_table, users_table, waves_table
from sim.kpi.riders import idle_spells, riders_table

NAMES = ("orders", "riders", "users", "merchants", "payments", "waves", "lost")
"""Tables that a run directory holds."""


@dataclass(frozen=True)
class Tables:
    """Tables of one log, each made when first asked for; see the function of the same name for its columns.

    Parameters
    ----------
    kinds
        Names of the scenario's kinds of order.
    """

    events: Events
    kinds: tuple[str, ...] = ()

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
    def lost(self) -> pd.DataFrame:
        """Wishes lost and orders cancelled, by reason."""
        return lost_table(self.events)

    @cached_property
    def waves(self) -> pd.DataFrame:
        """Dispatch waves."""
        return waves_table(self.events)

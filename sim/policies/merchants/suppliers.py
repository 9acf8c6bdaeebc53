"""Whom the platform asks to serve an errand, in place of the merchant that the user would have named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from sim.entities import Errands, Floats
from sim.policies.bounds import MOST, inside
from sim.units import MINUTE


class SupplierPolicy(Protocol):
    """Ranks the merchants who could serve an errand."""

    def __call__(self, errands: Errands) -> Floats:
        """A cost for each merchant, shape (errands, merchants): the lowest is asked first.

        Parameters
        ----------
        errands
            The errands of a day and what is known of the merchants; read-only.
        """
        ...


def user(errands: Errands) -> Floats:
    """The user names the merchant; this is never asked."""
    raise NotImplementedError("the user names the merchant")


def nearest(errands: Errands) -> Floats:
    """The merchant with the shortest ride to the door."""
    return errands.ride_s


@dataclass(frozen=True, slots=True)
class Best:
    """The merchant with the least expected time and price, and with the thing in stock.

    Parameters
    ----------
    minute_yuan
        What a minute is worth.
    miss_yuan
        What it is worth to be served at all.
    """

    minute_yuan: float = 0.5
    miss_yuan: float = 40.0

    def __post_init__(self) -> None:
        inside("minute_yuan", 0, MOST, self.minute_yuan)
        inside("miss_yuan", 0, MOST, self.miss_yuan)

    def __call__(self, errands: Errands) -> Floats:
        """Time, price and the risk of an empty shelf, in yuan."""
        minutes = (errands.ride_s + errands.prep_s) / MINUTE
        return self.minute_yuan * minutes + errands.price / 100 + self.miss_yuan * errands.stock_out


SUPPLIERS: dict[str, Callable[..., Any]] = {"user": user, "nearest": nearest, "best": Best}
"""Shipped policies by name."""

"""The scenario's kinds of order: takeaway, buy-for-me, send-for-me, queue-for-me, medicine, groceries, groups.

A kind is data: how its life differs from a takeaway's is said here, key by key, and nowhere in the engine.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from sim.scenario.demand import Names
from sim.scenario.fields import Section, quantity

NeedName = Literal["box", "stairs", "range"]


class OrderKind(Section):
    """One kind of order; what is not said is as with a takeaway."""

    share: float = quantity(..., "share of Intents", 0, 1)
    """Share of the Intents; the kinds' shares sum to 1."""
    starts: Literal["placement", "arrival"] = "placement"
    """When the preparation begins: at placement, or when the rider has come (he shops, he queues)."""
    pickup: Literal["merchant", "address"] = "merchant"
    """Where it is collected: at a merchant, or at the user's own address, to be brought to another one."""
    classes: Names = ()
    """Classes of merchants that serve it; all when empty."""
    prep_min: float | None = quantity(None, "min", 0.1, 480)
    """Mean preparation, shopping or queueing time; the merchant's when silent (an address: nothing to prepare)."""
    prep_shape: float | None = quantity(None, "1", 0.1, 100)
    """Gamma shape of that time; the merchant's when silent."""
    basket_factor: float = quantity(1.0, "1", 0, 100)
    """Factor on the price of the basket; 0 where there is nothing to pay for but the errand."""
    fee_yuan: float | None = quantity(None, "yuan", 0, 1000)
    """Delivery fee; the platform's when silent."""
    bill_yuan_per_min: float = quantity(0.0, "yuan/min", 0, 100)
    """What the user pays for each minute of the rider's shopping or queueing, charged at the pickup."""
    advance: bool = False
    """Whether the rider pays the merchant and is reimbursed at once; the platform then takes no commission."""
    priority: int = quantity(0, "1", 0, 100)
    """Priority that policies see; 0 is normal, higher is more urgent."""
    needs: Annotated[tuple[NeedName, ...], Field(strict=False)] = ()
    """What it needs of a rider: box, stairs, range."""
    members: float = quantity(1.0, "people", 1, 50)
    """Mean number of people who order together at one address; each adds a basket, the trip is one."""
    member_prep: float = quantity(0.3, "share of one order's preparation", 0, 1)
    """What each further person adds to the preparation, which shares a station."""
    promise_min: float | None = quantity(None, "min", 1, 1440)
    """Promised time from placement to door; the platform's when silent."""

    @model_validator(mode="after")
    def _makes_sense(self) -> OrderKind:
        if self.pickup == "address":
            for key in ("classes", "advance"):
                if getattr(self, key):
                    raise ValueError(f"{key}: an order collected at an address has no merchant")
            if self.basket_factor not in (0, 1):
                raise ValueError("basket_factor: an order collected at an address has no basket")
            if self.starts == "arrival" and self.prep_min is None:
                raise ValueError("prep_min: expected a time, for at an address there is no merchant to take it from")
        if self.bill_yuan_per_min and self.starts != "arrival":
            raise ValueError("bill_yuan_per_min: only waiting that begins with the rider's arrival can be billed")
        return self


def _whole(kinds: dict[str, OrderKind]) -> dict[str, OrderKind]:
    total = sum(kind.share for kind in kinds.values())
    if kinds and abs(total - 1) > 1e-6:
        raise ValueError(f"the kinds' shares sum to {total:g}, expected 1")
    return kinds


Kinds = Annotated[dict[str, OrderKind], AfterValidator(_whole)]

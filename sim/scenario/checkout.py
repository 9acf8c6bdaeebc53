"""The scenario's blocks about what may go wrong with an order before it is placed, and with its reports afterwards."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sim.scenario.fields import Section, quantity

Names = Annotated[tuple[str, ...], Field(strict=False)]


class Payment(Section):
    """Payments that fail, and are tried again."""

    failure: float = quantity(0.02, "share of payments", 0, 1)
    """Share of payments that fail at the first try."""
    again_failure: float = quantity(0.4, "share of payments tried again", 0, 1)
    """Share that fails at each further try."""
    tries: int = quantity(3, "tries", 1, 20)
    """After so many failures the wish is lost."""
    again_s: float = quantity(60, "s", 1, 3600)
    """From a failure to the next try."""


class Fraud(Section):
    """Orders to false addresses, which nobody will take; their payment is claimed back."""

    share: float = quantity(0.005, "share of wishes", 0, 1)
    """Share of wishes that are fraudulent."""
    auc: float = quantity(0.9, "1", 0.5, 0.9999)
    """How well the suspicion score tells them from the honest: the area under its ROC curve (binormal)."""
    wait_min: float = quantity(5, "min", 0, 60)
    """A rider waits so long at a door where there is nobody."""
    goods: Literal["lost", "returned"] = "lost"
    """What becomes of the goods: written off on the spot, or brought back to the merchant."""
    credit: float = quantity(0.5, "share of what the merchant was paid", 0, 1)
    """What the merchant gives back for goods that are returned."""


class Screening(Section):
    """Which policy refuses suspicious orders."""

    policy: str = "none"
    """A shipped policy, `FILE.py:Name` or `package.module:Name`."""
    params: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the policy."""


class Checkout(Section):
    """Validation of address, stock and payment; none of it happens while it is off."""

    on: bool = False
    """Whether wishes can fail at the checkout."""
    wrong_address: float = quantity(0.01, "share of honest wishes", 0, 1)
    """Share of honest wishes with an address where nobody will be found."""
    validates_address: bool = True
    """Whether a wrong address is found at the checkout, and the wish lost; otherwise the rider finds nobody."""
    out_of_stock: float = quantity(0.02, "share of wishes", 0, 1)
    """Share of wishes for something that the merchant has run out of."""
    payment: Payment = Payment()
    """Payments that fail."""
    fraud: Fraud = Fraud()
    """Fraudulent orders."""
    screening: Screening = Screening()
    """Who is refused as suspicious."""


class Signal(Section):
    """Where riders' reports are held back; they arrive late, but in order."""

    zones: Names = ()
    """Zones with a weak signal."""
    share: float = quantity(0.0, "share of places", 0, 1)
    """Share of the other places with a weak signal: cellars, lifts, stairwells."""
    delay_s: float = quantity(300, "s", 0, 7200)
    """How late a report from such a place arrives."""

    @model_validator(mode="after")
    def _late(self) -> Signal:
        if (self.zones or self.share) and not self.delay_s:
            raise ValueError("delay_s: a weak signal without a delay changes nothing")
        return self

    @property
    def on(self) -> bool:
        """Whether any place has a weak signal."""
        return bool(self.zones or self.share)

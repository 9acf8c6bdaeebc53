"""What is out of the ordinary in a run: its kinds of order, care, lockers and ratings, in the engine's units."""

from __future__ import annotations

from dataclasses import dataclass

from sim.behaviour.ratings import Rating, cuts
from sim.entities import Need
from sim.scenario.doors import Care, Ratings
from sim.scenario.kinds import OrderKind
from sim.scenario.schema import Scenario
from sim.units import MINUTE, fen

TAKEAWAY = OrderKind(share=1)


@dataclass(frozen=True, slots=True)
class KindTerms:
    """Terms of one kind of order: seconds, fen, fen a second.

    Parameters
    ----------
    at_arrival
        Whether the preparation is the rider's: it begins when he has come.
    at_address
        Whether the order is collected at an address, where no merchant is paid.
    dear
        By how much its fee is above the one that users are used to, in fen.
    """

    at_arrival: bool
    at_address: bool
    fee: int
    dear: int
    promise_s: float
    priority: int
    needs: int
    bill: float
    advance: bool

    @property
    def in_kitchen(self) -> bool:
        """Whether a merchant prepares it from its placement on."""
        return not (self.at_arrival or self.at_address)


@dataclass(frozen=True, slots=True)
class Special:
    """What a run adds to the plain delivery of takeaways.

    Parameters
    ----------
    handled
        Whether care is taken where it is asked for, which costs `care_pickup_s` and `care_door_s`.
    slots, locker_s
        Compartments of each locker, and the service time of a drop-off into one.
    rating
        How users rate; None when they do not.
    """

    handled: bool
    care_pickup_s: float
    care_door_s: float
    slots: int
    locker_s: float
    rating: Rating | None


def kind_terms(scenario: Scenario) -> tuple[KindTerms, ...]:
    """The kinds of order, at least one."""
    return tuple(_terms(scenario, spec) for spec in scenario.kinds.values()) or (_terms(scenario, TAKEAWAY),)


def special(scenario: Scenario, doors: bool) -> Special | None:
    """What is out of the ordinary, None when nothing is.

    Parameters
    ----------
    doors
        Whether the city has doors that differ, or lockers.
    """
    care, ratings = scenario.care, scenario.ratings
    if not (scenario.kinds or doors or care.share or ratings.share):
        return None
    return Special(
        handled=care.handled,
        care_pickup_s=care.pickup_s,
        care_door_s=care.door_s,
        slots=scenario.lockers.slots,
        locker_s=scenario.lockers.dropoff_s,
        rating=_rating(ratings, care) if ratings.share else None,
    )


def _terms(scenario: Scenario, spec: OrderKind) -> KindTerms:
    platform = scenario.platform
    fee = platform.delivery_fee_yuan if spec.fee_yuan is None else spec.fee_yuan
    promise_min = platform.promise_min if spec.promise_min is None else spec.promise_min
    return KindTerms(
        at_arrival=spec.starts == "arrival",
        at_address=spec.pickup == "address",
        fee=fen(fee),
        dear=fen(fee) - fen(scenario.response.usual_fee_yuan) if spec.fee_yuan is None else 0,
        promise_s=promise_min * MINUTE,
        priority=spec.priority,
        needs=sum({int(Need[name.upper()]) for name in spec.needs}),
        bill=spec.bill_yuan_per_min * 100 / MINUTE,
        advance=spec.advance,
    )


def _rating(ratings: Ratings, care: Care) -> Rating:
    return Rating(
        cuts=cuts(ratings.stars),
        late=ratings.late,
        late_per_min=ratings.late_per_min,
        warm_min=ratings.warm_min,
        cold_per_min=ratings.cold_per_min,
        handled=care.lifts_stars,
        missed=care.lowers_stars,
        trust=ratings.trust,
    )

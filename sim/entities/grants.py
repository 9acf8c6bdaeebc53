"""What a rule of the programme may give."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from sim.entities.arrays import Bools, Floats, Ints


class Touch(IntEnum):
    """What a platform does for a person besides money."""

    GREETING = 0  # on a birthday or a holiday
    REMINDER = 1  # that points expire, that something may have run out
    CALL = 2  # a person rings up
    GAME = 3  # a streak, a mystery box, a place on a board
    HONOUR = 4  # a step up to a tier
    CONTENT = 5  # product information, a recipe, a review worth reading
    COMMUNITY = 6  # a themed day of the compound's group


@dataclass(frozen=True, slots=True)
class Offer:
    """One coupon for each of some users: value and least basket in fen, and how many days it lasts."""

    value: Ints
    floor: int = 0
    days: int = 7


@dataclass(frozen=True, slots=True)
class Approach:
    """Talking to people who have no account.

    Parameters
    ----------
    who
        Whom the platform reaches, shape (users,); those who have an account are left out.
    offer
        Value of the coupon for the first order in fen; it lasts 14 days.
    cost, reward
        What the platform pays in fen for each person reached, and for each who joins.
    push
        How persuasive the way is beside the offer, in yuan-equivalents of the person approached.
    """

    who: Bools
    offer: int = 0
    cost: int = 0
    reward: int = 0
    push: float = 0.0


@dataclass(frozen=True, slots=True)
class Grants:
    """What a rule gives; arrays of shape (users,), None gives nothing.

    What is called a term holds for the next day and is said anew every night.

    Parameters
    ----------
    points, expired, spent
        Points credited, taken away because they are too old, and exchanged for a reward.
    reward_cost
        What each reward costs the platform, in fen per point exchanged.
    tier
        Level from now on.
    discount
        Term: share of the basket taken off, 0 to 1.
    fee_off
        Term: taken off the delivery fee, in fen.
    priority
        Term: dispatch priority of the user's orders.
    ladder
        Term: what points buy at the checkout, pairs of points and fen, for everybody.
    offer
        A coupon for everybody whose value is above 0.
    touch, touched, touch_cost
        What is done besides, for whom, and its cost in fen each.
    gift
        Money given in fen, such as a prize or a reward for bringing a friend.
    plan_days, plan_fee, plan_saving
        Paid plan offered to users where above 0, for how many days, its price, and what it saves on an order, in fen;
        the person decides.
    approach
        People without an account to be talked to.
    invite
        Term: what a friend gets on joining, and what the inviter does, both in fen.
    ease
        Term: what less trouble at the checkout, or better information, is worth to the person, in yuan-equivalents.
    """

    points: Ints | None = None
    expired: Ints | None = None
    spent: Ints | None = None
    reward_cost: float = 0.0
    tier: Ints | None = None
    discount: Floats | None = None
    fee_off: Ints | None = None
    priority: Ints | None = None
    ladder: tuple[tuple[int, int], ...] = ()
    offer: Offer | None = None
    touch: Touch = Touch.GREETING
    touched: Bools | None = None
    touch_cost: int = 0
    gift: Ints | None = None
    plan_days: Ints | None = None
    plan_fee: int = 0
    plan_saving: int = 0
    approach: Approach | None = None
    invite: tuple[int, int] = (0, 0)
    ease: Floats | None = None

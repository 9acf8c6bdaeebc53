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
    QUESTION = 7  # what he will order tomorrow, which merchants are told


@dataclass(frozen=True, slots=True)
class Offer:
    """One coupon for each of some users.

    Parameters
    ----------
    value
        The most it takes off, in fen; 0 for nobody's.
    floor
        Least basket for which it does, in fen.
    days
        How long it lasts.
    percent
        The most it takes off in percent of the basket: 50 is half price, 100 takes off `value`.
    passes
        Whether a holder who has not used it near its end may hand it on to somebody of his zone.
    """

    value: Ints
    floor: int = 0
    days: int = 7
    percent: int = 100
    passes: bool = False


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
    by
        The user who talks to each, counted as his inviter if he joins; -1 for nobody, None for nobody at all.
    """

    who: Bools
    offer: int = 0
    cost: int = 0
    reward: int = 0
    push: float = 0.0
    by: Ints | None = None


@dataclass(frozen=True, slots=True)
class Rally:
    """Users may gather others of their zone for a reward: group buying, bargaining, sharing a task.

    Each decides for himself: the user whether he begins, and each whom he asks, with or without an account,
    whether he takes part; somebody without one joins in order to take part.

    Parameters
    ----------
    who
        Users who may begin.
    rungs
        Value in fen of the beginner's coupon by how many took part, ascending; nothing below the first.
    asks
        How many people a beginner asks.
    thanks
        Value in fen of the coupon of each who took part, where the first rung is reached; one a night.
    percent, floor, days
        Of these coupons, as in :class:`Offer`.
    together
        How many of those who gathered must order in that time for the coupons to be worth anything; they pay the
        usual price, and what is off is given back once so many have been served. 0: each coupon is its holder's own.
    """

    who: Bools
    rungs: tuple[tuple[int, int], ...]
    asks: int
    thanks: int = 0
    percent: int = 100
    floor: int = 0
    days: int = 7
    together: int = 0


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
    lift
        Level that the user keeps from the next night on, whatever a review says, while it is said anew every night.
    discount
        Term: share of the basket taken off, 0 to 1.
    fee_off
        Term: taken off the delivery fee, in fen.
    priority
        Term: dispatch priority of the user's orders.
    ladder
        Term: what points buy at the checkout, ascending pairs of points and fen.
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
        Term: coupon of a friend who joins, and what the inviter is paid for him, both in fen.
    rally
        Others to be gathered for a reward.
    ease
        Term: what better information is worth to the person, in yuan-equivalents.
    steps
        Term: steps and forced fields at the checkout fewer than people are used to; below 0 for more.
    """

    points: Ints | None = None
    expired: Ints | None = None
    spent: Ints | None = None
    reward_cost: float = 0.0
    tier: Ints | None = None
    lift: Ints | None = None
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
    rally: Rally | None = None
    ease: Floats | None = None
    steps: Floats | None = None

"""How users respond over weeks: trust, the decision to order, leaving, coming back, telling others."""

from __future__ import annotations

from sim.scenario.fields import Section, quantity

LATE = (
    "assumption: no public source gives a slope (parameters.md 4); late hurts more than early helps (Mao et al. 2025)"
)
DIMINISHING = "assumption; diminishing effect as in Harter, Stich and Spann 2024"
GOAL = "Kivetz, Urminsky and Zheng 2006: intervals shorten by 20% towards the reward"


class Trust(Section):
    """How an order's outcome moves trust, a state from -1 to 1 that begins at 0."""

    weight: float = quantity(0.2, "1", 0, 1)
    """How much the last outcome counts against all before."""
    early: float = quantity(0.25, "1", 0, 1, "assumption; smaller than `late` (Mao et al. 2025, Harter et al. 2024)")
    """Worth of an order far before its promise."""
    late: float = quantity(0.7, "1", 0.2, 1, LATE)
    """Harm of an order far behind its promise; retention is reported over the whole range.

    Its low end, below `early`, is the case against: there an early order helps more than a late one harms.
    """
    cancelled: float = quantity(0.8, "1", 0, 1)
    """Harm of a cancelled order."""
    cold: float = quantity(0.2, "1", 0, 1)
    """Harm of a meal that is carried for very long, besides its lateness."""
    warm_min: float = quantity(20, "min", 0, 600)
    """Time between pickup and door that leaves a meal warm; as in `ratings`."""
    scale_min: float = quantity(15, "min", 1, 240, DIMINISHING)
    """Minutes after which a further one matters only 1/e as much."""
    answered: float = quantity(0.4, "share of the harm", 0, 1)
    """Made good where a complaint is answered at once."""
    compensated: float = quantity(0.2, "share of the harm", 0, 1)
    """Made good by compensation."""
    answer_min: float = quantity(240, "min", 1, 14400)
    """Wait for the answer after which only 1/e of that is made good."""
    forget_days: float = quantity(60, "days", 1, 3650)
    """Days without an order after which 1/e of trust or distrust is left."""


class Touches(Section):
    """Worth of what a platform does besides money, at its moment."""

    greeting: float = quantity(0.5, "yuan", 0, 20)
    """A greeting on a birthday or a holiday."""
    reminder: float = quantity(0.8, "yuan", 0, 20)
    """A reminder that points expire, or that something may have run out."""
    call: float = quantity(1.5, "yuan", 0, 20)
    """A call by a person."""
    game: float = quantity(0.6, "yuan", 0, 20)
    """A streak, a mystery box, a place on a board."""
    honour: float = quantity(1.0, "yuan", 0, 20)
    """A step up to a tier."""
    content: float = quantity(0.6, "yuan", 0, 20)
    """Product information, a recipe, a review worth reading."""
    community: float = quantity(0.8, "yuan", 0, 20)
    """A themed day of the compound's group."""
    question: float = quantity(0, "yuan", 0, 20)
    """Being asked what one will order tomorrow."""


class Taste(Section):
    """What moves the decision to order, in yuan-equivalents."""

    conversion: float = quantity(0.6, "share of openings", 0.01, 0.99)
    """Openings of the app that become orders under the usual terms."""
    scale_yuan: float = quantity(4, "yuan", 0.1, 100)
    """Worth that changes the odds of an order by the factor e."""
    wait_yuan_per_min: float = quantity(0.15, "yuan/min", 0, 10)
    """Worth of a minute less of quoted wait; matters where `platform.eta` is on."""
    trust_yuan: float = quantity(4, "yuan", 0, 100)
    """Worth of full trust."""
    tier_yuan: float = quantity(0.3, "yuan/level", 0, 100)
    """Worth of the standing of a level, beside its privileges."""
    goal: float = quantity(0.2, "1", 0, 0.5, GOAL)
    """Share by which intervals shorten from just after a reward to just before the next."""
    price: float = quantity(1, "1", 0, 10)
    """Worth of a yuan off the price."""
    attention_days: float = quantity(5, "days", 0.5, 60)
    """Days after which 1/e of the effect of a touch is left."""
    attention_yuan: float = quantity(4, "yuan", 0.1, 100)
    """What all touches together can be worth: the more somebody is told at once, the less the next word adds."""
    step_yuan: float = quantity(0.3, "yuan/step", 0, 20)
    """Worth of a step or a forced field less at the checkout."""
    touches: Touches = Touches()
    """Worth of each kind of touch at its moment."""
    redeems: float = quantity(0.6, "share of orders", 0, 1)
    """Orders at which a user who has enough points uses them."""
    considers: float = quantity(0.03, "chance/night", 0, 1)
    """That a user thinks about a paid plan he has been offered."""


class Leaving(Section):
    """How users drop out, come back and complain."""

    a: float = quantity(0.6, "1", 0.01, 100)
    """First parameter of the beta distribution of each user's drop-out chance after an order (BG/NBD)."""
    b: float = quantity(29.4, "1", 0.01, 10000)
    """Second parameter; the mean chance is a / (a + b), 2% by default."""
    bad: float = quantity(2, "power of e", 0, 10)
    """How much the odds of dropping out rise where the outcome is as bad as can be."""
    loyal: float = quantity(0.3, "power of e", 0, 5)
    """How much full trust, and each level, lower them."""
    offer_yuan: float = quantity(8, "yuan", 0.1, 1000)
    """Worth of an offer that brings back 1 - 1/e of those it would move at all."""
    contact: float = quantity(0.15, "share of those contacted", 0, 1)
    """Users who have dropped out and could be moved by a contact."""
    complains: float = quantity(0.3, "chance", 0, 1)
    """Of a complaint after the worst outcome."""


class Spreading(Section):
    """How the platform is recommended, and who joins."""

    base: float = quantity(0.05, "chance", 0.0001, 0.9999)
    """That somebody joins who is approached without an offer."""
    scale_yuan: float = quantity(6, "yuan", 0.1, 1000)
    """Worth that changes the odds of joining by the factor e."""
    friend_yuan: float = quantity(
        6, "yuan", 0, 1000, "assumption; referred customers stay longer (Schmitt et al. 2011)"
    )
    """Worth of the word of a friend at full trust."""
    invites: float = quantity(1, "friends/month", 0, 30)
    """Friends whom a user at full trust tells of the platform."""
    reward_yuan: float = quantity(10, "yuan", 0.1, 1000)
    """Reward that doubles them."""
    organic: float = quantity(0.0005, "chance/day", 0, 1)
    """That somebody without an account finds the platform by himself."""
    again_days: int = quantity(30, "days", 1, 3650)
    """How long an answer stands: who has refused an offer refuses it again until then, whoever makes it anew."""


class Together(Section):
    """Whether people gather others for a reward, take part in it, and hand coupons on."""

    begins: float = quantity(0.05, "chance/night", 0, 1)
    """That a user begins for whom the reward is worth everything."""
    reward_yuan: float = quantity(10, "yuan", 0.1, 1000)
    """Reward for which 1 - 1/e of these begin."""
    helps: float = quantity(0.2, "chance", 0.0001, 0.9999)
    """That somebody with an account takes part who is asked and gets nothing for it."""
    hands_on: float = quantity(0.5, "chance", 0, 1)
    """That a user hands on a coupon that he may hand on and has not used."""


class Survey(Section):
    """What a sample of users is asked every night: whether they would recommend the platform, from 0 to 10."""

    share: float = quantity(0.01, "share of users", 0, 1)
    """Users asked every night."""
    middle: float = quantity(7.5, "points", 0, 10)
    """Mean answer at neutral trust."""
    spread: float = quantity(3, "points", 0, 10)
    """What full trust adds."""
    noise: float = quantity(1.5, "points", 0, 10)
    """Standard deviation of an answer."""


class Response(Section):
    """How users respond over weeks to what dispatch and the programme do to them."""

    on: bool = False
    """Whether they respond; without it every Intent becomes an order, for ever."""
    openings: float = quantity(1.7, "1", 1, 20)
    """Openings of the app for each order a user would place under the usual terms: 1 / `taste.conversion`."""
    preorders: float = quantity(0.3, "share of those asked", 0, 1)
    """Who is asked on the eve what he will order, and means to order, says so if he knows already.

    On the eve he means to order as often as usual (`taste.conversion`); whether he does is decided on the day."""
    usual_fee_yuan: float = quantity(4, "yuan", 0, 100, "assumption; the platform's own default fee")
    """Delivery fee that people are used to; a fee above it counts like any other yuan.

    Kinds of order with a fee of their own are judged by that fee."""
    usual_wait_min: float | None = quantity(None, "min", 1, 240)
    """Quoted wait that people are used to, where `platform.eta` is on; `platform.promise_min` where none is given."""
    registered: float = quantity(1, "share of people", 0, 1)
    """People who have an account when the run begins; the others can be won."""
    trust: Trust = Trust()
    """How trust moves."""
    taste: Taste = Taste()
    """What moves the decision to order."""
    leaving: Leaving = Leaving()
    """How users drop out, come back and complain."""
    spreading: Spreading = Spreading()
    """How the platform is recommended, and who joins."""
    together: Together = Together()
    """How people gather others for a reward."""
    survey: Survey = Survey()
    """What is asked of them."""

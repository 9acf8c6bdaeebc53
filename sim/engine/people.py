"""The people: what is true of every user over weeks, as columns, and the terms on which they respond."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.neighbours import Together
from sim.behaviour.users import Leaving, Spreading, Taste, Trust
from sim.city.datebook import Datebook
from sim.city.model import City
from sim.engine.team import Team
from sim.engine.wallet import Given
from sim.entities import Bools, Coupons, Floats, Ints, Members, Touch
from sim.entities.member import MONTHS, WINDOW_DAYS
from sim.policies.membership.registry import compose
from sim.policies.membership.rule import Clause
from sim.scenario.membership import Desk
from sim.scenario.response import Survey
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import MINUTE

YEAR_DAYS = 365


class Bill(NamedTuple):
    """What is taken off an order, in fen, and what was used for it.

    Parameters
    ----------
    discount, coupon, bought
        Taken off by the user's terms, by a coupon, and by points.
    slot, given
        Which of the user's coupons it is, -1 for none, and what it was.
    points, ages
        Points burnt, and how many of each age.
    weather
        At the placement.
    """

    discount: int = 0
    coupon: int = 0
    bought: int = 0
    slot: int = -1
    given: Given = ()
    points: int = 0
    weather: int = 0
    ages: tuple[int, ...] = ()

    @property
    def off(self) -> int:
        """All that is taken off, in fen."""
        return self.discount + self.coupon + self.bought


Ladder = tuple[tuple[int, int], ...]
"""What points buy: pairs of points and fen, ascending."""


@dataclass(slots=True)
class People:
    """State of everybody who lives in the city; columns of shape (users,).

    Parameters
    ----------
    members
        What the platform knows.
    nights
        Nights lived so far; the first is the eve of the run.
    alive
        Whether the user has not dropped out; the platform does not know.
    drop
        Chance of dropping out after an order with a neutral outcome.
    trust
        From -1 to 1.
    attention
        What touches are still worth, in yuan-equivalents.
    discount, fee_off, priority, ease, ladders
        Terms of the programme that hold today; a ladder with the users to whom it applies, None for all.
    to_friend, to_inviter, inviting
        What a friend whom the user brings gets, and he for him, in fen; the rule that says so, -1 for none.
    plain
        Whether nothing can be taken off the user's orders today: no terms, no coupon, no points to use.
    worth
        What is worth more or less than usual about an order today, in yuan-equivalents, apart from price and wait.
    asked
        Whether he was asked tonight what he will order tomorrow.
    absent
        Whether the user does not open the app today: no account, or dropped out.
    bills
        What was taken off the orders that have not ended.
    ended
        Orders that ended since the last night: rows of :class:`~sim.entities.Ended` as far as they are known.
    teams
        The last team that each user has agreed to order with, by user.
    credited
        Points credited tonight.
    level
        Level that rules give tonight, -1 where none says anything.
    lift
        Level to which rules lift tonight.
    """

    members: Members
    alive: Bools
    drop: Floats
    trust: Floats
    attention: Floats
    discount: Floats
    fee_off: Ints
    priority: Ints
    ease: Floats
    worth: Floats
    asked: Bools
    absent: Bools
    to_friend: Ints
    to_inviter: Ints
    inviting: Ints
    plain: Bools
    credited: Ints
    level: Ints
    lift: Ints
    nights: int = 0
    ladders: list[tuple[Bools | None, Ladder]] = field(default_factory=list)
    bills: dict[int, Bill] = field(default_factory=dict)
    ended: list[tuple[float, ...]] = field(default_factory=list)
    teams: dict[int, Team] = field(default_factory=dict)

    def team_of(self, user: int, at: float) -> Team | None:
        """The team with which an order of that user and time, in seconds, counts."""
        team = self.teams.get(user)
        return team if team is not None and team.counts(at) else None


@dataclass(frozen=True, slots=True)
class Crowd:
    """How people respond, and the programme; None in a run in which they do not.

    Parameters
    ----------
    organic
        Chance in a day that somebody without an account joins by himself.
    redeems, considers
        Share of orders at which points are used that suffice; chance in a night that a user thinks about a paid plan.
    attention_days, attention_yuan
        Days after which 1/e of a touch's effect is left, and what all of them together can be worth.
    step_yuan
        Worth of a step less at the checkout.
    again_days
        How long an answer stands.
    preorders
        Share of those asked who know what they will order.
    touches
        Worth of each :class:`~sim.entities.Touch` in yuan-equivalents.
    usual_s
        The quoted wait that people are used to.
    book
        Dates and holidays.
    """

    trust: Trust
    taste: Taste
    leaving: Leaving
    spreading: Spreading
    together: Together
    survey: Survey
    desk: Desk
    organic: float
    redeems: float
    considers: float
    attention_days: float
    attention_yuan: float
    step_yuan: float
    again_days: int
    preorders: float
    touches: Floats
    usual_s: float
    book: Datebook
    clauses: tuple[Clause, ...]

    @classmethod
    def of(cls, scenario: Scenario, users: int, streams: Streams) -> Crowd | None:
        """That of a scenario; None where nobody responds."""
        spec = scenario.response
        if not spec.on:
            return None
        taste, leaving, spreading = (part.model_dump() for part in (spec.taste, spec.leaving, spec.spreading))
        worths = taste.pop("touches")
        return cls(
            trust=Trust(**spec.trust.model_dump()),
            redeems=taste.pop("redeems"),
            considers=taste.pop("considers"),
            attention_days=taste.pop("attention_days"),
            attention_yuan=taste.pop("attention_yuan"),
            step_yuan=taste.pop("step_yuan"),
            taste=Taste(**taste),
            leaving=Leaving(**{name: leaving[name] for name in leaving if name not in "ab"}),
            organic=spreading.pop("organic"),
            again_days=spreading.pop("again_days"),
            spreading=Spreading(**spreading),
            together=Together(**spec.together.model_dump()),
            survey=spec.survey,
            desk=scenario.membership.desk,
            preorders=spec.preorders,
            touches=np.array([worths[touch.name.lower()] for touch in Touch]),
            usual_s=(spec.usual_wait_min or scenario.platform.promise_min) * MINUTE,
            book=Datebook(scenario.calendar.start, scenario.demand.holidays),
            clauses=_clauses(scenario, users, streams),
        )


def _clauses(scenario: Scenario, users: int, streams: Streams) -> tuple[Clause, ...]:
    """The programme's rules with the users to whom each applies."""
    spec = scenario.membership
    clauses: list[Clause] = []
    for name, rule, share, first, last in compose(spec.policy, spec.rules):
        arm = arm_of(streams, len(clauses), users) < share if share < 1 else None
        key = f"membership.rules.{name}" if spec.policy == "composed" else f"policy {spec.policy}"
        clauses.append(Clause(key, rule, arm, first, last))
    return tuple(clauses)


def arm_of(streams: Streams, rule: int, users: int) -> Floats:
    """Uniforms by which users are assigned to the arms of a rule."""
    return streams.uniforms("membership.arm", np.array([rule]), np.arange(users))


def settle(scenario: Scenario, city: City, streams: Streams) -> People:
    """Everybody on the eve of the first day."""
    spec, users = scenario.response, len(city.users.home)
    registered = streams.fixed("user.registered").random(users) < spec.registered
    zeros, none = np.zeros(users, np.int64), np.full(users, -1)
    members = Members(
        segment=city.users.segment,
        zone=city.places.zone[city.users.home],
        birthday=streams.fixed("user.birthday").integers(0, YEAR_DAYS, users),
        registered=registered,
        joined=none.copy(),
        channel=none.copy(),
        inviter=none.copy(),
        friends=zeros.copy(),
        tier=zeros.copy(),
        lifted=zeros.copy(),
        points=np.zeros((users, MONTHS), np.int64),
        paid_until=none.copy(),
        coupons=Coupons.none(users),
        redeemed=none.copy(),
        earned=zeros.copy(),
        orders=zeros.copy(),
        spent=zeros.copy(),
        last_order=none.copy(),
        opened=none.copy(),
        streak=zeros.copy(),
        recent_orders=_recent(users, np.int16),
        recent_spent=_recent(users, np.int32),
        recent_cancelled=_recent(users, np.int16),
        recent_late=_recent(users, np.int16),
        recent_complaints=_recent(users, np.int16),
    )
    drop = streams.fixed("user.dropout").beta(spec.leaving.a, spec.leaving.b, users)
    floats = np.zeros(users)
    return People(
        members=members,
        alive=np.ones(users, np.bool_),
        drop=drop,
        trust=floats.copy(),
        attention=floats.copy(),
        discount=floats.copy(),
        fee_off=zeros.copy(),
        priority=zeros.copy(),
        ease=floats.copy(),
        worth=floats.copy(),
        asked=np.zeros(users, np.bool_),
        absent=~registered,
        to_friend=zeros.copy(),
        to_inviter=zeros.copy(),
        inviting=none.copy(),
        plain=np.ones(users, np.bool_),
        credited=zeros.copy(),
        level=none.copy(),
        lift=zeros.copy(),
    )


def _recent(users: int, dtype: type[np.integer]) -> NDArray[np.integer]:
    return np.zeros((WINDOW_DAYS, users), dtype)

"""How people come: by themselves, by a friend's word, because they are approached; and how they come back."""

from __future__ import annotations

import numpy as np

from sim.behaviour.neighbours import turn
from sim.behaviour.users import invite_chance, join_chance, return_chance
from sim.engine.outcomes import presence
from sim.engine.people import Crowd, People
from sim.engine.run import Run
from sim.engine.wallet import near_end, put, take
from sim.entities import Approach, Floats, Ints, Offer
from sim.events import NONE, Kind, Purpose

FIRST_ORDER_DAYS = 14
"""How long the coupon for a first order lasts."""


def spread(run: Run, people: People, crowd: Crowd) -> None:
    """People tell friends of the platform, hand coupons on, and some find it by themselves."""
    night = np.array([people.nights])
    if people.members.registered.all():
        return
    _tell(run, people, crowd, night)
    outside = np.flatnonzero(~people.members.registered)
    found = outside[run.streams.uniforms("user.joins", night, outside, np.array([-1])) < crowd.organic]
    for user in found.tolist():
        join(run, people, user, NONE, NONE)


def _tell(run: Run, people: People, crowd: Crowd, night: Ints) -> None:
    """Each user who tells somebody tells one person of his own zone, if there is one without an account."""
    here, streams = np.flatnonzero(presence(people)), run.streams
    chance = invite_chance(crowd.spreading, people.trust[here], people.to_inviter[here] / 100)
    teller = here[streams.uniforms("user.invites", night, here) < chance]
    which = streams.uniforms("user.invites", night, teller, np.array([1]))
    teller, friend = pick(people, teller, which, np.flatnonzero(~people.members.registered))
    worth = crowd.taste.price * people.to_friend[teller] / 100 + crowd.spreading.friend_yuan * people.trust[teller]
    convinced = streams.uniforms("user.joins", night, friend, teller) < join_chance(crowd.spreading, worth)
    for user, one in zip(teller[convinced].tolist(), friend[convinced].tolist(), strict=True):
        if not people.members.registered[one]:
            _bring(run, people, user, one)


def pick(people: People, asker: Ints, which: Floats, among: Ints) -> tuple[Ints, Ints]:
    """Somebody of each asker's zone, by a uniform each: askers who find anybody at all, and whom."""
    zone = people.members.zone
    pool = among[np.argsort(zone[among], kind="stable")]
    first, last = (np.searchsorted(zone[pool], zone[asker], side=side) for side in ("left", "right"))
    some = last > first
    return asker[some], pool[(first + which * (last - first)).astype(np.int64)[some]] if len(pool) else pool


def _bring(run: Run, people: People, user: int, friend: int) -> None:
    """A friend joins at a user's word, and both get what they were promised."""
    rule, reward = people.inviting.item(user), people.to_inviter.item(user)
    join(run, people, friend, rule, user)
    _welcome(run, people, friend, people.to_friend.item(user), rule)
    if reward:
        run.log.record(run.env.now, Kind.PAID, user=user, amount=reward, detail=Purpose.GIFT)
        run.log.record(run.env.now, Kind.SPENT, amount=reward, detail=rule)


def approach(run: Run, people: People, crowd: Crowd, index: int, given: Approach) -> int:
    """Talk to people without an account, each of whom decides; what it cost in fen."""
    arm = crowd.clauses[index].arm
    reached = given.who & ~people.members.registered
    who = np.flatnonzero(reached if arm is None else reached & arm)
    by = given.by if given.by is not None else np.full(len(people.members), NONE)
    worth = np.full(len(who), crowd.taste.price * given.offer / 100 + given.push)
    worth += crowd.spreading.friend_yuan * np.where(by[who] >= 0, people.trust[by[who]], 0.0)
    when = turn(people.nights, who, crowd.again_days)
    won = who[
        run.streams.uniforms("user.joins", when, who, np.array([-2 - index])) < join_chance(crowd.spreading, worth)
    ]
    for user in won.tolist():
        join(run, people, user, index, by.item(user))
        _welcome(run, people, user, given.offer, index)
    cost = given.cost * len(who) + given.reward * len(won)
    if cost:
        run.log.record(run.env.now, Kind.PAID, amount=cost, detail=Purpose.ACQUISITION)
    return cost


def join(run: Run, people: People, user: int, channel: int, inviter: int) -> None:
    """Somebody opens an account."""
    members = people.members
    members.registered[user] = True
    members.joined[user], members.channel[user], members.inviter[user] = people.nights, channel, inviter
    if inviter >= 0:
        members.friends[inviter] += 1
    home = int(run.city.users.home[user])
    run.log.record(run.env.now, Kind.JOINED, user=user, place=home, amount=inviter, detail=channel)


def _welcome(run: Run, people: People, user: int, value: int, rule: int) -> None:
    """The coupon for the first order."""
    if value:
        one = np.array([value])
        put(people.members.coupons, np.array([user]), one, Offer(one, days=FIRST_ORDER_DAYS), people.nights, rule)
        run.log.record(run.env.now, Kind.COUPON, user=user, amount=value, detail=rule)


def hand_on(run: Run, people: People, crowd: Crowd) -> None:
    """Coupons that may be handed on and lapse soon go to somebody of the zone, who may join for one."""
    members, night = people.members, np.array([people.nights])
    user, slot = near_end(members.coupons, people.nights)
    willing = run.streams.uniforms("user.hands_on", night, user, slot) < crowd.together.hands_on
    willing &= presence(people)[user]
    which = run.streams.uniforms("user.hands_on", night, user, slot, np.array([1]))
    for giver, held, u in zip(user[willing].tolist(), slot[willing].tolist(), which[willing].tolist(), strict=True):
        _, found = pick(people, np.array([giver]), np.array([u]), np.arange(len(members)))
        taker = int(found[0])
        if taker != giver and _wants(run, people, crowd, giver, taker, members.coupons.value.item(giver, held)):
            _hand_over(run, people, giver, taker, take(members.coupons, giver, held))


def _wants(run: Run, people: People, crowd: Crowd, giver: int, taker: int, value: int) -> bool:
    """Whether somebody takes a coupon that he is given: a user does, others where they join for it."""
    if people.members.registered[taker]:
        return bool(people.alive[taker])
    worth = crowd.taste.price * value / 100 + crowd.spreading.friend_yuan * people.trust.item(giver)
    u = run.streams.uniform("user.joins", people.nights, taker, giver)
    return bool(u < join_chance(crowd.spreading, np.array(worth)))


def _hand_over(run: Run, people: People, giver: int, taker: int, given: tuple[int, ...]) -> None:
    value, floor, _, until, rule, percent, _ = given
    if not people.members.registered[taker]:
        join(run, people, taker, rule, giver)
    offer = Offer(np.array([value]), floor, until - people.nights + 1, percent)
    put(people.members.coupons, np.array([taker]), offer.value, offer, people.nights, rule)
    run.log.record(run.env.now, Kind.HANDED_ON, user=taker, amount=giver, detail=rule)


def win_back(run: Run, people: People, crowd: Crowd, index: int, worth: Floats) -> None:
    """Users who have dropped out and are offered something may come back."""
    gone = np.flatnonzero(people.members.registered & ~people.alive & (worth > 0))
    u = run.streams.uniforms("user.returns", turn(people.nights, gone, crowd.again_days), gone)
    for user in gone[u < return_chance(crowd.leaving, worth[gone])].tolist():
        people.alive[user], people.trust[user] = True, max(people.trust.item(user), 0.0)
        run.log.record(run.env.now, Kind.CAME_BACK, user=user, detail=index)

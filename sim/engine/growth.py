"""How people come: by themselves, by a friend's word, because they are approached; and how they come back."""

from __future__ import annotations

import numpy as np

from sim.behaviour.users import invite_chance, join_chance, return_chance
from sim.engine.outcomes import presence
from sim.engine.people import Crowd, People
from sim.engine.run import Run
from sim.entities import Approach, Floats, Ints
from sim.events import NONE, Kind, Purpose
from sim.policies.membership.rule import Clause

FIRST_ORDER_DAYS = 14
"""How long the coupon for a first order lasts."""


def spread(run: Run, people: People, crowd: Crowd) -> None:
    """People tell friends of the platform, and some find it by themselves."""
    night = np.array([people.nights])
    outside = np.flatnonzero(~people.members.registered)
    if not len(outside):
        return
    _tell(run, people, crowd, night)
    outside = np.flatnonzero(~people.members.registered)
    found = outside[run.streams.uniforms("user.joins", night, outside, np.array([-1])) < crowd.organic]
    for user in found.tolist():
        join(run, people, user, NONE, NONE)


def _tell(run: Run, people: People, crowd: Crowd, night: Ints) -> None:
    """Each user who tells somebody tells one person of his own zone, if there is one without an account."""
    here, members = np.flatnonzero(presence(people)), people.members
    to_friend, to_inviter = people.invite
    chance = invite_chance(crowd.spreading, people.trust[here], to_inviter / 100)
    for user in here[run.streams.uniforms("user.invites", night, here) < chance].tolist():
        near = np.flatnonzero(~members.registered & (members.zone == members.zone[user]))
        if not len(near):
            continue
        friend = int(near[int(run.streams.uniform("user.invites", people.nights, user, 1) * len(near))])
        worth = crowd.taste.price * to_friend / 100 + crowd.spreading.friend_yuan * people.trust.item(user)
        if run.streams.uniform("user.joins", people.nights, friend, user) < join_chance(
            crowd.spreading, np.array(worth)
        ):
            join(run, people, friend, NONE, user)
            members.friends[user] += 1
            _welcome(people, friend, to_friend, NONE)


def approach(run: Run, people: People, crowd: Crowd, index: int, clause: Clause, given: Approach) -> None:
    """Talk to people without an account; each of them decides."""
    reached = given.who & ~people.members.registered
    if clause.arm is not None:
        reached &= clause.arm
    who = np.flatnonzero(reached)
    if given.cost and len(who):
        run.log.record(run.env.now, Kind.PAID, amount=given.cost * len(who), detail=Purpose.ACQUISITION)
    worth = np.full(len(who), crowd.taste.price * given.offer / 100 + given.push)
    u = run.streams.uniforms("user.joins", np.array([people.nights]), who, np.array([-2 - index]))
    for user in who[u < join_chance(crowd.spreading, worth)].tolist():
        join(run, people, user, index, NONE)
        _welcome(people, user, given.offer, index)
        if given.reward:
            run.log.record(run.env.now, Kind.PAID, amount=given.reward, detail=Purpose.ACQUISITION)


def join(run: Run, people: People, user: int, channel: int, inviter: int) -> None:
    """Somebody opens an account."""
    members = people.members
    members.registered[user] = True
    members.joined[user], members.channel[user], members.inviter[user] = people.nights, channel, inviter
    home = int(run.city.users.home[user])
    run.log.record(run.env.now, Kind.JOINED, user=user, place=home, amount=inviter, detail=channel)


def _welcome(people: People, user: int, offer: int, index: int) -> None:
    held, today = people.members.coupons, people.nights
    if offer:
        held.value[user, 0], held.floor[user, 0], held.rule[user, 0] = offer, 0, index
        held.since[user, 0], held.until[user, 0] = today, today + FIRST_ORDER_DAYS - 1


def win_back(run: Run, people: People, crowd: Crowd, index: int, worth: Floats) -> None:
    """Users who have dropped out and are offered something may come back."""
    gone = np.flatnonzero(people.members.registered & ~people.alive & (worth > 0))
    u = run.streams.uniforms("user.returns", np.array([people.nights]), gone, np.array([index]))
    for user in gone[u < return_chance(crowd.leaving, worth[gone])].tolist():
        people.alive[user], people.trust[user] = True, max(people.trust.item(user), 0.0)
        run.log.record(run.env.now, Kind.CAME_BACK, user=user, detail=index)

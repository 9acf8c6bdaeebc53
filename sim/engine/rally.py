"""Users gather others of their zone for a reward; each of them decides."""

from __future__ import annotations

import numpy as np

from sim.behaviour.neighbours import begin_chance, help_chance
from sim.behaviour.users import join_chance
from sim.engine.growth import join
from sim.engine.outcomes import presence
from sim.engine.people import Crowd, People
from sim.engine.run import Run
from sim.engine.wallet import put
from sim.entities import Bools, Ints, Offer, Rally
from sim.events import Kind


def gather(run: Run, people: People, crowd: Crowd, index: int, given: Rally, entitled: Bools) -> None:
    """Some users begin; each asks others, and gets the coupon of the highest rung that as many as took part reach."""
    may = np.flatnonzero(given.who & entitled & people.alive)
    top = max((fen for _, fen in given.rungs), default=0)
    chance = begin_chance(crowd.together, crowd.taste.price * top / 100)
    night, rule = np.array([people.nights]), np.array([index])
    begun = may[run.streams.uniforms("user.begins", night, may, rule) < chance]
    by_zone = np.argsort(people.members.zone, kind="stable")
    for user in begun.tolist():
        helpers = _helpers(run, people, crowd, given, user, _asked(run, people, given, index, user, by_zone))
        for friend in helpers[~people.members.registered[helpers]].tolist():
            join(run, people, friend, index, user)
        _reward(run, people, given, index, user, helpers)


def _asked(run: Run, people: People, given: Rally, index: int, user: int, by_zone: Ints) -> Ints:
    """Different people of a user's zone, with or without an account."""
    zone = people.members.zone
    first, last = np.searchsorted(zone[by_zone], (zone[user], zone[user] + 1))
    key = (np.array([people.nights]), np.array([user]), np.array([index]))
    u = run.streams.uniforms("user.begins", *key, np.arange(given.asks))
    found = np.unique(by_zone[first + (u * (last - first)).astype(np.int64)])
    return found[found != user]


def _helpers(run: Run, people: People, crowd: Crowd, given: Rally, user: int, asked: Ints) -> Ints:
    """Who of those asked takes part: users as they like, others where they join for it, nobody who has dropped out."""
    thanks = crowd.taste.price * given.thanks / 100
    word = crowd.spreading.friend_yuan * people.trust.item(user)
    joins = join_chance(crowd.spreading, np.full(len(asked), thanks + word))
    helps = help_chance(crowd.together, thanks, crowd.spreading.scale_yuan)
    chance = np.where(presence(people)[asked], helps, np.where(people.members.registered[asked], 0.0, joins))
    u = run.streams.uniforms("user.helps", np.array([people.nights]), asked, np.array([user]))
    return asked[u < chance]


def _reward(run: Run, people: People, given: Rally, index: int, user: int, helpers: Ints) -> None:
    won = max((fen for least, fen in given.rungs if least <= len(helpers)), default=0)
    if not won:
        return
    users = np.concatenate([[user], helpers])
    value = np.where(users == user, won, given.thanks)
    offer = Offer(value, given.floor, given.days, given.percent)
    put_in = put(people.members.coupons, users, value, offer, people.nights, index)
    for one, amount in zip(users[put_in].tolist(), value[put_in].tolist(), strict=True):
        run.log.record(run.env.now, Kind.COUPON, user=one, amount=amount, detail=index)

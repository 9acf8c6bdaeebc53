"""Users gather others of their zone for a reward, or to order together; each of them decides."""

from __future__ import annotations

import numpy as np

from sim.behaviour.neighbours import begin_chance, help_chance
from sim.behaviour.users import join_chance
from sim.engine.growth import join
from sim.engine.outcomes import presence
from sim.engine.people import Crowd, People
from sim.engine.run import Run
from sim.engine.team import Team
from sim.engine.wallet import put
from sim.entities import Bools, Ints, Offer, Rally
from sim.events import Kind


def gather(run: Run, people: People, crowd: Crowd, index: int, given: Rally, entitled: Bools) -> None:
    """Some users begin; each asks others, and gets the coupon of the highest rung that as many as took part reach."""
    may = np.flatnonzero(given.who & entitled & people.alive & ~_teamed(people))
    top = max((fen for _, fen in given.rungs), default=0)
    chance = begin_chance(crowd.together, crowd.taste.price * top / 100)
    night, rule = np.array([people.nights]), np.array([index])
    begun = may[run.streams.uniforms("user.begins", night, may, rule) < chance]
    if not len(begun):
        return
    asked, once = _asked(run, people, given, index, begun)
    takes = once & _takes(run, people, crowd, given, begun, asked)
    _join(run, people, index, begun, np.where(takes, asked, -1))
    won = np.array([0, *(fen for _, fen in given.rungs)])[
        np.searchsorted([least for least, _ in given.rungs], takes.sum(axis=1), side="right")
    ]
    if given.together:
        for row in np.flatnonzero(won).tolist():
            _team_up(run, people, given, index, np.append(begun[row], asked[row, takes[row]]), won.item(row))
        return
    _coupons(run, people, given, index, begun[won > 0], won[won > 0])
    thanked = np.unique(asked[takes & (won > 0)[:, None]])
    _coupons(run, people, given, index, thanked, np.full(len(thanked), given.thanks))


def _asked(run: Run, people: People, given: Rally, index: int, begun: Ints) -> tuple[Ints, Bools]:
    """People of each beginner's zone, with or without an account, and whether each is asked once and not himself.

    Returns
    -------
    tuple
        Arrays of shape (beginners, asks).
    """
    zone = people.members.zone
    by_zone = np.argsort(zone, kind="stable")
    first, last = (np.searchsorted(zone[by_zone], zone[begun] + part)[:, None] for part in (0, 1))
    key = (np.array([people.nights]), begun[:, None], np.array([index]), np.arange(given.asks)[None, :])
    u = run.streams.uniforms("user.begins", *key)
    asked = np.sort(by_zone[first + (u * (last - first)).astype(np.int64)], axis=1)
    once = asked != begun[:, None]
    once[:, 1:] &= asked[:, 1:] != asked[:, :-1]
    return asked, once


def _takes(run: Run, people: People, crowd: Crowd, given: Rally, begun: Ints, asked: Ints) -> Bools:
    """Who takes part: users as they like, others where they join for it, nobody who has dropped out."""
    thanks = crowd.taste.price * given.thanks / 100
    word = crowd.spreading.friend_yuan * people.trust[begun]
    joins = join_chance(crowd.spreading, thanks + word)[:, None]
    helps = help_chance(crowd.together, thanks, crowd.spreading.scale_yuan)
    chance = np.where(presence(people)[asked], helps, np.where(people.members.registered[asked], 0.0, joins))
    return run.streams.uniforms("user.helps", np.array([people.nights]), asked, begun[:, None]) < chance


def _join(run: Run, people: People, index: int, begun: Ints, helpers: Ints) -> None:
    """Helpers without an account (-1: nobody) join at the word of the first who asked them."""
    friends, at = np.unique(helpers, return_index=True)
    new = (friends >= 0) & ~people.members.registered[friends]
    for friend, row in zip(friends[new].tolist(), (at[new] // helpers.shape[1]).tolist(), strict=True):
        join(run, people, friend, index, begun.item(row))


def _teamed(people: People) -> Bools:
    """Who is in a team that still has time to order."""
    mask = np.zeros(len(people.members), np.bool_)
    mask[[user for user, team in people.teams.items() if team.until >= people.nights]] = True
    return mask


def _team_up(run: Run, people: People, given: Rally, index: int, users: Ints, most: int) -> None:
    """Those of one group who are in no other agree to order together, if they are enough."""
    free = users[~_teamed(people)[users]].tolist()
    if len(free) < given.together:
        return
    first = people.nights
    team = Team(index, given.together, first, first + given.days - 1, most, given.percent, given.floor)
    for user in free:
        people.teams[user] = team
        run.log.record(run.env.now, Kind.COUPON, user=user, amount=most, detail=index)


def _coupons(run: Run, people: People, given: Rally, index: int, users: Ints, value: Ints) -> None:
    offer = Offer(value, given.floor, given.days, given.percent)
    put_in = put(people.members.coupons, users, value, offer, people.nights, index)
    for user, amount in zip(users[put_in].tolist(), value[put_in].tolist(), strict=True):
        run.log.record(run.env.now, Kind.COUPON, user=user, amount=amount, detail=index)

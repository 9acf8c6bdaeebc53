"""The night: what the day did to people, what the programme gives them, and what they make of it tomorrow."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import fields
from typing import Any

import numpy as np
from simpy import Event

from sim.behaviour.users import promoter_score, pull_of_goal
from sim.engine.growth import hand_on, spread
from sim.engine.outcomes import presence, review
from sim.engine.people import Crowd, People
from sim.engine.run import Run
from sim.engine.terms import grant, new_terms, promote
from sim.engine.till import plain
from sim.entities import Coupons, Ended, Floats, Members, Night
from sim.events import Kind
from sim.units import DAY


def nights(run: Run) -> Generator[Event, None, None]:
    """Live every night, from the eve of the first day to the night after the last."""
    people = run.world.people
    assert people is not None
    while people.nights <= run.terms.days:
        yield run.env.timeout(max(people.nights * DAY - run.env.now, 0.0))
        live(run)


def live(run: Run) -> None:
    """One night, at midnight."""
    people, crowd = run.world.people, run.crowd
    assert people is not None
    assert crowd is not None
    if not people.nights:
        _name_arms(run, crowd)
    _age(people, crowd)
    ended = review(run, people, crowd)
    _streak(people)
    new_terms(people)
    seen = _seen(run, people, crowd, ended)
    for index, clause in enumerate(crowd.clauses):
        if clause.first <= people.nights <= clause.last:
            grant(run, people, crowd, index, seen)
    promote(run, people)
    hand_on(run, people, crowd)
    spread(run, people, crowd)
    _ask(run, people, crowd)
    people.absent = ~presence(people)
    people.worth = _worth(people, crowd)
    people.plain = plain(people)
    people.nights += 1


def _name_arms(run: Run, crowd: Crowd) -> None:
    for index, clause in enumerate(crowd.clauses):
        if clause.arm is not None:
            for user in np.flatnonzero(clause.arm).tolist():
                run.log.record(run.env.now, Kind.ARM, user=user, detail=index)


def _age(people: People, crowd: Crowd) -> None:
    """A day passes: windows move on, attention fades, trust is forgotten, points get older."""
    members = people.members
    for column in ("orders", "spent", "cancelled", "late", "complaints"):
        recent = getattr(members, f"recent_{column}")
        recent[1:] = recent[:-1].copy()
    people.attention *= np.exp(-1 / crowd.attention_days)
    people.trust *= np.exp(-1 / crowd.trust.forget_days)
    if people.nights and people.nights % 30 == 0:
        members.points[:, -1] += members.points[:, -2]
        members.points[:, 1:-1] = members.points[:, :-2].copy()
        members.points[:, 0] = 0


def _streak(people: People) -> None:
    opened = people.members.opened == people.nights - 1
    people.members.streak = np.where(opened & (people.nights > 0), people.members.streak + 1, 0)


def _seen(run: Run, people: People, crowd: Crowd, ended: Ended) -> Night:
    """What rules see: the same columns, which they cannot write to."""
    day, city = people.nights - 1, run.city
    today, tomorrow = crowd.book.date(day), crowd.book.date(day + 1)
    coupons = people.members.coupons
    locked = Coupons(*(_locked(getattr(coupons, column.name)) for column in fields(Coupons)))
    columns = {c.name: _locked(getattr(people.members, c.name)) for c in fields(Members) if c.name != "coupons"}
    harsh = bool(np.any(run.conditions.forecast[-1] > 0))
    members = Members(**columns, coupons=locked)
    off, off_today = crowd.book.off(day + 1), crowd.book.off(day)
    return Night(day, today, tomorrow, off, members, ended, harsh, city.zones, city.segments, off and not off_today)


def _locked(column: Any) -> Any:
    view = column.view()
    view.flags.writeable = False
    return view


def _ask(run: Run, people: People, crowd: Crowd) -> None:
    """The survey, and the census, both of accounts that have not dropped out."""
    who, night, spec = np.flatnonzero(presence(people)), np.array([people.nights]), crowd.survey
    asked = who[run.streams.uniforms("user.survey", night, who) < spec.share]
    u, v = (run.streams.uniforms("user.survey", night, asked, np.array([part])) for part in (1, 2))
    mood = np.sqrt(-2 * np.log1p(-u)) * np.cos(2 * np.pi * v)
    scores = promoter_score(people.trust[asked], mood, spec.middle, spec.spread, spec.noise)
    for user, score in zip(asked.tolist(), scores.tolist(), strict=True):
        run.log.record(run.env.now, Kind.SURVEYED, user=user, amount=score)
    trust = float(people.trust[who].mean()) if len(who) else 0.0
    run.log.record(run.env.now, Kind.CENSUS, amount=round(1e6 * trust), detail=len(who))


def _worth(people: People, crowd: Crowd) -> Floats:
    """What is worth more than usual about an order tomorrow, in yuan-equivalents."""
    taste = crowd.taste
    standing = taste.tier_yuan * people.members.tier
    return taste.trust_yuan * people.trust + standing + people.attention + people.ease + _pull(people, crowd)


def _pull(people: People, crowd: Crowd) -> Floats:
    """The pull of the next rung of the ladder; of several ladders that of the nearest."""
    pull, balance = np.zeros(len(people.members)), people.members.balance
    for arm, ladder in people.ladders:
        rungs = np.array([0, *(points for points, _ in ladder)])
        above = np.minimum(np.searchsorted(rungs, balance, side="right"), len(rungs) - 1)
        below, top = rungs[above - 1], rungs[above]
        progress = np.clip((balance - below) / np.maximum(top - below, 1), 0, 1)
        toward = pull_of_goal(crowd.taste, progress)
        pull = np.maximum(pull, toward if arm is None else np.where(arm, toward, 0.0))
    return pull

"""What the orders of a day do to their users: what they think of them, complaints, trust, and dropping out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.behaviour.users import complaint_chance, dropout_chance, mended, outcome, updated
from sim.engine.people import Crowd, People
from sim.engine.run import Run
from sim.engine.team import Share
from sim.engine.trade import off
from sim.engine.world import Live
from sim.entities import Bools, Ended, Floats, Ints
from sim.events import Kind, Purpose
from sim.units import MINUTE, fen

LATE_S = 8 * MINUTE
"""Later than this counts as late in a complaint (Meituan's own threshold, parameters.md 3.1)."""
COLUMNS = ("order", "user", "merchant", "kind", "people", "placed_at", "ended_at", "late_s", "basket", "paid",
           "delivered", "weather", "stars", "ride_s")  # fmt: skip


def remember(run: Run, live: Live, delivered: bool) -> None:
    """Note an order that has ended, for the night."""
    people, order, now = run.world.people, live.order, run.env.now
    if people is None:
        return
    bill = people.bills.pop(order.id)
    late = now - order.promised_at if delivered else 0.0
    paid = order.basket + order.fee - bill.off - off(live) if delivered else 0
    stars = live.own.stars if live.own is not None else 0
    members = live.own.members if live.own is not None else 1
    warm = delivered and run.kinds[order.kind].in_kitchen
    ride = now - live.picked_at if warm else 0.0
    if delivered:
        _order_with_team(run, people, live, bill.coupon, paid)
    who = (order.id, order.user, order.merchant, order.kind, members)
    people.ended.append((*who, order.placed_at, now, late, order.basket, paid, delivered, bill.weather, stars, ride))


def _order_with_team(run: Run, people: People, live: Live, coupon: int, paid: int) -> None:
    """Whoever has ordered with enough others gets back what the team's price takes off, and so do they."""
    order = live.order
    team = people.team_of(order.user, order.placed_at)
    if team is None:
        return
    back = min(team.off(order.basket - off(live), coupon), paid)
    for number, user, amount in team.add(Share(order.id, order.user, back)):
        if amount:
            run.log.record(run.env.now, Kind.PAID, number, user=user, amount=amount, detail=Purpose.COUPON)
            run.log.record(run.env.now, Kind.REDEEMED, number, user=user, amount=amount, detail=team.rule)


def review(run: Run, people: People, crowd: Crowd) -> Ended:
    """Let what ended since the last night act on its users; answers the orders with complaints and their answers."""
    ended = _as_table(people)
    value = outcome(crowd.trust, ended.late_s / MINUTE, ended.ride_s / MINUTE, ended.delivered)
    complained = run.streams.uniforms("user.complains", ended.order) < complaint_chance(crowd.leaving, value)
    wait = -np.log1p(-run.streams.uniforms("desk.answer", ended.order)) * crowd.desk.answer_min
    answered = np.where(complained, wait, np.inf)
    value = mended(crowd.trust, value, answered, complained & (crowd.desk.compensation_yuan > 0))
    ended = replace(ended, complained=complained, answered_s=answered * MINUTE)
    _feel(run, people, crowd, ended, value)
    _answer(run, crowd, ended)
    _count(people, ended)
    return ended


def _as_table(people: People) -> Ended:
    """What ended, as columns, as if nobody complained."""
    rows = np.array(people.ended, np.float64).reshape(-1, len(COLUMNS))
    people.ended.clear()
    reals = {name: rows[:, column] for column, name in enumerate(COLUMNS)}
    whole = {name: real.astype(np.int64) for name, real in reals.items()}
    user, delivered = whole["user"], whole["delivered"].astype(np.bool_)
    new = (people.members.orders[user] == 0) & (people.members.joined[user] >= 0)
    first = new & (_rank(np.where(delivered, user, -1 - user)) == 0) & delivered
    return Ended(
        order=whole["order"],
        user=user,
        merchant=whole["merchant"],
        kind=whole["kind"],
        people=whole["people"],
        placed_at=reals["placed_at"],
        ended_at=reals["ended_at"],
        late_s=reals["late_s"],
        basket=whole["basket"],
        paid=whole["paid"],
        delivered=delivered,
        weather=whole["weather"],
        stars=whole["stars"],
        ride_s=reals["ride_s"],
        first=first,
        complained=np.zeros(len(user), np.bool_),
        answered_s=np.full(len(user), np.inf),
    )


def _rank(user: Ints) -> Ints:
    """How many rows before it each row's user has."""
    order = np.argsort(user, kind="stable")
    begins = np.r_[True, np.diff(user[order]) != 0] if len(user) else np.zeros(0, np.bool_)
    position = np.arange(len(user))
    rank = np.empty(len(user), np.int64)
    rank[order] = position - np.maximum.accumulate(np.where(begins, position, 0))
    return rank


def _feel(run: Run, people: People, crowd: Crowd, ended: Ended, value: Floats) -> None:
    """Trust and the chance of dropping out, one order of each user after the other."""
    rank = _rank(ended.user)
    leaves = run.streams.uniforms("user.leaves", ended.order)
    for turn in range(int(rank.max(initial=-1)) + 1):
        rows = np.flatnonzero(rank == turn)
        who = ended.user[rows]
        people.trust[who] = updated(crowd.trust, people.trust[who], value[rows])
        tier = people.members.tier[who]
        chance = dropout_chance(crowd.leaving, people.drop[who], value[rows], people.trust[who], tier)
        gone = people.alive[who] & (leaves[rows] < chance)
        people.alive[who[gone]] = False
        for row in rows[gone].tolist():
            run.log.record(run.env.now, Kind.DROPPED_OUT, ended.order.item(row), user=ended.user.item(row))


def _answer(run: Run, crowd: Crowd, ended: Ended) -> None:
    """Log complaints, and what they cost."""
    apology, cost = fen(crowd.desk.compensation_yuan), fen(crowd.desk.cost_yuan)
    for row in np.flatnonzero(ended.complained).tolist():
        order, user = ended.order.item(row), ended.user.item(row)
        run.log.record(run.env.now, Kind.COMPLAINED, order, user=user, amount=round(ended.answered_s.item(row)))
        for amount, purpose in ((apology, Purpose.APOLOGY), (cost, Purpose.SERVICE)):
            if amount:
                run.log.record(run.env.now, Kind.PAID, order, user=user, amount=amount, detail=purpose)


def _count(people: People, ended: Ended) -> None:
    """What the platform counts of each user."""
    members, users, delivered = people.members, len(people.members), ended.delivered
    members.recent_orders[0] = ended.per_user(users, delivered)
    members.recent_spent[0] = ended.per_user(users, ended.paid)
    members.recent_cancelled[0] = ended.per_user(users, ~delivered)
    members.recent_late[0] = ended.per_user(users, ended.late_s > LATE_S)
    members.recent_complaints[0] = ended.per_user(users, ended.complained)
    members.orders += members.recent_orders[0]
    members.spent += members.recent_spent[0]
    members.last_order[members.recent_orders[0] > 0] = people.nights - 1


def presence(people: People) -> Bools:
    """Who opens the app at all: he has an account and has not dropped out."""
    return people.alive & people.members.registered

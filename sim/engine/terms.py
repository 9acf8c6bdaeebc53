"""What the programme gives takes effect: terms for the next day, points, coupons, touches, gifts and plans."""

from __future__ import annotations

import numpy as np

from sim.behaviour.neighbours import noticed
from sim.engine.consult import consult
from sim.engine.growth import approach, win_back
from sim.engine.people import Crowd, People
from sim.engine.rally import gather
from sim.engine.run import Run
from sim.engine.sound import fault_of
from sim.engine.wallet import put
from sim.entities import Bools, Grants, Ints, Night, Offer, Touch
from sim.events import NONE, Kind, Purpose


def new_terms(people: People) -> None:
    """Nothing is promised any more: rules say their terms anew every night."""
    for column in (people.discount, people.fee_off, people.priority, people.ease, people.to_friend, people.to_inviter):
        column[:] = 0
    people.inviting[:], people.level[:] = NONE, NONE
    people.ladders = []
    people.asked[:] = False
    people.members.earned, people.credited = people.credited, np.zeros_like(people.credited)
    people.members.lifted, people.lift = people.lift, np.zeros_like(people.lift)


def grant(run: Run, people: People, crowd: Crowd, index: int, night: Night) -> None:
    """Ask a rule, and let its answer take effect for those to whom the rule applies."""
    clause = crowd.clauses[index]
    rng = run.streams.generator("policy.membership", people.nights, index)
    users = len(people.members)
    given: Grants = consult(
        run,
        clause.key,
        lambda seen: clause.rule(seen, rng),
        night,
        lambda answer: fault_of(answer, users) or True,
        by_day=True,
    )
    entitled = people.members.registered if clause.arm is None else people.members.registered & clause.arm
    _set_terms(people, crowd, index, given, entitled)
    cost = _points(run, people, index, given, entitled)
    cost += _hand_out(run, people, crowd, index, given, entitled)
    if given.plan_days is not None:
        _sell(run, people, crowd, given, entitled)
    if given.approach is not None:
        cost += approach(run, people, crowd, index, given.approach)
    if given.rally is not None:
        gather(run, people, crowd, index, given.rally, entitled)
    if cost:
        run.log.record(run.env.now, Kind.SPENT, amount=cost, detail=index)


def _of(column: Ints, entitled: Bools) -> Ints:
    return np.where(entitled, column, 0)


def _set_terms(people: People, crowd: Crowd, index: int, given: Grants, entitled: Bools) -> None:
    """Terms of two rules do not add up: the better one holds; only what makes things easier does."""
    for name in ("discount", "fee_off", "priority"):
        column = getattr(people, name)
        if (promised := getattr(given, name)) is not None:
            np.maximum(column, np.where(entitled, promised, 0), out=column)
    if given.tier is not None:
        people.level = np.where(entitled, np.maximum(people.level, given.tier), people.level)
    if given.lift is not None:
        people.lift = np.maximum(people.lift, _of(given.lift, entitled))
    if given.ease is not None:
        people.ease += np.where(entitled, given.ease, 0.0)
    if given.steps is not None:
        people.ease += crowd.step_yuan * np.where(entitled, given.steps, 0.0)
    if given.ladder:
        people.ladders.append((crowd.clauses[index].arm, given.ladder))
    if sum(given.invite):
        better = entitled & (sum(given.invite) > people.to_friend + people.to_inviter)
        people.to_friend[better], people.to_inviter[better] = given.invite
        people.inviting[better] = index


def promote(run: Run, people: People) -> None:
    """Levels change as the rules of the night have said; nobody is below what he was lifted to the night before."""
    before = people.members.tier
    after = np.maximum(np.where(people.level >= 0, people.level, before), people.members.lifted)
    for user in np.flatnonzero(after != before).tolist():
        run.log.record(run.env.now, Kind.TIER, user=user, amount=after.item(user), detail=before.item(user))
    people.members.tier = after


def _points(run: Run, people: People, index: int, given: Grants, entitled: Bools) -> int:
    """Points credited and taken; what the rewards cost, in fen."""
    points, cost = people.members.points, 0
    if given.points is not None:
        credited = _of(given.points, entitled)
        points[:, 0] += credited
        people.credited += credited
        _log(run, Kind.EARNED, credited, index)
    for kind, column in ((Kind.EXPIRED, given.expired), (Kind.BURNT, given.spent)):
        if column is not None:
            taken = np.minimum(_of(column, entitled), people.members.balance)
            _take(points, taken)
            _log(run, kind, taken, index)
            if kind is Kind.BURNT:
                cost += _pay(run, np.rint(taken * given.reward_cost).astype(np.int64), Purpose.REWARD)
    return cost


def _take(points: Ints, taken: Ints) -> None:
    """Take points away, the oldest first."""
    rest = taken.copy()
    for age in range(points.shape[1] - 1, -1, -1):
        now = np.minimum(points[:, age], rest)
        points[:, age] -= now
        rest -= now


def _hand_out(run: Run, people: People, crowd: Crowd, index: int, given: Grants, entitled: Bools) -> int:
    """Coupons, gifts and touches; what they cost tonight, in fen. Whoever has dropped out may come back for them."""
    worth, cost = np.zeros(len(people.members)), 0
    if given.offer is not None:
        value = _of(given.offer.value, entitled)
        _coupons(run, people, index, value, given.offer)
        worth += crowd.taste.price * value / 100
    told = np.zeros(len(people.members))
    if given.gift is not None:
        gift = _of(given.gift, entitled)
        cost += _pay(run, gift, Purpose.GIFT)
        told += crowd.taste.price * gift / 100
    if given.touched is not None:
        touched = given.touched & entitled
        told += crowd.touches[given.touch] * touched
        if given.touch == Touch.QUESTION:
            people.asked |= touched
        _log(run, Kind.TOUCHED, touched * (1 + int(given.touch)), index, -1)
        cost += _pay(run, touched * given.touch_cost, Purpose.CONTACT)
    people.attention = noticed(crowd.attention_yuan, people.attention, told)
    win_back(run, people, crowd, index, worth + told)
    return cost


def _coupons(run: Run, people: People, index: int, value: Ints, offer: Offer) -> None:
    users = np.flatnonzero(value)
    put_in = put(people.members.coupons, users, value[users], offer, people.nights, index)
    value = value.copy()
    value[users[~put_in]] = 0
    _log(run, Kind.COUPON, value, index)


def _sell(run: Run, people: People, crowd: Crowd, given: Grants, entitled: Bools) -> None:
    """Offer a paid plan to those who have none: it is bought by whom it would have saved more than it costs."""
    assert given.plan_days is not None
    members, today = people.members, people.nights
    offered = entitled & people.alive & (given.plan_days > 0) & (members.paid_until < today)
    saved = members.within(30, members.recent_orders) * given.plan_saving / 100 * given.plan_days / 30
    odds = np.exp(np.clip((crowd.taste.price * (saved - given.plan_fee / 100)) / crowd.taste.scale_yuan, -50, 50))
    u = run.streams.uniforms("user.plan", np.array([today]), np.arange(len(members)))
    runs_out = (members.paid_until == today - 1) & (today > 0)  # whoever held one has to decide tonight
    considers = np.where(runs_out, 1.0, crowd.considers)
    for user in np.flatnonzero(offered & (u < considers * odds / (1 + odds))).tolist():
        days = given.plan_days.item(user)
        members.paid_until[user] = today + days - 1
        run.log.record(run.env.now, Kind.PLAN, user=user, amount=given.plan_fee, detail=days)
        run.log.record(run.env.now, Kind.PAID, user=user, amount=given.plan_fee, detail=Purpose.PLAN_FEE)


def _pay(run: Run, amounts: Ints, purpose: Purpose) -> int:
    """Pay each user's amount, in fen; the sum."""
    for user in np.flatnonzero(amounts).tolist():
        run.log.record(run.env.now, Kind.PAID, NONE, NONE, NONE, user, NONE, amounts.item(user), purpose)
    return int(amounts.sum())


def _log(run: Run, kind: Kind, amounts: Ints, detail: int, shift: int = 0) -> None:
    for user in np.flatnonzero(amounts).tolist():
        run.log.record(run.env.now, kind, NONE, NONE, NONE, user, NONE, amounts.item(user) + shift, detail)

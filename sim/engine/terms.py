"""What the programme gives takes effect: terms for the next day, points, coupons, touches, gifts and plans."""

from __future__ import annotations

import numpy as np

from sim.engine.consult import consult
from sim.engine.growth import approach, win_back
from sim.engine.people import Crowd, People
from sim.engine.run import Run
from sim.entities import Bools, Floats, Grants, Ints, Night, Offer
from sim.events import NONE, Kind, Purpose
from sim.policies.membership.rule import Clause


def new_terms(people: People) -> None:
    """Nothing is promised any more: rules say their terms anew every night."""
    for column in (people.discount, people.fee_off, people.priority, people.ease):
        column[:] = 0
    people.ladders, people.invite = [], (0, 0)


def grant(run: Run, people: People, crowd: Crowd, index: int, night: Night) -> None:
    """Ask a rule, and let its answer take effect for those to whom the rule applies."""
    clause = crowd.clauses[index]
    rng = run.streams.generator("policy.membership", people.nights, index)
    users = len(people.members)
    given: Grants = consult(
        run, clause.name, lambda seen: clause.rule(seen, rng), night, lambda answer: fits(answer, users)
    )
    entitled = people.members.registered if clause.arm is None else people.members.registered & clause.arm
    _set_terms(people, clause, given, entitled)
    _points(run, people, index, given, entitled)
    _levels(run, people, given, entitled)
    _hand_out(run, people, crowd, index, given, entitled)
    if given.approach is not None:
        approach(run, people, crowd, index, clause, given.approach)


def fits(answer: object, users: int) -> bool:
    """Whether an answer is Grants with columns of the right shape and sign."""
    if not isinstance(answer, Grants):
        return False
    columns = (answer.points, answer.expired, answer.spent, answer.tier, answer.discount, answer.fee_off)
    more = (answer.priority, answer.gift, answer.plan_days, answer.touched, answer.ease)
    offered = (answer.offer.value,) if answer.offer is not None else ()
    reached = (answer.approach.who,) if answer.approach is not None else ()
    given = [column for column in (*columns, *more, *offered, *reached) if column is not None]
    sound = all(np.shape(column) == (users,) and np.all(np.isfinite(column)) for column in given)
    return sound and all(np.all(column >= 0) for column in given) and _is_share(answer.discount)


def _is_share(discount: Floats | None) -> bool:
    return discount is None or bool(np.all(discount <= 1))


def _of(column: Ints, entitled: Bools) -> Ints:
    return np.where(entitled, column, 0)


def _set_terms(people: People, clause: Clause, given: Grants, entitled: Bools) -> None:
    if given.discount is not None:
        np.maximum(people.discount, np.where(entitled, given.discount, 0.0), out=people.discount)
    if given.fee_off is not None:
        np.maximum(people.fee_off, _of(given.fee_off, entitled), out=people.fee_off)
    if given.priority is not None:
        np.maximum(people.priority, _of(given.priority, entitled), out=people.priority)
    if given.ease is not None:
        people.ease += np.where(entitled, given.ease, 0.0)
    if given.ladder:
        people.ladders.append((clause.arm, given.ladder))
    people.invite = max(people.invite[0], given.invite[0]), max(people.invite[1], given.invite[1])


def _points(run: Run, people: People, index: int, given: Grants, entitled: Bools) -> None:
    points = people.members.points
    if given.points is not None:
        credited = _of(given.points, entitled)
        points[:, 0] += credited
        _log(run, Kind.EARNED, credited, index)
    for kind, column in ((Kind.EXPIRED, given.expired), (Kind.BURNT, given.spent)):
        if column is not None:
            taken = np.minimum(_of(column, entitled), people.members.balance)
            _take(points, taken)
            _log(run, kind, taken, index)
            if kind is Kind.BURNT:
                _pay(run, np.rint(taken * given.reward_cost).astype(np.int64), Purpose.REWARD)


def _take(points: Ints, taken: Ints) -> None:
    """Take points away, the oldest first."""
    rest = taken.copy()
    for age in range(points.shape[1] - 1, -1, -1):
        now = np.minimum(points[:, age], rest)
        points[:, age] -= now
        rest -= now


def _levels(run: Run, people: People, given: Grants, entitled: Bools) -> None:
    if given.tier is None:
        return
    before = people.members.tier
    after = np.where(entitled, given.tier, before)
    for user in np.flatnonzero(after != before).tolist():
        run.log.record(run.env.now, Kind.TIER, user=user, amount=after.item(user), detail=before.item(user))
    people.members.tier = after


def _hand_out(run: Run, people: People, crowd: Crowd, index: int, given: Grants, entitled: Bools) -> None:
    """Coupons, touches, gifts and plans; whoever had dropped out may come back for them."""
    worth = np.zeros(len(people.members))
    if given.offer is not None:
        value = _of(given.offer.value, entitled)
        _put(people, value, given.offer, index)
        _log(run, Kind.COUPON, value, index)
        worth += crowd.taste.price * value / 100
    if given.gift is not None:
        gift = _of(given.gift, entitled)
        _pay(run, gift, Purpose.GIFT)
        worth += crowd.taste.price * gift / 100
        people.attention += crowd.taste.price * gift / 100
    if given.touched is not None:
        touched = given.touched & entitled
        people.attention += crowd.touches[given.touch] * touched
        worth += crowd.touches[given.touch] * touched
        _log(run, Kind.TOUCHED, touched * (1 + int(given.touch)), index, -1)
        _pay(run, touched * given.touch_cost, Purpose.CONTACT)
    if given.plan_days is not None:
        _sell(run, people, crowd, given, entitled)
    win_back(run, people, crowd, index, worth)


def _put(people: People, value: Ints, offer: Offer, index: int) -> None:
    """Put a coupon into the first slot that is empty or lapsed, else in place of the least one if it is worth more."""
    held, today = people.members.coupons, people.nights
    kept = np.where(held.until >= today, held.value, 0)
    slot = kept.argmin(axis=1)
    users = np.flatnonzero((value > 0) & (kept[np.arange(len(value)), slot] < value))
    at = users, slot[users]
    held.value[at], held.floor[at], held.rule[at] = value[users], offer.floor, index
    held.since[at], held.until[at] = today, today + offer.days - 1


def _sell(run: Run, people: People, crowd: Crowd, given: Grants, entitled: Bools) -> None:
    """Offer a paid plan to those who have none: it is bought by whom it would have saved more than it costs."""
    assert given.plan_days is not None
    members, today = people.members, people.nights
    offered = entitled & people.alive & (given.plan_days > 0) & (members.paid_until < today)
    saved = members.within(30, members.recent_orders) * given.plan_saving / 100 * given.plan_days / 30
    odds = np.exp(np.clip((crowd.taste.price * (saved - given.plan_fee / 100)) / crowd.taste.scale_yuan, -50, 50))
    u = run.streams.uniforms("user.plan", np.array([today]), np.arange(len(members)))
    for user in np.flatnonzero(offered & (u < crowd.considers * odds / (1 + odds))).tolist():
        days = given.plan_days.item(user)
        members.paid_until[user] = today + days - 1
        run.log.record(run.env.now, Kind.PLAN, user=user, amount=given.plan_fee, detail=days)
        run.log.record(run.env.now, Kind.PAID, user=user, amount=given.plan_fee, detail=Purpose.PLAN_FEE)


def _pay(run: Run, amounts: Ints, purpose: Purpose) -> None:
    for user in np.flatnonzero(amounts).tolist():
        run.log.record(run.env.now, Kind.PAID, NONE, NONE, NONE, user, NONE, amounts.item(user), purpose)


def _log(run: Run, kind: Kind, amounts: Ints, detail: int, shift: int = 0) -> None:
    for user in np.flatnonzero(amounts).tolist():
        run.log.record(run.env.now, kind, NONE, NONE, NONE, user, NONE, amounts.item(user) + shift, detail)

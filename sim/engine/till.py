"""The till: what the programme takes off an order, and what is given back when the order is cancelled."""

from __future__ import annotations

from sim.engine.people import Bill, Ladder, People
from sim.engine.run import Run
from sim.engine.wallet import COLUMNS, best, give_again, take, usable
from sim.entities import Bools, Order
from sim.events import NONE, Kind, Purpose
from sim.units import DAY

PAID = Kind.PAID
RULE = COLUMNS.index("rule")


def reckon(run: Run, number: int, user: int, basket: int, fee: int) -> Bill:
    """What would be taken off an order, in fen: the user's terms first, then his best coupon, then points."""
    people, weather = run.world.people, run.conditions.weather.item(run.piece)
    assert people is not None
    if people.plain.item(user):
        return Bill(weather=weather)
    discount = round(people.discount.item(user) * basket) + min(people.fee_off.item(user), fee)
    due = basket + fee - discount
    slot, coupon = best(people.members.coupons, user, basket, int(run.env.now // DAY))
    coupon = min(coupon, due)
    points, bought = _burnt(run, people, number, user, due - coupon)
    return Bill(discount, coupon, bought, slot if coupon else -1, (), points, weather)


def _burnt(run: Run, people: People, number: int, user: int, due: int) -> tuple[int, int]:
    """Points that the user exchanges for fen: for as many fen as he can and as do not exceed what is due."""
    assert run.crowd is not None
    if not people.ladders or run.streams.uniform("user.redeems", number) >= run.crowd.redeems:
        return 0, 0
    balance = people.members.points[user].sum()
    within = [rung for rung in ladder_of(people, user) if rung[0] <= balance and rung[1] <= due]
    return max(within, key=lambda rung: (rung[1], -rung[0]), default=(0, 0))


def ladder_of(people: People, user: int) -> Ladder:
    """What points buy for a user, by all the rules that apply to him."""
    return tuple(rung for arm, ladder in people.ladders if arm is None or arm[user] for rung in ladder)


def plain(people: People) -> Bools:
    """For whom nothing can be taken off today; most people, so that their orders cost no look into the wallet."""
    promised = (people.discount > 0) | (people.fee_off > 0) | usable(people.members.coupons, people.nights)
    balance = people.members.balance
    for arm, ladder in people.ladders:
        rich = balance >= ladder[0][0]
        promised |= rich if arm is None else rich & arm
    return ~promised


def charge(run: Run, order: Order) -> int:
    """Take off what the programme takes off an order that has just been placed; its priority is answered."""
    people, now = run.world.people, run.env.now
    assert people is not None
    user = order.user
    bill = reckon(run, order.id, user, order.basket, order.fee)
    if bill.slot >= 0:
        bill = bill._replace(given=take(people.members.coupons, user, bill.slot))
        people.members.redeemed[user] = int(now // DAY)
    if bill.points:
        bill = bill._replace(ages=_burn(people, user, bill.points))
    people.bills[order.id] = bill
    for amount, purpose in (
        (bill.discount, Purpose.DISCOUNT),
        (bill.coupon, Purpose.COUPON),
        (bill.bought, Purpose.POINTS),
    ):
        if amount:
            run.log.record(now, PAID, order.id, NONE, NONE, user, NONE, amount, purpose)
    if bill.slot >= 0:
        run.log.record(now, Kind.REDEEMED, order.id, user=user, amount=bill.coupon, detail=bill.given[RULE])
    if bill.points:
        run.log.record(now, Kind.BURNT, order.id, user=user, amount=bill.points, detail=NONE)
    return max(order.priority, people.priority.item(user))


def _burn(people: People, user: int, points: int) -> tuple[int, ...]:
    """Take points away, the oldest first; how many of each age."""
    ages = people.members.points[user]
    before = ages.tolist()
    for age in range(len(ages) - 1, -1, -1):
        taken = min(ages.item(age), points)
        ages[age] -= taken
        points -= taken
    return tuple(had - has for had, has in zip(before, ages.tolist(), strict=True))


def give_back(run: Run, order: Order) -> int:
    """The order is cancelled: points, as old as they were, and coupon go back; what had been taken off, in fen."""
    people = run.world.people
    if people is None:
        return 0
    bill, user = people.bills[order.id], order.user
    if bill.slot >= 0:
        give_again(people.members.coupons, user, bill.given, int(run.env.now // DAY))
        run.log.record(run.env.now, Kind.REDEEMED, order.id, user=user, amount=-bill.coupon, detail=bill.given[RULE])
    people.plain[user] = people.plain[user] and not bill.off
    if bill.points:
        people.members.points[user] += bill.ages
        run.log.record(run.env.now, Kind.BURNT, order.id, user=user, amount=-bill.points, detail=NONE)
    return bill.off


def taken_off(run: Run, order: Order) -> int:
    """What was taken off an order that has not ended, in fen."""
    people = run.world.people
    return people.bills[order.id].off if people is not None else 0

"""The till: what the programme takes off an order, and what is given back when the order is cancelled."""

from __future__ import annotations

from sim.engine.people import Bill, Ladder, People
from sim.engine.run import Run
from sim.entities import Order
from sim.events import NONE, Kind, Purpose
from sim.units import DAY

PAID = Kind.PAID


def reckon(run: Run, number: int, user: int, basket: int, fee: int) -> Bill:
    """What would be taken off an order, in fen: the user's terms first, then his best coupon, then points."""
    people = run.world.people
    assert people is not None
    discount = round(people.discount.item(user) * basket) + min(people.fee_off.item(user), fee)
    due = basket + fee - discount
    slot, coupon = _best(people, user, basket, int(run.env.now // DAY))
    coupon = min(coupon, due)
    points, bought = _burnt(run, people, number, user, due - coupon)
    held = people.members.coupons
    given = (0, 0, 0, 0, 0)
    if slot >= 0:
        columns = (held.value, held.floor, held.since, held.until, held.rule)
        given = tuple(column.item(user, slot) for column in columns)  # type: ignore[assignment]
    return Bill(discount, coupon, bought, slot, given, points, run.conditions.weather.item(run.piece))


def _best(people: People, user: int, basket: int, day: int) -> tuple[int, int]:
    """The coupon that takes most off: its slot (-1: none) and its value in fen."""
    held, best = people.members.coupons, (-1, 0)
    for slot, value in enumerate(held.value[user].tolist()):
        if value > best[1] and held.floor.item(user, slot) <= basket and held.until.item(user, slot) >= day:
            best = slot, value
    return best


def _burnt(run: Run, people: People, number: int, user: int, due: int) -> tuple[int, int]:
    """Points that the user exchanges for fen: the highest rung that he reaches and that does not exceed what is due."""
    assert run.crowd is not None
    if not people.ladders or run.streams.uniform("user.redeems", number) >= run.crowd.redeems:
        return 0, 0
    balance = people.members.points[user].sum()
    return max((rung for rung in ladder_of(people, user) if rung[0] <= balance and rung[1] <= due), default=(0, 0))


def ladder_of(people: People, user: int) -> Ladder:
    """What points buy for a user."""
    return next((ladder for arm, ladder in people.ladders if arm is None or arm[user]), ())


def charge(run: Run, order: Order) -> int:
    """Take off what the programme takes off an order that has just been placed; its priority is answered."""
    people, now = run.world.people, run.env.now
    assert people is not None
    user = order.user
    bill = reckon(run, order.id, user, order.basket, order.fee)
    people.bills[order.id] = bill
    for amount, purpose in (
        (bill.discount, Purpose.DISCOUNT),
        (bill.coupon, Purpose.COUPON),
        (bill.bought, Purpose.POINTS),
    ):
        if amount:
            run.log.record(now, PAID, order.id, NONE, NONE, user, NONE, amount, purpose)
    if bill.slot >= 0:
        people.members.coupons.value[user, bill.slot] = 0
        run.log.record(now, Kind.REDEEMED, order.id, user=user, amount=bill.coupon, detail=bill.given[4])
    if bill.points:
        _burn(people, user, bill.points)
        run.log.record(now, Kind.BURNT, order.id, user=user, amount=bill.points, detail=NONE)
    return max(order.priority, people.priority.item(user))


def _burn(people: People, user: int, points: int) -> None:
    """Take points away, the oldest first."""
    ages = people.members.points[user]
    for age in range(len(ages) - 1, -1, -1):
        taken = min(ages.item(age), points)
        ages[age] -= taken
        points -= taken


def give_back(run: Run, order: Order) -> int:
    """The order is cancelled: points and coupon go back to the user; what had been taken off, in fen."""
    people = run.world.people
    if people is None:
        return 0
    bill, user = people.bills[order.id], order.user
    held = people.members.coupons
    if bill.slot >= 0 and not held.value[user, bill.slot]:
        columns = (held.value, held.floor, held.since, held.until, held.rule)
        for column, value in zip(columns, bill.given, strict=True):
            column[user, bill.slot] = value
    if bill.points:
        people.members.points[user, 0] += bill.points
        run.log.record(run.env.now, Kind.BURNT, order.id, user=user, amount=-bill.points, detail=NONE)
    return bill.off


def taken_off(run: Run, order: Order) -> int:
    """What was taken off an order that has not ended, in fen."""
    people = run.world.people
    return people.bills[order.id].off if people is not None else 0

"""Two weeks of four users, told by hand, and a small city that lived six weeks with a programme."""

from sim.events import Kind, Purpose
from sim.kpi.tables import Tables
from sim.units import DAY, HOUR
from tests.kpi.hand_made import Row, delivered, log, pay, placed

RULES = ("tiers", "street", "earn")
ACCOUNTS = 10
NOON = 12 * HOUR


def census(days: int) -> list[Row]:
    """A census on the eve and after every day; trust rises by a hundredth a day."""
    return [Row(n * DAY, Kind.CENSUS, amount=10000 * n, detail=ACCOUNTS) for n in range(days + 1)]


def order(number: int, user: int, day: int, hour: float = 12) -> list[Row]:
    """An order of 30 yuan and a fee of 4, delivered half an hour later."""
    at = day * DAY + hour * HOUR
    return [*placed(at, number, merchant=0, user=user, basket=3000), delivered(at + 1800, number, rider=0)]


def tables(days: int, *rows: Row) -> Tables:
    return Tables(log(*census(days), *rows), rules=RULES)


USER_1 = [
    *order(0, user=1, day=0),
    pay(NOON, Purpose.DISCOUNT, 100, 0, user=1),
    Row(DAY, Kind.EARNED, user=1, amount=150, detail=2),
    *placed(DAY + NOON, 1, merchant=0, user=1, basket=3000),
    pay(DAY + NOON, Purpose.DISCOUNT, 50, 1, user=1),
    Row(DAY + NOON, Kind.BURNT, 1, user=1, amount=20),
    Row(DAY + NOON + 900, Kind.CANCELLED, 1, user=1, detail=1),
    Row(DAY + NOON + 900, Kind.BURNT, 1, user=1, amount=-20),
    pay(DAY + NOON + 900, Purpose.REFUND, 3350, 1, user=1),
    Row(2 * DAY, Kind.COMPLAINED, 1, user=1, amount=600),
    pay(2 * DAY, Purpose.SERVICE, 300, 1, user=1),
    *order(2, user=1, day=8),
    Row(8 * DAY + NOON, Kind.BURNT, 2, user=1, amount=100),
    pay(8 * DAY + NOON, Purpose.POINTS, 500, 2, user=1),
    Row(10 * DAY, Kind.EXPIRED, user=1, amount=30, detail=2),
]
USER_2 = [
    pay(3 * DAY, Purpose.ACQUISITION, 800),
    Row(3 * DAY, Kind.JOINED, user=2, place=5, amount=-1, detail=1),
    Row(3 * DAY, Kind.SPENT, amount=800, detail=1),
    Row(3 * DAY, Kind.COUPON, user=2, amount=500, detail=1),
    *order(3, user=2, day=4),
    Row(4 * DAY + NOON, Kind.REDEEMED, 3, user=2, amount=500, detail=1),
    pay(4 * DAY + NOON, Purpose.COUPON, 500, 3, user=2),
    Row(5 * DAY, Kind.EARNED, user=2, amount=40, detail=2),
    Row(6 * DAY, Kind.DROPPED_OUT, 3, user=2),
]
USER_3 = [
    Row(0, Kind.JOINED, user=3, place=6, amount=1, detail=-1),
    Row(2 * DAY + NOON, Kind.BROWSED, 9, user=3, place=6, amount=300),
    Row(7 * DAY, Kind.TIER, user=3, amount=1, detail=0),
    *order(4, user=3, day=9),
    Row(12 * DAY, Kind.TIER, user=3, amount=0, detail=1),
]
USER_4 = [
    Row(2 * DAY, Kind.DROPPED_OUT, 8, user=4),
    Row(5 * DAY, Kind.CAME_BACK, user=4, detail=0),
    Row(5 * DAY, Kind.TOUCHED, user=4, amount=0, detail=0),
]
ARMS = [Row(0, Kind.ARM, user=user, detail=2) for user in (1, 4, 77)]
ASKED = [Row(n * DAY, Kind.SURVEYED, user=1 + n, amount=score) for n, score in enumerate((9, 10, 6, 7))]
FORTNIGHT = tables(14, *USER_1, *USER_2, *USER_3, *USER_4, *ARMS, *ASKED)

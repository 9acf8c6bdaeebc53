"""A hand-made benchmark day whose every minute is known, its figures, and a policy that follows its script."""

INSTANCE = {
    "restaurants.txt": "restaurant x y\nr1 0 0\nr2 1000 0\nr3 0 1000\n",
    "orders.txt": (
        "order x y placement_time restaurant ready_time\n"
        "o1 500 0 3 r1 10\n"
        "o2 0 250 0 r1 12\n"
        "o3 1000 300 5 r2 5\n"
        "o4 1000 450 20 r2 35\n"
        "o5 0 1420 40 r3 41\n"
        "o6 950 0 50 r1 95\n"
    ),
    "couriers.txt": "courier x y on_time off_time\nc1 300 0 0 100\nc2 1000 950 4 64\n",
    "instance_parameters.txt": "m p d t x o h\n100 4 4 20 90 10 19\n",
}
"""Three restaurants, six orders, two couriers; 100 m/min, target 20 min, pay 10 an order and 19 an hour."""

SOLUTION = {
    "solution_info_assignments.txt": (
        "assignment_time pickup_time courier order...\n3 12 c1 o2 o1\n5 17 c2 o3\n30 35 c2 o4\n40 54 c1 o5\n"
    ),
    "solution_info_orders.txt": (
        "order placement_time ready_time pickup_time dropoff_time courier\n"
        "o2 0 12 12 19 c1\no1 3 10 12 29 c1\no3 5 5 17 24 c2\no4 20 35 35 44 c2\no5 40 41 54 63 c1\n"
    ),
    "solution_info_couriers.txt": (
        "courier departure_time origin destination\n"
        "c1 3 0 r1\nc1 14 r1 o2\nc1 21 o2 o1\nc1 40 o1 r3\nc1 56 r3 o5\n"
        "c2 5 0 r2\nc2 19 r2 o3\nc2 30 o3 r2\nc2 37 r2 o4\n"
    ),
}
"""What the script leads to, worked out by hand; order o6 is never assigned."""

FIGURES = {
    "orders": 6,
    "delivered": 5,
    "undelivered_pct": 100 / 6,
    "ctd_mean": (26 + 19 + 19 + 24 + 23) / 5,
    "ctd_p90": 24 + 0.6 * 2,
    "ctd_overage": (6 + 0 + 0 + 4 + 3) / 5,
    "rtp_mean": (2 + 0 + 12 + 0 + 13) / 5,
    "rtp_p90": 12 + 0.6 * 1,
    "rtd_mean": (19 + 7 + 19 + 9 + 22) / 5,
    "utilisation": ((29 + 8 + 12) / 100 + (21 + 8 + 8) / 60) / 2,
    "cost_per_order": (19 * 100 / 60 + 20) / 5,
    "orders_per_bundle": 5 / 4,
    "guarantee_share": 1 / 2,
}
BOUND = (7 + 12 + 0 + 15 + 1 + 45) / 6 + (5 + 3 + 3 + 5 + 5 + 10) / 6 + 4

SCRIPT = '''
from sim.entities import Assignment, Stop, StopKind

PLAN = {3: (0, "10", "01"), 5: (1, "2", "2"), 30: (1, "3", "3"), 40: (0, "4", "4")}


def follow(wave, rng):
    """Orders are numbered by placement: o2, o1, o3, o4, o5, o6."""
    if wave.now / 60 not in PLAN:
        return []
    rider, pickups, dropoffs = PLAN[wave.now / 60]
    orders = {str(order.id): order for order in (wave.orders[i] for i in range(len(wave.orders)))}
    route = [Stop(StopKind.PICKUP, orders[name].id, orders[name].pickup) for name in pickups]
    route += [Stop(StopKind.DROPOFF, orders[name].id, orders[name].dropoff) for name in dropoffs]
    return [Assignment(rider, tuple(route))]
'''

"""The loops of the rolling horizon: sequences of drop-offs, prices of trips, and which may be joined."""

from __future__ import annotations

import numpy as np

from sim.entities import Bools, Floats, Ints
from sim.policies.compiled import compiled
from sim.policies.trip_table import Demand, Supply, Table


@compiled
def advance(index: Ints) -> bool:
    """Make of a permutation the next one in lexicographic order, in place; False after the last."""
    pivot, other = len(index) - 2, len(index) - 1
    while pivot >= 0 and index[pivot] > index[pivot + 1]:
        pivot -= 1
    if pivot < 0:
        return False
    while index[other] < index[pivot]:
        other -= 1
    index[pivot], index[other] = index[other], index[pivot]
    index[pivot + 1 :] = index[pivot + 1 :][::-1].copy()
    return True


@compiled
def singles(demand: Demand, supply: Supply, table: Table) -> None:
    """Enter the riders' usual ways, what it costs to wait, and a trip for each order in the order's row."""
    supply.usual[:] = 0.0
    for way in supply.way:
        supply.usual[:] += way
    supply.usual[:] /= len(supply.way)
    defer(demand, supply)
    for order in range(len(demand.ready)):
        table.size[order], table.members[order, 0], table.next[order] = 1, order, 0
        arrange(order, demand, supply, table)
        price(order, demand, supply, table)


@compiled
def defer(demand: Demand, supply: Supply) -> None:
    """Enter what each order counts if it waits: for the rider who is free first, and a trip of his before it.

    Where he will be nobody knows; that trip and his ways are as long as all of them are in the mean.
    """
    orders, riders = supply.way.shape
    means, trip_s = np.zeros(orders), 0.0
    for order in range(orders):
        for rider in range(riders):
            means[order] += supply.way[order, rider] / riders
        trip_s += means[order] + demand.handling[order] + demand.straight[order] + demand.door[order]
    free_at = supply.free_at.min() + trip_s / orders + 2 * supply.pickup_s + supply.dropoff_s
    for order in range(orders):
        pickup = free_at + means[order] + supply.pickup_s + demand.handling[order]
        demand.later[order] = demand.weight[order] * (max(pickup - demand.ready[order], 0.0) + supply.wait_s)


@compiled
def joints(rows: Ints, many: int, demand: Demand, supply: Supply, table: Table) -> tuple[Ints, int]:
    """The trips of the orders of two, by their rows of shape (pairs, 2), and how many trips there are then.

    Parameters
    ----------
    many
        How many trips there are; a trip that is not among them is entered, and the table must have room for it.
    """
    answer = np.empty(len(rows), np.int64)
    for pair in range(len(rows)):
        answer[pair] = join(rows[pair, 0], rows[pair, 1], many, table)
        if answer[pair] == many:
            arrange(many, demand, supply, table)
            price(many, demand, supply, table)
            many += 1
    return answer, many


@compiled
def join(one: int, two: int, new: int, table: Table) -> int:
    """The row of the trip of the orders of two; where there is none, `new` is given its size and members."""
    half, size = table.size[one], table.size[one] + table.size[two]
    members = table.members[new, :size]
    members[:half], members[half:] = table.members[one, :half], table.members[two, : size - half]
    first = members.min()
    row = table.next[first]
    while row > 0 and not (table.size[row] == size and within(members, table.members[row, :size])):
        row = table.next[row]
    if row > 0:
        return row
    table.size[new], table.next[new], table.next[first] = size, table.next[first], new
    return new


@compiled
def within(some: Ints, others: Ints) -> bool:
    """Whether all of some are among others."""
    for one in some:  # noqa: SIM110 -- numba knows no generators
        if one not in others:
            return False
    return True


@compiled
def arrange(trip: int, demand: Demand, supply: Supply, table: Table) -> None:
    """Bring the orders of a trip into the sequence of the least total detour, and of the least ride among those."""
    size = table.size[trip]
    members, due = table.members[trip], table.due[trip]
    table.ready[trip], table.handling[trip] = demand.ready[members[0]], demand.handling[members[0]]
    if size == 1:
        due[0] = table.ready[trip]
        table.ride[trip] = demand.straight[members[0]] + supply.dropoff_s + demand.door[members[0]] + supply.pickup_s
        return
    index, given, moments = np.arange(size), members[:size].copy(), np.empty(size)
    best, least = -np.inf, np.inf
    while True:
        ride, total = 0.0, 0.0
        for place in range(size):
            order = given[index[place]]
            ride += demand.straight[order] if place == 0 else demand.between[given[index[place - 1]], order]
            moments[place] = demand.ready[order] - (ride - demand.straight[order])
            total += moments[place]
            ride = ride + supply.dropoff_s + demand.door[order]
        ride += supply.pickup_s
        if total > best or (total == best and ride < least):
            best, least = total, ride
            due[:size], members[:size] = moments, given[index]
        if not advance(index):
            break
    table.ride[trip] = least
    for order in given:
        table.ready[trip] = max(table.ready[trip], demand.ready[order])
        table.handling[trip] = max(table.handling[trip], demand.handling[order])


@compiled
def price(trip: int, demand: Demand, supply: Supply, table: Table) -> None:
    """Enter what a trip costs with each rider: the delay of its orders and, for less, the rider's work in his shift.

    What he does of it after he may pick up nothing takes no time that another order could have.
    """
    size, row, due = table.size[trip], table.costs[trip], table.due[trip]
    members, ride, ready = table.members[trip, :size], table.ride[trip], table.ready[trip]
    way, free_at, service = supply.way[members[0]], supply.free_at, supply.pickup_s + table.handling[trip]
    usual, latest, capacity, thrift = supply.usual, supply.latest, supply.capacity, supply.thrift
    later, riders = 0.0, len(free_at)
    for order in members:
        later += demand.later[order]
    row[:riders], row[riders:] = 0.0, later
    pickup = np.empty(riders)
    for rider in range(riders):
        pickup[rider] = max(way[rider] + free_at[rider] + service, ready)
    for place in range(size):
        counts, moment = demand.weight[members[place]], due[place]
        for rider in range(riders):
            row[rider] += counts * max(pickup[rider] - moment, 0.0)
    for rider in range(riders):
        after = max(pickup[rider] + ride - latest[rider], 0.0)
        cost = row[rider] + thrift * (way[rider] - usual[rider] + ride - after)
        row[rider] = cost if size <= capacity[rider] and pickup[rider] <= latest[rider] else later
    if len(demand.barred):
        for order in members:
            for rider in range(riders):
                if demand.barred[order, rider]:
                    row[rider] = later
    table.least[trip] = row.min()


@compiled
def pairs(rows: Ints, merchants: Floats, pickups: Floats, sizes: Ints, members: Ints) -> Ints:
    """Places in `rows` of two trips that one rider could make as one: of one place and not too large; by place."""
    firsts, size = members[rows, 0], sizes[rows]
    merchant, pickup = merchants[firsts], pickups[firsts]
    most, seen = members.shape[1], np.zeros(len(rows), np.bool_)
    found = [(0, 0) for _ in range(0)]
    for first in range(len(rows)):
        if not seen[first]:
            here = merchant[first], pickup[first]
            queue = [row for row in range(first, len(rows)) if (merchant[row], pickup[row]) == here]
            for place, one in enumerate(queue):
                seen[one] = True
                for two in queue[place + 1 :]:
                    if size[one] + size[two] <= most:
                        found.append((one, two))  # noqa: PERF401 -- numba has no such extend
    answer = np.empty((len(found), 2), np.int64)
    for row, (one, two) in enumerate(found):
        answer[row, 0], answer[row, 1] = one, two
    return answer


@compiled
def leaving(rows: Ints, columns: Ints, early_s: float, barred: Bools, supply: Supply, table: Table) -> Bools:
    """Whose rider, by his column, is free, may have the trip, and would come too late if he left `early_s` later."""
    leaves = np.zeros(len(rows), np.bool_)
    for place in range(len(rows)):
        trip, rider = rows[place], columns[place]
        if rider < len(supply.free) and supply.free[rider]:
            size, ready = table.size[trip], table.ready[trip]
            there = arrival(trip, rider, supply, table)
            able = max(there, ready) <= supply.latest[rider] and size <= supply.capacity[rider]
            if len(barred):
                for order in table.members[trip, :size]:
                    able = able and not barred[order, rider]
            leaves[place] = able and there > ready - early_s
    return leaves


@compiled
def arrival(trip: int, rider: int, supply: Supply, table: Table) -> float:
    """When a rider, by his column, could pick up a trip, were the meals ready."""
    service = supply.pickup_s + table.handling[trip]
    return supply.way[table.members[trip, 0], rider] + supply.free_at[rider] + service

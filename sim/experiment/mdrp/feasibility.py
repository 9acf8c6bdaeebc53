"""Rules of the benchmark, each a function that yields one line for every violation.

The first eight are the official evaluator's (DESCRIPTION.txt, section 2.1); the others are stricter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby, pairwise

from sim.experiment.mdrp.solution import Bundle, Delivery, Move, Problem, Solution

Rule = Callable[[Problem, Solution], Iterator[str]]


def names_are_known(problem: Problem, solution: Solution) -> Iterator[str]:
    """Every order, courier and place is one of the instance."""
    orders = {order for bundle in solution.bundles for order in bundle.orders} | {d.order for d in solution.deliveries}
    couriers = {line.courier for lines in (solution.bundles, solution.deliveries, solution.moves) for line in lines}
    yield from (f"order {name} is not in the instance" for name in sorted(orders - set(problem.orders)))
    yield from (f"courier {name} is not in the instance" for name in sorted(couriers - set(problem.couriers)))
    places = {"0"} | set(problem.orders) | set(problem.restaurants)
    for move in solution.moves:
        if move.origin not in places or move.destination not in places - {"0"}:
            yield f"courier {move.courier}: no leg from {move.origin} to {move.destination}"


def files_agree(problem: Problem, solution: Solution) -> Iterator[str]:
    """Each assigned order is listed once, with the instance's times and its bundle's pickup and courier."""
    listed = Counter(delivery.order for delivery in solution.deliveries)
    bundle_of = {order: bundle for bundle in solution.bundles for order in bundle.orders}
    yield from (f"order {o} is listed {n} times" for o, n in listed.items() if n > 1)
    yield from (f"order {o} is assigned and not listed, or the reverse" for o in sorted(set(listed) ^ set(bundle_of)))
    for line in solution.deliveries:
        demand = problem.orders[line.order]
        if (line.placed, line.ready) != (demand.placed, demand.ready):
            yield f"order {line.order}: placement or ready time is not the instance's"
        bundle = bundle_of.get(line.order)
        if bundle and (line.pickup, line.courier) != (bundle.pickup, bundle.courier):
            yield f"order {line.order}: pickup time or courier differs from its assignment"


def orders_are_assigned_once(problem: Problem, solution: Solution) -> Iterator[str]:
    """1: each order is assigned at most once."""
    count = Counter(order for bundle in solution.bundles for order in bundle.orders)
    yield from (f"order {order} is assigned {n} times" for order, n in count.items() if n > 1)


def assigned_after_placement(problem: Problem, solution: Solution) -> Iterator[str]:
    """2: assignments are not made before orders are placed."""
    for bundle, order in _pairs(solution):
        if bundle.assigned < problem.orders[order].placed:
            yield f"order {order}: assigned at {bundle.assigned:g}, before it is placed"


def picked_up_by_off_time(problem: Problem, solution: Solution) -> Iterator[str]:
    """3: a courier completes all pickups before the end of his duty."""
    for bundle in solution.bundles:
        if bundle.pickup > problem.couriers[bundle.courier].off:
            yield f"courier {bundle.courier}: pickup at {bundle.pickup:g}, after his off-time"


def picked_up_when_ready(problem: Problem, solution: Solution) -> Iterator[str]:
    """4: no bundle is picked up before the latest ready time of its orders."""
    for bundle, order in _pairs(solution):
        if bundle.pickup < problem.orders[order].ready:
            yield f"order {order}: picked up at {bundle.pickup:g}, before it is ready"


def delivered_in_sequence(problem: Problem, solution: Solution) -> Iterator[str]:
    """5: orders are delivered in the sequence of the assignment, after the pickup, with time for service."""
    dropoff = {line.order: line.dropoff for line in solution.deliveries}
    for bundle in solution.bundles:
        times = [bundle.pickup, *(dropoff[order] for order in bundle.orders if order in dropoff)]
        waits = [(problem.pickup + problem.dropoff) / 2] + [problem.dropoff] * (len(times) - 2)
        for (before, after), wait, order in zip(pairwise(times), waits, bundle.orders, strict=False):
            if after < before + wait:
                yield f"order {order}: dropped off at {after:g}, too early in its bundle"


def moves_are_continuous(problem: Problem, solution: Solution) -> Iterator[str]:
    """6: no courier jumps, and none departs before he has arrived or come on duty."""
    blocks = [courier for courier, _ in groupby(solution.moves, key=lambda move: move.courier)]
    yield from (f"courier {name}: his moves are not in one block" for name, n in Counter(blocks).items() if n > 1)
    for courier, moves in _by_courier(solution).items():
        place, free = "0", problem.couriers[courier].on
        for move in moves:
            if move.origin != place:
                yield f"courier {courier}: departs from {move.origin}, but is at {place}"
            if move.departure < free:
                yield f"courier {courier}: departs at {move.departure:g}, but is free at {free:g}"
            place = move.destination
            free = move.departure + problem.minutes(courier, move.origin, move.destination)


def couriers_are_there(problem: Problem, solution: Solution) -> Iterator[str]:
    """7 and 8: at a pickup the courier is in the restaurant, at a drop-off at the customer's."""
    moves = _by_courier(solution)
    for bundle in solution.bundles:
        place = _place(problem, moves.get(bundle.courier, []), bundle.pickup)
        if place != problem.orders[bundle.orders[0]].restaurant:
            yield f"courier {bundle.courier}: is at {place} at the pickup of {bundle.orders[0]}"
    for line in solution.deliveries:
        place = _place(problem, moves.get(line.courier, []), line.dropoff)
        if place != line.order:
            yield f"courier {line.courier}: is at {place} at the drop-off of {line.order}"


def times_are_whole(problem: Problem, solution: Solution) -> Iterator[str]:
    """Stricter: every time is a whole minute, 0 or later."""
    lines: list[Bundle | Delivery | Move] = [*solution.bundles, *solution.deliveries, *solution.moves]
    for line in lines:
        times = [value for value in line if isinstance(value, float)]
        if any(value < 0 or value != int(value) for value in times):
            yield f"{_name(line)}: a time that is not a whole minute"


def bundles_from_one_restaurant(problem: Problem, solution: Solution) -> Iterator[str]:
    """Stricter: the orders of a bundle come from one restaurant."""
    for bundle in solution.bundles:
        if len({problem.orders[order].restaurant for order in bundle.orders}) > 1:
            yield f"courier {bundle.courier}: orders {' '.join(bundle.orders)} come from several restaurants"


def couriers_do_as_told(problem: Problem, solution: Solution) -> Iterator[str]:
    """Stricter: the moves are those of the assignments, one after the other, and every minute is accounted for."""
    moves, jobs = _by_courier(solution), _jobs(solution)
    dropoff = {line.order: line.dropoff for line in solution.deliveries}
    for courier in sorted(set(moves) | set(jobs)):
        left = list(moves.get(courier, []))
        free = problem.couriers[courier].on
        for bundle in jobs.get(courier, []):
            legs, left = left[: len(bundle.orders) + 1], left[len(bundle.orders) + 1 :]
            if bundle.assigned < free:
                yield f"courier {courier}: told at {bundle.assigned:g}, but is not free before {free:g}"
            yield from _trip(problem, bundle, legs, dropoff)
            free = dropoff.get(bundle.orders[-1], free) + problem.dropoff / 2
        if left:
            yield f"courier {courier}: {len(left)} moves belong to no assignment"


def _trip(problem: Problem, bundle: Bundle, legs: list[Move], dropoff: dict[str, float]) -> Iterator[str]:
    courier, kitchen = bundle.courier, problem.orders[bundle.orders[0]].restaurant
    if [leg.destination for leg in legs] != [kitchen, *bundle.orders]:
        yield f"courier {courier}: his moves are not those of {' '.join(bundle.orders)}"
        return
    if legs[0].departure < bundle.assigned:
        yield f"courier {courier}: departs at {legs[0].departure:g}, before he is told"
    arrivals = [leg.departure + problem.minutes(courier, leg.origin, leg.destination) for leg in legs]
    ready = max(problem.orders[order].ready for order in bundle.orders)
    if bundle.pickup != max(arrivals[0] + problem.pickup / 2, ready):
        yield f"courier {courier}: pickup at {bundle.pickup:g} is neither his arrival nor the ready time"
    leaves = bundle.pickup + problem.pickup / 2
    for order, leg, arrival in zip(bundle.orders, legs[1:], arrivals[1:], strict=True):
        drop = dropoff.get(order)
        if leg.departure != leaves:
            yield f"courier {courier}: departs for {order} at {leg.departure:g}, not at {leaves:g}"
        if drop is not None and drop != arrival + problem.dropoff / 2:
            yield f"order {order}: dropped off at {drop:g}, not half a service after the arrival"
        leaves = arrival + problem.dropoff


OFFICIAL: tuple[Rule, ...] = (
    orders_are_assigned_once,
    assigned_after_placement,
    picked_up_by_off_time,
    picked_up_when_ready,
    delivered_in_sequence,
    moves_are_continuous,
    couriers_are_there,
)
STRICTER: tuple[Rule, ...] = (
    files_agree,
    times_are_whole,
    bundles_from_one_restaurant,
    couriers_do_as_told,
)


def _pairs(solution: Solution) -> Iterator[tuple[Bundle, str]]:
    return ((bundle, order) for bundle in solution.bundles for order in bundle.orders)


def _by_courier(solution: Solution) -> dict[str, list[Move]]:
    moves: dict[str, list[Move]] = {}
    for move in solution.moves:
        moves.setdefault(move.courier, []).append(move)
    return moves


def _jobs(solution: Solution) -> dict[str, list[Bundle]]:
    jobs: dict[str, list[Bundle]] = {}
    for bundle in sorted(solution.bundles, key=lambda bundle: bundle.pickup):
        jobs.setdefault(bundle.courier, []).append(bundle)
    return jobs


def _place(problem: Problem, moves: list[Move], at: float) -> str:
    """Where a courier is at a time; his last arrival before it, unless he is under way."""
    place = "0"
    for move in moves:
        if move.departure >= at:
            break
        arrival = move.departure + problem.minutes(move.courier, move.origin, move.destination)
        place = move.destination if arrival < at else "under way"
    return place


def _name(line: Bundle | Delivery | Move) -> str:
    return f"order {line.order}" if isinstance(line, Delivery) else f"courier {line.courier}"

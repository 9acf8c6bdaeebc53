"""The referee: no answer of a policy takes effect before it is found feasible."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple, NoReturn

import numpy as np

from sim.engine.estimate import foresee, foresee_errand
from sim.engine.run import Run
from sim.engine.skills import complaint, lacking
from sim.engine.world import Live
from sim.entities import Assignment, Order, Route, Stop, StopKind
from sim.events import NONE
from sim.routes import DROPOFF, PICKUP, REPOSITION

KINDS = frozenset((PICKUP, DROPOFF, REPOSITION))


class PolicyError(RuntimeError):
    """A policy's answer cannot be carried out; the text names policy, wave, rider, order and rule.

    Attributes
    ----------
    policy, wave, rider, order, rule
        The same, one by one; rider and order are None where the rule concerns none.
    day
        Day of the run on which a rule was asked that a scenario names by its key; the text then names key and day.
    """

    def __init__(
        self, policy: str, wave: int, rule: str, rider: object = None, order: object = None, day: int | None = None
    ) -> None:
        self.policy, self.wave, self.rule, self.rider, self.order = policy, wave, rule, rider, order
        self.day = day
        where = [f"policy {policy}", f"wave {wave}"] if day is None else [policy, f"day {day}"]
        where += [f"{noun} {value}" for noun, value in (("rider", rider), ("order", order)) if value is not None]
        self._text = ", ".join(where) + f": {rule}"
        super().__init__(policy, wave, rule, rider, order, day)  # SimPy and pickle make it again from these

    def __str__(self) -> str:
        return self._text


class Ruling(NamedTuple):
    """A feasible assignment, the planned times of its stops (s) and of its end."""

    assignment: Assignment
    times: list[float]
    end: float


class Referee:
    """Checks one answer against the rules.

    Parameters
    ----------
    run
        The run whose state the answer must fit.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.rider: object = None
        self.order: object = None
        self.claimed: set[int] = set()
        self.answer: Sequence[Assignment] = ()

    def check(self, answer: object) -> list[Ruling]:
        """The answer, found feasible, with the times that follow from it.

        Raises
        ------
        PolicyError
            At the first rule that it breaks.
        """
        if type(answer) is not list and (not isinstance(answer, Sequence) or isinstance(answer, str | Assignment)):
            self._refuse(f"must return a sequence of Assignment, got {type(answer).__name__}")
        if not len(answer):
            return []
        self._check_riders(answer)
        self.answer = answer
        return [self._check_route(assignment) for assignment in answer]

    def _check_riders(self, answer: Sequence[Any]) -> None:
        fleet, rules, now, seen = self.run.world.fleet, self.run.rules, self.run.env.now, set()
        on_duty, off_at, size = fleet.on_duty, fleet.off_at, len(fleet.route)
        for assignment in answer:
            self.rider = None
            if not isinstance(assignment, Assignment):
                self._refuse(f"must return Assignments, got {type(assignment).__name__}")
            rider = self.rider = assignment.rider
            if not is_whole(rider) or not 0 <= rider < size or not on_duty.item(rider):
                self._refuse("the rider is not on shift")
            if rider in seen:
                self._refuse("the rider has two assignments")
            seen.add(rider)
            if off_at.item(rider) <= now:
                self._refuse("the rider's shift is over, he only finishes his route")
            if not rules.diversion and not fleet.idle.item(rider):
                self._refuse("the rider is busy and the rules allow no diversion")
            route: object = assignment.route
            if type(route) is not tuple and (not isinstance(route, Sequence) or isinstance(route, str)):
                self._refuse(f"the route must be a sequence of Stop, got {type(route).__name__}")

    def _check_route(self, assignment: Assignment) -> Ruling:
        fleet, rules = self.run.world.fleet, self.run.rules
        self.rider = rider = int(assignment.rider)
        route = assignment.route
        order = None if fleet.route[rider] else self._errand(route)
        if order is not None:
            self.claimed.add(order.id)
        else:
            self._check_stops(rider, route)
            self.order = None
            if fleet.under_way[rider] and (not route or route[0] != fleet.route[rider][0]):
                self._refuse("the stop under way must stay first in the route")
            if rules.single_merchant:
                self._check_single_merchant(route)
        if rules.match_skills and self.run.skills is not None:
            self._check_skills(rider, route)
        times, end = foresee(self.run, rider, route) if order is None else foresee_errand(self.run, rider, order)
        if rules.pickup_by_off:
            self._check_off_time(rider, route, times)
        return Ruling(assignment, times, end)

    def _errand(self, route: Route) -> Order | None:
        """The open order whose plain errand the route is: most answers are, and need no longer look."""
        if len(route) != 2 or type(route[0]) is not Stop or type(route[1]) is not Stop:
            return None
        (first, number, here), (second, same, there) = route
        if first is not PICKUP or second is not DROPOFF or not type(number) is type(same) is type(here) is int:
            return None
        order = self.run.world.open.get(number)
        if order is None or number != same or number in self.claimed or type(there) is not int:
            return None
        return order if here == order.pickup and there == order.dropoff else None

    def _check_stops(self, rider: int, route: Route) -> None:
        """Every stop is where its order is, pickups come first, and the box is never too full."""
        fleet, orders = self.run.world.fleet, self.run.world.live
        carried, capacity = fleet.on_board[rider], fleet.capacity[rider]
        board = set(carried)
        for stop in route:
            if not self._is_stop(stop):
                continue
            self.order = number = stop.order
            live = orders.get(number)
            if live is None:
                self._refuse("the order is not open: unknown, not placed yet, or ended")
            if stop.kind == PICKUP:
                self._claim(number, live, board)
                board.add(number)
                if len(board) > capacity:
                    self._refuse(f"{len(board)} orders on board, the capacity is {capacity}")
            elif number in board:
                board.remove(number)
            else:
                self._refuse("drop-off of an order that was not picked up before it in this route")
            if stop.place != (live.order.pickup if stop.kind == PICKUP else live.order.dropoff):
                self._refuse(f"the {StopKind(stop.kind).name.lower()} is not at place {stop.place}")
        for self.order in sorted(board):
            dropped = "is on board and dropped from the route" if self.order in carried else "is never dropped off"
            self._refuse(f"the order {dropped}")

    def _is_stop(self, stop: Stop) -> bool:
        """Whether the stop has an order; refuses what is no stop at all."""
        self.order = None
        if not isinstance(stop, Stop) or not is_whole(stop.order) or not is_whole(stop.place):
            self._refuse(f"the route holds {str(stop)[:60]}, which is not a Stop")
        if not 0 <= stop.place < len(self.run.city.places.x):
            self._refuse(f"there is no place {stop.place}")
        if not is_whole(stop.kind) or stop.kind not in KINDS:
            self._refuse(f"there is no kind of stop {str(stop.kind)[:60]}")
        if stop.kind == REPOSITION and stop.order != NONE:
            self._refuse(f"a reposition has no order, the route gives it {stop.order}")
        return bool(stop.kind != REPOSITION)

    def _claim(self, number: int, live: Live, board: set[int]) -> None:
        if number in board or number in self.claimed:
            self._refuse("the order is picked up twice")
        world = self.run.world
        if number not in world.open:
            if number not in world.assigned:
                self._refuse("the order is on board of a rider already")
            if live.rider != self.rider and number not in self._freed:
                self._refuse(f"the order is in the route of rider {live.rider}")
        self.claimed.add(number)

    @cached_property
    def _freed(self) -> set[int]:
        """Orders in the present routes of the riders who are given new ones."""
        route_of = self.run.world.fleet.route
        return {stop.order for assignment in self.answer for stop in route_of[assignment.rider] if stop.order >= 0}

    def _check_single_merchant(self, route: Route) -> None:
        orders = [self.run.world.live[stop.order].order for stop in route if stop.order >= 0]
        merchants = {(order.merchant, order.pickup) for order in orders}  # an address has no merchant
        kinds = [stop.kind for stop in route if stop.order >= 0]
        if len(merchants) > 1 or kinds != sorted(kinds):
            self._refuse("all orders of a route must come from one merchant and be picked up first")

    def _check_skills(self, rider: int, route: Route) -> None:
        for stop in route:
            if stop.kind == PICKUP:
                self.order = stop.order
                if lacks := lacking(self.run, rider, self.run.world.live[stop.order].order):
                    self._refuse(complaint(lacks))

    def _check_off_time(self, rider: int, route: Route, times: list[float]) -> None:
        for stop, at in zip(route, times, strict=True):
            if stop.kind == PICKUP and at > self.run.world.fleet.off_at[rider]:
                self.order = stop.order
                self._refuse("the pickup would be after the rider's off-time")

    def _refuse(self, rule: str) -> NoReturn:
        raise PolicyError(self.run.policy_name, self.run.world.wave, rule, self.rider, self.order)


def is_whole(value: object) -> bool:
    """Whether it is a whole number, Python's or numpy's, and no bool."""
    return type(value) is int or (isinstance(value, int | np.integer) and not isinstance(value, bool))

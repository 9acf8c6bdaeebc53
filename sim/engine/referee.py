"""The referee: no answer of a policy takes effect before it is found feasible."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, NoReturn

import numpy as np

from sim.engine.estimate import foresee
from sim.engine.run import Run
from sim.entities import Assignment, Route, Stop, StopKind
from sim.routes import DROPOFF, PICKUP, REPOSITION


class PolicyError(RuntimeError):
    """A policy's answer cannot be carried out; the text names policy, wave, rider, order and rule.

    Attributes
    ----------
    policy, wave, rider, order, rule
        The same, one by one; rider and order are None where the rule concerns none.
    """

    def __init__(self, policy: str, wave: int, rule: str, rider: object = None, order: object = None) -> None:
        self.policy, self.wave, self.rule, self.rider, self.order = policy, wave, rule, rider, order
        where = [f"policy {policy}", f"wave {wave}"]
        where += [f"{noun} {value}" for noun, value in (("rider", rider), ("order", order)) if value is not None]
        super().__init__(", ".join(where) + f": {rule}")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.policy, self.wave, self.rule, self.rider, self.order)


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

    def check(self, answer: object) -> list[Ruling]:
        """The answer, found feasible, with the times that follow from it.

        Raises
        ------
        PolicyError
            At the first rule that it breaks.
        """
        if not isinstance(answer, Sequence) or isinstance(answer, str):
            self._refuse(f"must return a sequence of Assignment, got {type(answer).__name__}")
        self._check_riders(answer)
        freed = {s.order for a in answer for s in self.run.world.fleet.route[a.rider] if s.order >= 0}
        return [self._check_route(assignment, freed) for assignment in answer]

    def _check_riders(self, answer: Sequence[Any]) -> None:
        fleet, seen = self.run.world.fleet, set()
        for assignment in answer:
            self.rider = None
            if not isinstance(assignment, Assignment):
                self._refuse(f"must return Assignments, got {type(assignment).__name__}")
            rider = self.rider = assignment.rider
            if not _whole(rider) or not 0 <= rider < len(fleet.route) or not fleet.on_duty[rider]:
                self._refuse("the rider is not on shift")
            if rider in seen:
                self._refuse("the rider has two assignments")
            seen.add(rider)
            if not self.run.rules.diversion and not fleet.idle[rider]:
                self._refuse("the rider is busy and the rules allow no diversion")
            route: object = assignment.route
            if not isinstance(route, Sequence) or isinstance(route, str):
                self._refuse(f"the route must be a sequence of Stop, got {type(route).__name__}")

    def _check_route(self, assignment: Assignment, freed: set[int]) -> Ruling:
        fleet = self.run.world.fleet
        self.rider = rider = int(assignment.rider)
        route = assignment.route
        present = fleet.route[rider]
        for stop in route:
            self._check_stop(stop, freed)
        self.order = None
        if fleet.under_way[rider] and (not route or route[0] != present[0]):
            self._refuse("the stop under way must stay first in the route")
        self._check_sequence(rider, route)
        if self.run.rules.single_merchant:
            self._check_single_merchant(route)
        times, end = foresee(self.run, rider, route)
        if self.run.rules.pickup_by_off:
            self._check_off_time(rider, route, times)
        return Ruling(assignment, times, end)

    def _check_stop(self, stop: Stop, freed: set[int]) -> None:
        self.order = None
        if not isinstance(stop, Stop) or not _whole(stop.order) or not _whole(stop.place):
            self._refuse(f"the route holds {str(stop)[:60]}, which is not a Stop")
        if not 0 <= stop.place < len(self.run.city.places.x):
            self._refuse(f"there is no place {stop.place}")
        if stop.kind == REPOSITION:
            return
        if stop.kind not in (PICKUP, DROPOFF):
            self._refuse(f"there is no kind of stop {stop.kind!r}")
        self.order = stop.order
        world = self.run.world
        live = world.live.get(stop.order)
        if live is None:
            self._refuse("the order is not open: unknown, not placed yet, or ended")
        elif stop.order not in world.open and live.rider != self.rider and stop.order not in freed:
            self._refuse(f"the order is in the route of rider {live.rider}")
        elif stop.place != (live.order.pickup if stop.kind == PICKUP else live.order.dropoff):
            self._refuse(f"the {StopKind(stop.kind).name.lower()} is not at place {stop.place}")

    def _check_sequence(self, rider: int, route: Route) -> None:
        board = set(self.run.world.fleet.on_board[rider])
        carried, capacity = set(board), self.run.world.fleet.capacity[rider]
        for stop in route:
            if stop.kind == REPOSITION:
                continue
            self.order = stop.order
            if stop.kind == PICKUP:
                self._claim(stop.order, board)
                board.add(stop.order)
            elif stop.order not in board:
                self._refuse("drop-off without a pickup before it")
            else:
                board.discard(stop.order)
            if len(board) > capacity:
                self._refuse(f"{len(board)} orders on board, the capacity is {capacity}")
        for self.order in sorted(board):
            dropped = "is on board and dropped from the route" if self.order in carried else "is never dropped off"
            self._refuse(f"the order {dropped}")
        self.order = None

    def _claim(self, order: int, board: set[int]) -> None:
        if order in board or order in self.claimed:
            self._refuse("the order is picked up twice")
        if order not in self.run.world.open and order not in self.run.world.assigned:
            self._refuse("the order is on board of a rider already")
        self.claimed.add(order)

    def _check_single_merchant(self, route: Route) -> None:
        merchants = {self.run.world.live[stop.order].order.merchant for stop in route if stop.order >= 0}
        kinds = [stop.kind for stop in route]
        if len(merchants) > 1 or kinds != sorted(kinds):
            self._refuse("all orders of a route must come from one merchant and be picked up first")

    def _check_off_time(self, rider: int, route: Route, times: list[float]) -> None:
        for stop, at in zip(route, times, strict=True):
            if stop.kind == PICKUP and at > self.run.world.fleet.off_at[rider]:
                self.order = stop.order
                self._refuse("the pickup would be after the rider's off-time")

    def _refuse(self, rule: str) -> NoReturn:
        raise PolicyError(self.run.policy_name, self.run.world.wave, rule, self.rider, self.order)


def _whole(value: object) -> bool:
    return type(value) is int or (isinstance(value, int | np.integer) and not isinstance(value, bool))

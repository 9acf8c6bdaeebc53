"""What a policy sees, made when it first looks: most look at few columns, and the objects in them are dear to touch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np

from sim.engine.run import Run
from sim.entities import Orders, Riders, Roster, Wave


class OnShift(Riders):
    """The riders on shift, as the platform knows them; columns are copies made at first use, the usual ones at once."""

    __slots__ = ("_run",)
    _run: Run | None

    @classmethod
    def of(cls, run: Run) -> Self:
        """The riders of a run at this moment."""
        riders = cls.__new__(cls)
        _write(riders, "_run", run)
        return riders

    def __getattr__(self, name: str) -> Any:
        """A column, when it is first asked for."""
        if name not in USUAL and name not in SELDOM:
            raise AttributeError(f"riders have no {name!r}")
        run = self._run
        if run is None:
            raise RuntimeError("the wave is over: its riders can be looked at only during the call")
        columns = _usual(run) if name in USUAL else {name: SELDOM[name](run, self)}
        for column, values in columns.items():
            _write(self, column, values)
        return columns[name]

    def over(self) -> None:
        """The policy has answered: who has kept the riders must not see what comes after."""
        _write(self, "_run", None)


_write = object.__setattr__  # the columns of riders are frozen

USUAL = frozenset(("id", "at", "free_at", "available", "load", "off_at", "under_way"))


def _usual(run: Run) -> dict[str, Any]:
    """The columns that nearly every policy looks at."""
    fleet, now = run.world.fleet, run.env.now
    riders = fleet.on_duty.nonzero()[0]
    off_at = fleet.off_at[riders]
    return {
        "id": riders,
        "at": fleet.at[riders],
        "free_at": np.maximum(fleet.free_at[riders], now),
        "available": off_at > now if run.rules.diversion else fleet.idle[riders],
        "load": fleet.load[riders],
        "off_at": off_at,
        "under_way": fleet.under_way[riders],
    }


def _of_fleet(name: str) -> Callable[[Run, Riders], Any]:
    return lambda run, riders: getattr(run.world.fleet, name)[riders.id]


SELDOM: dict[str, Callable[[Run, Riders], Any]] = {
    **{name: _of_fleet(name) for name in ("capacity", "earned", "route", "on_board")},
    "worked_s": lambda run, riders: run.env.now - (riders.off_at - run.world.fleet.shift_s[riders.id]),
    "skills": lambda run, riders: None if run.skills is None else run.skills.offered[riders.id],
}


class Sight(Wave):
    """A wave whose riders, assigned orders and roster are copies made at first use."""

    _run: Run | None

    @classmethod
    def of(cls, run: Run, **seen: Any) -> Self:
        """A wave of a run: everything that is seen but what is made at first use."""
        wave = cls.__new__(cls)
        wave.__dict__.update(seen, _run=run, riders=OnShift.of(run))
        return wave

    def __getattr__(self, name: str) -> Any:
        """The assigned orders or the roster, when they are first asked for."""
        if name not in LATER:
            raise AttributeError(f"a wave has no {name!r}")
        if self._run is None:
            raise RuntimeError("the wave is over: it can be looked at only during the call")
        made = self.__dict__[name] = LATER[name](self._run)
        return made

    def over(self) -> None:
        """The policy has answered: who has kept the wave must not see what comes after."""
        self.__dict__["_run"] = None
        OnShift.over(self.__dict__["riders"])


def _expected(run: Run) -> Roster:
    """Who is on today's roster and not on shift yet; where riders decide to work, nobody knows who."""
    shifts, fleet = run.today.shifts, run.world.fleet
    if shifts.will is not None:
        return Roster.nobody()
    on_at = shifts.on if shifts.due is None else shifts.due
    rows = ((on_at > run.env.now) & ~fleet.on_duty[shifts.rider]).nonzero()[0]
    riders = shifts.rider[rows]
    return Roster(riders, shifts.place[rows], on_at[rows], shifts.off[rows], fleet.capacity[riders])


LATER: dict[str, Callable[[Run], Any]] = {
    "assigned": lambda run: Orders(list(run.world.assigned.values())),
    "coming": _expected,
}


def available(run: Run) -> int:
    """How many riders the rules allow to give a new route."""
    fleet = run.world.fleet
    if not run.rules.diversion:
        return fleet.resting
    return int(np.count_nonzero(fleet.on_duty & (fleet.off_at > run.env.now)))

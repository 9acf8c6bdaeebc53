"""What a policy sees of the riders, made when it first looks: most waves have nothing to give away."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Self

import numpy as np

from sim.engine.run import Run
from sim.entities import Riders, Wave


class Sight(Wave):
    """A wave whose table of riders is a copy made at first use."""

    _run: Run | None

    @classmethod
    def of(cls, run: Run, **seen: Any) -> Self:
        """A wave of a run: everything that is seen but its riders."""
        wave = cls.__new__(cls)
        wave.__dict__.update(seen, _run=run)
        return wave

    def __getattr__(self, name: str) -> Riders:
        """The riders, when they are first asked for."""
        if name != "riders":
            raise AttributeError(f"a wave has no {name!r}")
        if self._run is None:
            raise RuntimeError("the wave is over: its riders can be looked at only during the call")
        riders = self.__dict__["riders"] = riders_on_shift(self._run)
        return riders

    def over(self) -> None:
        """The policy has answered: who has kept the wave must not see what comes after."""
        self.__dict__["_run"] = None

    def __reduce__(self) -> tuple[Any, ...]:
        return Wave, tuple(getattr(self, column.name) for column in fields(Wave))


def available(run: Run) -> int:
    """How many riders the rules allow to give a new route."""
    fleet = run.world.fleet
    return int(np.count_nonzero(fleet.on_duty & (fleet.off_at > run.env.now))) if run.rules.diversion else fleet.resting


def riders_on_shift(run: Run) -> Riders:
    """The riders on shift, as the platform knows them."""
    fleet, now = run.world.fleet, run.env.now
    ids = fleet.on_duty.nonzero()[0]
    off_at = fleet.off_at[ids]
    return Riders(
        id=ids,
        at=fleet.at[ids],
        free_at=np.maximum(fleet.free_at[ids], now),
        available=(off_at > now) if run.rules.diversion else fleet.idle[ids],
        load=fleet.load[ids],
        capacity=fleet.capacity[ids],
        off_at=off_at,
        route=fleet.route[ids],
        on_board=fleet.on_board[ids],
        under_way=fleet.under_way[ids],
        earned=fleet.earned[ids],
        worked_s=now - (off_at - fleet.shift_s[ids]),
        skills=None if run.skills is None else run.skills.offered[ids],
    )

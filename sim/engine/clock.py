"""SimPy's environment with less to do at an event: the time is a plain attribute, and the loop is one piece."""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop, heappush
from typing import Any

from simpy import Environment, Event, Process
from simpy.core import StopSimulation
from simpy.events import NORMAL, URGENT, EventPriority


class Clock(Environment):
    """Runs the events of :class:`simpy.Environment` in the same order.

    Attributes
    ----------
    now
        The time in seconds.
    """

    now: float = 0.0

    def __init__(self, initial_time: float = 0.0) -> None:
        super().__init__(initial_time)
        self.now = initial_time

    def timeout(self, delay: float = 0, value: Any = None) -> Moment:  # type: ignore[override]
        """An event after `delay` seconds."""
        return Moment(self, delay, value)

    def process(self, generator: Generator[Event, Any, Any]) -> Life:
        """Let a process begin now."""
        return Life(self, generator)

    def run(self, until: float | None = None) -> Any:  # type: ignore[override]
        """Let events happen until a time in seconds, or until one stops the simulation; answers what it says.

        None, if there are no events left.
        """
        if until is not None:
            Moment(self, until - self.now, None, URGENT).callbacks.append(StopSimulation.callback)
        try:
            self._happen()
        except StopSimulation as stop:
            return stop.args[0]
        return None

    def _happen(self) -> None:
        queue = self._queue
        while queue:
            now, _, _, event = heappop(queue)
            self.now = self._now = now
            callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]
            for callback in callbacks:
                callback(event)
            if not event._ok:
                raise event._value


class Moment(Event):
    """An event after `delay` seconds: a :class:`simpy.Timeout` of any priority."""

    def __init__(self, env: Environment, delay: float, value: Any = None, priority: EventPriority = NORMAL) -> None:
        self.env, self.callbacks, self._value, self._ok = env, [], value, True
        heappush(env._queue, (env._now + delay, priority, next(env._eid), self))


class Life(Process):
    """A :class:`simpy.Process` that nobody interrupts and that waits for no event which has happened or may fail."""

    def _resume(self, event: Event) -> None:
        try:
            awaited = self._generator.send(event._value)
        except StopIteration as end:
            self.succeed(end.value)
        else:
            awaited.callbacks.append(self._resume)

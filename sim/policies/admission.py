"""Admission policies: who is let in while the platform has more requests than it can answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any, NamedTuple, Protocol

from sim.policies.bounds import MOST, inside, whole
from sim.units import MINUTE


class Load(NamedTuple):
    """What the platform sees when a request comes in.

    Parameters
    ----------
    now
        Time in seconds.
    wait_s
        Until the requests before it are answered, in seconds.
    work_s
        What answering this one takes, in seconds.
    answered, timed_out
        How many requests were answered so far while their users waited, and how many when they had gone.
    memory
        What the policy handed back last time; None at first.
    """

    now: float
    wait_s: float
    work_s: float
    answered: int
    timed_out: int
    memory: Any = None


class Verdict(NamedTuple):
    """What becomes of a request.

    Parameters
    ----------
    admitted
        Whether it joins the queue; to turn it away costs nothing.
    announced
        Whether its user is told the wait, and leaves at once when it is longer than he would wait.
    work
        Factor on the work it takes.
    radius_m
        Orders from farther away are turned away, in metres along the way.
    extra_s
        Added to the promise, in seconds.
    plain_s
        For how long dispatch is done by the nearest rider instead of the scenario's policy, in seconds.
    memory
        What the policy wants to see again at the next request: any plain data.
    """

    admitted: bool = True
    announced: bool = False
    work: float = 1.0
    radius_m: float = inf
    extra_s: float = 0.0
    plain_s: float = 0.0
    memory: Any = None


class AdmissionPolicy(Protocol):
    """Decides on one request; must not keep what it sees but in the verdict's memory."""

    def __call__(self, load: Load) -> Verdict:
        """Let the request in or not.

        Parameters
        ----------
        load
            What the platform sees.
        """
        ...


def everybody(load: Load) -> Verdict:
    """Let everybody in: all wait, and what users no longer wait for is answered in vain."""
    return Verdict()


@dataclass(frozen=True, slots=True)
class Queue:
    """A waiting room with an announced wait: who would wait longer than it holds is turned away.

    Parameters
    ----------
    room_s
        Longest wait that is let in, in seconds, 0 or more.
    """

    room_s: float = 60.0

    def __post_init__(self) -> None:
        inside("room_s", 0, MOST, self.room_s)

    def __call__(self, load: Load) -> Verdict:
        """Let in who finds room, and tell him how long it takes."""
        return Verdict(admitted=load.wait_s <= self.room_s, announced=True)


class _Fuse(NamedTuple):
    """State of a breaker: since when it counts, the counts then, until when it is open, probes let in since."""

    since: float
    answered: int
    timed_out: int
    open_until: float = 0.0
    probes: int = 0


@dataclass(frozen=True, slots=True)
class CircuitBreaker:
    """Closed, all are let in; opens when too many time out; then probes tell when to close (Nygard 2007).

    Parameters
    ----------
    threshold
        Share of timeouts in a window that opens it, 0 to 1.
    window_s
        Length of the window in seconds.
    least
        Fewest answers and timeouts that say anything.
    open_s
        How long it stays open before probes are let in, in seconds.
    probes
        Requests let in half-open; it closes when as many are answered, and opens again when one times out.
    """

    threshold: float = 0.5
    window_s: float = 30.0
    least: int = 10
    open_s: float = 30.0
    probes: int = 5

    def __post_init__(self) -> None:
        inside("threshold", 0, 1, self.threshold)
        inside("window_s, open_s", 0.01, MOST, self.window_s, self.open_s)
        whole("least, probes", 1, MOST, self.least, self.probes)

    def __call__(self, load: Load) -> Verdict:
        """Count, and let in unless open."""
        fuse = load.memory or _Fuse(load.now, load.answered, load.timed_out)
        answered, timed_out = load.answered - fuse.answered, load.timed_out - fuse.timed_out
        if fuse.open_until:
            return self._opened(load, fuse, answered, timed_out)
        if answered + timed_out >= self.least and timed_out >= self.threshold * (answered + timed_out):
            return Verdict(False, memory=self._open(load))
        if load.now - fuse.since > self.window_s:
            fuse = _Fuse(load.now, load.answered, load.timed_out)
        return Verdict(memory=fuse)

    def _opened(self, load: Load, fuse: _Fuse, answered: int, timed_out: int) -> Verdict:
        if load.now < fuse.open_until:
            return Verdict(False, memory=fuse)
        if not fuse.probes:  # what happened while it was open says nothing
            fuse = fuse._replace(answered=load.answered, timed_out=load.timed_out)
        elif timed_out:
            return Verdict(False, memory=self._open(load))
        elif answered >= self.probes:
            return Verdict(memory=_Fuse(load.now, load.answered, load.timed_out))
        return Verdict(fuse.probes < self.probes, memory=fuse._replace(probes=fuse.probes + 1))

    def _open(self, load: Load) -> _Fuse:
        return _Fuse(load.now, load.answered, load.timed_out, load.now + self.open_s)


@dataclass(frozen=True, slots=True)
class Degrade:
    """Beyond a backlog everybody gets less: near merchants only, a longer promise, less work, simple dispatch.

    Parameters
    ----------
    from_s
        Backlog in seconds from which service is degraded.
    room_s
        Longest wait that is let in, in seconds; the wait is announced.
    work
        Factor on the work of a request while degraded, 0 to 1: no recommendations, no exact estimate.
    radius_km
        Longest way from merchant to door while degraded.
    extra_min
        Added to the promise while degraded, in minutes.
    plain_min
        Dispatch stays simple for so long after the last degraded request, in minutes.
    """

    from_s: float = 10.0
    room_s: float = 60.0
    work: float = 0.5
    radius_km: float = 3.0
    extra_min: float = 15.0
    plain_min: float = 5.0

    def __post_init__(self) -> None:
        inside("from_s, room_s, radius_km", 0, MOST, self.from_s, self.room_s, self.radius_km)
        inside("work", 0, 1, self.work)
        inside("extra_min, plain_min", 0, MOST, self.extra_min, self.plain_min)

    def __call__(self, load: Load) -> Verdict:
        """Let in who finds room, to less service when the backlog is long."""
        admitted = load.wait_s <= self.room_s
        if load.wait_s <= self.from_s:
            return Verdict(admitted, announced=True)
        radius_m, extra_s, plain_s = self.radius_km * 1000, self.extra_min * MINUTE, self.plain_min * MINUTE
        return Verdict(admitted, True, self.work, radius_m, extra_s, plain_s)


ADMISSION: dict[str, Callable[..., Any]] = {
    "none": everybody,
    "queue": Queue,
    "circuit_breaker": CircuitBreaker,
    "degrade": Degrade,
}
"""Shipped admission policies by name."""

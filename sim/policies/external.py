"""A dispatch policy in any language: ``exec:COMMAND`` is asked in JSON lines over standard input and output.

Each wave is one line to the command, its answer one line back::

    {"wave": 7, "now": 43200.0, "seed": 123, "rules": {...},
     "orders": [{"id": 12, "pickup": 3, "dropoff": 8, "ready_at": 43500.0, ..., "ride_s": 410.0}],
     "assigned": [...],
     "riders": [{"id": 4, "at": 9, "free_at": 43200.0, "available": true, "load": 0, "capacity": 4,
                 "off_at": 50400.0, "under_way": false, "route": [["dropoff", 11, 5]], "on_board": [11],
                 "to_pickup_s": [95.0]}],
     "coming": [{"id": 5, "at": 2, "on_at": 45000.0, "off_at": 59400.0, "capacity": 4}]}

    {"assignments": [{"rider": 4, "route": [["pickup", 12], ["dropoff", 12]]}]}

Times are in seconds; ``to_pickup_s`` is the way from ``at`` to each open order's pickup, ``ride_s`` the way
from pickup to drop-off. A stop is ``[kind, order]``, a reposition ``["reposition", place]``.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import weakref
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from select import select
from signal import SIGKILL
from threading import Timer
from typing import Any

import numpy as np
from numpy.random import Generator

from sim.entities import Assignment, Order, Stop, StopKind, Wave
from sim.policies.bounds import inside

WORDS = {kind.name.lower(): kind for kind in StopKind}


class CommandFailed(RuntimeError):
    """The command did not answer, or its answer is no answer."""


@dataclass
class External:
    """Ask a command what to do.

    Parameters
    ----------
    command
        The command and its arguments, as in a shell; no shell is run.
    limit_s
        Longest time for one wave in seconds of the wall clock.
    """

    command: str
    limit_s: float = 10.0
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        inside("limit_s", 0.01, 86400, self.limit_s)
        if not self.command.strip():
            raise ValueError("expected a command after exec:")

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """One line there, one line back.

        Raises
        ------
        CommandFailed
            When the command cannot be started, ends, takes too long, or answers nonsense.
        """
        line = self._talk(json.dumps(question(wave, int(rng.integers(2**31)))))
        try:
            answer = json.loads(line)["assignments"]
            places = {order.id: order for rows in (wave.orders, wave.assigned) for order in rows}
            known = {(s.kind, s.order): s.place for route in wave.riders.route.tolist() for s in route}
            return [Assignment(a["rider"], tuple(_stop(s, places, known) for s in a["route"])) for a in answer]
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise CommandFailed(f"answered {line.strip()[:80]!r}: {type(error).__name__}: {error}") from None

    def __getstate__(self) -> dict[str, Any]:
        return {"command": self.command, "limit_s": self.limit_s, "_process": None}

    def _talk(self, line: str) -> str:
        process = self._process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        watch = Timer(self.limit_s, _kill, [process])
        watch.start()
        try:
            early = bool(select([process.stdout], [], [], 0)[0])
            process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            answer = _line(process.stdout.fileno())
        except OSError:
            answer = b""
        finally:
            watch.cancel()
        if answer and (early or b"\n" in answer[:-1]):
            raise CommandFailed(f"answered one wave with several lines: {answer.decode(errors='replace')[:80]!r}")
        if not answer:
            self._process = None
            code = process.wait()
            raise CommandFailed(
                f"took longer than {self.limit_s:g} s" if code == -SIGKILL else f"ended with exit code {code}"
            )
        return answer.decode(errors="replace")

    def _start(self) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        try:
            words = shlex.split(self.command)
            process = subprocess.Popen(words, stdin=pipe, stdout=pipe, start_new_session=True)
        except (OSError, ValueError, IndexError) as error:
            raise CommandFailed(f"cannot be started: {error}") from None
        weakref.finalize(self, _end, process)
        return process


def _line(pipe: int) -> bytes:
    """What comes next up to the end of a line, and what has come after it by then; without one, nothing more comes."""
    read = b""
    while not read.endswith(b"\n") and (more := os.read(pipe, 65_536)):
        read += more
    return read


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the command and whatever it has started, which may hold its output open."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, SIGKILL)


def _end(process: subprocess.Popen[bytes]) -> None:
    _kill(process)
    process.communicate()


def question(wave: Wave, seed: int) -> dict[str, Any]:
    """A wave as plain data; see the top of this module."""
    riders, orders = wave.riders, wave.orders
    pickups = np.array([order.pickup for order in orders], np.int64)
    ways = wave.travel.times(riders.at[:, None], pickups)
    columns = ["id", "at", "free_at", "available", "load", "capacity", "off_at", "under_way"]
    if riders.skills is not None:
        columns.append("skills")
    more = zip(riders.route.tolist(), riders.on_board.tolist(), ways.tolist(), strict=True)
    return {
        "wave": wave.index,
        "now": wave.now,
        "seed": seed,
        "rules": asdict(wave.rules),
        "orders": [_order(order, wave) for order in orders],
        "assigned": [_order(order, wave) for order in wave.assigned],
        "riders": [
            row
            | {"route": [[StopKind(k).name.lower(), n, p] for k, n, p in route], "on_board": sorted(board)}
            | {"to_pickup_s": way}
            for row, (route, board, way) in zip(_rows(riders, columns), more, strict=True)
        ],
        "coming": _rows(wave.coming, [column.name for column in fields(wave.coming)]),
    }


def _rows(table: Any, columns: list[str]) -> list[dict[str, Any]]:
    values = zip(*(getattr(table, name).tolist() for name in columns), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in values]


def _order(order: Order, wave: Wave) -> dict[str, Any]:
    return order._asdict() | {"ride_s": wave.travel.time(order.pickup, order.dropoff)}


def _stop(told: Any, orders: dict[int, Order], known: dict[tuple[StopKind, int], int]) -> Stop:
    """The stop of ``[kind, order]``; its place is known from the order or from a rider's route."""
    kind, number = WORDS[told[0]], told[1]
    if kind == StopKind.REPOSITION:
        return Stop(kind, -1, number)
    if number in orders:
        return Stop(kind, number, orders[number].pickup if kind == StopKind.PICKUP else orders[number].dropoff)
    return Stop(kind, number, known[kind, number])

"""A time limit for code that is not ours."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN_S = 1.0
"""Code that swallowed it is told again, not so soon that we are told ourselves."""


class DeadlineExceeded(BaseException):
    """The time is up; no ``except Exception`` of the code inside can swallow it."""


@contextmanager
def deadline(limit_s: float) -> Iterator[None]:
    """Raise :class:`DeadlineExceeded` in the block after `limit_s` seconds of wall clock; 0 sets no limit.

    Only the main thread of a process can be interrupted; elsewhere the limit does not hold.
    """
    if not limit_s or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _expire)
    try:
        signal.setitimer(signal.ITIMER_REAL, limit_s, max(limit_s, AGAIN_S))
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _expire(signum: int, frame: FrameType | None) -> None:
    raise DeadlineExceeded

"""Asking a policy for one small decision: a stranger's may fail in any way, and the run ends with one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.engine.referee import PolicyError
from sim.engine.run import Run
from sim.units import DAY


def consult(
    run: Run,
    name: str,
    policy: Callable[[Any], Any],
    seen: object,
    fits: Callable[[Any], bool | str],
    by_day: bool = False,
) -> Any:
    """The policy's answer.

    Parameters
    ----------
    name
        What to call the policy in an error.
    seen
        What it sees.
    fits
        Whether an answer can be carried out, or what is wrong with it.
    by_day
        Whether the name is a key of the scenario, and an error tells the day rather than the wave.

    Raises
    ------
    PolicyError
        When the policy fails, or answers nonsense.
    """
    day = int(run.env.now // DAY) if by_day else None
    try:
        answer = policy(seen)
        sound = fits(answer)
    except (Exception, SystemExit) as error:
        line = " ".join(f"raised {type(error).__name__}: {error}".split())
        raise PolicyError(name, run.world.wave, line, day=day) from error
    if isinstance(sound, str) or not sound:
        why = f": {sound}" if sound else ""
        short = " ".join(str(answer).split())[:60]
        raise PolicyError(name, run.world.wave, f"answered {short!r}, which cannot be carried out{why}", day=day)
    return answer

"""The intake: requests are answered one after the other, as far as users are let in and wait for it.

The queue has one server and is first come first served, so when a request will be answered is known when it
comes in: it takes arithmetic on the time until which the platform is busy, and one timer.
"""

from __future__ import annotations

from typing import Any

from sim.city.model import Intent
from sim.engine.checkout import check, lose, pay
from sim.engine.consult import consult
from sim.engine.front import Request, Step
from sim.engine.kinds import kind_at, pickup_at
from sim.engine.orders import place
from sim.engine.run import Run
from sim.events import Kind, Reason
from sim.policies.admission import Load, Verdict
from sim.units import DAY, MINUTE

LONGEST_S = 7 * DAY


def wish(run: Run, number: int, intent: Intent) -> None:
    """A user wishes something: he asks the platform, where a merchant could serve him."""
    if intent[2] < 0 and not run.kinds[kind_at(run)].at_address:
        place(run, number, intent)
        return
    run.log.record(run.env.now, Kind.ASKED, number, user=intent[1], place=intent[3])
    metres = run.city.travel.distance(pickup_at(run, intent[2]), intent[3])
    _ask(run, number, Request(intent, metres, Step.ASK, run.env.now))


def wait(run: Run, number: int, request: Request) -> None:
    """Let what happens next to a wish happen when it is due."""
    run.world.gate.pending[number] = request
    run.later(request.due, _go_on, number)


def _go_on(event: Any) -> None:
    run, number = event.value
    request = run.world.gate.pending.pop(number)
    STEPS[request.step](run, number, request)


def _ask(run: Run, number: int, request: Request) -> None:
    assert run.front is not None
    if not run.front.intake.on:
        _check(run, number, request)
        return
    gate, now = run.world.gate, run.env.now
    work_s = MINUTE / run.front.intake.requests_per_min
    wait_s = max(gate.busy_until - now, 0.0)
    load = Load(now, wait_s, work_s, gate.answered, gate.timed_out, gate.memory)
    verdict: Verdict = consult(run, run.front.intake.policy, run.front.admits, load, _is_verdict)
    gate.memory, gate.plain_until = verdict.memory, max(gate.plain_until, now + verdict.plain_s)
    patience_s, wait_s = _patience(run, number), wait_s + work_s * verdict.work
    if not verdict.admitted or request.metres > verdict.radius_m:
        _try_again(run, number, request, Reason.TURNED_AWAY)
    elif verdict.announced and wait_s > patience_s:
        _try_again(run, number, request, Reason.BALKED)
    else:
        gate.busy_until = now + wait_s
        step, after = (Step.ANSWER, wait_s) if wait_s <= patience_s else (Step.LEAVE, patience_s)
        wait(run, number, request._replace(step=step, due=now + after, extra_s=verdict.extra_s))


def _is_verdict(answer: object) -> bool:
    if not isinstance(answer, Verdict):
        return False
    return (
        all(0 <= value < LONGEST_S for value in (answer.work, answer.extra_s, answer.plain_s)) and answer.radius_m >= 0
    )


def _patience(run: Run, number: int) -> float:
    intents, row = run.latent(number)
    assert intents.asks_s is not None
    return float(intents.asks_s[row])


def _leave(run: Run, number: int, request: Request) -> None:
    run.world.gate.timed_out += 1
    _try_again(run, number, request, Reason.TIMEOUT)


def _answer(run: Run, number: int, request: Request) -> None:
    run.world.gate.answered += 1
    _check(run, number, request)


def _try_again(run: Run, number: int, request: Request, reason: Reason) -> None:
    """The user asks once more after a while, or gives up."""
    assert run.front is not None
    spec = run.front.intake
    if request.asks >= spec.tries:
        lose(run, number, request.intent, reason)
    else:
        due = run.env.now + spec.again_s
        wait(run, number, request._replace(step=Step.ASK, due=due, asks=request.asks + 1, extra_s=0.0))


def _check(run: Run, number: int, request: Request) -> None:
    if check(run, number, request):
        _pay(run, number, request)


def _pay(run: Run, number: int, request: Request) -> None:
    again = pay(run, number, request)
    if again:
        wait(run, number, again)


STEPS = {Step.ASK: _ask, Step.LEAVE: _leave, Step.ANSWER: _answer, Step.PAY: _pay}

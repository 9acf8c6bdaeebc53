"""The checkout: address, stock, suspicion and payment; and what a false order costs at the door."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.city.checkout import Column
from sim.city.model import Intent
from sim.engine.consult import consult
from sim.engine.front import Request, Step
from sim.engine.orders import place
from sim.engine.run import Run
from sim.entities import Floats
from sim.events import Kind, Reason, Trouble
from sim.policies.screening import Suspect


def lose(run: Run, number: int, intent: Intent, reason: Reason) -> None:
    """The wish does not become an order."""
    run.log.record(run.env.now, Kind.LOST, number, user=intent[1], place=intent[3], detail=reason)


def check(run: Run, number: int, request: Request) -> bool:
    """Whether address, stock and suspicion let the wish go on; otherwise it is lost."""
    assert run.front is not None
    if not run.front.checkout.on:
        return True
    reason = _objection(run, _draws(run, number), request.intent)
    if reason is not None:
        lose(run, number, request.intent, reason)
    return reason is None


def _objection(run: Run, draws: Floats, intent: Intent) -> Reason | None:
    assert run.front is not None
    if draws[Column.WRONG_ADDRESS] and run.front.checkout.validates_address:
        return Reason.ADDRESS
    if draws[Column.OUT_OF_STOCK]:
        return Reason.STOCK
    suspect = Suspect(run.env.now, intent[1], intent[6], draws.item(Column.SCORE))
    if consult(run, run.front.checkout.screening.policy, run.front.refuses, suspect, _is_answer):
        return Reason.FRAUD if draws[Column.FRAUD] else Reason.SCREENED
    return None


def _is_answer(answer: object) -> bool:
    return isinstance(answer, bool | np.bool_)


def _draws(run: Run, number: int) -> Floats:
    intents, row = run.latent(number)
    assert intents.checkout is not None
    return intents.checkout[row]


def pay(run: Run, number: int, request: Request) -> Request | None:
    """Take the payment and place the order; where it fails, the request with its next try, None after the last."""
    assert run.front is not None
    spec = run.front.checkout
    if not spec.on:
        _place(run, number, request)
        return None
    draws, tried = _draws(run, number), request.payments + 1
    if tried > draws[Column.FAILURES]:
        _place(run, number, request)
        _mark(run, number, draws)
        return None
    run.log.record(run.env.now, Kind.DECLINED, number, user=request.intent[1], detail=tried)
    if tried >= spec.payment.tries:
        lose(run, number, request.intent, Reason.PAYMENT)
        return None
    return request._replace(step=Step.PAY, due=run.env.now + spec.payment.again_s, payments=tried)


def _place(run: Run, number: int, request: Request) -> None:
    """Place the order of a wish that was born a while ago: its latent draws are those of its own row and day."""
    today, row = run.today, run.world.row
    intents, run.world.row = run.latent(number)
    run.today = replace(today, intents=intents)
    place(run, number, request.intent, request.extra_s)
    run.today, run.world.row = today, row


def _mark(run: Run, number: int, draws: Floats) -> None:
    """Remember that nobody will be found at the door."""
    false = Trouble.FRAUD if draws[Column.FRAUD] else Trouble.WRONG_ADDRESS if draws[Column.WRONG_ADDRESS] else None
    live = run.world.live.get(number)
    if false and live is not None:
        live.trouble = false
        if live.own is not None:
            live.own.collect_s = -1.0  # no locker stands at a false address

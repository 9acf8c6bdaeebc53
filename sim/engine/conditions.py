"""Conditions: weather, congestion, closed roads and outages take effect when their time has come."""

from __future__ import annotations

from typing import Any

from sim.city.model import Conditions
from sim.engine.reports import reckon
from sim.engine.run import Run
from sim.engine.tick import ask
from sim.events import Kind


def live_through(run: Run, conditions: Conditions) -> None:
    """Put the piece of a day's conditions in force that holds now, and each later one at its time; note disruptions."""
    first = conditions.at(run.env.now)
    _hold(run, conditions, first)
    for piece, begin in enumerate(conditions.t.tolist()):
        if piece > first:
            run.later(begin, _change, conditions, piece)
    for notice in conditions.notices:
        if notice.t >= run.env.now:
            run.later(notice.t, _note, notice)


def _change(event: Any) -> None:
    run, conditions, piece = event.value
    _hold(run, conditions, piece)
    ask(run)


def _note(event: Any) -> None:
    run, notice = event.value
    run.log.record(notice.t, Kind.DISRUPTION, amount=notice.kind, detail=int(notice.begins))


def _hold(run: Run, conditions: Conditions, piece: int) -> None:
    run.conditions, run.piece = conditions, piece
    run.travel = run.city.travels[conditions.travel.item(piece)]
    run.pace, run.service = conditions.pace.item(piece), conditions.service.item(piece)
    run.outage, run.closed = conditions.outage.item(piece), conditions.closed[piece]
    reckon(run)
    if len(conditions.t) > 1 and conditions.t[piece] == run.env.now:  # not again in a run that goes on
        permille, weather = round(1000 * run.pace), conditions.weather.item(piece)
        run.log.record(run.env.now, Kind.CONDITIONS, amount=permille, detail=weather)

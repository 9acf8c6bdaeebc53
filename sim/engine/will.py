"""Whether a user who opens the app orders: what is worth more or less than usual, against his uniform."""

from __future__ import annotations

from math import inf

from sim.behaviour.users import order_chance
from sim.city.model import Intent
from sim.engine.intake import wish
from sim.engine.kinds import expected_s, kind_at, pickup_at, ready_elsewhere
from sim.engine.kitchen import estimate_ready
from sim.engine.orders import place
from sim.engine.run import Run
from sim.engine.till import reckon
from sim.engine.trade import asked
from sim.events import NONE, Kind
from sim.units import DAY, MINUTE


def look(run: Run, number: int, intent: Intent) -> None:
    """A user opens the app: he orders, or leaves again."""
    crowd, people = run.crowd, run.world.people
    wants = run.today.intents.want
    assert crowd is not None
    assert people is not None
    assert wants is not None
    user, basket = intent[1], intent[6]
    people.members.opened[user] = int(run.env.now // DAY)
    due, spared = (basket, 0) if run.trade is None else asked(run, intent)
    kind = run.kinds[kind_at(run)]
    bill, team = reckon(run, number, user, due, kind.fee), people.team_of(user, run.env.now) if people.teams else None
    off = bill.off + spared - kind.dear + (team.off(due, bill.coupon) if team and user not in team.came else 0)
    worth = people.worth.item(user) + crowd.taste.price * off / 100 - _wait(run, intent)
    chance = order_chance(crowd.taste, worth)
    if wants.item(run.world.row) >= chance:
        run.log.record(run.env.now, Kind.BROWSED, number, NONE, NONE, user, intent[3], round(1000 * chance))
    elif run.front is None:
        place(run, number, intent)
    else:
        wish(run, number, intent)


def _wait(run: Run, intent: Intent) -> float:
    """What the quoted wait is worth less than the usual one, in yuan-equivalents; 0 where none is quoted."""
    kind, merchant = run.kinds[kind_at(run)], intent[2]
    if run.desk is None or not run.desk.tells or (merchant < 0 and not kind.at_address):
        return 0.0
    assert run.crowd is not None
    expects = expected_s(run, merchant, intent[4])
    ready = estimate_ready(run, merchant, expects) if kind.in_kitchen else ready_elsewhere(run, kind, expects)
    head = next(iter(run.world.open.values()), None)
    stood = max(run.world.lessons.stood_s, run.env.now - (head.ready_at if head else inf), 0.0)
    ride = run.known.time(pickup_at(run, merchant), intent[3])
    quoted = ready - run.env.now + stood + (run.rules.pickup_s + run.rules.dropoff_s) / 2 + ride
    return run.crowd.taste.wait_yuan_per_min * (quoted - run.crowd.usual_s) / MINUTE

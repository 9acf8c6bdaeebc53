"""A door where there is nobody: the rider waits, and the goods are written off or brought back."""

from __future__ import annotations

from sim.engine.outcomes import remember
from sim.engine.pay import earn_anyway, earn_base
from sim.engine.run import Run
from sim.engine.till import taken_off
from sim.engine.trade import gives_back, kept, off
from sim.entities import Order, Stop
from sim.events import NONE, Kind, Purpose, Trouble
from sim.routes import DROPOFF
from sim.units import MINUTE

RETURNED, WRITTEN_OFF = Kind.RETURNED, Kind.WRITTEN_OFF


def find_nobody(run: Run, rider: int, stop: Stop) -> float:
    """The rider is where there is nobody, or back at the merchant; how long he waits there in vain, in seconds."""
    assert run.front is not None
    live, spec = run.world.live[stop.order], run.front.checkout.fraud
    if live.trouble == Trouble.GOES_BACK:
        _hand_back(run, rider, live.order, spec.credit)
        return 0.0
    run.log.record(run.env.now, Kind.NOBODY, stop.order, rider, place=stop.place, detail=live.trouble)
    _settle(run, rider, live.order, live.trouble == Trouble.FRAUD)
    if spec.goods == "returned":
        live.trouble = Trouble.GOES_BACK
        live.order = live.order._replace(dropoff=live.order.pickup)
        _turn_back(run, rider, live.order)
    else:
        run.log.record(run.env.now, WRITTEN_OFF, stop.order, rider)
        _forget(run, rider, stop.order)
    return spec.wait_min * MINUTE


def _settle(run: Run, rider: int, order: Order, fraud: bool) -> None:
    """The rider is paid as for a delivery in time; the owner of a misused card claims his money back."""
    pay = earn_base if run.hiring is None else earn_anyway
    run.world.fleet.earned[rider] += pay(run, rider, order)
    if fraud:
        claim = order.basket + order.fee - taken_off(run, order) - off(run.world.live[order.id])
        run.log.record(run.env.now, Kind.PAID, order.id, user=order.user, amount=claim, detail=Purpose.CHARGEBACK)


def _turn_back(run: Run, rider: int, order: Order) -> None:
    """The goods go back to the merchant after everything else that the rider has to do."""
    fleet = run.world.fleet
    fleet.route[rider] = (*fleet.route[rider], Stop(DROPOFF, order.id, order.pickup))
    fleet.times[rider] = [*fleet.times[rider], run.env.now]
    fleet.at[rider] = order.pickup


def _hand_back(run: Run, rider: int, order: Order, credit: float) -> None:
    now = run.env.now
    run.log.record(now, RETURNED, order.id, rider, order.merchant)
    if order.merchant >= 0:
        back = round(credit * kept(run, run.world.live[order.id]))
        run.log.record(now, Kind.PAID, order.id, NONE, order.merchant, amount=back, detail=Purpose.GOODS_BACK)
        gives_back(run, order.merchant, back)
    _forget(run, rider, order.id)


def _forget(run: Run, rider: int, number: int) -> None:
    fleet = run.world.fleet
    remember(run, run.world.live.pop(number), delivered=False)
    fleet.on_board[rider] -= {number}
    fleet.load[rider] -= 1

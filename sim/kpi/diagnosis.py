"""Why orders were late: the cause in each zone and hour whose on-time rate falls.

A late order is compared step by step (:mod:`sim.kpi.steps`) with a *reference*, an order on which every step
takes its usual time. With ``r`` the reference of step ``x``,

    minutes late = sum of (x - r)  +  (sum of r - promise),

so each step's excess over its reference is its part of the lateness and the last bracket is the promise's:
positive only when the usual order would be late as well. Excesses above zero share the order between them, in
proportion. No excess above zero but the last one left: the promise is too short.

- *kitchen*: queue and cooking, ``kitchen``.
- *assignment*: the wait for a rider. Only minutes in which the meal stood ready count: a rider given late to a
  meal that is not ready costs nothing. They are shared between when he set off (later than ``ready`` less the
  usual approach), his approach and his time to the counter, each by its own excess. Until he sets off he may
  have others to serve: that wait, too, is cured by more riders.
- *travel*: a long approach, waiting for another order's meal, the way to the customer with detours for others.
- *door*: from the vehicle to the counter and back, and at the customer's door.
- *promise*: as above.

An order cancelled because patience ended waited for an assignment: for a rider while the meal stood ready, but
for its kitchen as long as there was nothing to fetch. Orders open at the end are compared the same way, as far
as they got. Orders cancelled for other reasons were not late and are left out. Every order counts once, whatever
its minutes: the question is why the *rate* falls.

The reference is the smaller of two numbers. The median over all delivered orders of the run says what is usual
here; it is not taken over the on-time ones, which are fast by selection and would acquit every promise, nor
over the hours of one type, which would call the lunch rush's shortage of riders usual. The norm
(:data:`NORM`) says what is usual elsewhere: a step that is long for everybody is still a cause. The
platform's own estimate will not do, for a kitchen known to be slow is still what makes its orders late.

A zone and hour of the day (by placement, days pooled) is named when fewer of its orders were on time than
chance explains: Fisher's exact test against the run, which is the binomial test that knows the overall share to
be made of the same orders, at a false discovery rate of 5% (Benjamini and Hochberg 1995) over all zone-hours
with enough people. Orders of one hour share riders, so they are not independent and a named zone-hour is a
place to look at, not a proof.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd

from sim.entities import Floats, Ints
from sim.events import Kind, Reason
from sim.kpi.events import of
from sim.kpi.steps import PATH
from sim.kpi.tables import Tables
from sim.units import HOUR, MINUTE

CAUSES = ("kitchen", "assignment", "travel", "door", "promise")
"""What may make an order late."""
NORM = {
    "kitchen": 15.0,  # Grubhub, median of 15,701 orders (parameters.md 3.2)
    "stood": 6.85,  # Meituan: pickup less estimated ready time (3.1)
    "companion": 0.0,
    "leave": 2.0,  # Reyes et al. 2018: a visit takes 4 min, half before and half after the hand-over
    "way": 11.46,  # Meituan: pickup to delivery 15.46 min (3.1), less leave and door
    "door": 2.0,  # Reyes et al. 2018
    "approach": 8.26,  # Meituan: acceptance to pickup 10.26 min (3.1), less counter
    "counter": 2.0,  # Reyes et al. 2018
}
"""The longest that may pass for usual of each step, in minutes; they add up to a click-to-door of 37 min."""
FEWEST_PEOPLE = 10
"""A zone and hour in which fewer users ordered is not looked at."""
FALSE_SHARE = 0.05
"""Share of the named zone-hours that may be chance."""
WHOLE = -1
"""Zone and hour of the row for the whole run."""


def diagnose(tables: Tables, zone: Ints) -> pd.DataFrame:
    """On-time share of the run and of every zone and hour, and what made its late orders late.

    Parameters
    ----------
    tables
        Tables of a run.
    zone
        Zone of each place, as in ``city.places.zone``.

    Returns
    -------
    DataFrame
        First the whole run (`zone` and `hour` are -1), then each zone (of the drop-off) and hour of the day in
        which at least ten people ordered: ``zone, hour, orders, people, late`` (orders), ``on_time`` with the
        Wilson interval ``low, high`` (95%), ``minutes_late`` (mean over late deliveries; NaN: none), the
        share of the late orders due to each of :data:`CAUSES`, ``cause`` (the largest, empty where none was
        late), ``p`` (adjusted, NaN for the whole run) and ``named`` (significantly below the whole run).
    """
    late = _late_orders(tables, np.asarray(zone, dtype=np.int64))
    if not len(late):
        return _rows(late).astype({"named": bool})
    whole = _rows(late.assign(zone=WHOLE, hour=WHOLE))
    cells = _rows(late)
    cells = cells[cells["people"] >= FEWEST_PEOPLE]
    cells = cells.assign(p=_adjusted(cells, whole))
    table = pd.concat([whole, cells], ignore_index=True)
    return table.assign(named=np.asarray(table["p"] < FALSE_SHARE))


def lateness(tables: Tables) -> pd.DataFrame:
    """Minutes by which each cause moved the delivered orders past their promise: ``order`` and the causes.

    The causes of a row add up to its minutes late (negative: early).
    """
    orders = tables.orders
    steps = tables.steps
    usual = reference(steps)
    over = {name: steps[name] - usual[name] for name in PATH}
    parts = _of_stood(steps, usual)
    delivered = orders[orders["state"] == "delivered"]
    promised = np.asarray((delivered["promised_at"] - delivered["placed_at"]) / MINUTE)
    return pd.DataFrame(
        {
            "order": steps["order"],
            "kitchen": over["kitchen"],
            "assignment": over["stood"] * parts[0],
            "travel": over["companion"] + over["way"] + over["stood"] * parts[1],
            "door": over["leave"] + over["door"] + over["stood"] * parts[2],
            "promise": sum(usual[name] for name in PATH) - promised,
        }
    )


def reference(steps: pd.DataFrame) -> dict[str, float]:
    """Usual minutes of each step: the run's median, but no more than the norm."""
    return {name: min(float(steps[name].median()), norm) if len(steps) else norm for name, norm in NORM.items()}


def _of_stood(steps: pd.DataFrame, usual: dict[str, float]) -> Floats:
    """Shares of setting off, approach and counter in the minutes that the meal stood ready; shape (3, orders)."""
    started = steps["set_off"] + usual["approach"] + usual["counter"]
    excess = [started, steps["approach"] - usual["approach"], steps["counter"] - usual["counter"]]
    above = np.maximum(np.array(excess, dtype=np.float64).reshape(3, len(steps)), 0)
    above[0, (above.sum(axis=0) == 0) | (steps["stood"] <= usual["stood"])] = 1
    above[1:, steps["stood"] <= usual["stood"]] = 0
    return np.asarray(above / above.sum(axis=0))


def _late_orders(tables: Tables, zone: Ints) -> pd.DataFrame:
    """Orders with zone, hour and, where late, the share of each cause."""
    orders = tables.orders[~tables.orders["order"].isin(_withdrawn(tables))]
    late = ~np.asarray(orders["delivered_at"] <= orders["promised_at"], dtype=bool)
    over = np.zeros((len(orders), len(CAUSES)))
    delivered = np.asarray(orders["state"] == "delivered")
    over[delivered] = lateness(tables)[list(CAUSES)]
    over[~delivered] = _unfinished(tables, orders[~delivered])
    above = np.maximum(over, 0)
    shares = pd.DataFrame(above / np.maximum(above.sum(axis=1, keepdims=True), 1e-9), orders.index, [*CAUSES])
    shares[~late] = 0.0
    minutes = (orders["delivered_at"] - orders["promised_at"]) / MINUTE
    return shares.assign(
        user=orders["user"],
        late=late,
        minutes=minutes.where(late),
        zone=zone[orders["place"].to_numpy(dtype=np.int64)],
        hour=np.asarray(orders["placed_at"] % (24 * HOUR) // HOUR, dtype=np.int64),
    )


def _withdrawn(tables: Tables) -> Ints:
    cancelled = of(tables.events, Kind.CANCELLED)
    return np.asarray(cancelled["order"][cancelled["detail"] != Reason.PATIENCE], dtype=np.int64)


def _unfinished(tables: Tables, orders: pd.DataFrame) -> Floats:
    """Minutes beyond the usual of orders never delivered, up to where they ended; shape (orders, causes)."""
    usual = reference(tables.steps)
    last = float(tables.events["t"].max()) if len(tables.events) else 0.0
    placed, ready, picked, end = (
        np.asarray(orders[name].fillna(last), dtype=np.float64)
        for name in ("placed_at", "ready_at", "picked_up_at", "cancelled_at")
    )
    over = np.zeros((len(orders), len(CAUSES)))
    ready, picked = np.minimum(ready, end), np.minimum(picked, end)
    over[:, CAUSES.index("kitchen")] = (ready - placed) / MINUTE - usual["kitchen"]
    over[:, CAUSES.index("assignment")] = np.maximum((picked - ready) / MINUTE - usual["stood"], 0)
    over[:, CAUSES.index("travel")] = (end - picked) / MINUTE - usual["way"]
    over[(over <= 0).all(axis=1), CAUSES.index("assignment")] = 1.0
    return over


def _rows(late: pd.DataFrame) -> pd.DataFrame:
    """One row a zone and hour."""
    groups = late.groupby(["zone", "hour"])
    sums = groups[["late", *CAUSES]].sum()
    n, fails = (np.asarray(counted, dtype=np.float64) for counted in (groups.size(), sums["late"]))
    low, high = wilson(n - fails, n)
    causes = sums[list(CAUSES)].to_numpy(dtype=np.float64) / np.maximum(fails, 1)[:, None]
    rows = pd.DataFrame({"orders": groups.size(), "people": groups["user"].nunique(), "late": sums["late"]})
    rows = rows.assign(on_time=1 - fails / n, low=low, high=high, minutes_late=groups["minutes"].mean())
    rows[list(CAUSES)] = causes
    main = np.where(fails > 0, np.array(CAUSES)[causes.argmax(axis=1)], "")
    return rows.assign(cause=main, p=np.nan, named=False).reset_index()


def wilson(successes: Floats, n: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Interval of a share (Wilson 1927)."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    centre = (successes + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * np.sqrt(successes * (n - successes) / n + z**2 / 4)
    share = successes / n  # the ends stay about it whatever the rounding
    return np.clip(centre - half, 0, share), np.clip(centre + half, share, 1)


def _adjusted(cells: pd.DataFrame, whole: pd.DataFrame) -> Floats:
    """Chance of as many late orders in a draw from all orders of the run, adjusted for the number of cells."""
    from scipy.stats import false_discovery_control, hypergeom  # a slow import, and not every run needs it

    if not len(cells):
        return np.empty(0)
    n, late = (int(whole[name].iloc[0]) for name in ("orders", "late"))
    p = hypergeom.sf(cells["late"].to_numpy() - 1, n, late, cells["orders"].to_numpy())
    return np.asarray(false_discovery_control(np.clip(p, 0, 1)))

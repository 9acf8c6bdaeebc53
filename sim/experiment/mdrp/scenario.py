"""A benchmark instance as a scenario, in memory or as a YAML file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.city.instance import Parameters, read_instance, read_parameters
from sim.scenario.city import Mdrp, TravelSpeed
from sim.scenario.reposition import Reposition
from sim.scenario.schema import Calendar, Dispatch, DoorTimes, Pay, Platform, Scenario

WAVE_S = 60.0
"""Waves come on whole minutes, as every time of the benchmark does."""
DRAIN_MIN = 1440.0
"""Couriers may work past midnight; by the end of the next day all have finished."""
REPOSITION_MIN = 5.0
"""Time between two decisions about where idle couriers wait, in minutes, where they may be sent."""


def benchmark_scenario(folder: Path, dispatch: str = "matching", params: Mapping[str, Any] | None = None) -> Scenario:
    """Scenario of one instance under the benchmark's rules.

    The instance's currency unit counts as one yuan. The platform knows every ready time at placement,
    takes no fee and no commission; a courier has one bundle from one restaurant at a time, is not
    diverted under way, and picks nothing up after his off-time.

    Parameters
    ----------
    folder
        Instance folder.
    dispatch, params
        Dispatch policy and its parameters.

    Raises
    ------
    ValueError
        When the parameters cannot be read or lie outside what a scenario allows; one line naming the file.
    """
    folder = Path(folder)
    given = read_parameters(folder)
    try:
        return _scenario(folder, given, dispatch, dict(params or {}))
    except ValueError as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"{folder / 'instance_parameters.txt'}:2: no scenario can hold this: {reason}") from None


def with_diversion(scenario: Scenario) -> Scenario:
    """What the benchmark forbids: couriers under way may be given new routes, and idle ones sent elsewhere.

    They go to where open orders lack couriers. More is not known of the demand to come: an instance has no past,
    and a forecaster that was shown its day would have seen the orders that are to be placed.
    """
    dispatch = scenario.dispatch.model_copy(update={"diversion": True})
    reposition = Reposition(policy="flow", every_min=REPOSITION_MIN)
    return scenario.model_copy(update={"dispatch": dispatch, "reposition": reposition})


def import_mdrp(folder: Path, out: Path, dispatch: str = "matching") -> Path:
    """Write the scenario of an instance as a commented YAML file for ``paotui run``.

    The file names the instance by its absolute path, so that it may be moved and run from anywhere.

    Parameters
    ----------
    folder
        Instance folder; it is read and checked in full before anything is written.
    out
        File to write, or an existing folder, which then receives ``<instance>.yaml``.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ValueError
        When the instance cannot be read; one line naming file and line.
    """
    folder, out = Path(folder), Path(out)
    instance = read_instance(folder)
    scenario = benchmark_scenario(folder, dispatch)
    target = out / f"{scenario.name}.yaml" if out.is_dir() else out
    size = f"{len(instance.orders)} orders, {len(instance.couriers)} couriers, {len(instance.restaurants)} restaurants"
    target.write_text(_as_yaml(scenario, size), encoding="utf-8")
    return target


def _scenario(folder: Path, given: Parameters, dispatch: str, params: dict[str, Any]) -> Scenario:
    return Scenario(
        name=re.sub(r"[^\w.\- ]", "_", folder.resolve().name)[:80] or "mdrp",
        description="A Meal Delivery Routing Problem instance under the benchmark's rules.",
        calendar=Calendar(days=1, drain_min=DRAIN_MIN),
        city=Mdrp(dir=str(folder.resolve())),
        travel=TravelSpeed(metres_per_minute=given.metres_per_minute, whole_minutes=True),
        service=DoorTimes(pickup_min=given.pickup_min, dropoff_min=given.dropoff_min),
        platform=Platform(promise_min=given.target_min, exact_ready=True, delivery_fee_yuan=0, commission=0),
        pay=Pay(per_order_yuan=given.pay_per_order, per_km_yuan=0, guarantee_yuan_per_hour=given.pay_per_hour),
        dispatch=Dispatch(
            policy=dispatch,
            params=params,
            every_s=WAVE_S,
            diversion=False,
            single_merchant=True,
            pickup_by_off=True,
        ),
    )


def _as_yaml(scenario: Scenario, size: str) -> str:
    return TEMPLATE.format(s=scenario, size=size, name=_quoted(scenario.name), text=_quoted(scenario.description),
                           dir=_quoted(getattr(scenario.city, "dir", "")), policy=_quoted(scenario.dispatch.policy),
                           params=_quoted(scenario.dispatch.params))  # fmt: skip


def _quoted(value: object) -> str:
    """JSON, which is YAML too."""
    return json.dumps(value, ensure_ascii=False)


TEMPLATE = """\
# A Meal Delivery Routing Problem instance: {size}.
# Source: Reyes, Erera, Savelsbergh, Sahasrabudhe, O'Neil (2018), github.com/grubhub/mdrplib.
# The rules below are the benchmark's; change `dispatch.policy` to compare policies on them.
name: {name}
description: {text}

calendar:
  days: 1
  drain_min: {s.calendar.drain_min!r} # min; couriers may work past midnight

city:
  kind: mdrp
  dir: {dir} # orders.txt, couriers.txt, restaurants.txt, instance_parameters.txt

travel:
  metres_per_minute: {s.travel.metres_per_minute!r} # m/min, of the instance
  whole_minutes: true # every leg takes ceil(metres / metres_per_minute) minutes

service: # half before the pickup or drop-off, half after
  pickup_min: {s.service.pickup_min!r} # min
  dropoff_min: {s.service.dropoff_min!r} # min

platform:
  promise_min: {s.platform.promise_min!r} # min, the target click-to-door time
  exact_ready: true # ready times are known at placement
  delivery_fee_yuan: 0.0 # the benchmark knows no fee
  commission: 0.0 # and no commission

pay: # the instance's currency unit counts as one yuan; a courier receives the larger of the two
  per_order_yuan: {s.pay.per_order_yuan!r} # yuan/order
  per_km_yuan: 0.0 # yuan/km
  guarantee_yuan_per_hour: {s.pay.guarantee_yuan_per_hour!r} # yuan/h of shift

dispatch:
  policy: {policy}
  params: {params}
  every_s: {s.dispatch.every_s!r} # s; waves on whole minutes
  diversion: false # no new instruction to a courier under way
  single_merchant: true # a bundle comes from one restaurant
  pickup_by_off: true # no pickup after the courier's off-time
"""

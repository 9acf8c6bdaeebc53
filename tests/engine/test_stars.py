"""Stars and trust: the state that outcomes move moves the stars, where people respond, and nothing else does."""

from functools import cache
from typing import Any

import numpy as np

from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.events import Kind
from sim.policies.nearest import Nearest
from tests.engine.towns import town


@cache
def lived(trust: float = 1.0, cold: float = 0.2, late: float = 0.7, on: bool = True, riders: int = 4) -> np.ndarray:
    response: dict[str, Any] = {"on": on, "trust": {"cold": cold, "late": late, "warm_min": 5}}
    spec = town(
        "district",
        calendar={"days": 4},
        response=response,
        ratings={"share": 1.0, "trust": trust},
        riders={"count": riders},
        population={"users": 200},
    )
    log = Log()
    simulate(spec, build_city(spec), Nearest(), log)
    return log.events()


def of(events: np.ndarray, kind: Kind) -> np.ndarray:
    return events[events["kind"] == kind]


def trusts(events: np.ndarray) -> np.ndarray:
    """Mean trust of each night."""
    return np.asarray(of(events, Kind.CENSUS)["amount"])


def test_without_a_response_trust_moves_no_star() -> None:
    np.testing.assert_array_equal(lived(trust=0.0, on=False), lived(trust=10.0, on=False))


def test_on_the_first_day_nobody_knows_the_platform() -> None:
    deaf, keen = (of(lived(trust=t), Kind.RATED) for t in (0.0, 10.0))
    first = deaf["t"] < 86400
    assert first.sum() > 20
    np.testing.assert_array_equal(deaf[first], keen[keen["t"] < 86400])


def test_the_trust_that_bad_days_cost_takes_stars_away() -> None:
    deaf, keen = (of(lived(trust=t), Kind.RATED) for t in (0.0, 10.0))
    assert trusts(lived(trust=0.0))[-1] < 0, "four riders are too few"
    np.testing.assert_array_equal(deaf["order"], keen["order"])
    later = deaf["t"] > 86400
    assert (keen["amount"] < deaf["amount"])[later].sum() > (keen["amount"] > deaf["amount"])[later].sum()
    assert keen["amount"][later].mean() < deaf["amount"][later].mean()


def test_cold_meals_cost_trust_where_people_mind() -> None:
    patient, usual, picky = (trusts(lived(cold=cold, late=0.2, riders=30)) for cold in (0.0, 0.2, 1.0))
    assert patient[0] == usual[0] == picky[0] == 0
    assert patient[-1] > usual[-1] > picky[-1]

"""Repositioning in a run: idle riders leave at the beat, may be given an order on the way, and are checked."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.random import Generator

from sim.city.build import build_city
from sim.city.model import City
from sim.engine.log import Log
from sim.engine.referee import PolicyError
from sim.engine.simulate import simulate
from sim.events import NONE, Kind
from sim.policies import reposition
from sim.policies.nearest import Nearest
from sim.policies.reposition import Move, Scene
from sim.scenario.schema import Scenario
from tests.engine.test_resume import assert_same
from tests.engine.toy import play, rows, scripted, toy_city, want

Script = Callable[[Scene], Sequence[Move]]
SHIFT = [(0, 0, 0.0, 9000.0)]


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[np.ndarray, list[Scene]]]:
    """Play a toy city with a scripted reposition policy, asked every ten minutes."""

    def run(script: Script, city: City, policy: Any = None) -> tuple[np.ndarray, list[Scene]]:
        seen: list[Scene] = []

        class Toy:
            def __call__(self, scene: Scene, rng: Generator) -> Sequence[Move]:
                seen.append(scene)
                return script(scene)

        monkeypatch.setitem(reposition.REPOSITION, "toy", Toy)
        events = play(city, policy or scripted(), reposition={"policy": "toy", "every_min": 10})
        return events, seen

    return run


def once(rider: int, place: int, at: float = 600) -> Script:
    return lambda scene: [Move(rider, place)] if scene.now == at else []


def test_an_idle_rider_rides_there_and_is_idle_again(moved: Any) -> None:
    events, seen = moved(once(0, 5), toy_city([want(8000)], SHIFT))
    gone = rows(events, Kind.DEPARTED)[0]
    assert (gone["t"], gone["order"], gone["amount"]) == (600, NONE, 600)
    assert rows(events, Kind.ARRIVED)[0]["t"] == 1200
    assert [scene.at.tolist() for scene in seen[1:4]] == [[0], [5], [5]]


def test_a_rider_under_way_is_not_in_the_scene_and_may_get_an_order(moved: Any) -> None:
    events, _ = moved(once(0, 5), toy_city([want(630, 1, 4)], SHIFT), Nearest())
    assert [row["t"] for row in rows(events, Kind.ASSIGNED)] == [630]
    assert [row["place"] for row in rows(events, Kind.ARRIVED)][:2] == [5, 1]
    assert len(rows(events, Kind.DELIVERED)) == 1


def test_the_scene_says_what_waits_and_who_comes(moved: Any) -> None:
    _, seen = moved(lambda scene: [], toy_city([want(100, 0, 4), want(500)], [*SHIFT, (1, 5, 0.0, 9000.0)]))
    scene = seen[1]
    assert (scene.now, scene.waiting.tolist(), scene.expected.shape) == (600, [2], (1, 4))
    assert (scene.rider.tolist(), scene.home.tolist(), scene.anchor.tolist()) == ([0, 1], [0, 0], [0])


@pytest.mark.parametrize(("rider", "place", "rule"), [(9, 1, "only an idle rider"), (0, 99, "no place 99")])
def test_nonsense_is_refused(moved: Any, rider: int, place: int, rule: str) -> None:
    with pytest.raises(PolicyError, match=rule):
        moved(once(rider, place), toy_city([want(100)], SHIFT))


def small(policy: str, forecast: str = "planned") -> Scenario:
    return Scenario.model_validate(
        {
            "population": {"users": 1500},
            "riders": {"count": 60},
            "merchants": {"classes": {"restaurant": {"count": 40}}},
            "dispatch": {"policy": "nearest"},
            "reposition": {"policy": policy, "forecast": forecast},
        }
    )


@pytest.mark.parametrize(
    ("policy", "forecast"),
    [("home", "planned"), ("proportional", "planned"), ("flow", "planned"), ("flow", "smoothing")],
)
def test_a_cut_run_goes_on_the_same(policy: str, forecast: str) -> None:
    scenario = small(policy, forecast)
    city = build_city(scenario)
    whole, first, second = Log(), Log(), Log()
    simulate(scenario, city, Nearest(), whole)
    outcome = simulate(scenario, city, Nearest(), first, until=43_217.3)
    simulate(scenario, city, Nearest(), second, world=outcome.world)
    assert_same(np.concatenate([first.events(), second.events()]), whole.events())
    assert (rows(whole.events(), Kind.DEPARTED)["order"] == NONE).any()

"""A weak signal by hand: reports arrive late but in order, and an unheard rider gets nothing new."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.city.model import City
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.events import Kind
from sim.policies.nearest import Nearest
from tests.engine.toy import always, drop, give, pick, play, rows, scripted, toy_city, toy_scenario, want

CELLAR = {"zones": ["cellar"], "delay_s": 300}
TRIP = give(0, pick(0), drop(0))


def town(*wishes: Any) -> City:
    """The toy city; place 3 is a cellar."""
    city = toy_city(wishes or [want(100)])
    zone = np.array([0, 0, 0, 1, 0, 0])
    return replace(city, places=replace(city.places, zone=zone), zones=("street", "cellar"))


def reports(events: np.ndarray) -> list[tuple[float, int, int]]:
    return [(row["t"], row["place"], row["amount"]) for row in rows(events, Kind.STATUS)]


def test_a_rider_in_a_cellar_is_idle_when_he_is_heard() -> None:
    """He picks up at 180 and delivers in the cellar at 660; the platform hears of it at 960."""
    events = play(town(), scripted({0: always(TRIP)}), signal=CELLAR)
    assert reports(events) == [(180, 0, 0), (660, 3, 300)]
    assert rows(events, Kind.IDLE)["t"].tolist() == [0, 960]


def test_nobody_can_send_him_off_before() -> None:
    """The second order waits since 400, but he sets off at 960 only."""
    wishes = want(100), want(400, 1, 4)
    late, soon = (play(town(*wishes), Nearest(), signal=signal) for signal in (CELLAR, {}))
    assert rows(soon, Kind.DEPARTED)["t"].tolist()[2] == 720
    assert rows(late, Kind.DEPARTED)["t"].tolist()[2] == 960


def test_a_rider_with_more_to_do_rides_on_and_his_reports_keep_their_order() -> None:
    """The report from the cellar is heard five minutes later, and so is the one from the street, 120 m on."""
    route = give(0, pick(0), pick(1), drop(0), drop(1, 4))
    wishes = want(100), want(101, 0, 4)
    events = play(town(*wishes), scripted({0: always(route)}), signal=CELLAR)
    sent = reports(events)
    assert [place for _, place, _ in sent] == [0, 3, 4]
    heard = [t + delay for t, _, delay in sent]
    assert heard == sorted(heard)
    assert heard[1] == heard[2] == sent[1][0] + 300
    assert sent[2][0] == sent[1][0] + 120 + 120, "he rode on at once"


def test_the_weak_places_are_a_share_of_all() -> None:
    assert reports(play(town(), scripted({0: always(TRIP)}), signal={"share": 1.0, "delay_s": 60})) == [
        (180, 0, 60),
        (660, 3, 60),
    ]


def test_without_weak_places_nothing_is_reported() -> None:
    assert not reports(play(town(), scripted({0: always(TRIP)})))


def test_an_unknown_zone_is_told() -> None:
    with pytest.raises(ValueError, match=r"signal.zones: unknown zone 'celar' \(did you mean 'cellar'"):
        play(town(), scripted(), signal={"zones": ["celar"]})


@pytest.mark.parametrize("t", [179, 181, 659, 661, 721, 900, 959, 961])
def test_a_run_can_be_cut_while_a_rider_is_out_of_reach(t: float) -> None:
    city, scenario = town(want(100), want(400, 1, 4)), toy_scenario(signal=CELLAR)
    whole, first, second = Log(), Log(), Log()
    simulate(scenario, city, Nearest(), whole)
    world = simulate(scenario, city, Nearest(), first, until=t).world
    simulate(scenario, city, Nearest(), second, world=world)
    assert [*first.events().tolist(), *second.events().tolist()] == whole.events().tolist()

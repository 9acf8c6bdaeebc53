"""An episode is the run that `simulate` lives, with a stop at each decision."""

import numpy as np
import pytest

from sim.engine.episode import Episode
from sim.engine.log import Log
from sim.engine.referee import PolicyError
from sim.entities import Assignment
from sim.events import Kind
from tests.engine.towns import POLICIES, city_of, log_of, town


def begun(name: str) -> tuple[Episode, Log]:
    log = Log()
    return Episode(town(name), city_of(name), log), log


@pytest.mark.parametrize(
    ("name", "policy"),
    [
        ("district", "matching"),
        ("benchmark", "matching"),
        ("events", "nearest"),
        ("scarce", "bundler"),
        ("two days", "matching"),
        ("scarce", "gambler"),
    ],
)
def test_equal_decisions_give_an_equal_log(name: str, policy: str) -> None:
    episode, log = begun(name)
    waves = 0
    while episode.wave() is not None:
        episode.decide(POLICIES[policy])
        waves += 1
    assert 10 < waves <= np.count_nonzero(log.events()["kind"] == Kind.WAVE)
    np.testing.assert_array_equal(log.events(), log_of(name, policy))


def test_a_wave_stands_until_it_is_decided() -> None:
    episode, log = begun("district")
    wave = episode.wave()
    assert wave is not None
    assert episode.wave() is wave
    before = len(log.events())
    assert len(wave.orders) == 1
    assert len(wave.riders) > 0
    episode.decide(POLICIES["matching"])
    later = episode.wave()
    assert later is not None
    assert later.now > wave.now
    assert len(log.events()) > before


def test_a_decided_wave_cannot_be_looked_at_any_more() -> None:
    episode, _ = begun("district")
    wave = episode.wave()
    episode.decide(POLICIES["matching"])
    with pytest.raises(RuntimeError, match="the wave is over"):
        _ = wave.riders.on_board  # type: ignore[union-attr]
    with pytest.raises(RuntimeError, match="the wave is over"):
        _ = wave.assigned  # type: ignore[union-attr]


def test_there_is_nothing_to_decide_before_the_first_look_and_after_the_end() -> None:
    episode, log = begun("district")
    with pytest.raises(ValueError, match="no wave to decide"):
        episode.decide(POLICIES["matching"])
    while episode.wave() is not None:
        episode.decide(POLICIES["nearest"])
    rows = len(log.events())
    assert episode.wave() is None
    assert len(log.events()) == rows
    with pytest.raises(ValueError, match="no wave to decide"):
        episode.decide(POLICIES["nearest"])


def test_a_decision_is_checked_as_any_other() -> None:
    episode, _ = begun("district")
    episode.wave()
    with pytest.raises(PolicyError, match="rider 9999"):
        episode.decide(lambda wave, rng: [Assignment(9999, ())])

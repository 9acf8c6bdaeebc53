"""A wave shows its riders when they are first asked for, and no longer than the call lasts."""

import pickle
from dataclasses import fields, replace

import numpy as np
import pytest

from sim.entities import Assignment, Riders, Wave
from sim.policies.candidates import left
from sim.streams import Streams
from sim.units import DAY
from tests.engine.toy import Scripted, play, scripted, toy_city, want


def test_a_kept_wave_tells_nothing_new() -> None:
    kept: list[Wave] = []

    def keep(wave: Wave, rng: np.random.Generator) -> list[Assignment]:
        kept.append(wave)
        return []

    play(toy_city([want(100)]), keep)
    assert kept[0].now == 120
    with pytest.raises(RuntimeError, match="the wave is over"):
        assert kept[0].riders


def test_a_part_of_a_wave_tells_no_more_than_the_wave() -> None:
    kept: list[Wave] = []

    def keep(wave: Wave, rng: np.random.Generator) -> list[Assignment]:
        kept.append(left(wave, [], []))
        assert (len(kept[-1].orders), len(kept[-1].coming), kept[-1].index) == (0, 0, wave.index)
        return []

    play(toy_city([want(100)]), keep)
    assert len(kept[0].coming) == 0  # it was looked at
    with pytest.raises(RuntimeError, match="the wave is over"):
        kept[0].assigned  # noqa: B018
    assert "_run" not in vars(kept[0])


def test_riders_are_copied_once() -> None:
    policy = scripted()
    play(toy_city([want(100)]), policy)
    first, second = policy.seen[:2]
    assert first.riders is first.riders
    assert first.riders is not second.riders
    assert len(first.riders) == 1


def test_a_wave_has_no_other_names() -> None:
    policy = scripted()
    play(toy_city([want(100)]), policy)
    with pytest.raises(AttributeError, match="a wave has no 'horses'"):
        policy.seen[0].horses  # type: ignore[attr-defined] # noqa: B018


def test_a_wave_is_pickled_as_plain_data() -> None:
    class Pickling(Scripted):
        def __call__(self, wave: Wave, rng: np.random.Generator) -> list[Assignment]:
            self.seen.append(pickle.loads(pickle.dumps(wave)))
            return []

    policy = Pickling({}, [])
    play(toy_city([want(100)]), policy)
    assert type(policy.seen[0]) is Wave
    assert policy.seen[0].riders.id.tolist() == [0]


def test_who_is_expected_later_today_is_on_the_roster_until_he_comes() -> None:
    expected: list[tuple[float, list[tuple[int, int, float, float]]]] = []

    def look(wave: Wave, rng: np.random.Generator) -> list[Assignment]:
        coming = wave.coming
        columns = coming.id.tolist(), coming.at.tolist(), coming.on_at.tolist(), coming.off_at.tolist()
        expected.append((wave.now, list(zip(*columns, strict=True))))
        coming.at[:] = 5
        return []

    play(toy_city([want(100)], shifts=[(0, 0, 0, DAY), (1, 2, 150, 900), (2, 4, 700, 900)]), look, until=240)
    both = [(1, 2, 150, 900), (2, 4, 700, 900)]
    assert expected == [(120, both), *((now, both[1:]) for now in (150, 180, 210))]


def test_who_is_on_shift_is_not_on_the_roster_with_his_next_one() -> None:
    expected: dict[float, list[int]] = {}

    def look(wave: Wave, rng: np.random.Generator) -> list[Assignment]:
        expected[wave.now] = wave.coming.id.tolist()
        return []

    shifts = [(0, 0, 0, DAY), (1, 2, 60, 150), (1, 2, 210, 900)]
    play(toy_city([want(100)], shifts=shifts), look, until=240)
    assert expected == {120: [], 150: [1], 180: [1], 210: []}


@pytest.mark.parametrize(("column", "values"), [("due", [0.0, 500.0]), ("will", [0.1, 0.1])])
def test_the_roster_tells_what_the_platform_knows(column: str, values: list[float]) -> None:
    """When a rider is due and not when he comes; and where riders decide by themselves, nothing."""
    policy, city = scripted(), toy_city([want(100)], shifts=[(0, 0, 0, DAY), (1, 2, 600, 900)])
    day = city.day(0, Streams(1))
    day = replace(day, shifts=replace(day.shifts, **{column: np.array(values)}))
    play(replace(city, day=lambda number, streams: day), policy)
    assert policy.seen[0].coming.on_at.tolist() == ([500] if column == "due" else [])


def test_a_column_shows_what_it_was_when_it_was_asked_for() -> None:
    """Who keeps the riders sees the columns that were looked at, with the usual ones, and no others."""
    kept: list[Riders] = []

    def look(wave: Wave, rng: np.random.Generator) -> list[Assignment]:
        assert wave.riders.available.tolist() == [True]
        kept.append(wave.riders)
        return []

    play(toy_city([want(100)]), look)
    assert kept[0].available.tolist() == [True]
    assert kept[0].load.tolist() == [0]
    with pytest.raises(RuntimeError, match="the wave is over"):
        kept[0].route  # noqa: B018
    with pytest.raises(AttributeError, match="riders have no 'hats'"):
        kept[0].hats  # type: ignore[attr-defined] # noqa: B018


def test_columns_are_copies() -> None:
    """A policy that scribbles over what it sees changes nothing in the city."""

    def scribble(wave: Wave, rng: np.random.Generator) -> list[Assignment]:
        wave.riders.at[:], wave.riders.off_at[:], wave.riders.route[:] = 5, 0.0, None
        return []

    city = toy_city([want(100)])
    assert play(city, scribble).tobytes() == play(city, lambda wave, rng: []).tobytes()


def test_every_column_can_be_asked_for_first() -> None:
    """What comes with which column is the same whichever is looked at first."""
    names = [column.name for column in fields(Riders)]
    shown = []

    for name in names:

        def look(wave: Wave, rng: np.random.Generator, name: str = name) -> list[Assignment]:
            getattr(wave.riders, name)
            shown.append(str([getattr(wave.riders, name) for name in names]))
            return []

        play(toy_city([want(100)]), look, until=130)
    assert len(shown) == len(names)
    assert set(shown) == {shown[0]}

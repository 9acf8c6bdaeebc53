"""Streams: names and keys part the randomness; seed and replication repeat it."""

from collections.abc import Callable
from itertools import combinations
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Generator, default_rng
from scipy.stats import chisquare, kstest

from sim import streams
from sim.streams import NAMES, Streams

KEYS = st.lists(st.integers(0, 2**32 - 1), max_size=3).map(tuple)


def draws(rng: Generator, size: int = 8) -> list[float]:
    return rng.random(size).tolist()


def test_no_two_names_share_a_code() -> None:
    codes = [crc32(name.encode()) for name in NAMES]
    assert len(set(codes)) == len(NAMES) >= 12


@pytest.mark.parametrize("made", [Streams(3).generator, Streams(3).fixed], ids=["generator", "fixed"])
def test_each_name_has_its_own_randomness(made: Callable[[str], Generator]) -> None:
    first = [tuple(draws(made(name))) for name in NAMES]
    assert len(set(first)) == len(NAMES)


def test_every_name_has_a_room_and_a_sentence() -> None:
    for name, sentence in NAMES.items():
        assert name.count(".") == 1
        assert len(sentence) > 10


@given(st.integers(0, 2**63 - 1), st.integers(0, 10**6), KEYS)
def test_equal_seed_replication_name_and_key_give_equal_draws(seed: int, replication: int, key: tuple) -> None:
    one, two = Streams(seed, replication), Streams(seed, replication)
    assert draws(one.generator("merchant.prep", *key)) == draws(two.generator("merchant.prep", *key))


@given(st.integers(0, 2**63 - 1), KEYS, KEYS)
def test_another_key_gives_other_draws(seed: int, one: tuple, two: tuple) -> None:
    streams = Streams(seed)
    same = draws(streams.generator("demand.who", *one)) == draws(streams.generator("demand.who", *two))
    assert same == (one == two)


def test_days_are_independent() -> None:
    columns = np.array([draws(Streams(1).generator("demand.arrivals", day), 4000) for day in range(8)])
    correlation = np.corrcoef(columns)
    assert max(abs(correlation[a, b]) for a, b in combinations(range(8), 2)) < 4.5 / np.sqrt(4000)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_replications_change_the_days_and_not_the_map(one: int, two: int) -> None:
    a, b = Streams(5, one), Streams(5, two)
    assert draws(a.fixed("city.streets", 1)) == draws(b.fixed("city.streets", 1))
    assert (draws(a.generator("fleet.shifts", 0)) == draws(b.generator("fleet.shifts", 0))) == (one == two)


def test_a_fixed_stream_is_no_stream_of_a_replication() -> None:
    fixed = draws(Streams(5).fixed("city.users"))
    assert all(draws(Streams(5, r).generator("city.users")) != fixed for r in range(50))


def test_seeds_differ() -> None:
    assert len({tuple(draws(Streams(seed).fixed("city.users"))) for seed in range(200)}) == 200


def test_a_generator_is_fresh_at_each_call() -> None:
    streams = Streams(1)
    streams.generator("demand.who", 0).random(1000)
    assert draws(streams.generator("demand.who", 0)) == draws(Streams(1).generator("demand.who", 0))


def test_the_global_generator_is_left_alone() -> None:
    before = np.random.get_state()[1].tobytes()  # type: ignore[index]  # noqa: NPY002
    Streams(1).generator("demand.who", 0).random(10)
    assert np.random.get_state()[1].tobytes() == before  # type: ignore[index]  # noqa: NPY002


def test_an_unknown_name_gets_a_hint() -> None:
    with pytest.raises(KeyError, match=r"unknown stream 'merchant.prap' \(did you mean 'merchant.prep'\?"):
        Streams(1).generator("merchant.prap")
    with pytest.raises(KeyError, match="unknown stream 'xyz'") as error:
        Streams(1).fixed("xyz")
    assert "did you mean" not in str(error.value)


def test_a_new_name_changes_no_other_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {name: draws(Streams(9, 2).generator(name, 4)) for name in NAMES}
    monkeypatch.setattr(streams, "NAMES", {"aaa.first": "a new stream", **NAMES, "zzz.last": "another"})
    assert {name: draws(Streams(9, 2).generator(name, 4)) for name in before} == before
    assert draws(Streams(9, 2).generator("aaa.first", 4)) not in before.values()


def test_draws_are_those_of_the_seed_sequence_written_down() -> None:
    """The recipe may not change unnoticed: yesterday's runs must repeat."""
    sequence = np.random.SeedSequence(11, spawn_key=(1, 2, crc32(b"user.patience"), 3))
    assert draws(Streams(11, 2).generator("user.patience", 3)) == draws(default_rng(sequence))
    sequence = np.random.SeedSequence(11, spawn_key=(0, crc32(b"city.users")))
    assert draws(Streams(11, 2).fixed("city.users")) == draws(default_rng(sequence))


def test_streams_are_frozen() -> None:
    with pytest.raises(AttributeError):
        Streams(1).seed = 2  # type: ignore[misc]


@pytest.mark.parametrize("bad", [-1, 1.5, "1"])
def test_a_seed_is_a_whole_number_from_zero(bad: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        Streams(bad).generator("demand.who")


def test_a_persons_answer_depends_on_the_key_alone() -> None:
    streams = Streams(3, 2)
    assert streams.uniform("rider.accept", 7, 9) == Streams(3, 2).uniform("rider.accept", 7, 9)
    others = [Streams(3, 1).uniform("rider.accept", 7, 9), Streams(4, 2).uniform("rider.accept", 7, 9)]
    others += [streams.uniform("rider.reaction", 7, 9), streams.uniform("rider.accept", 9, 7)]
    assert len({streams.uniform("rider.accept", 7, 9), *others}) == 5
    with pytest.raises(KeyError, match=r"did you mean 'rider\.accept'"):
        streams.uniform("rider.acept", 1)


@given(st.lists(st.tuples(st.integers(0, 2**40), st.integers(0, 2**31)), min_size=1, max_size=20))
def test_many_answers_at_once_are_the_same(keys: list[tuple[int, int]]) -> None:
    orders, riders = (np.array(column) for column in zip(*keys, strict=True))
    at_once = Streams(3, 2).uniforms("rider.accept", orders, riders)
    assert at_once.tolist() == [Streams(3, 2).uniform("rider.accept", *key) for key in keys]


def test_answers_are_uniform_and_neighbours_independent() -> None:
    u = Streams(1).uniforms("rider.accept", np.arange(400)[:, None], np.arange(500))
    assert kstest(u.ravel(), "uniform").pvalue > 1e-3
    cells = np.histogram2d(u[:-1].ravel(), u[1:].ravel(), bins=10, range=[[0, 1], [0, 1]])[0]
    assert chisquare(cells.ravel()).pvalue > 1e-3
    assert abs(np.corrcoef(u[:, :-1].ravel(), u[:, 1:].ravel())[0, 1]) < 0.01

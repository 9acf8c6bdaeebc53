"""The wave bench returns what it documents; how fast policies were is not tested here."""

import pytest

from sim.experiment.wave_speed import TIMED, Decided, Size, bench_waves
from sim.policies.dispatch import DISPATCH
from sim.policies.registry import PolicyNotFound

SMALL = [Size(6, 12, 2), Size(9, 20, 1)]


def test_every_policy_decides_the_same_waves() -> None:
    told: list[float] = []
    table = bench_waves(["nearest", "matching"], SMALL, told.append)
    named = [(row.dispatch, row.orders, row.riders, row.waves) for row in table]
    assert named == [(name, *size) for size in SMALL for name in ("nearest", "matching")]
    assert all(0 < row.median_ms <= row.p99_ms for row in table)
    assert told == sorted(told)
    assert told[-1] == 1


def test_all_shipped_policies_are_timed_but_strangers_programs() -> None:
    assert set(DISPATCH) - set(TIMED) == {"exec"}
    table = bench_waves(sizes=SMALL[1:])
    assert [row.dispatch for row in table] == list(TIMED)
    assert all(isinstance(row, Decided) and row.assignments > 0 for row in table)


def test_an_unknown_policy_is_named() -> None:
    with pytest.raises(PolicyNotFound, match="did you mean 'matching'"):
        bench_waves(["matchin"], SMALL)

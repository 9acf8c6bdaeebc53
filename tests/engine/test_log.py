"""The log: on disk what it is in memory, in row groups, sorted; each kind fills its columns and no others."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.log import GROUP, SCHEMA, Log
from sim.engine.simulate import simulate
from sim.events import FIELDS, NONE, PARTIES, ROW, Kind, Purpose
from sim.kpi.events import read_events
from tests.engine.towns import CASES, POLICIES, city_of, log_of, town

COLUMNS = [name for name in ROW.names or () if name not in ("t", "kind")]
OPTIONAL = {
    Kind.DEPARTED: {"order"},  # none on a reposition
    Kind.ARRIVED: {"order"},
    Kind.PAID: {"order", "rider", "merchant", "user"},  # the parties of the purpose; a guarantee has no order
    Kind.LOST: {"merchant"},  # see test_a_lost_wish_names_no_merchant
}


@pytest.mark.parametrize(("name", "policy"), CASES)
def test_a_log_is_in_order_of_time(name: str, policy: str) -> None:
    t = log_of(name, policy)["t"]
    assert (np.diff(t) >= 0).all()
    assert np.isfinite(t).all()
    assert t[0] >= 0


@pytest.mark.parametrize(("name", "policy"), CASES)
def test_each_kind_fills_its_columns_and_no_others(name: str, policy: str) -> None:
    events = log_of(name, policy)
    for kind in Kind:
        rows = events[events["kind"] == kind]
        for column in COLUMNS:
            empty = rows[column] == (0 if column == "amount" else NONE)
            if column not in FIELDS[kind]:
                assert empty.all(), f"{kind.name} fills {column}"
            elif column != "amount" and column not in OPTIONAL.get(kind, ()):
                assert not empty.any(), f"{kind.name} leaves {column} empty"


EVERYDAY = {kind for kind in Kind if kind <= Kind.IDLE}
"""Kinds that need no mechanism to be switched on; the others occur in the tests of theirs."""


def test_every_everyday_kind_occurs_somewhere() -> None:
    seen = {Kind(kind) for case in CASES for kind in np.unique(log_of(*case)["kind"])}
    assert seen >= EVERYDAY


@pytest.mark.parametrize(("name", "policy"), [("scarce", "matching"), ("district", "reshuffler")])
def test_a_payment_names_the_parties_of_its_purpose(name: str, policy: str) -> None:
    events = log_of(name, policy)
    paid = events[events["kind"] == Kind.PAID]
    assert (paid["amount"] >= 0).all()
    for purpose, parties in PARTIES.items():
        rows = paid[paid["detail"] == purpose]
        for party in ("rider", "merchant", "user"):
            assert ((rows[party] != NONE) == (party in parties)).all(), (purpose.name, party)
        assert ((rows["order"] != NONE) == (purpose != Purpose.GUARANTEE)).all()


def test_a_lost_wish_names_no_merchant() -> None:
    lost = [log_of(*case) for case in CASES]
    rows = np.concatenate([events[events["kind"] == Kind.LOST] for events in lost])
    assert ("merchant" in FIELDS[Kind.LOST]) == (rows["merchant"] != NONE).any()


@pytest.mark.parametrize("name", ["district", "events"])
def test_the_file_equals_the_memory(name: str, tmp_path: Path) -> None:
    log = Log(tmp_path / "events.parquet")
    simulate(town(name), city_of(name), POLICIES["matching"], log)
    log.close()
    np.testing.assert_array_equal(read_events(tmp_path / "events.parquet"), log_of(name, "matching"))


VALUES = st.tuples(
    st.floats(0, 1e9),
    st.sampled_from(Kind),
    st.integers(-1, 2**62),
    *[st.integers(-1, 2**31 - 1)] * 4,
    st.integers(-(2**62), 2**62),
    st.integers(-1, 2**31 - 1),
)


@settings(max_examples=30)
@given(st.lists(VALUES, max_size=30))
def test_any_row_can_be_read_back(tmp_path_factory: pytest.TempPathFactory, values: list[tuple]) -> None:
    path = tmp_path_factory.mktemp("log") / "events.parquet"
    memory, file = Log(), Log(path)
    for row in values:
        memory.record(*row)
        file.record(*row)
    file.close()
    assert [tuple(row) for row in memory.events().tolist()] == values
    np.testing.assert_array_equal(read_events(path), memory.events())


def test_many_rows_are_written_in_groups_while_the_run_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    log = Log(path)
    for number in range(2 * GROUP + 5):
        log.record(float(number), Kind.PLACED, number)
        if number == GROUP + 1:
            assert path.stat().st_size > 1000, "the first group is on disk"
            assert len(log.events()) < 10, "and no longer in memory"
    log.close()
    file = pq.ParquetFile(path)
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [GROUP, GROUP, 5]
    np.testing.assert_array_equal(read_events(path)["order"], np.arange(2 * GROUP + 5))


def test_an_empty_log_is_a_table_with_no_rows(tmp_path: Path) -> None:
    log = Log(tmp_path / "events.parquet")
    log.close()
    assert pq.read_table(tmp_path / "events.parquet").schema.names == list(ROW.names or ())
    assert len(read_events(tmp_path / "events.parquet")) == 0
    assert len(Log().events()) == 0


def test_kinds_are_words_and_what_is_missing_is_null_on_disk(tmp_path: Path) -> None:
    log = Log(tmp_path / "events.parquet")
    log.record(1.5, Kind.PICKED_UP, 7, 3, 2, amount=40)
    log.close()
    table = pq.read_table(tmp_path / "events.parquet")
    assert table.schema.names == SCHEMA.names
    assert table.to_pylist() == [
        {
            "t": 1.5,
            "kind": "picked_up",
            "order": 7,
            "rider": 3,
            "merchant": 2,
            "user": None,
            "place": None,
            "amount": 40,
            "detail": None,
        }
    ]


def test_a_number_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(Exception, match=r"argument|range|format"):
        Log().record(0.0, Kind.PAID, rider=2**40)

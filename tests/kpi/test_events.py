"""The log read back from disk equals the log in memory; what is no log is refused in one line."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.engine.log import GROUP, Log
from sim.events import NONE, ROW, Kind
from sim.kpi.events import Events, by_rider, of, read_events
from tests.kpi.hand_made import NOTHING, STORY, Row, log

COLUMNS = {name: [1] for name in ROW.names or ()}


def written(events: Events, path: Path) -> Path:
    out = Log(path)
    for row in events.tolist():
        out.record(row[0], Kind(row[1]), *row[2:])
    out.close()
    return path


@pytest.mark.parametrize("events", [STORY, NOTHING, STORY[:1]], ids=["story", "nothing", "one row"])
def test_the_log_survives_the_disk(events: Events, tmp_path: Path) -> None:
    read = read_events(written(events, tmp_path / "events.parquet"))
    assert read.dtype == ROW
    np.testing.assert_array_equal(read, events)


def test_every_kind_and_every_empty_column_survive(tmp_path: Path) -> None:
    events = log(*(Row(float(kind), kind) for kind in Kind), *(Row(99.0, kind, *range(1, 8)) for kind in Kind))
    read = read_events(written(events, tmp_path / "events.parquet"))
    np.testing.assert_array_equal(read, events)
    assert read["order"][0] == NONE


def test_row_groups_join_to_one_log(tmp_path: Path) -> None:
    """The kinds of a later group need not be those of the first."""
    events = np.zeros(GROUP + 7, dtype=ROW)
    events["t"], events["kind"] = np.arange(len(events)), Kind.IDLE
    events["kind"][GROUP:] = Kind.PLACED
    path = written(events, tmp_path / "events.parquet")
    assert pq.ParquetFile(path).num_row_groups == 2
    np.testing.assert_array_equal(read_events(path), events)


def test_columns_that_do_not_apply_are_null_on_disk(tmp_path: Path) -> None:
    table = pq.read_table(written(STORY, tmp_path / "events.parquet"))
    assert table.column_names == list(ROW.names or ())
    assert table.column("rider").null_count == (STORY["rider"] == NONE).sum() > 0
    assert table.column("amount").null_count == 0
    assert table.column("kind").combine_chunks().to_pylist()[0] == "on_shift"


@pytest.mark.parametrize(
    "table",
    [
        pa.table({"t": [1.0]}),
        pa.table(COLUMNS | {"kind": pa.array(["nonsense"]).dictionary_encode()}),
        pa.table(COLUMNS | {"kind": pa.array([None], pa.string()).dictionary_encode()}),
    ],
    ids=["other columns", "unknown kind", "no kind"],
)
def test_a_foreign_table_is_refused(table: pa.Table, tmp_path: Path) -> None:
    pq.write_table(table, tmp_path / "events.parquet")
    with pytest.raises(ValueError, match="not an event log"):
        read_events(tmp_path / "events.parquet")


@pytest.mark.parametrize("change", [{"kind": ["placed"]}, {"t": ["noon"]}], ids=["plain kind", "text for a time"])
def test_columns_of_another_type_are_refused(change: dict[str, list[str]], tmp_path: Path) -> None:
    columns = COLUMNS | {"kind": pa.array(["placed"]).dictionary_encode()} | change
    pq.write_table(pa.table(columns), tmp_path / "events.parquet")
    with pytest.raises(ValueError, match="not an event log"):
        read_events(tmp_path / "events.parquet")


def test_what_is_no_parquet_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no log at all")
    for path in (tmp_path / "text", tmp_path / "missing", tmp_path):
        with pytest.raises(ValueError, match="not an event log") as caught:
            read_events(path)
        assert str(path) in str(caught.value)


def test_rows_of_some_kinds() -> None:
    assert of(STORY, Kind.DELIVERED)["order"].tolist() == [0, 1]
    assert of(STORY, Kind.DELIVERED, Kind.CANCELLED)["order"].tolist() == [0, 2, 1]
    assert len(of(NOTHING, Kind.DELIVERED)) == 0


def test_rows_rider_by_rider_keep_the_order_of_time() -> None:
    rows = by_rider(STORY, Kind.DEPARTED)
    assert rows["rider"].tolist() == [3] * 5 + [7]
    assert rows["amount"].tolist() == [500, 1000, 700, 200, 800, 300]


def many(rows: int = 120_000) -> Events:
    """A log long enough to be sorted by kind."""
    rng = np.random.default_rng(5)
    events = np.zeros(rows, ROW)
    events["t"], events["kind"] = np.arange(rows), rng.integers(0, len(Kind), rows)
    events["rider"] = rng.integers(0, 50, rows)
    return events


@pytest.mark.parametrize("kinds", [(Kind.PAID,), (Kind.PLACED, Kind.LOST, Kind.ASKED), tuple(Kind)])
def test_a_long_log_is_read_as_a_short_one(kinds: tuple[Kind, ...]) -> None:
    events = many()
    np.testing.assert_array_equal(of(events, *kinds), events[np.isin(events["kind"], kinds)])


def test_two_long_logs_are_not_taken_for_each_other() -> None:
    for seed in range(3):
        events = many()
        events["kind"] = seed
        assert len(of(events, Kind(seed))) == len(events)
        assert not len(of(events, Kind.PAID))
        del events

"""Reading real orders: time zones, zones, and files that are not what they should be."""

from pathlib import Path

import pytest

from sim.twin.orders_csv import OrderColumns, read_orders

HEAD = "TIMESTAMP,USER_LAT,USER_LONG,NAME\n"
ROWS = HEAD + "2020-08-01 20:50:00.000,60.160,24.940,x\n2020-08-01 21:10:00.000,60.160,24.940,y\n"
COLUMNS = OrderColumns(timezone="Europe/Helsinki")


def file(folder: Path, text: str) -> Path:
    path = folder / "orders.csv"
    path.write_text(text)
    return path


def test_orders_fall_on_the_citys_own_days(tmp_path: Path) -> None:
    counts = read_orders(file(tmp_path, ROWS), COLUMNS)
    assert (str(counts.first), counts.days, counts.name) == ("2020-08-01", 2, "orders")
    assert counts.values.ravel().nonzero()[0].tolist() == [95, 96]
    assert counts.calendar.off.tolist() == [True, True, False]
    assert counts.rates is None


def test_times_may_carry_their_offset(tmp_path: Path) -> None:
    text = HEAD + "2020-08-01T20:50:00+02:00,60.160,24.940,x\n"
    counts = read_orders(file(tmp_path, text), COLUMNS)
    assert counts.values.ravel().nonzero()[0].tolist() == [87]


def test_zones_are_squares_of_the_map(tmp_path: Path) -> None:
    """A hundredth of a degree in Helsinki is 1,113 m to the north and 554 m to the east."""
    rows = [f"2020-08-01 10:00:00,{60.16 + 0.01 * n:.3f},{24.94 + 0.02 * e:.3f},x" for n in range(3) for e in range(3)]
    counts = read_orders(file(tmp_path, HEAD + "\n".join(rows) + "\n"), COLUMNS)
    assert len(counts.zones) == 4
    assert read_orders(file(tmp_path, HEAD + "\n".join(rows) + "\n"), OrderColumns(zone_m=9000)).zones == ("A1",)


def test_zones_may_have_names(tmp_path: Path) -> None:
    text = "at,area\n2020-08-01 10:00:00,west\n2020-08-01 10:01:00,east\n2020-08-01 10:02:00,west\n"
    counts = read_orders(file(tmp_path, text), OrderColumns(time="at", zone="area"))
    assert counts.zones == ("east", "west")
    assert counts.values.sum(axis=0).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("text", "columns", "complaint"),
    [
        ("", COLUMNS, "orders.csv:1: No columns to parse"),
        (HEAD, COLUMNS, "orders.csv: has no orders"),
        ("TIMESTAMPS,USER_LAT,USER_LONG\n", COLUMNS, r"no column 'TIMESTAMP' \(did you mean 'TIMESTAMPS'\?\)"),
        (ROWS + "soon,60.1,24.9,z\n", COLUMNS, "orders.csv:4: TIMESTAMP: expected a time such as .*, got 'soon'"),
        (ROWS + "2020-08-02 10:00:00,north,24.9,z\n", COLUMNS, "orders.csv:4: USER_LAT: expected degrees, got 'north'"),
        (ROWS + "2020-08-02 10:00:00,60.1,999,z\n", COLUMNS, "orders.csv:4: USER_LONG: expected degrees, got '999'"),
        (ROWS + "2020-08-02 10:00:00,60.1,,z\n", COLUMNS, "orders.csv:4: USER_LONG: expected degrees, got ''"),
        (ROWS, OrderColumns(timezone="Europe/Helsinky"), "unknown time zone 'Europe/Helsinky'"),
        (ROWS, OrderColumns(zone="AREA"), r"no column 'AREA'; it has TIMESTAMP, USER_LAT"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, columns: OrderColumns, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=complaint) as error:
        read_orders(file(tmp_path, text), columns)
    assert len(str(error.value).splitlines()) == 1


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"none.csv:1: .*No such file"):
        read_orders(tmp_path / "none.csv", COLUMNS)


def test_the_real_orders(data_dir: Path) -> None:
    path = data_dir / "wolt" / "orders_2020_08.csv"
    if not path.is_file():
        pytest.skip("no Wolt orders")
    counts = read_orders(path, COLUMNS)
    assert (counts.values.sum(), counts.days, str(counts.first)) == (9072, 31, "2020-08-01")
    by_hour = counts.city().hourly().values.reshape(31, 24).sum(axis=0)
    assert by_hour[2:8].sum() == 0  # local nights are quiet: in UTC they would not be
    assert by_hour.argmax() == 18

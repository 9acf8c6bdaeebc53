"""The reader of benchmark instances: exact on good files; on bad ones one line with file and line."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.city.instance import COLUMNS, Instance, read_instance, read_parameters

GOOD = {
    "restaurants.txt": "restaurant\tx\ty\nr1\t100\t200\nr2\t300.5\t-400\n",
    "orders.txt": (
        "order\tx\ty\tplacement_time\trestaurant\tready_time\n"
        "o1\t1\t2\t20\tr2\t35\n"
        "o2\t3\t4\t10\tr1\t10\n"
        "o3\t5\t6\t10\tr1\t22.5\n"
    ),
    "couriers.txt": "courier\tx\ty\ton_time\toff_time\nc1\t0\t0\t0\t90\nc2\t9\t9\t60\t180\n",
    "instance_parameters.txt": "a\tb\tc\td\te\tf\tg\n320\t4\t5\t40\t90\t10\t15\n",
}
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A good instance folder with some files replaced (None: missing)."""

    def write_files(changed: dict[str, str | bytes | None] | None = None) -> Path:
        folder = tmp_path / "toy"
        folder.mkdir()
        for name, content in {**GOOD, **(changed or {})}.items():
            if content is not None:
                raw = content if isinstance(content, bytes) else content.encode()
                (folder / name).write_bytes(raw)
        return folder

    return write_files


def fault(folder: Path) -> str:
    """The message, relative to the folder; it must be one line."""
    with pytest.raises(ValueError) as error:  # noqa: PT011
        read_instance(folder)
    text = str(error.value)
    assert "\n" not in text
    assert text.startswith(str(folder))
    return text.removeprefix(f"{folder}/")


def test_a_good_instance(write: Write) -> None:
    instance = read_instance(write())
    assert (instance.name, instance.restaurants, instance.couriers) == ("toy", ("r1", "r2"), ("c1", "c2"))
    assert instance.orders == ("o1", "o2", "o3")
    assert instance.restaurant_x.tolist() == [100, 300.5]
    assert instance.restaurant_y.tolist() == [200, -400]
    assert instance.placed.tolist() == [20, 10, 10]
    assert instance.order_restaurant.tolist() == [1, 0, 0]
    assert instance.ready.tolist() == [35, 10, 22.5]
    assert (instance.on.tolist(), instance.off.tolist()) == ([0, 60], [90, 180])
    p = instance.parameters
    assert (p.metres_per_minute, p.pickup_min, p.dropoff_min, p.target_min) == (320, 4, 5, 40)
    assert (p.maximum_min, p.pay_per_order, p.pay_per_hour) == (90, 10, 15)


def equal(one: Instance, two: Instance) -> bool:
    return all(np.array_equal(getattr(one, n), getattr(two, n)) for n in Instance.__slots__ if n != "parameters")


@pytest.mark.parametrize(
    "dress",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.rstrip("\n"),
        lambda text: text + "\n\n  \n",
        lambda text: text.replace("\t", " \t ").replace("r 1", "r1"),
    ],
    ids=["windows", "no last line end", "blank lines", "spaces"],
)
def test_line_ends_and_spaces_do_not_matter(write: Write, tmp_path: Path, dress: Callable[[str], str]) -> None:
    plain = read_instance(write())
    other = tmp_path / "other" / "toy"
    other.mkdir(parents=True)
    for name, text in GOOD.items():
        (other / name).write_bytes(dress(text).encode())
    assert equal(read_instance(other), plain)


@pytest.mark.parametrize("name", [*GOOD])
def test_a_missing_file_is_named(write: Write, name: str) -> None:
    assert fault(write({name: None})) == f"{name}: cannot be read (No such file or directory)"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert fault(tmp_path / "nowhere").startswith("restaurants.txt: cannot be read")


def test_a_folder_in_place_of_a_file(write: Write) -> None:
    folder = write({"orders.txt": None})
    (folder / "orders.txt").mkdir()
    assert fault(folder) == "orders.txt: cannot be read (Is a directory)"


@pytest.mark.parametrize("name", [*GOOD])
def test_binary_is_no_text(write: Write, name: str) -> None:
    assert fault(write({name: b"PK\x03\x04\xff\xfe\x00\x9c"})) == f"{name}: cannot be read (it is not UTF-8 text)"


@pytest.mark.parametrize("name", [*COLUMNS])
@pytest.mark.parametrize("text", ["", "\n\n", "\0\0\0", "x\ty\n1\t2\n", "restaurant,x,y\nr1,1,2\n", "r1\t1\t2\n"])
def test_a_wrong_header_says_the_right_one(write: Write, name: str, text: str) -> None:
    expected = " ".join(COLUMNS[name])
    assert fault(write({name: text})) == f"{name}:1: expected the header {expected} (tab-separated)"


@pytest.mark.parametrize("name", [*COLUMNS])
def test_columns_in_another_order_are_refused(write: Write, name: str) -> None:
    head, rest = GOOD[name].split("\n", 1)
    swapped = "\t".join(reversed(head.split("\t")))
    assert fault(write({name: f"{swapped}\n{rest}"})).startswith(f"{name}:1: expected the header")


@pytest.mark.parametrize("name", [*COLUMNS])
def test_a_header_alone_has_no_rows(write: Write, name: str) -> None:
    assert fault(write({name: GOOD[name].split("\n")[0] + "\n"})) == f"{name}: has no rows"


@pytest.mark.parametrize("name", [*COLUMNS])
@pytest.mark.parametrize(("more", "found"), [("z\t1", 2), ("z" + "\t1" * 9, 10), ("z 1 2", 1)])
def test_a_row_of_another_width_is_named(write: Write, name: str, more: str, found: int) -> None:
    line, columns = GOOD[name].count("\n") + 1, len(COLUMNS[name])
    assert fault(write({name: GOOD[name] + more})) == f"{name}:{line}: expected {columns} columns, found {found}"


NUMBERS = [
    ("restaurants.txt", "300.5", "x", 3),
    ("restaurants.txt", "200", "y", 2),
    ("orders.txt", "3", "x", 3),
    ("orders.txt", "6", "y", 4),
    ("orders.txt", "20", "placement_time", 2),
    ("orders.txt", "22.5", "ready_time", 4),
    ("couriers.txt", "9", "x", 3),
    ("couriers.txt", "60", "on_time", 3),
    ("couriers.txt", "90", "off_time", 2),
]


@pytest.mark.parametrize(("name", "cell", "column", "line"), NUMBERS)
@pytest.mark.parametrize("bad", ["nan", "NaN", "inf", "-inf", "1e999", "", "12:30", "1,5", "0x10", "ten"])
def test_what_is_no_number_is_named(write: Write, name: str, cell: str, column: str, line: int, bad: str) -> None:
    lines = GOOD[name].split("\n")
    lines[line - 1] = re.sub(rf"(?<=\t){re.escape(cell)}(?=\t|$)", bad, lines[line - 1], count=1)
    text = fault(write({name: "\n".join(lines)}))
    assert text == f"{name}:{line}: {column}: expected a number, got {bad!r}"


def test_an_unknown_restaurant_is_named(write: Write) -> None:
    text = fault(write({"orders.txt": GOOD["orders.txt"].replace("10\tr1\t22.5", "10\tr9\t22.5")}))
    assert text == "orders.txt:4: restaurant: no restaurant 'r9' in restaurants.txt"


@pytest.mark.parametrize(
    ("name", "old", "new", "line"),
    [("restaurants.txt", "r2", "r1", 3), ("orders.txt", "o3", "o1", 4), ("couriers.txt", "c2", "c1", 3)],
)
def test_an_id_that_stands_twice_is_named(write: Write, name: str, old: str, new: str, line: int) -> None:
    assert fault(write({name: GOOD[name].replace(old, new)})) == f"{name}:{line}: {new!r} is listed twice"


def test_times_must_follow_each_other(write: Write, tmp_path: Path) -> None:
    orders = GOOD["orders.txt"].replace("10\tr1\t22.5", "23\tr1\t22.5")
    assert fault(write({"orders.txt": orders})) == "orders.txt:4: ready_time is before placement_time"


def test_no_order_before_midnight(write: Write) -> None:
    orders = GOOD["orders.txt"].replace("3\t4\t10", "3\t4\t-1")
    assert fault(write({"orders.txt": orders})) == "orders.txt:3: placement_time is negative"


@pytest.mark.parametrize("off", ["60", "59"])
def test_a_shift_must_have_a_length(write: Write, off: str) -> None:
    couriers = GOOD["couriers.txt"].replace("180", off)
    assert fault(write({"couriers.txt": couriers})) == "couriers.txt:3: off_time is not after on_time"


PARAMETERS = "instance_parameters.txt"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "expected 7 numbers"),
        ("a\tb\n", "expected 7 numbers"),
        ("a\tb\tc\td\te\tf\tg\n1\t2\t3\n", "expected 7 numbers"),
        ("a\tb\tc\td\te\tf\tg\n320\t4\t4\t40\tnan\t10\t15\n", "e: expected a number, got 'nan'"),
        ("a\tb\tc\td\te\tf\tg\n320\t4\t4\t40\tx\t10\t15\n", "e: expected a number, got 'x'"),
        ("a\tb\tc\td\te\tf\tg\n0\t4\t4\t40\t90\t10\t15\n", "expected metres_per_minute > 0"),
        ("a\tb\tc\td\te\tf\tg\n320\t4\t-4\t40\t90\t10\t15\n", "no negative number"),
    ],
)
def test_bad_parameters_are_named(write: Write, text: str, says: str) -> None:
    message = fault(write({PARAMETERS: text}))
    assert message.startswith(f"{PARAMETERS}:2: ")
    assert says in message


def test_parameters_can_be_read_alone(write: Write) -> None:
    assert read_parameters(write({"orders.txt": None})).dropoff_min == 5


def test_a_short_header_of_parameters_is_named(write: Write) -> None:
    assert fault(write({PARAMETERS: "a\tb\n320\t4\t4\t40\t90\t10\t15\n"})).startswith(PARAMETERS)


def test_a_blank_line_between_rows_is_named(write: Write) -> None:
    text = GOOD["restaurants.txt"].replace("r1\t", "\nr1\t")
    assert fault(write({"restaurants.txt": text})).startswith("restaurants.txt:2: expected 3 columns, found 1")


def test_the_real_instances_can_be_read(data_dir: Path) -> None:
    folders = sorted(path for path in (data_dir / "grubhub").iterdir() if (path / "orders.txt").is_file())
    assert len(folders) == 80
    for folder in folders[::16]:
        instance = read_instance(folder)
        said = [int(n) for n in re.findall(r"\d+", (folder / "instance_characteristics.txt").read_text())]
        assert [len(instance.orders), len(instance.restaurants), len(instance.couriers)] == said[:3]
        assert instance.parameters.metres_per_minute > 100

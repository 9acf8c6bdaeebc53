"""YAML 1.2: what scalars mean, where keys stand, what is refused, and that text reads back the same."""

import math
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import yaml12
from sim.scenario.yaml12 import MAX_BYTES, MAX_DEPTH, MAX_NODES, Document, YamlError, dump, parse, read, resolve

SCALARS: list[tuple[str, Any]] = [
    ("12:30", "12:30"),
    ("190:20:30", "190:20:30"),
    ("on", "on"),
    ("Off", "Off"),
    ("yes", "yes"),
    ("n", "n"),
    ("2026-03-02", "2026-03-02"),
    ("1_000", "1_000"),
    ("0b11", "0b11"),
    ("=", "="),
    ("<<", "<<"),
    ("", None),
    ("~", None),
    ("null", None),
    ("Null", None),
    ("nULL", "nULL"),
    ("true", True),
    ("TRUE", True),
    ("tRUE", "tRUE"),
    ("False", False),
    ("0", 0),
    ("-12", -12),
    ("+12", 12),
    ("007", 7),
    ("0o17", 15),
    ("-0o17", "-0o17"),
    ("0o8", "0o8"),
    ("0x1F", 31),
    ("0xG", "0xG"),
    ("1e3", 1000.0),
    ("1E-2", 0.01),
    ("1.", 1.0),
    (".5", 0.5),
    ("-1.5e+3", -1500.0),
    (".", "."),
    ("1e", "1e"),
    ("e3", "e3"),
    ("1.2.3", "1.2.3"),
    (".inf", math.inf),
    ("-.Inf", -math.inf),
    ("+.INF", math.inf),
    ("inf", "inf"),
    ("nan", "nan"),
    ("-.nan", "-.nan"),
    ("\u0663", "\u0663"),
    ("1\n", "1\n"),
]

LAUGHS = "a: &a [x, x]\n" + "".join(f"{y}: &{y} [{', '.join([f'*{x}'] * 9)}]\n" for x, y in pairwise("abcdefghi"))
REFUSED = {
    "empty": ("", "nothing in it", (1, 1)),
    "comment": ("# only this\n", "nothing in it", (1, 1)),
    "duplicate key": ("a: 1\nb:\n  c: 1\n  c: 2\n", "duplicate key 'c'", (4, 3)),
    "duplicate quoted key": ("a: 1\n'a': 2\n", "duplicate key 'a'", (2, 1)),
    "integer key": ("a:\n  1: x\n", "a key must be text, not '1' (quote it)", (2, 3)),
    "null key": ("~: x\n", "a key must be text, not '~'", (1, 1)),
    "boolean key": ("true: x\n", "a key must be text", (1, 1)),
    "list key": ("[a]: x\n", "a key must be text, not a list or mapping", (1, 1)),
    "two documents": ("a: 1\n---\nb: 1\n", "more than one document", (2, 1)),
    "python tag": ("a: !!python/object/apply:os.system [ls]\n", "tags such as", (1, 4)),
    "own tag": ("a: 1\nb: !secret x\n", "tags such as '!secret'", (2, 4)),
    "core tag": ("a: !!int 3\n", "tags such as 'tag:yaml.org,2002:int'", (1, 4)),
    "tagged key": ("!!str a: 3\n", "tags such as", (1, 1)),
    "tagged mapping": ("a: !x {b: 1}\n", "tags such as '!x'", (1, 4)),
    "long tag": ("a: !" + "x" * 500 + " 1\n", "...'", (1, 4)),
    "laughs": (LAUGHS, "aliases written out", None),
    "own alias": ("a: &a [*a]\n", "an alias refers to the value it stands in", (1, 4)),
    "own alias below": ("a: &a\n  b: {c: *a}\n", "an alias refers to the value it stands in", None),
    "unknown alias": ("a: *b\n", "not valid YAML: found undefined alias", (1, 4)),
    "deep list": ("[" * 100_000, "nested deeper than 20 levels", (1, 21)),
    "deep mapping": ("{a: " * 100_000, "nested deeper", (1, 81)),
    "deep block": ("- " * 300_000, "nested deeper", (1, 41)),
    "deep aliases": (
        "a: &a " + "[" * 15 + "]" * 15 + "\nb: " + "[" * 10 + "*a" + "]" * 10 + "\n",
        "nested deeper",
        None,
    ),
    "deep keys": ("? " * 300_000, "nested deeper", None),
    "many items": ("- a\n" * 200_000, "more than 50000 values", (50_000, 3)),
    "long integer": ("a: " + "9" * 5000 + "\n", "a number of 5000 characters is too long", (1, 4)),
    "long float": ("a: 1." + "9" * 5000 + "\n", "a number of 5002 characters is too long", (1, 4)),
    "too large a float": ("a: 1e999\n", "the number 1e999 is too large", (1, 4)),
    "tab": ("a:\n\tb: 1\n", "not valid YAML", (2, 1)),
    "open list": ("a: [1\n", "not valid YAML", None),
    "two colons": ("a: b: c\n", "not valid YAML: mapping values are not allowed", (1, 5)),
    "list and mapping": ("- a\nb: 1\n", "not valid YAML", (2, 1)),
    "zero byte": ("a: \0\n", "not valid YAML", (1, 1)),
    "escape": ("a: \x1b[31m\n", "not valid YAML", (1, 1)),
    "lone surrogate": ("a: \udcff\n", "not UTF-8 text", (1, 1)),
}


@pytest.fixture(params=["c", "pure"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers: the fast one, and the one for machines without libyaml."""
    if request.param == "pure":
        monkeypatch.setattr(yaml12, "_LOADER", yaml.SafeLoader)


@pytest.mark.parametrize(("text", "value"), SCALARS)
def test_plain_scalars_follow_the_core_rules(text: str, value: Any) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_not_a_number(text: str) -> None:
    assert math.isnan(resolve(text))  # type: ignore[arg-type]


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("style", ["'{}'", '"{}"', "|-\n  {}"])
@pytest.mark.parametrize("text", ["12:30", "on", "1e3", "null", "true", "0x1F", "~"])
def test_quoted_scalars_are_text(style: str, text: str) -> None:
    assert parse("a: " + style.format(text)).data == {"a": text}


@pytest.mark.usefixtures("loader")
def test_data_is_plain() -> None:
    text = "a: {b: [1, 2.5, 12:30, on]}\nc:\n- d: null\n- ~\ne: >-\n  folded\n  text\n"
    assert parse(text).data == {
        "a": {"b": [1, 2.5, "12:30", "on"]},
        "c": [{"d": None}, None],
        "e": "folded text",
    }


@pytest.mark.usefixtures("loader")
def test_keys_of_yaml_1_1_stay_text() -> None:
    assert parse("on: 1\n12:30: 2\n<<: {a: 1}\n'1': 3\n").data == {"on": 1, "12:30": 2, "<<": {"a": 1}, "1": 3}


@pytest.mark.usefixtures("loader")
def test_marks_are_of_keys_and_items() -> None:
    marks = parse("# head\ncity:\n  rows: 3\nriders:\n  shifts:\n    - start: 12:30\n    - {start: 1, end: 2}\n").marks
    assert marks == {
        (): (2, 1),
        ("city",): (2, 1),
        ("city", "rows"): (3, 3),
        ("riders",): (4, 1),
        ("riders", "shifts"): (5, 3),
        ("riders", "shifts", 0): (6, 7),
        ("riders", "shifts", 0, "start"): (6, 7),
        ("riders", "shifts", 1): (7, 7),
        ("riders", "shifts", 1, "start"): (7, 8),
        ("riders", "shifts", 1, "end"): (7, 18),
    }


@pytest.mark.usefixtures("loader")
def test_columns_count_characters() -> None:
    assert parse("{数: 1, b: 2}").marks["b",] == (1, 8)


@pytest.mark.usefixtures("loader")
def test_an_alias_is_a_copy_with_marks() -> None:
    document = parse("a: &x {b: [1]}\nc: *x\n")
    assert document.data == {"a": {"b": [1]}, "c": {"b": [1]}}
    assert document.data["a"] is not document.data["c"]
    assert document.marks["c", "b"] == (1, 8)
    assert document.marks["c",] == (2, 1)


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(("text", "message", "mark"), REFUSED.values(), ids=REFUSED)
def test_refused_quickly_and_with_its_place(text: str, message: str, mark: tuple[int, int] | None) -> None:
    start = time.process_time()
    with pytest.raises(YamlError) as caught:
        parse(text)
    assert message in str(caught.value)
    assert mark in (None, caught.value.mark)
    assert len(str(caught.value)) < 200
    assert time.process_time() - start < 20


@pytest.mark.usefixtures("loader")
def test_the_bounds_themselves_are_allowed() -> None:
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH).data
    assert parse("a: " + "9" * 100).data == {"a": int("9" * 100)}
    assert len(parse("- a\n" * (MAX_NODES - 1)).data) == MAX_NODES - 1


def test_the_pure_loader_stands_in_for_the_fast_one() -> None:
    assert getattr(yaml, "CSafeLoader", yaml.SafeLoader) is yaml12._LOADER


@pytest.mark.parametrize(
    ("raw", "message", "mark"),
    [
        (b"a: " + b"x" * 2 * MAX_BYTES, "larger than 1048576 bytes", (1, 1)),
        (b"a: 1\nb: \xff\xfe\n", "not UTF-8", (2, 1)),
        ("a: 1".encode("utf-16"), "not UTF-8", (1, 1)),
        (b"\x7fELF\x02\x01\x01\x00\x00", "not valid YAML", (1, 1)),
        (b"\x89PNG\r\n\x1a\n", "not UTF-8", (1, 1)),
        (b"", "nothing in it", (1, 1)),
    ],
    ids=["2 MiB", "latin", "utf-16", "program", "picture", "empty"],
)
def test_files_that_are_refused(tmp_path: Path, raw: bytes, message: str, mark: tuple[int, int]) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(raw)
    with pytest.raises(YamlError, match=message) as caught:
        read(path)
    assert caught.value.mark == mark


@pytest.mark.parametrize("raw", [b"a: 1", b"\xef\xbb\xbfa: 1\r\n", b"%YAML 1.2\n---\na: 1\n...\n", b"# x\na: 1"])
def test_files_that_are_read(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(raw)
    assert read(path).data == {"a": 1}


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: " + b"x" * (MAX_BYTES - 3))
    assert len(read(path).data["a"]) == MAX_BYTES - 3


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
TRICKY = st.sampled_from([text for text, _ in SCALARS] + ["- a", "a: b", "# x", " x", "x ", "\t", "*a", "!x", "{", "'"])
FLOATS = st.floats(allow_nan=False)
VALUES = st.none() | st.booleans() | st.integers(-(10**90), 10**90) | FLOATS | TEXT | TRICKY
DATA = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT | TRICKY, inner, max_size=4)
)


@given(VALUES)
def test_any_scalar_reads_back_equal(value: Any) -> None:
    found = parse(dump({"a": value})).data["a"]
    assert found == value
    assert type(found) is type(value)


@given(TEXT | TRICKY)
def test_text_is_safe_for_readers_of_1_1_too(text: str) -> None:
    assert yaml.safe_load(dump([text])) == [text]


@given(st.dictionaries(TEXT | TRICKY, DATA, min_size=1, max_size=4))
def test_any_data_reads_back_equal_and_in_order(data: dict[str, Any]) -> None:
    found = parse(dump(data)).data
    assert found == data
    assert list(found) == list(data)


def refusal(reading: Callable[[], Document]) -> str:
    try:
        return str(reading().marks[()])
    except YamlError as error:
        return f"{error.mark}: {error}"


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert "\n" not in refusal(lambda: parse(text))


@given(st.binary(max_size=200))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(raw)
    assert "\n" not in refusal(lambda: read(path))


def test_dump_is_block_style_without_anchors() -> None:
    shared = [1, 2]
    assert dump({"b": shared, "a": shared, "t": "12:30", "数": "1e3"}) == (
        "b:\n- 1\n- 2\na:\n- 1\n- 2\nt: '12:30'\n数: '1e3'\n"
    )

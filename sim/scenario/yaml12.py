"""YAML by the 1.2 core rules: plain data, where every key stands, and text that reads back the same.

PyYAML follows YAML 1.1, where ``12:30`` is 750 and ``on`` is true. Here its fast parser only finds the
structure; what a plain scalar means is decided by :func:`resolve`. Nothing in a file can run code.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 1 << 20
MAX_DEPTH = 20
MAX_NODES = 50_000
MAX_DIGITS = 100

Loc = tuple[str | int, ...]
"""Where a value stands in the data: ``("riders", "shifts", 0, "start")``."""
Mark = tuple[int, int]
"""Line and column, both counted from 1."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"], None),
    **dict.fromkeys(["true", "True", "TRUE"], True),
    **dict.fromkeys(["false", "False", "FALSE"], False),
}
_INTEGERS = {10: re.compile(r"[-+]?[0-9]+"), 8: re.compile(r"0o[0-7]+"), 16: re.compile(r"0x[0-9a-fA-F]+")}
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


class YamlError(ValueError):
    """A text that is refused, with the line and column (from 1) where it goes wrong."""

    def __init__(self, message: str, mark: Mark = (1, 1)) -> None:
        super().__init__(message)
        self.mark = mark


@dataclass(frozen=True)
class Document:
    """What a YAML text says.

    Attributes
    ----------
    data
        Mappings with text keys, lists, text, numbers, booleans and None.
    marks
        For each path the place of its key, or of the item in a list; ``()`` is the whole document.
    """

    data: Any
    marks: dict[Loc, Mark]


def read(path: Path) -> Document:
    """Read a UTF-8 file of at most 1 MiB.

    Raises
    ------
    YamlError
        When the file is too large, not UTF-8 or refused by :func:`parse`.
    OSError
        When it cannot be read.
    """
    with path.open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise YamlError(f"the file is larger than {MAX_BYTES} bytes")
    try:
        return parse(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise YamlError("the file is not UTF-8 text", (raw.count(b"\n", 0, error.start) + 1, 1)) from None


def parse(text: str) -> Document:
    """Plain data and marks of one YAML document.

    Raises
    ------
    YamlError
        When the text is empty, not YAML, holds tags, duplicate or non-text keys, a second document or an
        alias inside its own anchor, or is deeper than 20 levels or larger than 50,000 nodes with every
        alias written out.
    """
    try:
        text.encode()
        _refuse_hostile_structure(text)
        root = yaml.compose(text, Loader=_LOADER)
    except UnicodeEncodeError:
        raise YamlError("not UTF-8 text") from None
    except yaml.MarkedYAMLError as error:
        raise YamlError(f"not valid YAML: {error.problem}", _mark(error.problem_mark)) from None
    except yaml.YAMLError as error:
        raise YamlError(f"not valid YAML: {str(error).splitlines()[0]}") from None
    if root is None:
        raise YamlError("nothing in it: no key, no value")
    build = _Build()
    return Document(build.value(root, ()), build.marks)


def resolve(text: str) -> bool | int | float | str | None:
    """What a plain (unquoted) scalar means by the YAML 1.2 core rules.

    Raises
    ------
    ValueError
        When it is a number of more than 100 characters or beyond a 64-bit float.
    """
    if text in _WORDS:
        return _WORDS[text]
    base = next((base for base, pattern in _INTEGERS.items() if pattern.fullmatch(text)), None)
    if base is None and not _FLOAT.fullmatch(text):
        return float(text.replace(".", "")) if _SPECIAL.fullmatch(text) else text
    if len(text) > MAX_DIGITS:
        raise ValueError(f"a number of {len(text)} characters is too long")
    return _finite(text) if base is None else int(text, base)


def dump(data: Any) -> str:
    """Block-style YAML in the order of the data, which :func:`parse` and YAML 1.1 readers read alike."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=120)


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"the number {text} is too large")
    return number


def _mark(mark: Any) -> Mark:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _refuse_hostile_structure(text: str) -> None:
    # Before compose(), which recurses: events come one by one and cost nothing to abandon.
    depth = documents = nodes = 0
    for event in yaml.parse(text, Loader=_LOADER):
        documents += isinstance(event, yaml.DocumentStartEvent)
        nodes += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        _check_size(depth, nodes, event)
        if documents > 1:
            raise YamlError("more than one document in the file", _mark(event.start_mark))
        if tag := getattr(event, "tag", None):
            raise YamlError(f"tags such as {_short(tag)} are not allowed", _mark(event.start_mark))


def _check_size(depth: int, nodes: int, at: Any) -> None:
    if depth > MAX_DEPTH:
        raise YamlError(f"nested deeper than {MAX_DEPTH} levels", _mark(at.start_mark))
    if nodes > MAX_NODES:
        raise YamlError(f"more than {MAX_NODES} values, aliases written out", _mark(at.start_mark))


@dataclass
class _Build:
    """Turns composed nodes into data, aliases written out, and keeps the marks."""

    marks: dict[Loc, Mark] = field(default_factory=dict)
    nodes: int = 0
    ancestors: list[yaml.Node] = field(default_factory=list)

    def value(self, node: yaml.Node, path: Loc) -> Any:
        self.nodes += 1
        self.marks.setdefault(path, _mark(node.start_mark))
        _check_size(len(self.ancestors), self.nodes, node)
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        with self._inside(node):
            return self._mapping(node, path) if isinstance(node, yaml.MappingNode) else self._list(node, path)

    @contextmanager
    def _inside(self, node: yaml.Node) -> Iterator[None]:
        if any(node is ancestor for ancestor in self.ancestors):
            raise YamlError("an alias refers to the value it stands in", _mark(node.start_mark))
        self.ancestors.append(node)
        yield
        self.ancestors.pop()

    def _list(self, node: yaml.Node, path: Loc) -> list[Any]:
        return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]

    def _mapping(self, node: yaml.Node, path: Loc) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = _key(key_node)
            if key in data:
                raise YamlError(f"duplicate key {_short(key)}", _mark(key_node.start_mark))
            self.marks[(*path, key)] = _mark(key_node.start_mark)
            data[key] = self.value(value_node, (*path, key))
        return data


def _key(node: yaml.Node) -> str:
    key = _scalar(node) if isinstance(node, yaml.ScalarNode) else None
    if isinstance(key, str):
        return key
    written = _short(node.value) if isinstance(node, yaml.ScalarNode) else "a list or mapping"
    raise YamlError(f"a key must be text, not {written} (quote it)", _mark(node.start_mark))


def _scalar(node: yaml.ScalarNode) -> Any:
    if node.style:
        return node.value
    try:
        return resolve(node.value)
    except ValueError as error:
        raise YamlError(str(error), _mark(node.start_mark)) from None


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")


class _Dumper(yaml.SafeDumper):
    """Writes every value out (no anchors) and quotes text that 1.1 or 1.2 would read as something else."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text_node(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # Line breaks such as U+0085 survive only between double quotes.
    style = '"' if not text.isprintable() else None if _stays_text(text) else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _stays_text(text: str) -> bool:
    try:
        return isinstance(resolve(text), str)
    except ValueError:
        return False


_Dumper.add_representer(str, _text_node)

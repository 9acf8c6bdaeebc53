"""Parameters of policies are held against their annotations: text is no number and no switch."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from numbers import Integral, Real
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

PLAIN: dict[Any, tuple[str, type]] = {
    bool: ("true or false", bool),
    int: ("a whole number", Integral),
    float: ("a number", Real),
    str: ("text", str),
    types.NoneType: ("null", types.NoneType),
}
"""What is expected of a plain type, in words and as what Python counts as it; a whole number is a number."""
UNREADABLE = (NameError, TypeError, AttributeError, SyntaxError, ValueError)
"""How annotations fail that say nothing here."""


def fault_of(made: Callable[..., Any], given: Mapping[str, Any]) -> str:
    """What is wrong with the types of a policy's parameters, empty when nothing is.

    A list serves wherever several values are wanted. What has no annotation, or one that is no number, text, switch,
    list or mapping of such, is not checked: strangers need not write any.

    Parameters
    ----------
    made
        The policy's class.
    given
        Its parameters.
    """
    hints = _hints(made) if given else {}
    return next((fault for name in given if name in hints for fault in _faults(name, given[name], hints[name])), "")


def _hints(made: Callable[..., Any]) -> dict[str, Any]:
    try:
        return get_type_hints(made if is_dataclass(made) else made.__init__)
    except UNREADABLE:
        return {}


def _faults(where: str, value: object, hint: Any) -> Iterator[str]:
    origin, inner = get_origin(hint) or hint, get_args(hint)
    if origin in (Union, types.UnionType):
        faults = [next(_faults(where, value, member), "") for member in inner]
        yield from faults[:1] if all(faults) else ()
    elif origin is Literal:
        if value not in inner:
            yield _told(where, " or ".join(map(repr, inner)), value)
    elif not isinstance(origin, type):
        return
    elif origin in PLAIN:
        if not isinstance(value, PLAIN[origin][1]) or (isinstance(value, bool) and origin is not bool):
            yield _told(where, PLAIN[origin][0], value)
    elif issubclass(origin, Mapping):
        yield from _of_mapping(where, value, inner or (Any, Any))
    elif issubclass(origin, Sequence):
        yield from _of_list(where, value, inner or (Any, ...))


def _of_mapping(where: str, value: object, inner: Sequence[Any]) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield _told(where, "a mapping", value)
        return
    for key, item in value.items():
        yield from _faults(f"{where}.{key}", key, inner[0])
        yield from _faults(f"{where}.{key}", item, inner[1])


def _of_list(where: str, value: object, inner: Sequence[Any]) -> Iterator[str]:
    if not isinstance(value, list | tuple):
        yield _told(where, "a list", value)
        return
    each = inner if len(inner) > 1 and inner[1] is not ... else [inner[0]] * len(value)
    if len(each) != len(value):
        yield _told(where, f"a list of {len(each)}", value)
        return
    for at, (item, hint) in enumerate(zip(value, each, strict=True)):
        yield from _faults(f"{where}.{at}", item, hint)


def _told(where: str, expected: str, value: object) -> str:
    text = "null" if value is None else repr(value)
    return f"{where}: expected {expected}, got {text if len(text) <= 60 else f'{text[:57]}...'}"

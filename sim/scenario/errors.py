"""What is wrong with a scenario, one line per problem, with file, line and column."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sim.scenario.yaml12 import Loc
from sim.spelling import did_you_mean

MAX_PROBLEMS = 10
MAX_SHOWN = 60

_NOUNS = {
    **dict.fromkeys(["int_type", "int_parsing", "int_parsing_size", "int_from_float"], "an integer"),
    **dict.fromkeys(["float_type", "float_parsing"], "a number"),
    **dict.fromkeys(["bool_type", "bool_parsing"], "true or false"),
    **dict.fromkeys(["list_type", "tuple_type", "set_type", "frozen_set_type"], "a list"),
    **dict.fromkeys(["dict_type", "mapping_type", "model_type", "model_attributes_type"], "a mapping"),
    "finite_number": "a finite number",
    "string_type": "text",
    "none_required": "null",
}
_RANGES = {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}
_SIGNS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}


class ScenarioError(ValueError):
    """A scenario (or study, or gate) that cannot be used.

    Parameters
    ----------
    problems
        One sentence each, starting with its location; control characters are escaped.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__(*(_one_line(problem) for problem in problems))

    def __str__(self) -> str:
        return "\n".join(self.args)


def describe(error: ValidationError, model: type[BaseModel], places: Mapping[Loc, str]) -> list[str]:
    """The problems of a validation, as lines for a :class:`ScenarioError`.

    Parameters
    ----------
    error
        What pydantic found.
    model
        The class that was validated.
    places
        Printed location of each known path, at least of ``()``.

    Returns
    -------
    list of str
        At most ten lines, and ``... and N more`` if there are more problems.
    """
    found = error.errors(include_url=False)
    lines: dict[tuple[str, str], list[str]] = {}
    for index, problem in enumerate(found):
        head, want, tail = _problem(problem, model, places)
        if len(lines) == MAX_PROBLEMS and (head, tail) not in lines:
            return [*_joined(lines), f"... and {len(found) - index} more"]
        lines.setdefault((head, tail), []).append(want)
    return _joined(lines)


def nearest(places: Mapping[Loc, str], loc: Loc) -> str:
    """Printed location of a path, or of the closest one around it; empty where none is known."""
    return next((places[loc[:n]] for n in range(len(loc), -1, -1) if loc[:n] in places), "")


def shown(value: object) -> str:
    """A value as a message shows it, in at most 60 characters."""
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    text = "null" if value is None else text
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in " ".join(text.splitlines()))


def _joined(lines: Mapping[tuple[str, str], Sequence[str]]) -> list[str]:
    # Every member of a union complains on its own: expected an integer, expected text, both got [1].
    return [
        head + " or ".join(dict.fromkeys(wants)).replace(" or expected", " or") + tail
        for (head, tail), wants in lines.items()
    ]


def _problem(problem: Any, model: type[BaseModel], places: Mapping[Loc, str]) -> tuple[str, str, str]:
    spot = _follow(model, problem["loc"])
    path = spot.path
    if problem["type"].startswith("union_tag"):
        path = (*path, problem["ctx"]["discriminator"].strip("'"))
    place = nearest(places, path)
    dotted = ".".join(str(part) if len(str(part)) <= MAX_SHOWN else f"{str(part)[: MAX_SHOWN - 3]}..." for part in path)
    want, tail = _message(problem, spot, model)
    return f"{place}: {dotted}: " if path else f"{place}: ", want, tail


def _message(problem: Any, spot: _Spot, model: type[BaseModel]) -> tuple[str, str]:
    kind, context, got = problem["type"], problem.get("ctx", {}), f", got {shown(problem['input'])}"
    if kind == "extra_forbidden":
        return "unknown key", _known_key(model, problem["loc"])
    if kind == "missing":
        return "missing key", ""
    if kind.startswith("union_tag"):
        return _tag_message(problem, spot)
    if kind in ("literal_error", "enum"):
        return _choice_message(problem["input"], context["expected"])
    if kind in _RANGES or kind in _NOUNS:
        return f"expected {_NOUNS.get(kind) or _noun(spot.hint)}{_range(spot.limits, context)}", got
    if isinstance(context.get("error"), Exception) and str(context["error"]):
        return str(context["error"]), ""
    return _plain(problem["msg"]), got


def _plain(message: str) -> str:
    # pydantic's own sentence: "Input should be a valid date ..." or "String should match pattern ..."
    message = message.replace("Input should be a valid", "expected a").replace("Input should be", "expected")
    return message[:1].lower() + message[1:]


def _choice_message(value: object, expected: str) -> tuple[str, str]:
    return f"expected {expected}", f", got {shown(value)}{did_you_mean(str(value)[:MAX_SHOWN], _quoted(expected))}"


def _known_key(model: type[BaseModel], loc: Loc) -> str:
    known = _names(_follow(model, loc[:-1]).hint)
    return did_you_mean(str(loc[-1]), [*known, "extends"] if len(loc) == 1 else known)


def _tag_message(problem: Any, spot: _Spot) -> tuple[str, str]:
    context, name = problem["ctx"], problem["ctx"]["discriminator"].strip("'")
    tags = _tags(spot.hint, name) or _quoted(context.get("expected_tags", ""))
    if problem["type"] == "union_tag_not_found":
        return f"missing key, expected {_either(tags)}" if tags else "missing key", ""
    return _choice_message(problem["input"].get(name, context["tag"]), _either(tags))


def _either(words: Sequence[str]) -> str:
    *first, last = map(repr, words)
    return f"{', '.join(first)} or {last}" if first else last


def _quoted(text: str) -> list[str]:
    return re.findall(r"'([^']*)'", text)


def _noun(hint: Any) -> str:
    return {int: "an integer", float: "a number"}.get(_bare(hint)[0], "a value")


def _range(limits: Sequence[Any], context: Mapping[str, Any]) -> str:
    bounds = [(name, getattr(limit, name, None)) for limit in limits for name in _SIGNS]
    stated = [f"{_SIGNS[name]} {value}" for name, value in bounds if value is not None]
    stated = stated or [f"{_SIGNS[name]} {context[name]}" for name in _SIGNS if name in context]
    return " " + " and ".join(stated) if stated else ""


@dataclass(frozen=True)
class _Spot:
    """A place in a model: the path people write, the type expected there and its limits."""

    path: Loc
    hint: Any
    limits: tuple[Any, ...] = ()


def _follow(model: type[BaseModel], loc: Loc) -> _Spot:
    """Walk a pydantic location through the types, dropping the union labels that pydantic puts in it."""
    spot = _Spot((), model)
    for part in loc:
        spot = _step(spot, part)
    hint, limits = _bare(spot.hint)
    return _Spot(spot.path, hint, (*spot.limits, *limits))


def _step(spot: _Spot, part: str | int) -> _Spot:
    if part == "[key]":
        return spot
    hint, _ = _bare(spot.hint)
    if _is_union(hint):
        return _Spot(spot.path, next((member for member in get_args(hint) if _answers_to(member, part)), Any))
    return _Spot((*spot.path, part), *_child(hint, part))


def _bare(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """A type without ``Annotated``, alias and ``Optional``, and the limits it carried."""
    if get_origin(hint) is Annotated:
        inner, *extras = get_args(hint)
        bare, limits = _bare(inner)
        return bare, (*limits, *(limit for extra in extras for limit in (extra, *getattr(extra, "metadata", ()))))
    members = [member for member in get_args(hint) if member is not type(None)]
    if _is_union(hint) and len(members) < len(get_args(hint)):
        return _bare(Union[tuple(members)])  # noqa: UP007 (built at run time)
    return _bare(hint.__value__) if hasattr(hint, "__value__") else (hint, ())


def _is_union(hint: Any) -> bool:
    return get_origin(hint) in (Union, types.UnionType)


def _child(hint: Any, part: str | int) -> tuple[Any, tuple[Any, ...]]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        found = {field.alias or name: field for name, field in hint.model_fields.items()}.get(str(part))
        return (found.annotation, tuple(found.metadata)) if found else (Any, ())
    args = get_args(hint)
    if isinstance(part, int) and get_origin(hint) is tuple and args[-1:] != (Ellipsis,):
        return (args[part] if part < len(args) else Any), ()
    return (args[0] if isinstance(part, int) else args[-1]) if args else Any, ()


def _names(hint: Any) -> list[str]:
    is_model = isinstance(hint, type) and issubclass(hint, BaseModel)
    return [field.alias or name for name, field in hint.model_fields.items()] if is_model else []


def _answers_to(member: Any, label: str | int) -> bool:
    """Whether a union's member goes by a label: a value of its discriminator, or its class name."""
    bare, _ = _bare(member)
    names = [name for name in _names(bare) if label in _literals(bare, name)]
    return bool(names) or getattr(bare, "__name__", None) == label


def _tags(union: Any, discriminator: str) -> list[str]:
    return [str(tag) for member in get_args(union) for tag in _literals(_bare(member)[0], discriminator)]


def _literals(model: Any, name: str) -> tuple[Any, ...]:
    hint = _child(model, name)[0]
    return get_args(hint) if get_origin(hint) is Literal else ()

"""Every command explains itself and its options."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from sim.cli.app import app
from tests.cli.command import Paotui

SPECIFIED = {
    *{("run",), ("report",), ("policies",), ("check-policy",), ("schema",), ("new", "policy"), ("new", "scenario")},
    *{("import", "mdrp"), ("bench", "mdrp"), ("bench", "speed")},
}


def tree(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, inner in getattr(command, "commands", {}).items():
        yield (*words, name)
        yield from tree(inner, (*words, name))


COMMANDS = list(tree(typer.main.get_command(app)))
OPTIONS = {
    ("run",): ["--seed", "--days", "--dispatch", "--set", "--out"],
    ("bench", "mdrp"): ["--dispatch", "--export", "--out"],
    ("bench", "speed"): ["--orders", "--rounds", "--json"],
    ("import", "mdrp"): ["--out", "--dispatch"],
}


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_of_a_command(words: tuple[str, ...], flag: str, paotui: Paotui) -> None:
    answer = paotui(*words, flag)
    assert (answer.code, answer.err) == (0, "")
    text = plain(answer.out)
    assert " ".join(("Usage: paotui", *words)) in " ".join(text.split())
    assert all(option in text for option in OPTIONS.get(words, []))
    assert len(text.split()) > 8


def test_every_command_of_the_specification_is_there() -> None:
    assert set(COMMANDS) >= SPECIFIED


def test_the_overview_names_every_command(paotui: Paotui) -> None:
    text = plain(paotui("--help").out)
    assert all(re.search(rf"\b{words[0]}\b", text) for words in COMMANDS)
    assert "digital twin" in text


@pytest.mark.parametrize("words", [(), ("new",), ("import",), ("bench",)])
def test_without_a_command_there_is_help(words: tuple[str, ...], paotui: Paotui) -> None:
    answer = paotui(*words)
    assert answer.code in (0, 2)
    assert "Usage: paotui" in plain(answer.out + answer.err)


@pytest.mark.parametrize(
    "words", [("rum",), ("run",), ("run", "a", "b"), ("run", "campus_lunch", "--sed", "1"), ("bench", "mdrp")]
)
def test_a_slip_of_the_pen_is_a_usage_error(words: tuple[str, ...], paotui: Paotui) -> None:
    answer = paotui(*words)
    assert answer.code == 2
    assert answer.out == ""
    assert "Usage: paotui" in plain(answer.err)
    assert "Traceback" not in answer.err

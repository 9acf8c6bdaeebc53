"""A gate's verdict on GitHub: annotations beside the gate's lines, and the step's summary."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sim.experiment.gate.document import COLUMNS, changed, headline, rows, sentence
from sim.experiment.gate.result import GateResult
from sim.experiment.gate.verdict import Finding
from sim.scenario.gate import places_of

MOST = 10
"""GitHub shows no more errors of a step."""


def commands(result: GateResult, root: Path | None = None) -> list[str]:
    """Workflow commands for what failed, the worst first.

    Parameters
    ----------
    root
        Folder of the repository, which the gate's path is told from; None tells it as it was given.
    """
    places, file = places_of(result.plan.path), _relative(result.plan.path, root)
    told: list[tuple[tuple[float, float], int, str, str]] = []
    for finding, power in zip(result.findings, result.power, strict=True):
        if finding.verdict != "pass":
            check = finding.check
            key = ("success" if check.role == "success" else "guardrails", check.kpi)
            title = f"{finding.verdict}: {check.kpi} in {check.scenario}"
            line = places.get(key, (1, 1))[0]
            told.append((_badness(finding), line, title, sentence(finding, power)))
    if result.back_test is not None and not result.back_test.same:
        line = places.get(("blessed",), (1, 1))[0]
        told.append(((1.0, 0.0), line, "simulator changed", changed(result.back_test, file)))
    told.sort(key=lambda item: item[0])
    return [_command(file, line, title, message) for _, line, title, message in told[:MOST]]


def summary(result: GateResult) -> str:
    """Markdown for the step's summary."""
    lines = [f"### paotui gate {_cell(headline(result))}", ""]
    lines += [_line(COLUMNS), _line(["---"] * len(COLUMNS)), *map(_line, rows(result)), ""]
    if result.back_test is not None and not result.back_test.same:
        told = changed(result.back_test, result.plan.path)
        lines += ["**Simulator changed**", "", *(f"- {_cell(line)}" for line in told.splitlines()), ""]
    return "\n".join(lines)


def _badness(finding: Finding) -> tuple[float, float]:
    """Regressions first; within a verdict by how far the benefit is below its line, in standard errors."""
    error = finding.deviation / max(finding.replications, 1) ** 0.5
    below = finding.check.sign * finding.difference - finding.check.hurdle
    distance = below / error if error else float("-inf")
    return (0.0 if finding.verdict == "regression" else 2.0, distance if distance == distance else float("-inf"))


def _relative(path: Path, root: Path | None) -> Path:
    inside = root is not None and path.resolve().is_relative_to(root.resolve())
    return path.resolve().relative_to(root.resolve()) if inside and root else path


def _command(file: Path, line: int, title: str, message: str) -> str:
    return f"::error file={_property(file.as_posix())},line={line},title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    for mark, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("|", "\\|")):
        text = text.replace(mark, entity)
    return " ".join(text.split())

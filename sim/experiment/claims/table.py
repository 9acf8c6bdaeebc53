"""The record of the claims: a table for people and spreadsheets, and every reading for the page."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from io import StringIO
from math import isfinite
from pathlib import Path
from typing import Any

from sim.experiment.claims.finding import Finding, document, fixed, read_finding
from sim.experiment.folder import write_json, write_text

COLUMNS = ("id", "claim", "quoted", "effect", "low", "high", "unit", "replications", "verdict", "carried_by")


def write_findings(findings: Sequence[Finding], out: Path) -> None:
    """Replace the rows of these claims in ``claims.csv`` and ``claims.json``, and keep all others; by id."""
    out.mkdir(parents=True, exist_ok=True)
    rows = _table(out / "claims.csv") | {f.claim.id: row_of(f) for f in findings}
    documents = _documents(out / "claims.json") | {f.claim.id: document(f) for f in findings}
    write_text(out / "claims.csv", _csv([rows[name] for name in sorted(rows)]))
    write_json(out / "claims.json", [documents[name] for name in sorted(documents)])


def read_findings(out: Path) -> list[Finding]:
    """All findings of a folder, by id; none where there is no record."""
    return [read_finding(found) for found in _documents(out / "claims.json").values()]


def row_of(finding: Finding) -> dict[str, str]:
    """A row of ``claims.csv``; a value that does not exist is empty."""
    claim, measured = finding.claim, finding.own.estimate
    numbers = [_cell(value) for value in (measured.mean, measured.low, measured.high)]
    told = (claim.unit, str(measured.replications), finding.verdict, finding.carried_by)
    return dict(zip(COLUMNS, (claim.id, claim.sentence, f"{claim.quoted:g}", *numbers, *told), strict=True))


def _cell(value: float) -> str:
    return fixed(value, 3) if isfinite(value) else ""


def _csv(rows: Sequence[dict[str, str]]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _table(path: Path) -> dict[str, dict[str, str]]:
    if not path.is_file():
        return {}
    reader = csv.DictReader(StringIO(path.read_text(encoding="utf-8")))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ValueError(f"{path}: not a table of claims (its columns are not {', '.join(COLUMNS)})")
    return {row["id"]: row for row in reader}


def _documents(path: Path) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
        return {each["claim"]["id"]: each for each in found}
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"{path}: not a record of claims; delete it or choose another --out") from None

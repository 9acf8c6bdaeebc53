"""The page of the claims: quoted and measured side by side, and how each verdict moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from sim.experiment.claims.finding import Finding, Range, Reading, shown
from sim.experiment.claims.gauge import measure_of
from sim.experiment.claims.verdict import ABOUT, VERDICTS
from sim.report.page import write_page
from sim.report.plots.claim_bar import Bar, Scale, bar, scale_of
from sim.report.wording import MISSING, number, share, title
from sim.scenario.claim import Claim
from sim.scenario.study import Settings

TONES = {"supported": "yes", "smaller": "part", "not supported": "no"}
LEVELS = {"at_least": "at least ", "at_most": "at most ", "about": "about "}
OUTCOMES = {
    "supported": ("is supported", "are supported"),
    "smaller": ("is smaller than quoted", "are smaller than quoted"),
    "not supported": ("is not supported", "are not supported"),
    "depends": ("holds only under some assumptions", "hold only under some assumptions"),
}
FINE = 2.0
"""Readings whose interval lies within this distance of zero are told with two decimals."""
ARROW = " → "


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One reading in words and as a bar; `own` marks the study's own."""

    value: str
    own: bool
    measured: str
    interval: str
    verdict: str
    tone: str
    delivered: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class RangeBlock:
    """How a claim moves over one assumption."""

    path: str
    sentence: str
    source: str
    carrier: bool
    rows: list[ReadingRow]


@dataclass(frozen=True, slots=True)
class ClaimBlock:
    """A claim as the page shows it; `moves` has tone, verdict and values of the assumption that carries it."""

    id: str
    sentence: str
    note: str
    quoted: str
    own: ReadingRow
    replications: int
    verdict: str
    tone: str
    carrier: str
    moves: list[tuple[str, str, str]]
    facts: list[tuple[str, str]]
    ranges: list[RangeBlock]


def write_claims(findings: Sequence[Finding], folder: Path) -> Path:
    """Write ``claims.html``; the same findings give the same bytes.

    Returns
    -------
    Path
        The page.
    """
    values = {"claims": [block(each) for each in findings], "lead": lead(findings), "about": f"{ABOUT:.0%}"}
    return write_page(folder / "claims.html", "claims.html", values)


def lead(findings: Sequence[Finding]) -> str:
    """What came out, in a sentence."""
    if not findings:
        return "No claim has been put to the test yet."
    found = Counter("depends" if each.verdict.startswith("depends") else each.verdict for each in findings)
    parts = [f"{found[key]} {one if found[key] == 1 else many}" for key, (one, many) in OUTCOMES.items() if found[key]]
    text = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    return f"Of {len(findings)} quoted {'claim' if len(findings) == 1 else 'claims'}, {text}."


def block(finding: Finding) -> ClaimBlock:
    """A claim in words and bars."""
    claim, carrier, scale = finding.claim, finding.carrier, scale_of(finding)
    depends = carrier.decides
    return ClaimBlock(
        id=claim.id,
        sentence=claim.sentence,
        note=claim.note.strip(),
        quoted=LEVELS.get(claim.level or "", "") + amount(claim, claim.quoted, 0 if claim.quoted.is_integer() else 1),
        own=_row(claim, finding.own, True, scale),
        replications=finding.own.estimate.replications,
        verdict="depends" if depends else finding.verdict,
        tone="moves" if depends else TONES[finding.verdict],
        carrier=carrier.assumption.path,
        moves=_moves(carrier),
        facts=_facts(claim),
        ranges=[_range(claim, each, each is carrier, scale) for each in finding.ranges],
    )


def amount(claim: Claim, value: float, digits: int = 1) -> str:
    """A number in the claim's unit, with its sign where it is an effect."""
    if not isfinite(value):
        return MISSING
    value = round(value, digits) + 0.0
    sign = "+" if value > 0 and not claim.level else ""
    return f"{sign}{number(value, digits)}{'%' if claim.unit == '%' else f' {claim.unit}'}"


def _row(claim: Claim, reading: Reading, own: bool, scale: Scale) -> ReadingRow:
    e = reading.estimate
    digits = 2 if max(abs(e.low), abs(e.high)) < FINE else 1
    low, high = (amount(claim, value, digits).removesuffix("%").partition(" ")[0] for value in (e.low, e.high))
    return ReadingRow(
        value=shown(reading.value),
        own=own,
        measured=amount(claim, e.mean, digits),
        interval=f"{low} to {high}" if isfinite(e.low) else "no interval",
        verdict=reading.verdict,
        tone=TONES[reading.verdict],
        delivered=ARROW.join(share(value) for value in reading.delivered.values()),
        bar=bar(claim, e, scale),
    )


def _range(claim: Claim, found: Range, carrier: bool, scale: Scale) -> RangeBlock:
    a = found.assumption
    rows = [_row(claim, reading, reading is found.own, scale) for reading in found.readings]
    return RangeBlock(a.path, a.sentence, a.source.removeprefix("assumption: "), carrier, rows)


def _moves(carrier: Range) -> list[tuple[str, str, str]]:
    found = {v: [shown(r.value) for r in carrier.readings if r.verdict == v] for v in VERDICTS}
    return [(TONES[verdict], verdict, ", ".join(values)) for verdict, values in found.items() if values]


def _facts(claim: Claim) -> list[tuple[str, str]]:
    kpis = zip(("KPI", "For each percent of"), map(measure_of, claim.kpis), strict=False)
    measured = [(word, f"{title(kpi.name)}: {kpi.definition}") for word, kpi in kpis]
    arms = {"Baseline": claim.baseline, "Variant": claim.variant} if not claim.level else {"Measured": claim.settings}
    told = [(name, _told(arm or {})) for name, arm in arms.items()]
    shared = [("Settings", _told(claim.settings))] if claim.settings and not claim.level else []
    return [*measured, *told, *shared, ("Scenario", Path(claim.scenario).stem)]


def _told(settings: Settings) -> str:
    return ", ".join(f"{path} = {shown(value)}" for path, value in settings.items()) or "as in the scenario"

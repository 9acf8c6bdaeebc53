"""The report of a study: variants compared on the same cities."""

from __future__ import annotations

from pathlib import Path

from sim.city.build import build_city
from sim.experiment.compare import Comparison
from sim.experiment.roi import Roi
from sim.report.assumptions import blocks, changed
from sim.report.campaign import campaign
from sim.report.comparison.figures import plots
from sim.report.comparison.numbers import unit
from sim.report.comparison.story import findings, opening, pairing
from sim.report.comparison.summary import markdown, summary
from sim.report.comparison.tables import cohorts, differing, tables, trade_off
from sim.report.comparison.verdict import CERTAIN, varying
from sim.report.comparison.zone_change import FEWEST
from sim.report.page import write_page
from sim.report.pictures import draw_all
from sim.report.retention import range_table
from sim.report.wording import title


def report_compare(result: Comparison, out: Path, roi: Roi | None = None) -> Path:
    """Write ``compare.html``, its summary as ``compare.md``, and ``figures/``; the same study gives the same bytes.

    Parameters
    ----------
    result
        A finished study.
    out
        Folder to write into; made when it is not there.
    roi
        Where the study is of a campaign, what it cost and brought in.

    Returns
    -------
    Path
        The page.
    """
    study, base = result.study, result.scenarios[result.study.reference]
    pictures = draw_all(plots(result, build_city(base)), out / "figures", " ".join(result.rows))
    shown, assumptions, table = varying(result), blocks(base), summary(result)
    (out / "compare.md").write_text(markdown(table), encoding="utf-8", newline="\n")
    values = {
        "study": study,
        "scenario": base,
        "replications": result.replications,
        "opening": opening(result),
        "findings": findings(result),
        "pairing": pairing(result),
        "selection": result.selection,
        "summary": table,
        "pictures": {picture.name: picture for picture in pictures},
        "maps": [picture for picture in pictures if picture.name.startswith("zones_")],
        "fewest_orders": FEWEST,
        "certain": CERTAIN,
        "comparisons": result.tests,
        "constant": [title(kpi) for kpi in dict.fromkeys(e.kpi for e in result.effects) if kpi not in shown],
        "pareto": [(title(kpi), unit(kpi)) for kpi in study.pareto],
        "trade_off": trade_off(result),
        "variants": list(result.rows),
        "cohorts": cohorts(result),
        "tables": tables(result),
        "campaign": campaign(roi) if roi else None,
        "range": range_table(out, result.scenarios),
        "settings": differing(result),
        "blocks": assumptions,
        "changed": changed(assumptions),
    }
    return write_page(out / "compare.html", "compare.html", values)

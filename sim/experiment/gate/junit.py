"""A gate's verdict as JUnit XML: a testcase for each check, and one for the back-test."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as Xml

from sim.experiment.folder import write_text
from sim.experiment.gate.document import changed, headline, sentence
from sim.experiment.gate.result import GateResult

REFUSED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold, escaped or not."""


def write_junit(result: GateResult, path: Path) -> None:
    """Write the file in one piece.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    write_text(path, junit(result))


def junit(result: GateResult) -> str:
    """The document."""
    name = _clean(result.plan.gate.name)
    suite = Xml.Element("testsuite", name=name)
    for finding, power in zip(result.findings, result.power, strict=True):
        check, told = finding.check, _clean(sentence(finding, power))
        case = Xml.SubElement(
            suite, "testcase", classname=f"{name}.{_clean(check.scenario)}", name=f"{check.kpi} ({check.role})"
        )
        if finding.verdict == "pass":
            Xml.SubElement(case, "system-out").text = told
        else:
            Xml.SubElement(case, "failure", type=finding.verdict, message=told).text = told
    if result.back_test is not None:
        case = Xml.SubElement(suite, "testcase", classname=name, name="blessed rows of the baseline")
        if not result.back_test.same:
            why = Xml.SubElement(case, "failure", type="simulator changed", message="simulator changed")
            why.text = _clean(changed(result.back_test, result.plan.path))
        elif result.back_test.notes:
            Xml.SubElement(case, "system-out").text = _clean("\n".join(result.back_test.notes))
    _count(suite)
    root = Xml.Element("testsuites", suite.attrib)
    root.append(suite)
    Xml.SubElement(suite, "system-out").text = _clean(headline(result))
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def _count(suite: Xml.Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", "0")
    suite.set("skipped", "0")


def _clean(text: str) -> str:
    return REFUSED.sub("\ufffd", text)

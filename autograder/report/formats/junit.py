"""JUnit XML, one file for each student, for systems that show tests: a suite for each question.

What students' code did wrong is a failure, what could not be judged is skipped, what is the suite's fault or ours is an
error. There is no more in it than students may see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from autograder.report import plain
from autograder.report.audience import Shown, ShownCheck, ShownQuestion, shown
from autograder.report.class_results import ClassResults
from autograder.types import Fault, Verdict

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KINDS = ("failures", "errors", "skipped")


def write(results: ClassResults) -> Iterator[Path]:
    """Write ``junit/<student>.xml`` for each."""
    for result in results.results:
        yield results.write(f"junit/{result.student}.xml", document(shown(result, results.course)))


def document(view: Shown) -> str:
    """Return a student's checks as the text of a JUnit file."""
    root = ElementTree.Element("testsuites", name=_safe(f"{view.assignment}: {view.student}"))
    for question in view.questions:
        if question.checks or view.problem:
            root.append(_suite(view, question))
    _count(root, [suite.attrib for suite in root])
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(view: Shown, question: ShownQuestion) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=_safe(question.title))
    for check in question.checks:
        suite.append(_case(view, question, check))
    kinds = {"failure": "failures", "error": "errors", "skipped": "skipped"}
    found = [kinds[inner.tag] for case in suite for inner in case if inner.tag in kinds]
    suite.attrib |= {"tests": str(len(suite)), **{kind: str(found.count(kind)) for kind in _KINDS}}
    suite.set("time", f"{sum(check.seconds for check in question.checks):.3f}")
    return suite


def _case(view: Shown, question: ShownQuestion, check: ShownCheck) -> ElementTree.Element:
    place = {"classname": f"{view.assignment}.{question.name}", "time": f"{check.seconds:.3f}"}
    case = ElementTree.Element("testcase", place, name=_safe(check.title))
    properties = ElementTree.SubElement(case, "properties")
    for name, value in (("points", check.points), ("max_points", check.max_points)):
        ElementTree.SubElement(properties, "property", name=name, value=f"{value:.6g}")
    if not check.passed:
        kind = "failure" if check.verdict.fault is Fault.STUDENT else "error"
        kind = "skipped" if check.verdict is Verdict.UNCHECKED else kind
        told = ElementTree.SubElement(case, kind, message=_safe(check.meaning), type=check.verdict.value)
        told.text = _safe(plain.explanation(check))
        if kind == "skipped":
            del told.attrib["type"]  # which is for the other two
    return case


def _count(root: ElementTree.Element, suites: list[dict[str, str]]) -> None:
    for name in ("tests", *_KINDS):
        root.set(name, str(sum(int(suite[name]) for suite in suites)))


def _safe(text: str) -> str:
    """Return text without what XML cannot hold."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)

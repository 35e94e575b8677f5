"""How often the mistake in wrong code is named, and how often a wrong one: `python benchmarks/diagnosis.py [hw3 ...]`.

How it works
------------
`wrong`, `more` and `blind`: functions of wrong_code/ and its folders, written as students write them (the last without
a look at the catalogues), each with the names of listed mistakes that it makes (none: it is not listed). `pairs`: two
listed mistakes of one question at once. `alternatives`: a listed mistake in a listed right variant of the rest. Each is
graded by the checks of its questions. A name that is not its own is wrong, unless it says the same; a relation or a
condition is a fact that the numbers show, and is counted on its own.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import runpy
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import document

from autograder.catalogue import Catalogue, read_catalogue
from autograder.course import Assignment, Course, load_course
from autograder.diagnosis.learning import Diagnosis, Setting
from autograder.errors import CourseError
from autograder.grade.digests import suite_digest
from autograder.suite.client import SuiteHost
from autograder.types import Check, Outcome, Plan, Submission, Verdict

ROOT = Path(__file__).parents[1]
WRONG_CODE = Path(__file__).parent / "wrong_code"
SEED = 1
COLUMNS = ("named", "named, beside another", "shown", "nothing", "WRONG NAME", "not caught")


@dataclass(frozen=True)
class Case:
    """Wrong code, and the names that are right for it."""

    name: str
    truth: frozenset[str]
    files: Mapping[str, bytes]
    questions: tuple[str, ...]


def overridden(files: Mapping[str, bytes], target: str, code: str) -> dict[str, bytes]:
    """Return the files with a function, or a method, defined anew at the end of its module."""
    module, *path = target.split(".")
    more = code if len(path) == 1 else f"{code}\n{'.'.join(path)} = {path[-1]}\n"
    file = f"nndl/{module}.py"
    return {**files, file: files[file] + more.encode()}


def wrong(catalogue: Catalogue, assignment: str, files: Mapping[str, bytes], count: int) -> Iterator[Case]:
    """Yield the functions of wrong_code/."""
    yield from _written(catalogue, WRONG_CODE / f"{assignment}.py", files)


def more(catalogue: Catalogue, assignment: str, files: Mapping[str, bytes], count: int) -> Iterator[Case]:
    """Yield the functions of wrong_code/more/."""
    yield from _written(catalogue, WRONG_CODE / "more" / f"{assignment}.py", files)


def blind(catalogue: Catalogue, assignment: str, files: Mapping[str, bytes], count: int) -> Iterator[Case]:
    """Yield the functions of wrong_code/blind/."""
    yield from _written(catalogue, WRONG_CODE / "blind" / f"{assignment}.py", files)


def _written(catalogue: Catalogue, file: Path, files: Mapping[str, bytes]) -> Iterator[Case]:
    for name, target, truth, code in runpy.run_path(str(file))["WRONG"] if file.exists() else ():
        questions = tuple(sorted(catalogue.questions_of(f"nndl.{target}")))
        questions = questions or tuple(
            q
            for q, starts in catalogue.holes.items()
            if any(f"nndl.{target}".startswith(s.rpartition(".")[0]) for s in starts)
        )
        yield Case(name, frozenset(truth), overridden(files, target, code), questions)


def pairs(catalogue: Catalogue, assignment: str, files: Mapping[str, bytes], count: int) -> Iterator[Case]:
    """Yield pairs of mistakes of one question whose patches fit together."""
    both = [
        pair
        for pair in itertools.combinations(catalogue.mistakes, 2)
        if pair[0]["question"] == pair[1]["question"] and not (pair[0]["name"] + pair[1]["name"]).count("nothing")
    ]
    random.Random(SEED).shuffle(both)
    yield from itertools.islice(_patched(catalogue, files, both, both=True), count)


def alternatives(catalogue: Catalogue, assignment: str, files: Mapping[str, bytes], count: int) -> Iterator[Case]:
    """Yield mistakes in right variants."""
    found = list(itertools.product(catalogue.mistakes, catalogue.alternatives))
    random.Random(SEED).shuffle(found)
    same_module = [
        (mistake, other)
        for mistake, other in found
        if {patch[0] for patch in mistake["patches"]} & {patch[0] for patch in other["patches"]}
    ]
    yield from itertools.islice(_patched(catalogue, files, same_module, both=False), count)


def _patched(catalogue: Catalogue, files: Mapping[str, bytes], pairs: Iterable, *, both: bool) -> Iterator[Case]:
    for one, other in pairs:
        name = f"{one['name']} + {other['name']}"
        try:
            patched = catalogue.patched(files, name, [*one["patches"], *other["patches"]])
            for path, text in patched.items():
                compile(text, path, "exec")
        except (CourseError, SyntaxError):  # they change the same lines
            continue
        truth = {one["name"], other["name"]} if both else {one["name"]}
        yield Case(name, frozenset(truth), patched, (one["question"],))


SETS = {"wrong": wrong, "more": more, "blind": blind, "pairs": pairs, "alternatives": alternatives}


def judged(case: Case, outcome: Outcome, listed: set[str]) -> tuple[str, str]:
    """Return what became of a case, and the words for it."""
    failed = [check for check in outcome.checks if check.verdict not in (Verdict.PASSED, Verdict.UNCHECKED)]
    causes = {cause.name: cause.message for check in failed for cause in check.causes}
    names = causes.keys() & listed
    words = "; ".join(f"{name}: {message}" for name, message in causes.items())
    if not failed:
        return "not caught", words
    if names and not names & case.truth:
        return "WRONG NAME", words
    if names:
        return "named" if names <= case.truth else "named, beside another", words
    return ("shown" if causes else "nothing"), words or "; ".join(f"{c.verdict}: {c.message[:90]}" for c in failed[:2])


def setting(course: Course, assignment: Assignment, host: SuiteHost, jobs: int) -> Setting:
    """Return the setting of a real run."""
    digest = suite_digest(course, assignment)
    return Setting(
        course=course, assignment=assignment, digest=digest, seed=host.seed, jobs=jobs, isolation=host.isolation
    )


def plan(case: Case, checks: Iterable[Check]) -> Plan:
    """Return which checks a case is graded by."""
    return Plan(checks=tuple(check.name for check in checks if check.question in case.questions))


def run(course: Course, name: str, kind: str, count: int, jobs: int, isolation: str) -> Counter[str]:
    """Grade the cases of an assignment, print each that is not named, and return what became of them."""
    assignment = course.assignment(name)
    catalogue = read_catalogue(course, assignment)
    files = {
        path.relative_to(course.solutions).as_posix(): path.read_bytes()
        for path in (course.solutions / assignment.package).rglob("*.py")
    }
    cases = {str(i): case for i, case in enumerate(SETS[kind](catalogue, name, files, count))}
    listed = {mistake["name"]: mistake["hint"] for mistake in (*catalogue.mistakes, *catalogue.shared)}
    found: Counter[str] = Counter()
    measured = [question.name for question in assignment.questions.values() if question.metric]
    with SuiteHost(course, name, jobs=jobs, isolation=isolation, without=measured) as host:
        submissions = (
            Submission(student=number, files=case.files, sha256="", origin="", plan=plan(case, host.checks))
            for number, case in cases.items()
        )
        diagnosis = Diagnosis(setting(course, assignment, host, jobs))
        for submission, outcome in host.grade(submissions):
            case = cases[submission.student]
            truth = {listed[name] for name in case.truth if name in listed}
            case = replace(case, truth=frozenset(name for name, hint in listed.items() if hint in truth))
            verdict, words = judged(case, diagnosis.explain(outcome, host.checks), set(listed))
            found[verdict] += 1
            if verdict != "named":
                print(f"  {name} {case.name}: {verdict}: {words}", flush=True)
    return found


SAID = {
    "wrong": "wrong functions as students write them",
    "more": "more of these, after questions that students ask",
    "blind": "others, written without a look at the catalogues",
    "pairs": "two listed mistakes at once",
    "alternatives": "a listed mistake in another right solution",
}


def table(found: Mapping[str, Counter[str]]) -> list[str]:
    """Return the lines of a table with a row for each set."""
    heads = ("", "cases", "named", "named beside another", "only what the numbers show", "nothing", "wrong name")
    rows = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for kind, row in found.items():
        caught = row.total() - row["not caught"]
        rows.append(f"| {SAID[kind]} | {caught} | {' | '.join(str(row[column]) for column in COLUMNS[:-1])} |")
    return rows


def main() -> None:
    """Run what is asked for, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignments", nargs="*", default=["hw0", "hw1", "hw2", "hw3", "hw4", "hw5"])
    parser.add_argument("--set", choices=SETS, action="append", help="which wrong code (default: all)")
    parser.add_argument("--count", type=int, default=40, help="of pairs or alternatives, for each assignment")
    parser.add_argument("--isolation", default="auto")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--write", action="store_true", help="put the figures into docs/diagnosis.md")
    options = parser.parse_args()
    course, found = load_course(ROOT), dict[str, Counter[str]]()
    for kind in options.set or SETS:
        found[kind] = Counter()
        for name in options.assignments:
            row = run(course, name, kind, options.count, options.jobs, options.isolation)
            print(f"{kind:12} {name:5} {row.total():4}  " + ", ".join(f"{n} {what}" for what, n in row.most_common()))
            found[kind] += row
    lines = table(found)
    print("\n".join(lines))
    if options.write:
        document.write(ROOT / "docs" / "diagnosis.md", "wrong code", lines)


if __name__ == "__main__":
    main()

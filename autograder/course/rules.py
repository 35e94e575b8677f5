"""Rules of course.yaml that concern several keys at once.

They read plain data and pass over whatever is of the wrong type, which the models report: so one run
finds the mistakes of both kinds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from autograder.course.document import Keys
from autograder.errors import nearest

Mistakes = Iterator[tuple[Keys, str]]


def broken_rules(data: Mapping[str, object]) -> Mistakes:
    """Yield the key path and the message of each broken rule."""
    yield from _below(("dialects",), _dialects(data))
    for name, assignment in _mappings(data, "assignments"):
        keys: Keys = ("assignments", name)
        yield from _below(keys, _holes(assignment))
        yield from _below((*keys, "notebooks"), _repeats(_texts(assignment, "notebooks")))
        for question_name, question in _mappings(assignment, "questions"):
            mistakes = [*_scoring(question), *_grading(question, _texts(assignment, "notebooks"))]
            yield from _below((*keys, "questions", question_name), iter(mistakes))


def _dialects(data: Mapping[str, object]) -> Mistakes:
    packages = {assignment.get("package") for _, assignment in _mappings(data, "assignments")}
    for name, dialect in _mappings(data, "dialects"):
        if dialect.get("package") in packages:
            yield (name, "package"), f"{dialect['package']!r} is an assignment's own package: nothing to translate"
        names = [key for key, _ in _entries(dialect, "names")]
        for index, lacking in _texts(dialect, "lacks"):
            if lacking in names:
                yield (name, "lacks", index), f"{lacking!r} is under names too: keep it in one of the two"
        for key, ways in _entries(dialect, "adaptations"):
            if not any(f"{key}.".startswith(f"{name}.") for name in names):
                yield (name, "adaptations", key), f"nothing in names is {key!r} or around it{nearest(key, names)}"
            if isinstance(ways, list) and len(ways) > 1:
                untitled = [i for i, way in enumerate(ways) if isinstance(way, Mapping) and "title" not in way]
                yield from (((name, "adaptations", key, i), "one of several ways needs a title") for i in untitled)


def _holes(assignment: Mapping[str, object]) -> Mistakes:
    package = assignment.get("package")
    seen: set[str] = set()
    for key in ("holes", "carried"):
        holes = _texts(assignment, key)
        yield from _below((key,), _repeats(holes))
        for index, hole in holes:
            if _is_identifier(package) and "." in hole and not hole.startswith(f"{package}."):
                yield (key, index), f"{hole!r} is not in the package {package!r}"
            if key == "carried" and hole in seen:
                yield (key, index), f"{hole!r} is under holes too: keep it in one of the two"
        seen.update(hole for _, hole in holes)


def _scoring(question: Mapping[str, object]) -> Mistakes:
    needs_metric = [key for key in ("formula", "bonus", "fairness") if question.get(key) is not None]
    has_metric = question.get("metric") is not None
    if question.get("manual") is True:
        for key in [*needs_metric, *["metric"] * has_metric]:
            yield (key,), "a manual question is scored by a person: remove this key, or manual"
        return
    for key in [] if has_metric else needs_metric:
        yield (key,), f"a {key} needs a metric: add `metric: val_accuracy`, or another that the suite records"
    if has_metric and not set(needs_metric) & {"formula", "bonus"}:
        yield ("metric",), "a metric needs a formula or a bonus that uses it"
    if _is_zero(question.get("points")) and question.get("bonus") is None:
        yield ("points",), "0 points are for questions with a bonus or graded by hand: give it points above 0"
    formula = question.get("formula")
    if isinstance(formula, str):
        yield from _below(("formula",), _formula(formula))


def _formula(formula: str) -> Mistakes:
    try:
        tree = ast.parse(formula.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        yield (), f"{formula!r} is not an expression: {reason}"
        return
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node not in called and node.id != "x":
            yield (
                (),
                f"{formula!r} uses {node.id!r}: the metric is called x, and there are no other variables",
            )


def _grading(question: Mapping[str, object], notebooks: list[tuple[int, str]]) -> Mistakes:
    notebook = question.get("notebook")
    names = [name for _, name in notebooks]
    if notebook is None:
        if question.get("manual") is True:
            yield (
                ("manual",),
                "a manual question needs a notebook: add `notebook:` with one of the assignment's",
            )
    elif isinstance(notebook, str) and notebook not in names:
        hint = nearest(notebook, names)
        yield ("notebook",), f"{notebook!r} is not among the assignment's notebooks{hint}"


def _repeats(texts: list[tuple[int, str]]) -> Mistakes:
    seen: set[str] = set()
    for index, text in texts:
        if text in seen:
            yield (index,), f"{text!r} is listed twice"
        seen.add(text)


def _below(keys: Keys, mistakes: Mistakes) -> Mistakes:
    return ((keys + below, message) for below, message in mistakes)


def _mappings(data: Mapping[str, object], key: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    entries = data.get(key)
    if isinstance(entries, Mapping):
        yield from ((name, entry) for name, entry in entries.items() if isinstance(entry, Mapping))


def _entries(data: Mapping[str, object], key: str) -> list[tuple[str, object]]:
    entries = data.get(key)
    return list(entries.items()) if isinstance(entries, Mapping) else []


def _texts(data: Mapping[str, object], key: str) -> list[tuple[int, str]]:
    entries = data.get(key)
    if not isinstance(entries, list):
        return []
    return [(index, entry) for index, entry in enumerate(entries) if isinstance(entry, str)]


def _is_identifier(value: object) -> bool:
    return isinstance(value, str) and value.isidentifier()


def _is_zero(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == 0

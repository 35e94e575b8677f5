"""Markers of regions: what is one, and what only looks like one."""

from __future__ import annotations

import pytest

from autograder.release.markers import Kind, Region, find_regions

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def mistakes(*lines: str) -> list[tuple[int, str]]:
    """Return line and message of each mistake in a text of these lines."""
    return [(mistake.line, mistake.message) for mistake in find_regions("\n".join(lines))[1]]


def test_pairs_become_regions_with_their_lines() -> None:
    text = f"a\n  {BEGIN}\nb\n  {END}\n### BEGIN HIDDEN TESTS \nc\n### END HIDDEN TESTS"
    regions, wrong = find_regions(text)
    assert regions == [Region(kind=Kind.SOLUTION, begin=2, end=4), Region(kind=Kind.TESTS, begin=5, end=7)]
    assert wrong == []


# nbgrader takes each of these for ordinary text, or for a marker in a line of its own choosing. Where it
# is the BEGIN, the answer is released without a word: nbgrader ignores an END that closes nothing.
@pytest.mark.parametrize(
    "line",
    [
        "### BEGIN SOLUTON",
        "# BEGIN SOLUTION",
        "###BEGIN SOLUTION",
        "### begin solution",
        "### Begin Solution",
        "### BEGIN SOLUTION:",
        "#### BEGIN SOLUTION",
        "### BEGINSOLUTION",
        "### BEGIN_SOLUTION",
        "### BEGIN  SOLUTION",
        "### BEGIN SOLUTIONS",
        "### START SOLUTION",
        "### BEGIN SOL",
        "### SOLUTION BEGIN",
        "### BEGN SOLUTION",
        "### BEIGN SOLUTION",
        "### BEGIN SOLUTON (please keep this line as it is)",
        "### END SOLUTOIN",
        "### END OF SOLUTION",
        "# end soluton",
        "x = 1  ### BEGIN SOLUTION",
        "x = 1  # begin soluton",
        "BEGIN SOLUTON",
        "<!-- begin solution -->",
        "### BEGIN HIDDEN TEST",
        "### BEGIN HIDDENTESTS",
        "### END HIDEN TESTS",
        "### BEGIN HIDDEN",
        "### BEGIN MARK SCHEM",
    ],
)
def test_what_looks_like_a_marker_is_a_mistake(line: str) -> None:
    assert [number for number, _ in mistakes("x = 1", line)] == [2]


@pytest.mark.parametrize(
    "line",
    [
        "# the solution begins with the forward pass, as always",
        "In the end, the solution is found by descent.",
        "x = begin + solution",
        "hidden = end",
        "# best solution",
        "# start hidden layer",
        "# end of the hidden layers",
        "# the hidden tests check this",
        "## Solutions",
        "# begin",
        "solution = np.linalg.solve(a, b)  # end",
        "",
    ],
)
def test_ordinary_lines_are_left_alone(line: str) -> None:
    assert mistakes(line) == []


def test_a_misspelt_marker_is_told_how_to_be_written() -> None:
    [(_, message)] = mistakes("### END SOLUTOIN")
    assert "looks like a marker but is none; write a line '### END SOLUTION'" in message


def test_a_stray_end_is_a_mistake() -> None:
    assert mistakes("x", END) == [(2, "### END SOLUTION closes nothing; write ### BEGIN SOLUTION above it")]


def test_an_unclosed_begin_is_a_mistake() -> None:
    assert mistakes(BEGIN, "x") == [(1, "### BEGIN SOLUTION is never closed; write ### END SOLUTION")]


def test_a_nested_begin_is_a_mistake() -> None:
    [(line, message)] = mistakes(BEGIN, BEGIN, "x", END)
    assert line == 2
    assert "inside the region that ### BEGIN SOLUTION opened on line 1" in message


def test_regions_of_two_kinds_must_not_cross() -> None:
    crossing = mistakes(BEGIN, "### BEGIN HIDDEN TESTS", END, "### END HIDDEN TESTS")
    assert [line for line, _ in crossing] == [2, 3, 4]

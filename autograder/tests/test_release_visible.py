"""Hidden suites cut down to their visible checks."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from autograder.release.hidden_proof import hidden_remains
from autograder.release.suites import Suite, read_suite
from autograder.release.visible import unfit, visible_text
from autograder.tests.release_course import SUITE

FILE = Path("test_layers.py")
HEAD = "import numpy as np\nimport pytest\n\n\n"


def suite(text: str) -> Suite:
    """Read a suite that has no mistakes."""
    found, problems = read_suite(FILE, dedent(text))
    assert problems == []
    assert found is not None
    return found


def cut(text: str) -> str:
    """Return a suite without its hidden checks, and without the line of its docstring."""
    return visible_text(suite(text), "Checks.").removeprefix('"""Checks."""\n\n')


def reasons(text: str) -> list[str]:
    """Return why the visible checks of a suite do not fit into a release."""
    return [f"{problem.line}: {problem.message}" for problem in unfit(suite(text), {"nndl", "utils"})]


def visible(body: str, arguments: str = "", marks: str = "") -> str:
    return f"{marks}@pytest.mark.visible\ndef test_seen({arguments}):\n    {body}\n"


def test_only_what_visible_checks_need_is_left_with_its_comments() -> None:
    assert visible_text(suite(SUITE), "Checks.") == dedent('''\
        """Checks."""

        import numpy as np
        import pytest
        from nndl.layers import affine_forward

        from checks import assert_close

        pytestmark = pytest.mark.question("affine")

        # Sizes of the arrays.
        SIZE = 3


        def ones(n):
            """Return a matrix of ones."""
            return np.ones((n, n))


        # The first check.
        @pytest.mark.points(2)
        def test_forward_of_ones():
            out, _ = affine_forward(ones(SIZE), ones(SIZE), np.zeros(SIZE))
            assert_close(out, 3 * ones(SIZE), name="out")  # three times one
        ''')


def test_helpers_of_helpers_and_fixtures_by_argument_or_name_are_kept() -> None:
    helpers = "def a():\n    return b()\n\n\ndef b():\n    return 1\n\n\ndef c():\n    return 2\n\n\n"
    fixtures = "@pytest.fixture\ndef net():\n    return a()\n\n\n@pytest.fixture\ndef quiet():\n    pass\n\n\n"
    found = cut(HEAD + helpers + fixtures + visible("assert net", "net", '@pytest.mark.usefixtures("quiet")\n'))
    assert [line for line in found.split("\n") if line.startswith("def ")] == [
        "def a():",
        "def b():",
        "def net():",
        "def quiet():",
        "def test_seen(net):",
    ]


def test_a_group_keeps_its_visible_checks_and_the_helpers_they_use() -> None:
    group = """\
        import pytest


        # A group.
        class TestLayer:
            \"\"\"About secrets.\"\"\"

            size = 3
            other = 4

            def helper(self):
                return self.size

            def hidden_helper(self):
                return self.other

            # Seen by students.
            @pytest.mark.visible
            def test_seen(self):
                assert self.helper() == 3

            def test_hidden(self):
                assert self.hidden_helper() == 4


        class TestHidden:
            def test_too(self):
                pass
        """
    assert cut(group) == dedent("""\
        import pytest


        # A group.
        class TestLayer:
            size = 3

            def helper(self):
                return self.size

            # Seen by students.
            def test_seen(self):
                assert self.helper() == 3
        """)


@pytest.mark.parametrize(
    "text",
    [
        "pytestmark = pytest.mark.visible\n\n\ndef test_a():\n    pass\n",
        'pytestmark = [pytest.mark.question("q"), pytest.mark.visible]\n\n\ndef test_a():\n    pass\n',
        "@pytest.mark.visible\nclass TestA:\n    def test_a(self):\n        pass\n",
        "@pytest.mark.visible()\ndef test_a():\n    pass\n",
    ],
)
def test_a_module_or_a_group_can_be_visible(text: str) -> None:
    assert [check.name for check in suite("import pytest\n\n" + text).visible] == ["test_a"]


def test_helpers_come_from_the_copy_that_students_have() -> None:
    text = "import pytest\nfrom autograder import checks\nimport autograder.checks.closeness as near\n"
    text += "from autograder.checks import (\n    assert_close,\n    unpack,\n)\n\n\n"
    found = cut(text + visible("checks.unpack(near, assert_close)"))
    assert found.startswith(
        "import pytest\nimport checks\nimport checks.closeness as near\nfrom checks import assert_close\n"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("from reference.nndl import layers as ref\n\n\n" + visible("ref.f()"), "uses the reference solution (line 1)"),
        ("import reference\n\n\ndef f():\n    return reference\n\n\n" + visible("f()"), "reference solution (line 1)"),
        ("from autograder.suite import collect\n\n\n" + visible("collect()"), "only autograder.checks is released"),
        ("from .cases import case\n\n\n" + visible("case()"), "uses .cases (line 1), which a release does not have"),
        ("import pandas\n\n\n" + visible("pandas"), "uses pandas (line 1), which a release does not have"),
        (visible("pass", "dataset"), "asks for the fixture 'dataset', which a release does not have"),
        ("def test_hidden():\n    pass\n\n\n" + visible("test_hidden()"), "uses the hidden check test_hidden"),
    ],
)
def test_a_visible_check_must_do_with_what_students_have(text: str, words: str) -> None:
    [reason] = reasons(text)
    assert "visible check test_seen" in reason
    assert words in reason


def test_parameters_are_no_fixtures() -> None:
    marks = '@pytest.mark.parametrize("a, b", [(1, 2)])\n@pytest.mark.parametrize(["c"], [(3,)])\n'
    assert reasons(visible("assert a + b == c", "rng, a, b, c", marks)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "for i in range(3):\n    pass\n\n\n" + visible("pass"),
            "holds imports, constants, functions and classes only",
        ),
        (
            visible("pass", "a", '@pytest.mark.parametrize("a", [pytest.param(1, marks=pytest.mark.visible)])\n'),
            "a single parameter cannot be visible",
        ),
        ("def f(:\n", "is not valid Python"),
    ],
)
def test_a_suite_that_cannot_be_cut_is_a_problem(text: str, words: str) -> None:
    _, [problem] = read_suite(FILE, text)
    assert words in problem.message
    assert problem.line is not None


def remains(released: str) -> list[str]:
    """Return what a released file of checks is found to hold of the hidden part of the suite."""
    return [
        f"{p.line}: {p.message}" for p in hidden_remains([suite(SUITE)], {"tests/test_layers.py": released.encode()})
    ]


def test_nothing_of_the_hidden_checks_is_found_in_the_release() -> None:
    assert remains(visible_text(suite(SUITE), "Checks.")) == []


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("# see test_forward_of_many_shapes", "the name of the hidden check test_forward_of_many_shapes"),
        ("# up to 2.718281828", "the number 2.718281828 of a hidden check"),
        ("# sqrt(2) is 1.4142135", "the number 1.4142135 of a hidden check"),
        ("expectation_of_the_secret = 1", "the name of the hidden expectation_of_the_secret"),
        ("# where rectified numbers are too large", "the text 'rectified numbers are too large'"),
    ],
)
def test_names_numbers_and_texts_of_hidden_checks_are_found(comment: str, words: str) -> None:
    [found] = remains(f"{visible_text(suite(SUITE), 'Checks.')}\n{comment}\n")
    assert words in found


def test_names_of_hidden_checks_are_found_in_any_file() -> None:
    [problem] = hidden_remains([suite(SUITE)], {"README.md": b"see test_forward_of_many_shapes"})
    assert "would be released in README.md" in problem.message

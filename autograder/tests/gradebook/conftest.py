"""A graded class and a gradebook for it, in SQLite and (``make postgres``) in PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.gradebook.database import Address, opened
from autograder.tests.fake_suite import FakeHost
from autograder.tests.gradebook_course import Grader, answered, hand_in, make_course, run
from autograder.tests.postgresql import PostgreSQL

NewDatabase = Callable[[str, Path], str]


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewDatabase]:
    """Make databases, each a copy of an empty gradebook, because nbgrader takes seconds for a new one."""
    empty: dict[str, str] = {}
    server = PostgreSQL()

    def make(kind: str, folder: Path) -> str:
        if kind not in empty:
            file = tmp_path_factory.mktemp("empty") / "gradebook.db"
            empty[kind] = str(file) if kind == "sqlite" else server.new_database()
            with opened(Address(url=f"sqlite:///{file}" if kind == "sqlite" else server.url(empty[kind])), create=True):
                pass
        if kind == "sqlite":
            return f"sqlite:///{shutil.copy(empty[kind], folder / 'gradebook.db')}"
        return server.url(server.new_database(template=empty[kind]))

    yield make
    server.stop()


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of four: ann and bob have answered, cy left the answer as it was, dee handed no notebook in."""
    made = make_course(tmp_path_factory.mktemp("graded") / "course")
    hand_in(made, "ann", fc_nets=answered("Because of $a$."))
    hand_in(made, "bob", fc_nets=answered("No idea."), layers="# test_backward: failed")
    hand_in(made, "cy", fc_nets=answered(None))
    hand_in(made, "dee")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.suite.client.SuiteHost", FakeHost)
        patch.chdir(made)
        assert run("grade", "hw3", "class") == 0
    return made


@pytest.fixture
def course(graded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the graded class to do anything with."""
    made = Path(shutil.copytree(graded, tmp_path / "course"))
    monkeypatch.setattr("autograder.suite.client.SuiteHost", FakeHost)
    monkeypatch.delenv("AUTOGRADER_GRADEBOOK", raising=False)
    monkeypatch.chdir(made)
    return made


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def grader(
    course: Path, new_database: NewDatabase, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Grader:
    """Whoever grades by hand, in the course's gradebook, which has nothing in it yet."""
    url = new_database(request.param, course)
    monkeypatch.setenv("AUTOGRADER_GRADEBOOK", url)
    return Grader(url)

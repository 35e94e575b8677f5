"""Open nbgrader's gradebook, in whatever database it is, and say in one line why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.authoring import alembic_on_path, quiet, tool
from autograder.course import Course
from autograder.errors import AutograderError, UsageError
from autograder.text import one_line

_WHAT = "grades are kept by nbgrader"
_NO_URL = "{!r} is no URL of a database: give one such as sqlite:///gradebook.db"
_DRIVERS = {"psycopg": "postgres", "psycopg2": "postgres"}  # module -> extra


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a gradebook is: an SQLAlchemy URL, and the course in it."""

    url: str
    course_id: str = "default_course"


def address(course: Course, url: str | None) -> Address:
    """Return where a course's gradebook is: at `url`, or where its nbgrader_config.py says, or in gradebook.db."""
    configured = _configured(course.root)
    default = f"sqlite:///{(course.root / 'gradebook.db').resolve()}"
    found = url or configured.get("db_url") or default
    if "://" not in found:
        raise UsageError(_NO_URL.format(one_line(found)))
    return Address(url=found, course_id=configured.get("course_id") or "default_course")


@contextmanager
def opened(where: Address, *, create: bool) -> Iterator[Any]:
    """Open a gradebook; it is made where there is none only if that is asked for.

    Raises
    ------
    UsageError
        nbgrader or the database's driver is missing, or the database cannot be reached, read or written.
    """
    api, sql = tool("nbgrader.api", _WHAT), tool("sqlalchemy", _WHAT)
    url = _parsed(where.url, sql)
    shown = url.render_as_string(hide_password=True)
    if not create and url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise UsageError(f"there is no gradebook {one_line(shown)}: run autograder gradebook push first")
    try:
        with quiet(), alembic_on_path(), api.Gradebook(where.url, where.course_id) as gradebook:
            yield gradebook
    except ModuleNotFoundError as error:
        extra = _DRIVERS.get(str(error.name))
        remedy = f"pip install 'autograder[{extra}]'" if extra else "install its driver"
        raise UsageError(f"{one_line(shown)} needs {error.name}, which is missing: {remedy}") from error
    except sql.exc.OperationalError as error:
        raise UsageError(f"{one_line(shown)} cannot be used: {_reason(error)}") from error
    except (sql.exc.SQLAlchemyError, api.InvalidEntry) as error:
        raise AutograderError(
            f"{one_line(shown)}: {_reason(error)}; `nbgrader db upgrade` brings old ones up to date"
        ) from error


def _parsed(text: str, sql: Any) -> Any:
    try:
        url = sql.make_url(text)
        url.get_dialect()
        return url
    except (sql.exc.ArgumentError, ValueError) as error:
        shown = re.sub(r"//.*@", "//...@", one_line(text))  # whatever it is, there may be a password in it
        raise UsageError(_NO_URL.format(shown)) from error


def _reason(error: Exception) -> str:
    """Return what a database says, without what SQLAlchemy adds on further lines."""
    lines = [line for line in str(getattr(error, "orig", None) or error).splitlines() if line.strip()]
    return one_line(lines[0] if lines else type(error).__name__)


def _configured(root: Path) -> dict[str, str]:
    """Return what an nbgrader_config.py in the course's folder says of the gradebook, as formgrader reads it."""
    file = root / "nbgrader_config.py"
    if not file.is_file():
        return {}
    loader = tool("traitlets.config.loader", _WHAT)
    try:
        found = loader.PyFileConfigLoader(file.name, path=str(root.resolve())).load_config()
    except Exception as error:
        raise UsageError(
            f"{one_line(str(file))} cannot be read: {type(error).__name__}: {one_line(str(error))}"
        ) from error
    section = found.get("CourseDirectory", {})
    return {key: str(section[key]) for key in ("db_url", "course_id") if section.get(key)}

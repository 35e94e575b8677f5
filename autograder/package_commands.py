"""The commands ``autograder package gradescope``, ``github`` and ``workflows``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.console import DONE, Assignment
from autograder.session import Session
from autograder.text import printable

package = typer.Typer(help="What other platforms are given to grade with.", rich_markup_mode=None)


@package.command()
def gradescope(
    context: typer.Context,
    assignment: Assignment,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="The zip to write. Default: autograder.zip.")
    ] = Path("autograder.zip"),
    data: Annotated[bool, typer.Option("--data", help="Put CIFAR-10 in, which makes it 180 MB.")] = False,
) -> int:
    """Make the zip that Gradescope makes an autograder of. It holds solutions and the hidden suite: keep it private."""
    from autograder.platforms import packing

    session: Session = context.obj
    course = session.course()
    content = packing.gradescope(course, course.assignment(assignment), data=data)
    packing.write_file(output, content)
    print(printable(f"wrote {output} ({len(content) / 1e6:.1f} MB)"))
    return DONE


@package.command()
def github(
    context: typer.Context,
    assignment: Assignment,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Where to write the repository.")],
) -> int:
    """Write a repository for students: the release, and a workflow that runs the checks that came with it."""
    from autograder.platforms import packing

    session: Session = context.obj
    course = session.course()
    written = packing.write_folder(output, packing.student_repository(course, course.assignment(assignment)))
    print(printable(f"wrote {len(written)} files to {output}"))
    return DONE


@package.command()
def workflows(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="A repository. Default: the course's folder.")
    ] = None,
) -> int:
    """Write workflows for the course's own repository: checks of the release, and grading every night."""
    from autograder.platforms import packing

    session: Session = context.obj
    course = session.course()
    for path in packing.write_folder(output or course.root, packing.course_workflows(course)):
        print(printable(f"wrote {path}"))
    return DONE

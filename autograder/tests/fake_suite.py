"""A stand-in for the process that holds a suite: judges a submission by what its files say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, ClassVar, Self

from autograder.types import Check, CheckOutcome, Outcome, Remark, Submission, Verdict

CHECKS = (
    Check(name="test_forward", question="affine", visible=True),
    Check(name="test_backward", question="affine"),
    Check(name="test_loss", question="nets"),
)


class FakeHost:
    """Grades like `autograder.suite.client.SuiteHost`; a comment ``# check: verdict`` in a module decides a check."""

    isolation: ClassVar[str] = "bwrap"
    conditions: ClassVar[str] = "the same"
    seed: ClassVar[int] = 7
    checks: ClassVar[tuple[Check, ...]] = CHECKS
    graded: ClassVar[list[str]] = []  # students who got as far as the suite
    made_with: ClassVar[dict[str, Any]] = {}

    def __init__(self, _course: object, assignment: str, *, process: object, **options: Any) -> None:
        type(self).graded = []
        type(self).made_with = {"assignment": assignment, **options}

    def grade(
        self, submissions: Iterable[Submission], begun: Callable[[str], None]
    ) -> Iterator[tuple[Submission, Outcome]]:
        """Yield an outcome for each submission; one that says ``# lost`` is swallowed."""
        for submission in submissions:
            begun(submission.student)
            self.graded.append(submission.student)
            text = b"\n".join(submission.files.values()).decode()
            if "# interrupt" in text:
                raise KeyboardInterrupt
            if "# lost" not in text:
                yield submission, Outcome(checks=tuple(_judge(text)), isolation=self.isolation, seconds=0.25)

    def let_go(self) -> None:
        """Do nothing: there is no process."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


def _judge(text: str) -> Iterator[CheckOutcome]:
    for check in CHECKS:
        words = [line.partition(f"# {check.name}: ")[2] for line in text.splitlines()]
        verdict = Verdict(next(filter(None, words), "passed"))
        remarks = (Remark(code="mutated", message="x was changed"),) if "# mutates" in text else ()
        message = "" if verdict is Verdict.PASSED else "see \x1b[31m[bold]this[/bold]"
        yield CheckOutcome(name=check.name, verdict=verdict, message=message, output="hi\n", remarks=remarks)

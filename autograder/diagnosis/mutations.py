"""What mutants of the solution are in words, where their operator says something that a student can use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from autograder.diagnosis.matching import Known
from autograder.types import Cause, CheckOutcome, Verdict

if TYPE_CHECKING:
    from autograder.catalogue import Catalogue
    from autograder.verify.mutants import Mutant

WORDS = {
    "missing 1/N": "the division by N of a mean left out",
    "momentum reversed": "the weights of the old and the new value of an average exchanged",
    "sign": "a plus for a minus, or a product for a quotient, or the other way round",
    "dropped term": "a term or a factor left out",
    "wrong axis": "a sum, mean or maximum along another axis, or over all",
    "transpose": "a transpose left out",
    "off by one": "the bound of a slice or a range off by one",
    "wrong broadcast": "an array stretched along another axis",
    "narrowed": "results kept in half precision",
    "modes swapped": "training and test mode exchanged",
    "not stored": "something not stored that is needed later",
    "not added up": "= where += is needed",
    "loop cut short": "a loop that ends too early",
    "condition": "a condition that is the other way round, or lacks a part",
    "mixed up": "two of its results, or arguments, exchanged",
}


def known_of(
    mutant: Mutant, catalogue: Catalogue, questions: dict[str, str], failed: Iterable[CheckOutcome]
) -> Iterator[Known]:
    """Yield what a suite's failures on a mutant say of it, for each question that its function belongs to.

    `questions` says which question a check is about.
    """
    if mutant.operator not in WORDS:
        return
    module = mutant.path.removesuffix(".py").replace("/", ".")
    function = mutant.function.rpartition(".")[2]
    failed = [each for each in failed if each.verdict is not Verdict.UNCHECKED]
    for question in sorted(catalogue.questions_of(f"{module}.{mutant.function}")):
        cause = Cause(
            name=f"{function}: {mutant.operator}",
            message=f"the numbers are those of a {function} with {WORDS[mutant.operator]}",
            read=catalogue.read.get(question, ""),
        )
        failures = {each.name: each.fingerprint for each in failed if questions.get(each.name) == question}
        if failures:
            yield Known(question=question, cause=cause, failures=failures, listed=False)

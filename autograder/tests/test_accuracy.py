"""Accuracy questions end to end: training in the sandbox, watched; new images; fairness; replay by seed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from autograder.results import SCHEMA_FILE
from autograder.tests.accuracy_course import NET, OPTIM, write_course
from autograder.tests.command_line import read_results, run
from autograder.tests.sandboxes import files
from autograder.tests.tiny_course import grade, host_of


@pytest.fixture(autouse=True)
def _shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CIFAR10_DIR", raising=False)


def graded(root: Path, net: str = NET, isolation: str = "none", **options: object):
    course = write_course(root, **options)
    with host_of(course, isolation) as host:
        return grade(host, files(net=net, optim=OPTIM))


def test_training_is_measured_on_images_that_it_never_saw(tmp_path: Path) -> None:
    found = graded(tmp_path)
    check = found["test_trained"]
    assert (check.verdict, check.message) == ("passed", "")
    (training,), (measured,) = check.trainings, check.measurements
    assert (training.ended, training.iterations, len(training.losses)) == ("finished", 12, 12)
    assert training.losses[-1] < training.losses[0]
    assert check.metrics == {"val_accuracy": measured.value}
    assert measured.value == measured.estimate == round(measured.estimate * 200) / 200 > 0.1
    assert measured.low < measured.estimate < measured.high
    assert (measured.images, measured.seeds, measured.dataset) == (200, (training.seed,), "shapes10")
    assert found["test_bonus"].metrics["test_accuracy"] > 0.1


@pytest.mark.parametrize("isolation", ["bwrap", "landlock"])
def test_a_training_in_a_sandbox_gives_what_one_without_gives(tmp_path: Path, isolation: str) -> None:
    apart = graded(tmp_path / "apart", isolation=isolation)
    here = graded(tmp_path / "here")
    for name in ("test_trained", "test_bonus"):
        assert apart[name].metrics == here[name].metrics
        assert apart[name].trainings[0].losses == here[name].trainings[0].losses


EXPLODING = NET.replace('{"W": flat.T @ p / len(y)}', '{"W": -1e4 * flat.T @ p}')
LOSING_DIGITS = NET.replace('{"W": flat.T @ p / len(y)}', '{"W": float("nan") * self.params["W"]}')


@pytest.mark.parametrize("net", [EXPLODING, LOSING_DIGITS], ids=["grows", "nan"])
def test_training_that_diverges_is_stopped_and_its_curve_kept(tmp_path: Path, net: str) -> None:
    check = graded(tmp_path, net, epochs=100)["test_trained"]
    assert check.verdict == "failed"
    assert check.message.startswith("training diverged: the loss went from 2.")
    (training,) = check.trainings
    assert training.ended == "diverged"
    assert training.iterations < 100
    assert len(training.losses) == training.iterations


def test_training_that_stalls_is_stopped_remarked_and_measured(tmp_path: Path) -> None:
    still = NET.replace('{"W": flat.T @ p / len(y)}', '{"W": 0 * self.params["W"]}')
    check = graded(tmp_path, still, epochs=120)["test_trained"]
    assert check.verdict == "passed"
    assert check.trainings[0].ended == "stalled"
    assert check.trainings[0].iterations < 720
    assert "the loss did not fall" in check.remarks[0].message
    assert check.measurements[0].images == 200


def test_training_beyond_the_budget_is_stopped_remarked_and_measured(tmp_path: Path) -> None:
    check = graded(tmp_path, epochs=100_000, budget=1)["test_trained"]
    assert (check.verdict, check.trainings[0].ended) == ("passed", "over budget")
    assert "its 1 s were used up" in check.remarks[0].message
    assert check.trainings[0].iterations < 600_000
    assert len(check.trainings[0].losses) <= 300


ENDLESS = NET.replace(
    "rows = np", "self.n = getattr(self, 'n', 0) + 1\n        while self.n > 11: pass\n        rows = np"
)


def test_a_step_that_never_ends_is_a_timeout_and_the_curve_so_far_is_kept(tmp_path: Path) -> None:
    course = write_course(tmp_path, budget=1, fairness="images: 50")
    with host_of(course, limits=replace(course.limits, check_time_s=0.5)) as host:
        check = grade(host, files(net=ENDLESS, optim=OPTIM))["test_trained"]
    assert check.verdict == "timeout"
    assert (check.trainings[0].ended, check.trainings[0].iterations) == ("broken off", 10)


MEASURED = "if len(X) == 200:\n                return scores"  # and not what the solver looks at on its own
NO_NUMBERS = NET.replace("return scores\n", f"{MEASURED} * float('nan')\n            return scores\n")
TOO_FEW = NET.replace("return scores\n", f"{MEASURED}[:-1]\n            return scores\n")


@pytest.mark.parametrize(("net", "words"), [(NO_NUMBERS, "NaN"), (TOO_FEW, "a row was expected for each of 200")])
def test_scores_that_cannot_be_counted_fail_in_words(tmp_path: Path, net: str, words: str) -> None:
    check = graded(tmp_path, net)["test_trained"]
    assert check.verdict == "failed"
    assert words in check.message
    assert check.trainings[0].ended == "finished"


def test_the_same_seed_replays_a_result_and_another_does_not(tmp_path: Path) -> None:
    write_course(tmp_path)
    command = "autograder grade hw1 solutions --isolation none --json --output"
    first = run(f"{command} one", tmp_path)
    assert first.returncode == 0, first.stderr
    (one,) = read_results(tmp_path / "one" / "hw1").values()
    run(f"{command} two --seed {one['seed']}", tmp_path)
    run(f"{command} three --seed 5", tmp_path)
    (two,) = read_results(tmp_path / "two" / "hw1").values()
    (three,) = read_results(tmp_path / "three" / "hw1").values()
    assert measurements(one) == measurements(two) != measurements(three)
    assert three["seed"] == 5
    jsonschema.validate(one, json.loads(SCHEMA_FILE.read_text()))


def measurements(result: dict) -> list:
    checks = [check for question in result["questions"] for check in question["checks"]]
    return [(check["measurements"], [training["losses"] for training in check["trainings"]]) for check in checks]


# -- fairness --------------------------------------------------------------------------------------


def decided(root: Path, fairness: str, formula: str, **options: object):
    check = graded(root, fairness=fairness, formula=formula, **options)["test_trained"]
    return check.measurements[0]


def test_a_result_far_from_every_threshold_is_not_doubted(tmp_path: Path) -> None:
    measured = decided(tmp_path, "policy: decide, images: 200", "1 if x >= 0.9 else 0")
    assert measured.images == 200
    assert "is worth the same" in measured.decision


def test_the_benefit_of_the_doubt_is_the_upper_end_of_the_interval(tmp_path: Path) -> None:
    measured = decided(tmp_path, "policy: benefit, images: 100", "x")
    assert measured.value == measured.high > measured.estimate
    assert "benefit of the doubt" in measured.decision


def test_the_estimate_counts_where_nothing_else_was_asked_for(tmp_path: Path) -> None:
    measured = decided(tmp_path, "images: 100", "x")
    assert measured.value == measured.estimate
    assert "reaches across a threshold, and the estimate counts" in measured.decision


def test_more_images_and_seeds_are_tried_until_the_budget_is_used_up(tmp_path: Path) -> None:
    fairness = "policy: decide, images: 100, most_images: 400, most_runs: 3, spread: 0.01"
    measured = decided(tmp_path, fairness, "x")
    assert measured.images == 400 + 2 * 100
    assert len(set(measured.seeds)) == 3
    assert "undecided when images or budget were used up" in measured.decision
    assert measured.value == measured.estimate


def test_more_images_decide_what_few_could_not(tmp_path: Path) -> None:
    few = decided(tmp_path / "few", "images: 20", "1 if x >= 0.25 else 0")
    many = decided(tmp_path / "many", "policy: decide, images: 20, most_images: 4000", "1 if x >= 0.25 else 0")
    assert "reaches across a threshold" in few.decision
    assert 20 < many.images <= 4000
    assert "is worth the same" in many.decision

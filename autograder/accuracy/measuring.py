"""Measure an accuracy on images whose labels stay here, and decide what counts where noise could change the points.

How it works
------------
A run is one training, or a model as it was handed in. Its accuracy is estimated on new images. If all values that
the estimate is compatible with (Wilson's interval on the images, widened by how much seeds matter) are worth the
same points, the estimate counts. Otherwise the policy of course.yaml decides: ``point`` takes the estimate,
``benefit`` the upper end of the interval, ``decide`` more images and then trainings with other seeds, until all values
in the interval are worth the same or the budget is used up; then the estimate counts, and the result says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.accuracy import noise, records
from autograder.accuracy.handed_in import NoModel
from autograder.accuracy.rules import Rule
from autograder.checks import CheckFailure, accuracy, accuracy_of_scores, metric, remark
from autograder.data import Dataset, Images
from autograder.sandbox import StudentFault
from autograder.types import Measurement, Verdict

Predict = Callable[[Any], Any]  # images (N, 3, 32, 32) -> scores (N, C) or labels (N,)
Ways = Predict | Sequence[Predict]  # several, where a model may want its images in different forms
Train = Callable[[int], Predict]  # seed -> what has been trained
HandedIn = Callable[
    [], tuple[Ways, float | None, str]
]  # what was handed in, what is claimed, and why it is not finished

_PROCESS_LOST = (Verdict.CRASHED, Verdict.MEMORY)  # what a notebook did, and a training need not do
_BATCH = 250
_CLEARLY = 0.05
_FAR_ABOVE = 0.05  # the interval, for a claim that somebody should look at
_GROWTH = 2  # times as many images when more are needed


@dataclass
class _Tally:
    """What has been seen so far."""

    right: int = 0
    count: int = 0
    seeds: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class _Interval:
    """What the true accuracy may be; `certain`: all of it is worth the same points."""

    low: float
    high: float
    certain: bool


@dataclass(frozen=True, kw_only=True)
class _Source:
    """Where the model comes from; without `trains`, `train` returns what was handed in."""

    train: Train
    trains: bool = True
    claimed: float | None = None
    because: str = ""  # why it comes from there, where that is not what the check is about


class Measuring:
    """What a suite's fixture `measure` does."""

    def __init__(
        self,
        dataset: Dataset,
        rules: Mapping[str, Rule],
        seeds: Callable[[int], int],
        time_for_another: Callable[[], bool],
        *,
        may_train: bool = True,
    ) -> None:
        self._dataset, self._rules, self._seeds = dataset, rules, seeds
        self._time_for_another, self._may_train = time_for_another, may_train

    def trained(self, name: str, train: Train) -> float:
        """Train with a recorded seed, measure, and note the metric `name`; return what counts.

        Parameters
        ----------
        train : callable
            Takes a seed and returns the trained model's prediction: a function from images to scores or labels.
        """
        return self._decide(self._rule(name), _Source(train=train))

    def given(self, name: str, predict: Ways, *, claimed: float | None = None) -> float:
        """Measure a model that is not trained here, such as weights that were handed in; return what counts.

        Parameters
        ----------
        predict : callable, or several
            From images to scores or labels. Of several, the first is what the handout says, and others are for models
            that want images in another form: the one that is right most often counts, tried on images of their own.
        claimed : float, optional
            The accuracy that a notebook's saved outputs print; one far above is remarked on.
        """
        chosen = predict if callable(predict) else self._fitting(predict)
        return self._decide(self._rule(name), _Source(train=lambda seed: chosen, trains=False, claimed=claimed))

    def handed_in_or_trained(self, name: str, handed_in: HandedIn, train: Train) -> float:
        """Measure the model that was handed in or, where there is none, the one that `train` trains here.

        Parameters
        ----------
        handed_in : callable
            Returns the prediction of the model that was handed in, the accuracy that its author claims or None, and
            what kept it from being finished here, such as a search that takes hours, or an empty text. What is not
            finished counts if it is better than what is trained here. It raises NoModel, as `notebook` and `weights`
            do, where there is no model for a reason that says nothing about the submission's code. One is then trained
            here, which the decision and a remark say.
        train : callable
            As for `trained`: with settings that the handout prints, not with those that have to be found.
        """
        try:
            predict, claimed, unfinished = handed_in()
        except (NoModel, StudentFault) as reason:
            if not self._may_train or (isinstance(reason, StudentFault) and reason.verdict not in _PROCESS_LOST):
                raise
            why = str(reason)
        else:
            better = self._better(train, predict) if unfinished and self._may_train else None
            if better is None:
                return self.given(name, predict, claimed=claimed)
            train, why = better, f"{unfinished} and left a worse one"
        because = f"trained when graded, with settings of the handout, because {why}"
        remark("training", because)
        return self._decide(self._rule(name), _Source(train=train, because=f"{because}; "))

    def _better(self, train: Train, handed_in: Ways) -> Train | None:
        """Train, and return a way to get what was trained if it is better than what was handed in."""
        seed = self._seeds(0)
        try:
            trained = train(seed)
        except CheckFailure:  # such as a training that diverged
            return None
        images = self._dataset.unseen(_BATCH)
        ways = [handed_in] if callable(handed_in) else handed_in
        if _tried(trained, images) <= max(_tried(predict, images) for predict in ways):
            return None
        return lambda other: trained if other == seed else train(other)

    def _fitting(self, ways: Sequence[Predict]) -> Predict:
        """Return the way of handing images over by which clearly more are classified rightly, else the first."""
        images = self._dataset.unseen(_BATCH)
        usual, *others = [_tried(predict, images) for predict in ways]
        best = max(others, default=0.0)
        return ways[1 + others.index(best)] if best > usual + _CLEARLY else ways[0]

    def _rule(self, name: str) -> Rule:
        return self._rules.get(name) or Rule(metric=name)

    def _decide(self, rule: Rule, source: _Source) -> float:
        tally = _Tally()
        predict = self._run(rule, source, tally)
        spread = rule.spread if source.trains else 0.0
        while True:
            low, high = noise.interval(
                tally.right, tally.count, runs=len(tally.seeds), spread=spread, confidence=rule.confidence
            )
            certain = rule.certain(low, high)
            if certain or rule.policy != "decide":
                break
            if self._images_matter(tally, rule, spread):
                self._look(predict, min(tally.count * (_GROWTH - 1), rule.most_images - tally.count), tally)
            elif spread and len(tally.seeds) < rule.most_runs and self._time_for_another():
                predict = self._run(rule, source, tally)
            else:
                break
        return self._note(rule, source, tally, _Interval(low, high, certain))

    def _run(self, rule: Rule, source: _Source, tally: _Tally) -> Predict:
        seed = self._seeds(len(tally.seeds))
        if source.trains:
            tally.seeds.append(seed)
        predict = source.train(seed)
        self._look(predict, rule.images, tally)
        return predict

    def _images_matter(self, tally: _Tally, rule: Rule, spread: float) -> bool:
        """Tell whether more images can still narrow the interval more than another training would."""
        if tally.count >= rule.most_images:
            return False
        low, high = noise.wilson(tally.right, tally.count, rule.confidence)
        return not spread or (high - low) / 2 > spread

    def _look(self, predict: Predict, count: int, tally: _Tally) -> None:
        images = self._dataset.unseen(count)
        for start in range(0, count, _BATCH):
            X, y = images.X[start : start + _BATCH], images.y[start : start + _BATCH]
            tally.right += round(_fraction_right(predict(X), y) * len(y))
        tally.count += count

    def _note(self, rule: Rule, source: _Source, tally: _Tally, interval: _Interval) -> float:
        estimate, claimed = tally.right / tally.count, source.claimed
        value = interval.high if rule.policy == "benefit" and not interval.certain else estimate
        records.measured(
            Measurement(
                metric=rule.metric,
                value=value,
                estimate=estimate,
                low=interval.low,
                high=interval.high,
                images=tally.count,
                seeds=tuple(tally.seeds),
                dataset=self._dataset.name,
                policy=rule.policy,
                decision=source.because + _words(rule, tally, interval),
                claimed=claimed,
            )
        )
        if claimed is not None and claimed > interval.high + _FAR_ABOVE:
            words = f"the outputs saved with the notebook say {claimed:.3f}, measured was {estimate:.3f}"
            remark("claim", words)
        metric(rule.metric, value)
        return value


def _tried(predict: Predict, images: Images) -> float:
    try:
        return _fraction_right(predict(images.X), images.y)
    except (CheckFailure, StudentFault):  # not the form that this model takes; the one that is chosen will say why
        return 0.0


def _fraction_right(predicted: Any, labels: np.ndarray[Any, Any]) -> float:
    if isinstance(predicted, np.ndarray) and predicted.ndim == 1:
        return accuracy(predicted, labels)
    return accuracy_of_scores(predicted, labels)


def _words(rule: Rule, tally: _Tally, interval: _Interval) -> str:
    """Say what was measured and why it counts as it does."""
    runs = f" over {len(tally.seeds)} trainings" if len(tally.seeds) > 1 else ""
    found = f"{tally.right / tally.count:.4f} on {tally.count} new images{runs}"
    within = f"{rule.confidence:.0%} interval {interval.low:.4f} to {interval.high:.4f}"
    if not rule.worths:
        return f"{found} ({within})"
    if interval.certain:
        return f"{found}: every value in the {within} is worth the same"
    if rule.policy == "benefit":
        return f"{found}: the {within} reaches across a threshold, and the benefit of the doubt counts"
    if rule.policy == "decide":
        return f"{found}: undecided when images or budget were used up ({within}), so the estimate counts"
    return f"{found}: the {within} reaches across a threshold, and the estimate counts"

"""Measure an accuracy on images whose labels stay here, and decide what counts where noise could change the points.

How it works
------------
A run is one training, or weights as they were handed in. Its accuracy is estimated on new images. If all values that
the estimate is compatible with (Wilson's interval on the images, widened by how much seeds matter) are worth the
same points, the estimate counts. Otherwise the policy of course.yaml decides: ``point`` takes the estimate,
``benefit`` the upper end of the interval, ``decide`` more images and then trainings with other seeds, until all values
in the interval are worth the same or the budget is used up; then the estimate counts, and the result says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.accuracy import noise, records
from autograder.accuracy.rules import Rule
from autograder.checks import accuracy, accuracy_of_scores, metric, remark
from autograder.data import Dataset
from autograder.types import Measurement

Predict = Callable[[Any], Any]  # images (N, 3, 32, 32) -> scores (N, C) or labels (N,)
Train = Callable[[int], Predict]  # seed -> what has been trained

_BATCH = 250
_FAR_ABOVE = 0.05  # the interval, for a claim that somebody should look at
_GROWTH = 2  # times as many images when more are needed


@dataclass
class _Tally:
    """What has been seen so far."""

    right: int = 0
    count: int = 0
    seeds: list[int] = field(default_factory=list)


class Measuring:
    """What a suite's fixture `measure` does."""

    def __init__(
        self,
        dataset: Dataset,
        rules: Mapping[str, Rule],
        seeds: Callable[[int], int],
        time_for_another: Callable[[], bool],
    ) -> None:
        self._dataset, self._rules, self._seeds = dataset, rules, seeds
        self._time_for_another = time_for_another

    def trained(self, name: str, train: Train) -> float:
        """Train with a recorded seed, measure, and note the metric `name`; return what counts.

        Parameters
        ----------
        train : callable
            Takes a seed and returns the trained model's prediction: a function from images to scores or labels.
        """
        rule = self._rule(name)
        return self._decide(rule, train, rule.spread)

    def given(self, name: str, predict: Predict, *, claimed: float | None = None) -> float:
        """Measure a model that is not trained here, such as weights that were handed in; return what counts.

        `claimed` is the accuracy that a notebook's saved outputs print; one far above is remarked on.
        """
        return self._decide(self._rule(name), lambda seed: predict, None, claimed)

    def _rule(self, name: str) -> Rule:
        return self._rules.get(name) or Rule(metric=name)

    def _decide(self, rule: Rule, train: Train, spread: float | None, claimed: float | None = None) -> float:
        tally = _Tally()
        predict = self._run(rule, train, tally, of_training=spread is not None)
        while True:
            low, high = noise.interval(
                tally.right,
                tally.count,
                runs=len(tally.seeds),
                spread=spread or 0.0,
                confidence=rule.confidence,
            )
            certain = rule.certain(low, high)
            if certain or rule.policy != "decide":
                break
            if self._images_matter(tally, rule, spread):
                self._look(predict, min(tally.count * (_GROWTH - 1), rule.most_images - tally.count), tally)
            elif spread and len(tally.seeds) < rule.most_runs and self._time_for_another():
                predict = self._run(rule, train, tally, of_training=True)
            else:
                break
        return self._note(rule, tally, (low, high), certain=certain, claimed=claimed)

    def _run(self, rule: Rule, train: Train, tally: _Tally, *, of_training: bool) -> Predict:
        seed = self._seeds(len(tally.seeds))
        if of_training:
            tally.seeds.append(seed)
        predict = train(seed)
        self._look(predict, rule.images, tally)
        return predict

    def _images_matter(self, tally: _Tally, rule: Rule, spread: float | None) -> bool:
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

    def _note(
        self, rule: Rule, tally: _Tally, interval: tuple[float, float], *, certain: bool, claimed: float | None
    ) -> float:
        estimate = tally.right / tally.count
        low, high = interval
        value = high if rule.policy == "benefit" and not certain else estimate
        records.measured(
            Measurement(
                metric=rule.metric,
                value=value,
                estimate=estimate,
                low=low,
                high=high,
                images=tally.count,
                seeds=tuple(tally.seeds),
                dataset=self._dataset.name,
                policy=rule.policy,
                decision=_words(rule, tally, interval, certain=certain),
                claimed=claimed,
            )
        )
        if claimed is not None and claimed > high + _FAR_ABOVE:
            words = f"the outputs saved with the notebook say {claimed:.3f}, measured was {estimate:.3f}"
            remark("claim", words)
        metric(rule.metric, value)
        return value


def _fraction_right(predicted: Any, labels: np.ndarray[Any, Any]) -> float:
    if isinstance(predicted, np.ndarray) and predicted.ndim == 1:
        return accuracy(predicted, labels)
    return accuracy_of_scores(predicted, labels)


def _words(rule: Rule, tally: _Tally, interval: tuple[float, float], *, certain: bool) -> str:
    """Say what was measured and why it counts as it does."""
    runs = f" over {len(tally.seeds)} trainings" if len(tally.seeds) > 1 else ""
    found = f"{tally.right / tally.count:.4f} on {tally.count} new images{runs}"
    within = f"{rule.confidence:.0%} interval {interval[0]:.4f} to {interval[1]:.4f}"
    if not rule.worths:
        return f"{found} ({within})"
    if certain:
        return f"{found}: every value in the {within} is worth the same"
    if rule.policy == "benefit":
        return f"{found}: the {within} reaches across a threshold, and the benefit of the doubt counts"
    if rule.policy == "decide":
        return f"{found}: undecided when images or budget were used up ({within}), so the estimate counts"
    return f"{found}: the {within} reaches across a threshold, and the estimate counts"

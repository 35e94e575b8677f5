"""Checks of hw1 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.knn import KNN
from utils.functions import L1_norm

from checks import CheckFailure, accuracy, assert_close, remark, remark_changes

pytestmark = pytest.mark.question("knn")


def build(X, y):
    knn = KNN()
    knn.train(X.copy(), y.copy())
    return knn


def assert_distances(dists, expected, rtol=1e-6):
    """Check distances; squares of the Euclidean ones put neighbours in the same order and get a remark."""
    try:
        assert_close(dists, expected**2, rtol=rtol, name="dists")
        remark("squared-distances", "dists are squares of distances: take the root")
    except CheckFailure:
        assert_close(dists, expected, rtol=rtol, name="dists")


def check_votes(dists, y, k, expected):
    knn = build(np.zeros((len(y), 1)), y)
    with remark_changes("KNN.predict_labels", dists=dists):
        right = accuracy(knn.predict_labels(dists, k=k), expected)
    if right < 1:
        raise CheckFailure(f"with k={k}, y_pred is the label of most neighbours for {right:.0%} of the examples")


def test_knn_distances_of_a_small_case():
    knn = build(np.array([[0.0, 0.0], [3.0, 4.0], [1.0, 0.0]]), np.array([0, 1, 2]))
    X = np.array([[0.0, 0.0], [6.0, 8.0]])
    expected = np.array([[0.0, 5.0, 1.0], [10.0, 5.0, 9.43398113]])
    assert_distances(knn.compute_distances(X), expected)
    assert_close(knn.compute_distances(X, norm=L1_norm), [[0.0, 7.0, 1.0], [14.0, 7.0, 13.0]], name="dists")


def test_knn_distances_without_loops_of_a_small_case():
    knn = build(np.array([[0.0, 0.0], [3.0, 4.0], [1.0, 0.0]]), np.array([0, 1, 2]))
    X = np.array([[0.0, 1.0], [6.0, 8.0]])
    expected = np.array([[1.0, 4.24264069, 1.41421356], [10.0, 5.0, 9.43398113]])
    assert_distances(knn.compute_L2_distances_vectorized(X), expected)


def test_knn_votes_of_a_small_case():
    dists = np.array([[3.0, 1.0, 2.0, 4.0, 9.0], [2.0, 3.0, 4.0, 1.0, 0.5]])
    y = np.array([0, 1, 0, 2, 2])
    check_votes(dists, y, 1, np.array([1, 2]))
    check_votes(dists, y, 3, np.array([0, 2]))

"""Nearest neighbours: distances in any norm, distances without loops, and the vote."""

import numpy as np
import pytest
from nndl.knn import KNN
from utils.functions import L1_norm, L2_norm, Linf_norm

from autograder.checks import CheckFailure, accuracy, as_array, assert_close, remark, remark_changes

pytestmark = pytest.mark.question("knn")

LENGTHS = {L1_norm: 1, L2_norm: 2, Linf_norm: np.inf}


def build(X, y):
    knn = KNN()
    knn.train(X.copy(), y.copy())
    return knn


def distances(X, training, order=2):
    return np.linalg.norm(X[:, np.newaxis] - training, ord=order, axis=2)


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


def vote(dists, y, k):
    """Return the most frequent label for each row, or None where in some row two are equally frequent."""
    counts = np.array([np.bincount(y[np.argsort(row)[:k]], minlength=y.max() + 1) for row in dists])
    highest = counts.max(axis=1, keepdims=True)
    return None if ((counts == highest).sum(axis=1) > 1).any() else counts.argmax(axis=1)


@pytest.mark.visible
def test_knn_distances_of_a_small_case():
    knn = build(np.array([[0.0, 0.0], [3.0, 4.0], [1.0, 0.0]]), np.array([0, 1, 2]))
    X = np.array([[0.0, 0.0], [6.0, 8.0]])
    expected = np.array([[0.0, 5.0, 1.0], [10.0, 5.0, 9.43398113]])
    assert_distances(knn.compute_distances(X), expected)
    assert_close(knn.compute_distances(X, norm=L1_norm), [[0.0, 7.0, 1.0], [14.0, 7.0, 13.0]], name="dists")


@pytest.mark.visible
def test_knn_distances_without_loops_of_a_small_case():
    knn = build(np.array([[0.0, 0.0], [3.0, 4.0], [1.0, 0.0]]), np.array([0, 1, 2]))
    X = np.array([[0.0, 1.0], [6.0, 8.0]])
    expected = np.array([[1.0, 4.24264069, 1.41421356], [10.0, 5.0, 9.43398113]])
    assert_distances(knn.compute_L2_distances_vectorized(X), expected)


@pytest.mark.visible
def test_knn_votes_of_a_small_case():
    dists = np.array([[3.0, 1.0, 2.0, 4.0, 9.0], [2.0, 3.0, 4.0, 1.0, 0.5]])
    y = np.array([0, 1, 0, 2, 2])
    check_votes(dists, y, 1, np.array([1, 2]))
    check_votes(dists, y, 3, np.array([0, 2]))


@pytest.mark.hint("Entry [i, j] is about test example i and training example j, with the norm that is given.")
def test_knn_distances_in_any_norm(rng):
    training, X = rng.standard_normal((7, 4)), rng.standard_normal((5, 4))
    knn = build(training, rng.integers(3, size=7))
    for norm, order in LENGTHS.items():
        expected = distances(X, training, order)
        assert_close(knn.compute_distances(X.copy(), norm=norm), expected, name="dists")


def test_knn_distances_are_euclidean_where_no_norm_is_given(rng):
    training, X = rng.standard_normal((3, 6)), rng.standard_normal((8, 6))
    knn = build(training, rng.integers(3, size=3))
    expected = distances(X, training)
    with remark_changes("KNN.compute_distances", X=X):
        dists = knn.compute_distances(X)
    assert_distances(dists, expected)
    first = X[:1].copy()
    expected = distances(first, training)
    assert_distances(knn.compute_distances(first), expected)
    training, X = rng.integers(0, 9, (3, 6)), rng.integers(0, 9, (4, 6))
    assert_distances(build(training, np.arange(3)).compute_distances(X), distances(X, training))


@pytest.mark.points(2)
@pytest.mark.hint("|x - t|^2 = |x|^2 - 2 x.t + |t|^2: a column, a matrix and a row, which NumPy adds up.")
def test_knn_distances_without_loops(rng):
    for tests, examples, inputs, spread in ((5, 7, 4, 1), (8, 3, 6, 0.1), (1, 4, 2, 10), (30, 40, 300, 1)):
        training, X = (spread * rng.standard_normal((count, inputs)) for count in (examples, tests))
        knn = build(training, rng.integers(3, size=examples))
        expected = distances(X, training)
        with remark_changes("KNN.compute_L2_distances_vectorized", X=X):
            dists = knn.compute_L2_distances_vectorized(X)
        assert_distances(dists, expected, rtol=1e-5)
    dists = as_array(knn.compute_L2_distances_vectorized(training[:5]), "dists")
    if np.isnan(dists).any():
        remark("nan-distance", "a distance of 0 comes out as NaN, when rounding makes its square negative")
    if dists.shape == (5, 40) and np.nan_to_num(dists.diagonal()).max() > 0.05:  # 0.02 in single precision
        raise CheckFailure("the distance of a training example to itself is not 0")
    other = rng.standard_normal((40, 300))
    knn.train(other.copy(), np.arange(40))  # anew
    assert_distances(knn.compute_L2_distances_vectorized(X.copy()), distances(X, other), rtol=1e-5)


@pytest.mark.points(2)
@pytest.mark.hint("The k smallest distances of a row say which training examples vote; their labels are counted.")
def test_knn_votes_of_any_number_of_neighbours(rng):
    for k, examples, least in ((1, 9, 0), (2, 9, 0), (3, 9, 0), (5, 9, 0), (9, 9, 0), (3, 900, 0), (5, 900, 8)):
        expected = None
        while expected is None:
            dists, y = rng.random((6, examples)), least + rng.integers(4, size=examples)
            expected = vote(dists, y, k)
        check_votes(dists, y, k, expected)


@pytest.mark.hint("Unless k is given, it is 1.")
def test_knn_predicts_the_clusters_of_new_points(rng):
    corners = 3 * np.array([[1.0, 1.0], [-1.0, 1.0], [0.0, -1.0]])
    y = rng.integers(3, size=60)
    points = corners[y] + 0.3 * rng.standard_normal((60, 2))
    knn = build(points, y)
    labels = rng.integers(3, size=20)
    X = corners[labels] + 0.3 * rng.standard_normal((20, 2))
    for options in ({}, {"k": 5}):
        right = accuracy(knn.predict_labels(distances(X, points), **options), labels)
        if right < 1:
            raise CheckFailure(f"only {right:.0%} of new points, all well inside a cluster, get its label")


@pytest.mark.points(0.5)
@pytest.mark.hint("Where several labels have equally many votes, it has to be one of them.")
def test_knn_gives_one_of_the_labels_with_most_votes_where_votes_are_equal():
    dists = np.array([[1.0, 2.0, 3.0, 4.0, 5.0], [5.0, 4.0, 3.0, 2.0, 1.0]])
    for k, y, most in ((4, [2, 1, 1, 2, 0], [{1, 2}, {1}]), (2, [3, 1, 2, 0, 3], [{1, 3}, {0, 3}])):
        labels = as_array(build(np.zeros((5, 1)), np.array(y)).predict_labels(dists.copy(), k=k), "y_pred")
        if labels.shape != (2,):
            raise CheckFailure(f"y_pred has shape {labels.shape}, a label was expected for each of 2 examples")
        if not all(label in each for label, each in zip(labels.tolist(), most, strict=True)):
            raise CheckFailure(f"with k={k}, y_pred holds a label that others have more votes than")
        if labels.tolist() != [min(each) for each in most]:
            remark("vote-ties", "where several labels have equally many votes, y_pred is not the smallest of them")
    # whichever of the last three is the third of the nearest, it is one vote against two
    check_votes(np.array([[0.0, 0.0, 1.0, 1.0, 1.0]]), np.array([1, 1, 2, 2, 2]), 3, np.array([1]))

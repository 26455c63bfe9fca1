"""Labels: those of the largest responsibility, with ties and noise settled."""

import numpy as np
import pytest
from hypothesis import given
from sklearn.mixture import GaussianMixture

from gmm_core import Mixture, Noise, PointsError, predict, responsibilities
from tests.oracles import old_faithful
from tests.strategies import QUICK, Problem, problems


@QUICK
@given(problems())
def test_the_label_has_the_largest_responsibility(problem: Problem) -> None:
    shares = responsibilities(problem.points, problem.mixture)
    labels = predict(problem.points, problem.mixture)
    assert labels.dtype == np.int64
    assert np.array_equal(shares[np.arange(len(labels)), labels], shares.max(axis=1))


def test_they_are_those_of_scikit_learn() -> None:
    points = old_faithful()
    theirs = GaussianMixture(3, random_state=0).fit(points)
    ours = Mixture(theirs.weights_, theirs.means_, theirs.covariances_)
    assert np.array_equal(predict(points, ours), theirs.predict(points))


def test_of_equals_the_first_is_taken() -> None:
    mixture = Mixture([0.25, 0.25, 0.5], [[1.0], [-1.0], [50.0]], [[[1.0]]] * 3)
    assert predict([[0.0]], mixture).tolist() == [0]
    twins = Mixture([0.2, 0.4, 0.4], [[9.0], [0.0], [0.0]], [[[1.0]]] * 3)
    assert predict([[0.0], [1e100]], twins).tolist() == [1, 0]


def test_shares_that_differ_in_the_last_digit_are_told_apart() -> None:
    """Whatever the last digit of the shares."""
    mixture = Mixture([0.5, 0.5], [[1.0], [-1.0 + 2e-16]], [[[1.0]], [[1.0]]])
    assert np.ptp(responsibilities([[0.0]], mixture)) <= 1e-15
    assert predict([[0.0]], mixture).tolist() == [1]


def test_what_the_noise_holds_most_of_is_minus_one() -> None:
    mixture = Mixture([0.9], [[0.0, 0.0]], [np.eye(2)], Noise(0.1, 100.0))
    assert predict([[0, 0], [9, 9]], mixture).tolist() == [0, -1]


def test_binary_columns_have_their_say() -> None:
    mixture = Mixture([0.5, 0.5], [[0.0], [0.0]], [[[1.0]]] * 2, probabilities=[[0.9], [0.1]])
    assert predict([[3.0, 1], [3.0, 0]], mixture).tolist() == [0, 1]
    with pytest.raises(PointsError, match="binary"):
        predict([[3.0, 0.5]], mixture)


def test_many_points_go_chunk_by_chunk() -> None:
    mixture = Mixture([0.5, 0.5], [[0.0], [4.0]], [[[1.0]]] * 2)
    points = np.linspace(-3, 7, 20_001)[:, None]
    assert np.array_equal(predict(points, mixture), (points[:, 0] > 2).astype(int))

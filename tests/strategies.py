"""Random problems for property tests: well conditioned, so that what fails is the mathematics."""

from dataclasses import dataclass

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from gmm_core import Mixture
from gmm_core.points import Array
from ui.uploads import DECIMALS, ENCODINGS, SEPARATORS, THOUSANDS, Reading

# Derandomized: the gate answers the same every time, and nothing is written to disk.
QUICK = settings(deadline=None, max_examples=25, derandomize=True)

seeds = st.integers(0, 2**32 - 1)


@dataclass(frozen=True, eq=False)
class Problem:
    """Points (N, D) drawn from a mixture of K components."""

    points: Array
    mixture: Mixture


@dataclass(frozen=True, eq=False)
class AffineMap:
    """x -> matrix @ x + offset."""

    matrix: Array
    offset: Array

    @property
    def log_determinant(self) -> float:
        return float(np.linalg.slogdet(self.matrix)[1])

    def points(self, points: Array) -> Array:
        return points @ self.matrix.T + self.offset

    def mixture(self, mixture: Mixture) -> Mixture:
        covariances = self.matrix @ mixture.covariances @ self.matrix.T
        symmetric = 0.5 * (covariances + covariances.transpose(0, 2, 1))
        return Mixture(mixture.weights, self.points(mixture.means), symmetric)


def rotation(rng: np.random.Generator, n_dimensions: int) -> Array:
    """An orthogonal matrix (D, D), a reflection half of the time."""
    return np.linalg.qr(rng.standard_normal((n_dimensions, n_dimensions)))[0]


def make_covariances(rng: np.random.Generator, n_components: int, n_dimensions: int) -> Array:
    """(K, D, D), with standard deviations between 0.4 and 2.5."""
    variances = np.exp(rng.uniform(-1.8, 1.8, (n_components, n_dimensions)))
    turns = np.array([rotation(rng, n_dimensions) for _ in range(n_components)])
    covariances = turns * variances[:, None, :] @ turns.transpose(0, 2, 1)
    return 0.5 * (covariances + covariances.transpose(0, 2, 1))


def make_mixture(rng: np.random.Generator, n_components: int, n_dimensions: int) -> Mixture:
    weights = rng.dirichlet(np.full(n_components, 5.0))
    means = 3 * rng.standard_normal((n_components, n_dimensions))
    return Mixture(weights, means, make_covariances(rng, n_components, n_dimensions))


def make_points(rng: np.random.Generator, mixture: Mixture, n_points: int) -> Array:
    """(N, D), without a call of what is under test."""
    labels = rng.choice(mixture.n_components, size=n_points, p=mixture.weights)
    factors = np.linalg.cholesky(mixture.covariances)[labels]
    standard = rng.standard_normal((n_points, mixture.n_dimensions))
    return mixture.means[labels] + np.einsum("nij,nj->ni", factors, standard)


@st.composite
def problems(
    draw: st.DrawFn, *, max_components: int = 4, max_dimensions: int = 3, n_points: int = 60
) -> Problem:
    """A mixture and `n_points` of its points."""
    n_components = draw(st.integers(1, max_components))
    n_dimensions = draw(st.integers(1, max_dimensions))
    rng = np.random.default_rng(draw(seeds))
    mixture = make_mixture(rng, n_components, n_dimensions)
    return Problem(make_points(rng, mixture, n_points), mixture)


def affine_map(rng: np.random.Generator, n_dimensions: int) -> AffineMap:
    """Invertible, with singular values between 0.05 and 20."""
    stretch = np.exp(rng.uniform(-3, 3, n_dimensions))
    matrix = rotation(rng, n_dimensions) * stretch @ rotation(rng, n_dimensions)
    return AffineMap(matrix, 10 * rng.standard_normal(n_dimensions))


def axis_scaling(rng: np.random.Generator, n_dimensions: int) -> AffineMap:
    """Every axis in units of its own, some turned round."""
    stretch = np.exp(rng.uniform(-3, 3, n_dimensions)) * rng.choice([-1.0, 1.0], n_dimensions)
    return AffineMap(np.diag(stretch), 10 * rng.standard_normal(n_dimensions))


def similarity(rng: np.random.Generator, n_dimensions: int) -> AffineMap:
    """Rotation or reflection, one scale, translation."""
    matrix = np.exp(rng.uniform(-3, 3)) * rotation(rng, n_dimensions)
    return AffineMap(matrix, 10 * rng.standard_normal(n_dimensions))


@st.composite
def lattice_points(draw: st.DrawFn, *, n_dimensions: int = 2, min_size: int = 4) -> Array:
    """Few places, many duplicates, often collinear: where components collapse."""
    coordinate = st.integers(0, 3)
    row = st.tuples(*[coordinate] * n_dimensions)
    return np.array(draw(st.lists(row, min_size=min_size, max_size=20)), dtype=np.float64)


READINGS = st.builds(
    Reading,
    separator=st.none() | st.sampled_from(list(SEPARATORS)),
    decimal=st.none() | st.sampled_from(list(DECIMALS)),
    thousands=st.none() | st.sampled_from([*THOUSANDS, ""]),
    header=st.none() | st.integers(0, 2),
    encoding=st.none() | st.sampled_from(list(ENCODINGS)),
    sheet=st.none() | st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=31),
    missing=st.none()
    | st.lists(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=9), max_size=3).map(
        tuple
    ),
    totals=st.none() | st.booleans(),
)

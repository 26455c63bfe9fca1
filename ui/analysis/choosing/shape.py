"""How close mixtures of more and more components come to a shape, and what that is worth elsewhere."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from gmm_core import Fit, Mixture, Sweeping, Variant, log_density, marginal, sweep
from gmm_core.points import Array
from gmm_core.selection.cross_validation import HeldOut
from ui.analysis.choosing.no_fit import n_distinct, why_no_fit
from ui.analysis.choosing.sweeping import few_of
from ui.data import Data, Extent, data_of, numbers_alone
from ui.experiment import OWN_SHAPE, Experiment

KS = (1, 2, 5, 10, 20, 30)
"""How many components each mixture has."""

FAMILY = "full"

N_UNSEEN = 5_000
"""Fresh draws of a generator that its mixtures are judged by."""

MOST_OWN = 2_000
"""Of people's own points; of more, as many drawn at random."""

N_PARTS = 10
"""Of the fresh draws, by which is known how far to trust their mean."""

N_FOLDS = 5
"""That people's own points are cut into, to hold out one after the other."""

N_PLACES = 96
"""Along each axis of a picture of a density."""

TOLERANCE = 1e-5
"""Nats a point."""

OTHER_SEED = Experiment.data_seed + 1
"""Of the fresh draws."""

Report = Callable[[float, "Approximations | None"], bool]
"""Told the share done and what there is by now; True asks to end."""


@dataclass(frozen=True, eq=False)
class Approximation:
    """One mixture."""

    mixture: Mixture
    n_parameters: int
    learned: float
    """The mean log-density of a point that it learned from, in nats."""
    log_densities: NDArray[np.float32]
    """(G, G), of the places of a picture, upwards and across; (G,) on a line. In nats."""


@dataclass(frozen=True, eq=False)
class Approximations:
    """The mixtures of every K, as far as there are any."""

    n_points: int
    """That they learned from."""
    fits: Mapping[int, Approximation] = field(default_factory=dict[int, Approximation])
    """By K."""
    unseen: Mapping[int, HeldOut] = field(default_factory=dict[int, HeldOut])
    """By K: what points are worth that were not learned from."""
    failed: Mapping[int, str] = field(default_factory=dict[int, str])
    """Why there is no mixture of that K, in a sentence."""

    @property
    def best(self) -> int | None:
        """The K that foretells unseen points best, the first of equals."""
        return max(self.unseen, key=lambda k: self.unseen[k].mean, default=None)

    @property
    def span(self) -> tuple[float, float]:
        """The log-densities, in nats, at the two ends of a scale of colours for all pictures."""
        # A few tight components must not make all else pale.
        peaks = [float(np.quantile(fit.log_densities, 0.98)) for fit in self.fits.values()]
        high = max(peaks, default=0.0)
        return high - 6.0, high


def learned_from(experiment: Experiment, data: Data) -> Data:
    """The points of the shape that is asked for: of a generator, or `data`, their numbers alone, and few."""
    if experiment.shape == OWN_SHAPE:
        return few_of(numbers_alone(data), MOST_OWN)
    return _drawn(experiment.shape, experiment.shape_points, Experiment.data_seed)


def _drawn(shape: str, n_points: int, seed: int) -> Data:
    return data_of(Experiment(shape, n_points, seed), None)


def approximations(experiment: Experiment, data: Data, report: Report | None = None) -> Approximations:
    """A plain mixture of full covariances for every K of KS. Those of a generator are judged by fresh draws;
    those of `data`, which take the experiment's regularisation, by each fifth of the points in turn, with
    mixtures found in the same way among the other four. Where `report` asks to end, what there is by then.

    Raises PointsError where the points have no extent.
    """
    learned = learned_from(experiment, data)
    is_own = experiment.shape == OWN_SHAPE
    reg_covar = experiment.reg_covar if is_own else 0.0
    unseen = None if is_own else _drawn(experiment.shape, N_UNSEEN, OTHER_SEED).points
    first = 0.3 if is_own else 1.0
    found = Approximations(len(learned.points))
    for share, fits in _growing(learned, reg_covar):
        found = _with(found, fits, learned, unseen)
        if report is not None and report(first * share, found):
            return found
    lacking = [k for k in KS if k not in found.fits]
    found = replace(found, failed={k: why_no_fit(learned.points, k) for k in lacking})
    return _judged(found, learned, reg_covar, report, first) if is_own else found


def _growing(learned: Data, reg_covar: float) -> Iterator[tuple[float, Sequence[Fit]]]:
    """The share done, and the fits there are by then."""
    ks = [k for k in KS if k <= n_distinct(learned.points)]
    variant = Variant(sample_weights=learned.weights)
    under_way = Sweeping(
        learned.points, ks, FAMILY, reg_covar=reg_covar, variant=variant, tolerance=TOLERANCE
    )
    for share in under_way:
        yield share, under_way.fits
    yield 1.0, under_way.end()


def _with(found: Approximations, fits: Sequence[Fit], learned: Data, unseen: Array | None) -> Approximations:
    """With what is new among the fits."""
    known, judged = dict(found.fits), dict(found.unseen)
    for fit in fits:
        k, before = fit.n_components, known.get(fit.n_components)
        if before is not None and before.mixture is fit.mixture:
            continue
        total = found.n_points if learned.weights is None else float(learned.weights.sum())
        densities = _pictured(fit.mixture, learned)
        known[k] = Approximation(fit.mixture, fit.n_parameters, fit.log_likelihood / total, densities)
        if unseen is not None:
            judged[k] = _worth(fit.mixture, unseen)
    return replace(found, fits=known, unseen=judged)


def _worth(mixture: Mixture, unseen: Array) -> HeldOut:
    parts = np.array_split(log_density(unseen, mixture), N_PARTS)
    return HeldOut(
        np.array([part.mean() for part in parts]), np.array([len(part) for part in parts], np.float64)
    )


def shown_axes(data: Data) -> tuple[int, ...]:
    """The columns that a picture shows."""
    return data.pair if data.points.shape[1] > 2 else tuple(range(data.points.shape[1]))


def places_along(extent: Extent, axis: int) -> Array:
    """(G,): the places of a picture of a density along an axis."""
    return np.linspace(*extent[axis], N_PLACES)


def _pictured(mixture: Mixture, learned: Data) -> NDArray[np.float32]:
    axes = shown_axes(learned)
    shown = marginal(mixture, axes) if len(axes) < mixture.n_dimensions else mixture
    across = places_along(learned.extent, axes[0])
    if len(axes) == 1:
        return log_density(across[:, None], shown).astype(np.float32)
    upwards = places_along(learned.extent, axes[1])
    x, y = np.meshgrid(across, upwards)
    densities = log_density(np.column_stack([x.ravel(), y.ravel()]), shown)
    return densities.reshape(x.shape).astype(np.float32)


def _judged(
    found: Approximations, learned: Data, reg_covar: float, report: Report | None, first: float
) -> Approximations:
    """With what every K is worth on each fold of the points to mixtures of the others."""
    order = np.random.default_rng(0).permutation(found.n_points)
    n_folds = min(N_FOLDS, found.n_points)
    judged: dict[int, list[tuple[float, float]]] = {k: [] for k in found.fits}
    for done, held_out in enumerate(np.array_split(order, n_folds)):
        is_ended = _Watched(report, first + (1.0 - first) * done / n_folds, (1.0 - first) / n_folds)
        others = learned.at(np.setdiff1d(order, held_out))
        worth = _worth_elsewhere(others, learned.at(held_out), list(found.fits), reg_covar, is_ended)
        if is_ended.answer:
            break
        # What cannot be fitted without some of the points cannot be compared with the rest.
        judged = {k: [*judged[k], worth[k]] for k in judged if k in worth}
        unseen = {k: HeldOut(*map(np.array, zip(*pairs, strict=True))) for k, pairs in judged.items()}
        found = replace(found, unseen=unseen)
        if report is not None and report(first + (1.0 - first) * (done + 1) / n_folds, found):
            break
    return found


@dataclass
class _Watched:
    """Tells how far one fold is, and remembers an answer that ends it."""

    report: Report | None
    begun: float
    length: float
    answer: bool = False

    def __call__(self, share: float) -> bool:
        if self.report is not None and not self.answer:
            self.answer = self.report(self.begun + self.length * min(share, 0.99), None)
        return self.answer


def _worth_elsewhere(
    others: Data, held_out: Data, ks: Sequence[int], reg_covar: float, is_ended: Callable[[float], bool]
) -> dict[int, tuple[float, float]]:
    """By K: the mean log-density of a point held out, in nats, and how many they are or weigh."""
    possible = [k for k in ks if k <= n_distinct(others.points)]
    weights = np.ones(len(held_out.points)) if held_out.weights is None else held_out.weights
    if not possible or weights.sum() == 0:
        return {}
    fits = sweep(
        others.points,
        possible,
        FAMILY,
        reg_covar=reg_covar,
        variant=Variant(sample_weights=others.weights),
        tolerance=TOLERANCE,
        progress=is_ended,
    )
    total = float(weights.sum())
    return {
        fit.n_components: (float(weights @ log_density(held_out.points, fit.mixture)) / total, total)
        for fit in fits
    }

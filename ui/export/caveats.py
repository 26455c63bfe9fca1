"""What to keep in mind about a fit, in sentences: how it ended, and what its numbers do not bear."""

from collections.abc import Iterator

import numpy as np

import gmm_core
from gmm_core import StopReason, VariationalMixture
from ui.export.numbers import percent, significant, with_powers
from ui.export.outcome import Outcome

FEW_POINTS = 10
"""A component that holds fewer is small."""

CERTAIN = 1e-6
"""A probability this near to 0 or 1 is as good as that."""

THIN_SHARE = 0.02
"""A half-axis below this share of the spread of the points is nearly none."""

POINTS_PER_PARAMETER = 5
"""Fewer points than this for each free parameter are few."""

SURE_SHARE = 0.8
"""A largest share below this leaves open where a point belongs."""

MANY_SHARE = 0.1
"""More points than this share are many."""


def caveats(outcome: Outcome, *, k_by_hand: bool, n_starts: int) -> list[str]:
    """One or two sentences each, the gravest first.

    `k_by_hand` says that nobody compared several K, `n_starts` of how many starts this is the best.
    """
    of_the_outcome = (_ending, _regularised, _thin, _certain, _small, _few, _unsure)
    said = [sentence for told in of_the_outcome for sentence in told(outcome)]
    return [*said, *_chosen(outcome, k_by_hand), *_local(n_starts)]


def _ending(outcome: Outcome) -> Iterator[str]:
    reason = outcome.run.stop_reason
    if reason is StopReason.CONVERGED:
        return
    yield with_powers(outcome.run.explanation)
    if reason is StopReason.COMPONENT_COLLAPSED:
        steps = outcome.run.states[-1].iteration
        yield f"What is shown is the last state before the collapse, after {steps} steps; it is no maximum."
    elif reason is StopReason.STEP_LIMIT:
        yield "The fit has not converged: the parameters would still move."


def _regularised(outcome: Outcome) -> Iterator[str]:
    if outcome.reg_covar > 0:
        shapes = "curves are wider" if outcome.n_dimensions == 1 else "ellipses are wider and rounder"
        yield (
            f"reg_covar added {significant(outcome.reg_covar)} to every variance: the {shapes} than the "
            "points alone ask for, and the likelihood need not rise at every step."
        )


def _thin(outcome: Outcome) -> Iterator[str]:
    if outcome.variant.covariances is not None:
        # They were chosen, and cannot shrink.
        return
    spread = outcome.points.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    scaled = outcome.run.mixture.covariances / spread[:, None] / spread
    half_axes = np.sqrt(np.linalg.eigvalsh(scaled)[:, 0].clip(0))
    on_a_line = outcome.n_dimensions == 1
    shape, half_axis = ("a point", "σ") if on_a_line else ("a line or a point", "short half-axis")
    for k in np.flatnonzero(half_axes < THIN_SHARE):
        yield (
            f"Component {k + 1} is nearly {shape}: its {half_axis} is {percent(half_axes[k])} of the points' "
            "spread. The likelihood grows without bound as it shrinks, so that its height and "
            "the criteria mean little here."
        )


def _certain(outcome: Outcome) -> Iterator[str]:
    """Probabilities of 0 or 1, which no further step could change."""
    if outcome.yes_no is None:
        return
    for k, probability in enumerate(outcome.run.mixture.probabilities[:, 0]):
        if min(probability, 1 - probability) < CERTAIN:
            only = outcome.yes_no.said[int(probability > 0.5)]
            yield (
                f"Every point of component {k + 1} is {only}, so that the fit holds any other to be next to "
                "impossible there; a few points more of the other value could change that."
            )


def _small(outcome: Outcome) -> Iterator[str]:
    counts = outcome.run.states[-1].moments.counts
    # A variational mixture switches off what it does not need, and says how many are left.
    least = 1.0 if isinstance(outcome.algorithm, VariationalMixture) else 0.0
    for k in np.flatnonzero((counts >= least) & (counts < FEW_POINTS)):
        shape = "curve" if outcome.n_dimensions == 1 else "ellipse"
        yield f"Component {k + 1} holds only {significant(counts[k], 3)} points; its {shape} rests on few."


def _few(outcome: Outcome) -> Iterator[str]:
    mixture, n_points = outcome.run.mixture, len(outcome.points)
    n_binary = mixture.probabilities.shape[1]
    sizes = mixture.n_components, outcome.n_dimensions
    free = gmm_core.n_parameters(outcome.family, *sizes, n_binary=n_binary)
    if n_points < POINTS_PER_PARAMETER * free:
        yield f"{n_points} points for {free} free parameters are few: more points may tell another tale."


def _unsure(outcome: Outcome) -> Iterator[str]:
    shares = outcome.shares
    unsure = float((shares.max(axis=1) < SURE_SHARE).mean())
    if outcome.run.mixture.n_components > 1 and unsure > MANY_SHARE:
        yield (
            f"{percent(unsure)} of the points belong to no component by more than {percent(SURE_SHARE)}: "
            "the components overlap, so use the shares and not only the largest of them."
        )


def _chosen(outcome: Outcome, k_by_hand: bool) -> Iterator[str]:
    if k_by_hand:
        yield (
            f"K = {outcome.run.mixture.n_components} was chosen by hand; compare the criteria over several "
            "K, and mind that a Gaussian component need not be a group."
        )


def _local(n_starts: int) -> Iterator[str]:
    if n_starts == 1:
        yield "EM climbs to a maximum near its start, and this is from one start; another may lead higher."

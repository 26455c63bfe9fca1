"""How sure a chosen model is: its standard errors, how often another K would win, and one component more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np

from gmm_core import (
    FAMILIES,
    Bootstrap,
    Fit,
    LikelihoodRatioTest,
    Parameters,
    choice_bootstrap,
    weighted_likelihood_bootstrap,
)
from gmm_core.points import Array
from gmm_core.selection.likelihood_ratio import LikelihoodRatioTesting
from ui.analysis.choosing.criteria import Cell, cell_of
from ui.analysis.choosing.sweeping import sweep_variant
from ui.data import Data
from ui.experiment import Experiment

SMALL_WORK, LARGE_WORK = 6_000, 20_000
"""Points times components up to which there are most resamples, and from which there are fewest."""

PIECE = 50
"""Fits between two looks at what there is."""

N_CHOICES, CHOICES_PIECE = 200, 20
N_TESTED = 199

MOST_CANDIDATES, LARGEST_GAP = 12, 40.0
"""Fits that may win, the best by BIC, and how far from the best they may be: farther ones hardly ever do."""

FIRM = 0.95
"""The share of resamples that a K has to win to be a firm choice."""

CIRCLE = (-2.0 * log(0.05)) ** 0.5
"""Standard deviations from its middle within which a Gaussian in the plane has 95 % of its mass."""

INTERVAL = 1.959963984540054
"""The same on a line."""

ErrorsReport = Callable[[float, Bootstrap | None], bool]
TestReport = Callable[[float, LikelihoodRatioTest | None], bool]
ChoicesReport = Callable[[float, "Choices | None"], bool]


def n_errors(n_points: int, n_components: int) -> int:
    """Resamples for standard errors: as many as take a moment."""
    work = n_points * n_components
    return 1000 if work <= SMALL_WORK else 500 if work <= LARGE_WORK else 200


def standard_errors(
    experiment: Experiment, data: Data, fit: Fit, report: ErrorsReport | None = None
) -> Bootstrap:
    """The fit to the data once more with every point weighted at random, again and again. Where `report` asks
    to end, those fits that there are by then."""
    rng, wanted = np.random.default_rng(0), n_errors(len(data.points), fit.n_components)
    found: Bootstrap | None = None
    for done in range(PIECE, wanted + 1, PIECE):
        more = weighted_likelihood_bootstrap(
            data.fitted,
            fit.mixture,
            family=fit.family,
            reg_covar=experiment.reg_covar,
            variant=sweep_variant(experiment, data),
            n_bootstrap=PIECE,
            rng=rng,
        )
        found = more if found is None else _together(found, more)
        if report is not None and report(done / wanted, found):
            break
    assert found is not None
    return found


def _together(some: Bootstrap, more: Bootstrap) -> Bootstrap:
    arrays = zip(vars(some.resampled).values(), vars(more.resampled).values(), strict=True)
    resampled = Parameters(*(np.concatenate(pair) for pair in arrays))
    return Bootstrap(some.mixture, resampled, some.n_collapsed + more.n_collapsed)


def spreads_of_means(found: Bootstrap, axes: Sequence[int]) -> Array:
    """(K, d, d): the covariances of the means over the fits, in these d columns."""
    means = found.resampled.means[:, :, list(axes)]
    off = means - means.mean(axis=0)
    return np.einsum("bki,bkj->kij", off, off) / max(len(means) - 1, 1)


@dataclass(frozen=True, eq=False)
class Choices:
    """How often each model would have been chosen."""

    cells: tuple[Cell, ...]
    """The candidates, the best by BIC first."""
    wins: tuple[int, ...]
    """Of each."""
    n_drawn: int
    """Resamples, of which none may have won a few."""

    def by_components(self, ks: Sequence[int]) -> list[int]:
        """How often each of these K won, in any family."""
        return [sum(won for cell, won in zip(self.cells, self.wins, strict=True) if cell[1] == k) for k in ks]


def candidates_of(fits: Sequence[Fit]) -> list[Fit]:
    """Those that may win, the best by BIC first; two at least, where there are two."""
    order = sorted(fits, key=lambda fit: fit.bic)
    near = [fit for fit in order if fit.bic - order[0].bic <= LARGEST_GAP]
    return order[: max(2, min(len(near), MOST_CANDIDATES))]


def choices(
    experiment: Experiment, data: Data, fits: Sequence[Fit], report: ChoicesReport | None = None
) -> Choices:
    """How often each of the best fits has the best BIC when the points are weighted at random. Where `report`
    asks to end, what there is by then."""
    rng, candidates = np.random.default_rng(0), candidates_of(fits)
    variant = sweep_variant(experiment, data)
    found = Choices(tuple(map(cell_of, candidates)), (0,) * len(candidates), 0)
    for first in range(0, N_CHOICES, CHOICES_PIECE):

        def within(share: float, first: int = first, found: Choices = found) -> bool:
            return report is not None and report((first + share * CHOICES_PIECE) / N_CHOICES, found)

        more = choice_bootstrap(
            data.fitted,
            candidates,
            n_bootstrap=CHOICES_PIECE,
            variant=variant,
            reg_covar=experiment.reg_covar,
            rng=rng,
            progress=within,
        )
        wins = tuple(map(sum, zip(found.wins, more.wins.tolist(), strict=True)))
        found = replace(found, wins=wins, n_drawn=found.n_drawn + len(more.values))
        if report is not None and report((first + CHOICES_PIECE) / N_CHOICES, found):
            break
    return found


def why_no_test(experiment: Experiment) -> str:
    """Why one component more cannot be tested, in one sentence; empty where it can."""
    if experiment.noise:
        return (
            "With background noise there is no such test: it draws points from the fit, and noise has a "
            "volume but no place. Switch the noise off to have it."
        )
    if experiment.equal:
        return (
            "With equal weights K components are no special case of K + 1, so that there is no such test; "
            "let the weights differ to have it."
        )
    return ""


def one_more(
    experiment: Experiment, data: Data, family: str, n_components: int, report: TestReport | None = None
) -> LikelihoodRatioTest:
    """The test of `n_components` against one more. Where `report` asks to end, with the resamples that were
    drawn by then. Raises ValueError where the points allow no such test."""
    under_way = LikelihoodRatioTesting(
        data.fitted,
        n_components,
        family=family,
        reg_covar=experiment.reg_covar,
        variant=sweep_variant(experiment, data),
        n_bootstrap=N_TESTED,
        n_binary=data.n_binary,
        rng=0,
    )
    for share in under_way:
        if report is not None and report(share, under_way.test):
            break
    return under_way.test


def said_of_test(test: LikelihoodRatioTest) -> str:
    """What the p-value says, in plain words."""
    k, n_drawn = test.mixture.n_components, len(test.resampled)
    as_large = int((test.resampled >= test.statistic).sum())
    components = "component" if k == 1 else "components"
    seen = (
        f"Were there {k} {components} and no more, one more would raise 2 log L by as much as it does here, "
        f"{test.statistic:,.1f}, about {test.p_value:.1%} of the time (p = {test.p_value:.3f}: {as_large} of "
        f"{n_drawn} simulated data sets)."
    )
    if test.p_value <= 0.05:
        return f"{seen} That is rare: it speaks for {k + 1} components."
    return (
        f"{seen} That is not rare: nothing here speaks for one component more, which does not prove that "
        f"there {'is' if k == 1 else 'are'} {k}."
    )


def said_of_choices(found: Choices, ks: Sequence[int]) -> str:
    """How firm the choice of K is, in plain words."""
    if not found.n_drawn:
        return "No resample has been fitted yet."
    won = sorted(zip(found.by_components(ks), ks, strict=True), key=lambda pair: (-pair[0], pair[1]))
    first, *others = [
        f"K = {k} won in {n} of {found.n_drawn} ({n / found.n_drawn:.0%})" for n, k in won if n
    ] or ["No model won in any"]
    firm = "firm" if won[0][0] >= FIRM * found.n_drawn else "not firm"
    told = "; ".join([first, *(other.replace(" won in", " in") for other in others)])
    return f"{told}. Among these models the choice of K is {firm}."


def title_of(cell: Cell) -> str:
    """The letters and K of a model."""
    return f"{FAMILIES[cell[0]].letters}, K = {cell[1]}"


def plus_minus(value: float, error: float) -> str:
    """The value and its standard error, to two digits of the error that count."""
    digits = 0 if not 0 < error < np.inf else max(0, 1 - int(np.floor(np.log10(error))))
    return f"{value:,.{digits}f} ± {error:,.{digits}f}".replace("-", "−")

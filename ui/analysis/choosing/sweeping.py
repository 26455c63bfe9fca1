"""An experiment's data -> a fit of every K and family that is to be tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

import gmm_core
from gmm_core import Fit, Sweeping
from ui.analysis.algorithms import has_prior, variant_of
from ui.analysis.choosing.criteria import Cell
from ui.analysis.choosing.no_fit import n_distinct, why_no_fit
from ui.data import Data
from ui.experiment import Experiment, on_a_line

MOST_SWEPT = 10_000
"""Points that a sweep is made with; of more, as many drawn at random."""

Report = Callable[[float, "Swept | None"], bool]
"""Told the share done and what there is by now; True asks to end."""


@dataclass(frozen=True, eq=False)
class Swept:
    """The fits of a sweep, as far as there are any."""

    data: Data
    """The points that were fitted."""
    n_points: int
    """That there are in all."""
    families: tuple[str, ...]
    ks: tuple[int, ...]
    fits: tuple[Fit, ...] = ()
    failed: Mapping[Cell, str] = field(default_factory=dict[Cell, str])
    """Why there is no fit, in a sentence."""
    remarks: tuple[str, ...] = ()
    """What was assumed, a sentence each."""
    is_whole: bool = False
    """Whether it came to its end: else K is missing, or fits may still become better."""

    @property
    def is_sample(self) -> bool:
        """Whether some of the points only were fitted."""
        return len(self.data.points) < self.n_points

    def fit(self, cell: Cell | tuple[()]) -> Fit | None:
        """That of a family and K, if there is one."""
        return next((fit for fit in self.fits if (fit.family, fit.n_components) == cell), None)


def few_of(data: Data, most: int) -> Data:
    """The points themselves, or `most` of them drawn at random, always the same."""
    n_points = len(data.points)
    if n_points <= most:
        return data
    kept = np.sort(np.random.default_rng(0).choice(n_points, most, replace=False))
    return data.at(kept)


def swept(experiment: Experiment, data: Data, report: Report | None = None) -> Swept:
    """A fit of every K up to `experiment.most` and every family of `experiment.among`, with the experiment's
    noise, prior, weights and regularisation. Where `report` asks to end, what there is by then.

    Raises ValueError where the points allow no fit at all.
    """
    data = _weighing(data)
    # Not the rows that they came from, which may be a large file's.
    few = replace(few_of(data, MOST_SWEPT), source=None, start_among=None)
    families, ks = _families(experiment, few.points.shape[1]), tuple(range(1, experiment.most + 1))
    begun = Swept(few, len(data.points), families, ks, remarks=_remarks(experiment, few, len(data.points)))
    under_way = Sweeping(
        few.fitted,
        [k for k in ks if k <= n_distinct(few.points)],
        families,
        reg_covar=experiment.reg_covar,
        variant=sweep_variant(experiment, few),
        noise=sweep_noise(experiment, few),
        n_binary=few.n_binary,
    )
    for share in under_way:
        so_far = replace(begun, fits=under_way.fits)
        if report is not None and report(share, so_far) and share < 1.0:
            return so_far
    fits = under_way.end()
    failed = _failed(begun, {(fit.family, fit.n_components) for fit in fits})
    return replace(begun, fits=fits, failed=failed, is_whole=True)


def sweep_variant(experiment: Experiment, data: Data) -> gmm_core.Variant:
    """What differs from plain EM, in a sweep's families: one prior for all K, whatever K the lab has. Raises
    ValueError where the points allow no prior."""
    family = _families(experiment, 2)[0]
    return variant_of(replace(experiment, n_components=experiment.most), data, family)


def sweep_noise(experiment: Experiment, data: Data) -> gmm_core.Noise | None:
    """The background that every fit begins with, where there is to be one. Raises ValueError where the points
    allow none."""
    return gmm_core.default_noise(data.fitted, n_binary=data.n_binary) if experiment.noise else None


def _weighing(data: Data) -> Data:
    """Without the points that weigh nothing."""
    return data if data.weights is None else data.at(np.flatnonzero(data.weights > 0))


def _families(experiment: Experiment, n_dimensions: int) -> tuple[str, ...]:
    """Those of `among` that can be fitted, each model once: on a line all come down to two."""
    held = [family for family in experiment.among if not experiment.prior or has_prior(family)] or ["full"]
    if n_dimensions > 1:
        return tuple(held)
    first: dict[str, str] = {}
    for family in held:
        first.setdefault(on_a_line(family), family)
    return tuple(first.values())


def _failed(begun: Swept, there: set[Cell]) -> dict[Cell, str]:
    lacking = [(family, k) for family in begun.families for k in begun.ks if (family, k) not in there]
    why = {k: why_no_fit(begun.data.points, k) for k in {k for _, k in lacking}}
    return {(family, k): why[k] for family, k in lacking}


def _remarks(experiment: Experiment, few: Data, n_points: int) -> tuple[str, ...]:
    said: list[str] = []
    if len(few.points) < n_points:
        said.append(
            f"A sample of {len(few.points):,} of the {n_points:,} points, drawn at random, is fitted here; "
            "the fit that you open in the lab is one to all of them."
        )
    held = _families(experiment, 2)
    if left_out := [family for family in experiment.among if family not in held]:
        said.append(f"There is no prior for {', '.join(left_out)}, so they are left out.")
    if few.points.shape[1] == 1 and len(_families(experiment, 1)) < len(held):
        said.append(
            "On a line components differ in their width or do not: what comes to the same is tried once."
        )
    if experiment.prior:
        said.append(
            f"The prior is that for K = {experiment.most} throughout; in the lab it is that for the "
            "fit's own "
            "K, so that EM goes on a little there."
        )
    if few.weights is not None:
        said.append(
            f"The weights add up to {few.weights.sum():,.4g}, which BIC takes for the number of points."
        )
    return tuple(said)


def said_of_failed(swept: Swept) -> list[str]:
    """Which of a sweep's models have no fit, and why: a sentence or two for every reason."""
    said: list[str] = []
    for why in dict.fromkeys(swept.failed.values()):
        ks: dict[str, list[int]] = {}
        for (family, k), reason in swept.failed.items():
            if reason == why:
                ks.setdefault(family, []).append(k)
        named = "; ".join(f"{family} with K = {', '.join(map(str, some))}" for family, some in ks.items())
        said.append(f"No fit of {named}. {why}")
    return said

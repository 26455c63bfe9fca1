"""The algorithms that the lab offers: what each does, which choices it takes, and how it is made of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import gmm_core
from gmm_core import ALGORITHMS, FAMILIES
from gmm_core.algorithms import MixtureAlgorithm
from gmm_core.em import EM, Annealing
from gmm_core.em.prior import PRIOR_FAMILIES
from gmm_core.variational import VariationalMixture
from gmm_core.variational.prior import default_variational_prior
from gmm_core.variational.shaping import VARIATIONAL_FAMILIES
from ui.data import Data
from ui.experiment import Experiment

OF_EM = ("reg_covar", "prior", "strength", "equal", "stop_falling")
"""Choices that mean something to those algorithms alone whose M-step is EM's."""


@dataclass(frozen=True)
class Offered:
    """An algorithm as the lab offers it."""

    sentence: str
    """What it does otherwise than EM, in a sentence."""
    make: Callable[[Experiment, Data], MixtureAlgorithm]
    """With the experiment's settings. Raises ValueError where the points allow none."""
    settings: tuple[str, ...] = OF_EM
    """The names of the choices that it takes, of those that others do not."""
    families: tuple[str, ...] = tuple(FAMILIES)
    """Keys of FAMILIES that it has."""

    @property
    def is_em(self) -> bool:
        """Whether its M-step is EM's."""
        return set(OF_EM) <= set(self.settings)


def _em(experiment: Experiment, data: Data) -> EM:
    return EM(
        family=experiment.family,
        reg_covar=experiment.reg_covar,
        variant=variant_of(experiment, data),
        tolerance=experiment.tolerance,
        stop_when_falling=experiment.stop_falling or experiment.reg_covar == 0,
    )


def _classification(experiment: Experiment, data: Data) -> EM:
    em = _em(experiment, data)
    title = ALGORITHMS["classification"].title
    return replace(em, variant=replace(em.variant, temperature=0.0), title=title)


def _annealed(experiment: Experiment, data: Data) -> Annealing:
    return Annealing(_em(experiment, data), first=experiment.temperature)


def _variational(experiment: Experiment, data: Data) -> VariationalMixture:
    prior = default_variational_prior(
        data.fitted,
        n_binary=data.n_binary,
        sample_weights=data.weights,
        concentration=experiment.concentration,
        weights=experiment.process,
    )
    return VariationalMixture(
        prior, sample_weights=data.weights, tolerance=experiment.tolerance, family=experiment.family
    )


OFFERED: Mapping[str, Offered] = MappingProxyType(
    {
        "em": Offered("Shares every point out softly, then moves every component, and again.", _em),
        "variational": Offered(
            "Begins with more components than can be needed, and switches off those that explain nothing of "
            "their own: how many are left is its answer.",
            _variational,
            ("concentration", "process"),
            VARIATIONAL_FAMILIES,
        ),
        "classification": Offered(
            "Gives every point whole to the component that explains it best, and no share to any other.",
            _classification,
        ),
        "annealed": Offered(
            "Begins warm, where all shares are nearly alike, and cools down to EM, so that the start matters "
            "less.",
            _annealed,
            (*OF_EM, "temperature"),
        ),
    }
)
"""Keys of ALGORITHMS, in the order in which they are offered."""


def algorithm_of(experiment: Experiment, data: Data) -> MixtureAlgorithm:
    """The experiment's algorithm with its settings. Raises ValueError where the points allow none."""
    return OFFERED[experiment.algorithm].make(experiment, data)


def variant_of(experiment: Experiment, data: Data, family: str = "") -> gmm_core.Variant:
    """What differs from plain EM, for components of the experiment's family or another. Raises ValueError
    where the points allow no prior."""
    prior = None
    if experiment.prior and has_prior(family or experiment.family):
        prior = gmm_core.default_prior(
            data.points,
            experiment.n_components,
            strength=experiment.strength,
            sample_weights=data.weights,
        )
    return gmm_core.Variant(sample_weights=data.weights, prior=prior, equal_weights=experiment.equal)


def has_prior(family: str) -> bool:
    """Whether components of the family can have one."""
    return FAMILIES[family].letters in PRIOR_FAMILIES

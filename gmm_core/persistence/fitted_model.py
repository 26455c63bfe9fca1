"""A fitted mixture and what it was fitted to: all that is worth keeping of a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from numpy.typing import ArrayLike

from gmm_core.em import EMEnd, EMRun, StopReason
from gmm_core.em.variant import PLAIN, Variant, check_variant
from gmm_core.families import find_family, n_parameters
from gmm_core.mixture import Mixture, MixtureError, log_density
from gmm_core.points import PointsError, ReadOnly, as_points, as_sample_weights, quoted
from gmm_core.selection.criteria import aic, bic, classification_entropy, icl
from gmm_core.settings import check_kind, is_not_negative
from gmm_core.variational import VariationalRun
from gmm_core.version import __version__


@dataclass(frozen=True, eq=False)
class FittedModel(ReadOnly):
    """A mixture, how it came about, and what it is worth."""

    mixture: Mixture
    """The parameters."""
    family: str
    """A key of FAMILIES."""
    log_likelihood: float
    """Of the points it was fitted to, in all, in nats."""
    n_points: int
    """N."""
    total_weight: float
    """Of the points: N, unless some counted more often than others."""
    n_parameters: int
    """Free parameters."""
    classification_entropy: float
    """Of the points it was fitted to, in nats."""
    columns: tuple[str, ...]
    """What the columns of the points are called."""
    data_fingerprint: str
    """Of the points; see `fingerprint`."""
    iteration: int
    """M-steps taken."""
    stop_reason: StopReason
    """Why the run ended."""
    reg_covar: float = 0.0
    """Added to every variance, in squared units of the points."""
    versions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Programs that took part and their versions, gmm_core's own among them."""

    @property
    def aic(self) -> float:
        """Akaike's criterion; smaller is better."""
        return aic(self.log_likelihood, self.n_parameters)

    @property
    def bic(self) -> float:
        """The Bayesian criterion; smaller is better."""
        return bic(self.log_likelihood, self.n_parameters, self.total_weight)

    @property
    def icl(self) -> float:
        """The integrated completed likelihood; smaller is better."""
        return icl(self.log_likelihood, self.n_parameters, self.total_weight, self.classification_entropy)


def fingerprint(points: ArrayLike) -> str:
    """SHA-256, in hexadecimal, of points (N, D) as little-endian float64, row after row.

    Raises PointsError for points that are not finite numbers.

    >>> fingerprint([[0.0, 1.0]])[:16]
    'fc62429c3e69001d'
    """
    return sha256(as_points(points).astype("<f8").tobytes()).hexdigest()


def fitted_model(
    points: ArrayLike,
    run: EMRun | EMEnd | VariationalRun,
    *,
    family: str,
    reg_covar: float = 0.0,
    variant: Variant = PLAIN,
    columns: tuple[str, ...] = (),
    versions: Mapping[str, str] | None = None,
) -> FittedModel:
    """What to keep of a `run` on points (N, D), with the settings it had: of EM, or of a variational mixture,
    of which it is the expected mixture.

    `reg_covar` is in squared units of the points. Without names the columns are called x1, x2, ...

    Raises FamilyError for an unknown family, MixtureError for a negative reg_covar or what is no Variant,
    PointsError for points that are not the mixture's, what is neither an EMRun nor an EMEnd, or names that
    are not texts, one a column.
    """
    if not isinstance(run, EMEnd | VariationalRun):
        check_kind(run, EMRun, "The run", "give what gmm_core.run returned")
    check_variant(variant)
    if not is_not_negative(reg_covar):
        raise MixtureError(f"reg_covar is {quoted(reg_covar)}; it is a variance to add, so give 0 or more.")
    names = _column_names(columns, run.mixture.n_columns)
    checked = as_points(points, run.mixture.n_columns)
    mixture = run.mixture
    weights = as_sample_weights(variant.sample_weights, len(checked))
    if isinstance(run, VariationalRun):
        log_densities = log_density(checked, mixture)
        reached = float(log_densities.sum() if weights is None else weights @ log_densities)
    else:
        reached = run.log_likelihood
    n_free = n_parameters(
        family,
        mixture.n_components,
        mixture.n_dimensions,
        noise=mixture.noise is not None,
        equal_weights=variant.equal_weights,
        fixed_covariances=variant.covariances is not None,
        n_binary=mixture.n_columns - mixture.n_dimensions,
    )
    return FittedModel(
        mixture=mixture,
        family=find_family(family).name,
        log_likelihood=reached,
        n_points=len(checked),
        total_weight=float(len(checked) if weights is None else weights.sum()),
        n_parameters=n_free,
        classification_entropy=classification_entropy(
            checked, mixture, sample_weights=variant.sample_weights
        ),
        columns=names,
        data_fingerprint=fingerprint(checked),
        iteration=run.states[-1].iteration if isinstance(run, VariationalRun) else run.last.iteration,
        stop_reason=run.stop_reason,
        reg_covar=float(reg_covar),
        versions=MappingProxyType({"gmm_core": __version__} | _texts_by_name(versions)),
    )


def _column_names(columns: Any, n_columns: int) -> tuple[str, ...]:
    given: Any = columns
    names: tuple[str, ...] = tuple(given) if isinstance(given, list | tuple) else (given,)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if not names:
        return tuple(f"x{d}" for d in range(1, n_columns + 1))
    if len(names) != n_columns or not all(isinstance(name, str) for name in names):
        raise PointsError(
            f"The names of the columns are {quoted(columns)}; give a text for each of {n_columns}."
        )
    return names


def _texts_by_name(versions: Any) -> dict[str, str]:
    given: Any = {} if versions is None else versions
    if not isinstance(given, Mapping) or not all(isinstance(t, str) for pair in given.items() for t in pair):  # pyright: ignore[reportUnknownVariableType]
        raise PointsError(f"The versions are {quoted(versions)}; give a mapping of texts to texts.")
    return dict(given)  # pyright: ignore[reportUnknownArgumentType]

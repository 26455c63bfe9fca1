"""Gaussian mixtures in small pieces: densities, moments, families and EM, one step at a time."""

from gmm_core.algorithms import ALGORITHMS
from gmm_core.background import default_noise, noise_region
from gmm_core.collapse import ComponentCollapsedError
from gmm_core.conditional import conditional, marginal
from gmm_core.datasets import CLASSICS, Classic, DatasetError, LabelledPoints, load_classic
from gmm_core.datasets.generators import GENERATORS, Generator, Knob, generate
from gmm_core.density_levels import DensityLevels, density_levels
from gmm_core.distribution_function import cdf, quantile
from gmm_core.divergence import Divergence, gaussian_divergences, kl_divergence
from gmm_core.em import (
    EM,
    Annealing,
    EMEnd,
    EMRun,
    EMState,
    StopReason,
    hard_limit,
    iterate,
    lower_bound,
    m_step,
    run,
    start,
    step,
)
from gmm_core.em.prior import Prior, default_prior
from gmm_core.em.variant import Variant
from gmm_core.expectation import Expectation, e_step
from gmm_core.families import FAMILIES, Family, FamilyError, n_parameters
from gmm_core.fit_check import density_percentiles, kolmogorov_band, kolmogorov_distance
from gmm_core.geometry import (
    RADII,
    GeometryError,
    circle_radii,
    coverage,
    ellipse,
    mass_within,
    principal_axes,
    voronoi_cells,
)
from gmm_core.kmeans import KMeansRun, KMeansState, KMeansStop
from gmm_core.mixture import (
    Mixture,
    MixtureError,
    Noise,
    log_density,
    log_likelihood,
    responsibilities,
    sample,
)
from gmm_core.moments import Moments, expected_moments
from gmm_core.persistence.fitted_model import FittedModel, fingerprint, fitted_model
from gmm_core.persistence.model_text import ModelError, load_model, save_model
from gmm_core.persistence.scikit_learn import from_sklearn, to_sklearn
from gmm_core.points import PointsError
from gmm_core.prediction import predict
from gmm_core.selection import Fit, Sweeping, sweep
from gmm_core.selection.agreement import (
    adjusted_rand_index,
    bhattacharyya_distances,
    match,
    match_components,
    matched_accuracy,
    shared_counts,
)
from gmm_core.selection.bootstrap import Bootstrap, Parameters, weighted_likelihood_bootstrap
from gmm_core.selection.choice_bootstrap import ChoiceBootstrap, choice_bootstrap
from gmm_core.selection.criteria import aic, bic, classification_entropy, icl
from gmm_core.selection.cross_validation import (
    HeldOut,
    held_out_log_likelihood,
    held_out_log_likelihoods,
)
from gmm_core.selection.elbow import elbow
from gmm_core.selection.entropy_elbow import entropy_elbow
from gmm_core.selection.gap import Gaps, gap_statistic
from gmm_core.selection.likelihood_ratio import (
    LikelihoodRatioTest,
    LikelihoodRatioTesting,
    likelihood_ratio_test,
)
from gmm_core.selection.merging import Merging, merge_components
from gmm_core.selection.optima import DistinctOptima, Optimum, distinct_optima
from gmm_core.selection.restarts import KMeansRestarts, Restarts, restart, restart_kmeans
from gmm_core.selection.silhouette import silhouette
from gmm_core.starts import STARTS, Start, StartError, initialize
from gmm_core.total_moments import mixture_covariance, mixture_mean
from gmm_core.variational import (
    Posterior,
    VariationalMixture,
    VariationalRestarts,
    VariationalRun,
    VariationalState,
    restart_variational,
)
from gmm_core.variational.prior import VariationalPrior, default_variational_prior
from gmm_core.version import __version__ as __version__

__all__ = [
    "ALGORITHMS",
    "EM",
    "Annealing",
    "CLASSICS",
    "FAMILIES",
    "GENERATORS",
    "RADII",
    "STARTS",
    "Bootstrap",
    "ChoiceBootstrap",
    "Classic",
    "ComponentCollapsedError",
    "DatasetError",
    "DensityLevels",
    "DistinctOptima",
    "Divergence",
    "EMEnd",
    "EMRun",
    "EMState",
    "Expectation",
    "Family",
    "FamilyError",
    "Fit",
    "FittedModel",
    "Gaps",
    "Generator",
    "GeometryError",
    "HeldOut",
    "KMeansRestarts",
    "KMeansRun",
    "KMeansState",
    "KMeansStop",
    "Knob",
    "LabelledPoints",
    "LikelihoodRatioTest",
    "LikelihoodRatioTesting",
    "Merging",
    "Mixture",
    "MixtureError",
    "ModelError",
    "Moments",
    "Noise",
    "Optimum",
    "Parameters",
    "PointsError",
    "Posterior",
    "Prior",
    "Restarts",
    "Start",
    "StartError",
    "StopReason",
    "Sweeping",
    "Variant",
    "VariationalMixture",
    "VariationalPrior",
    "VariationalRestarts",
    "VariationalRun",
    "VariationalState",
    "adjusted_rand_index",
    "aic",
    "bhattacharyya_distances",
    "bic",
    "cdf",
    "choice_bootstrap",
    "circle_radii",
    "classification_entropy",
    "conditional",
    "coverage",
    "default_noise",
    "default_prior",
    "default_variational_prior",
    "density_levels",
    "density_percentiles",
    "distinct_optima",
    "e_step",
    "elbow",
    "ellipse",
    "entropy_elbow",
    "expected_moments",
    "fingerprint",
    "fitted_model",
    "from_sklearn",
    "gap_statistic",
    "gaussian_divergences",
    "generate",
    "hard_limit",
    "held_out_log_likelihood",
    "held_out_log_likelihoods",
    "icl",
    "initialize",
    "iterate",
    "kl_divergence",
    "kolmogorov_band",
    "kolmogorov_distance",
    "likelihood_ratio_test",
    "load_classic",
    "load_model",
    "log_density",
    "log_likelihood",
    "lower_bound",
    "m_step",
    "marginal",
    "mass_within",
    "match",
    "match_components",
    "matched_accuracy",
    "merge_components",
    "mixture_covariance",
    "mixture_mean",
    "n_parameters",
    "noise_region",
    "predict",
    "principal_axes",
    "quantile",
    "responsibilities",
    "restart",
    "restart_kmeans",
    "restart_variational",
    "run",
    "sample",
    "save_model",
    "shared_counts",
    "silhouette",
    "start",
    "step",
    "sweep",
    "to_sklearn",
    "voronoi_cells",
    "weighted_likelihood_bootstrap",
]

"""Gaussian mixtures in small pieces: densities, moments, families and EM, one step at a time."""

from gmm_core.agreement import match, shared_counts
from gmm_core.collapse import ComponentCollapsedError
from gmm_core.datasets import CLASSICS, Classic, DatasetError, LabelledPoints, load_classic
from gmm_core.em import (
    EMRun,
    EMState,
    Expectation,
    StopReason,
    e_step,
    iterate,
    lower_bound,
    m_step,
    run,
    start,
    step,
)
from gmm_core.families import FAMILIES, Family, FamilyError, n_parameters
from gmm_core.generators import GENERATORS, Generator, Knob, generate
from gmm_core.geometry import GeometryError, coverage, ellipse, mass_within, principal_axes
from gmm_core.initialization import STARTS, Start, StartError, initialize
from gmm_core.kmeans import KMeansState
from gmm_core.mixture import Mixture, MixtureError, log_density, log_likelihood, responsibilities, sample
from gmm_core.moments import Moments, expected_moments
from gmm_core.points import PointsError

__all__ = [
    "CLASSICS",
    "FAMILIES",
    "GENERATORS",
    "STARTS",
    "Classic",
    "ComponentCollapsedError",
    "DatasetError",
    "EMRun",
    "EMState",
    "Expectation",
    "Family",
    "FamilyError",
    "Generator",
    "GeometryError",
    "KMeansState",
    "Knob",
    "LabelledPoints",
    "Mixture",
    "MixtureError",
    "Moments",
    "PointsError",
    "Start",
    "StartError",
    "StopReason",
    "coverage",
    "e_step",
    "ellipse",
    "expected_moments",
    "generate",
    "initialize",
    "iterate",
    "load_classic",
    "log_density",
    "log_likelihood",
    "lower_bound",
    "m_step",
    "mass_within",
    "match",
    "n_parameters",
    "principal_axes",
    "responsibilities",
    "run",
    "sample",
    "shared_counts",
    "start",
    "step",
]

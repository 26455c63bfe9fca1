"""One argument of the wrong kind at a time: an answer, or one sentence of the core's; never a raw error."""

import datetime
import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gmm_core
from gmm_core import Mixture, Variant, kmeans, variational
from gmm_core.em import hard_limit
from tests.arrays import arrays_in

RNG = np.random.default_rng(0)
POINTS = np.concatenate([RNG.normal(size=(20, 2)), RNG.normal(size=(20, 2)) + 4])
MIXTURE = gmm_core.initialize(POINTS, 2, rng=0)
RUN = gmm_core.run(POINTS, MIXTURE)
MODEL = gmm_core.fitted_model(POINTS, RUN, family="full")
SHARES = gmm_core.responsibilities(POINTS, MIXTURE)
MOMENTS = gmm_core.e_step(POINTS, MIXTURE).moments
CENTRES = POINTS[:2]
LABELS = kmeans.assign(POINTS, CENTRES)
PRIOR = gmm_core.default_variational_prior(POINTS)
EACH = np.ones(len(POINTS))


def first(generator: Callable[..., Iterator[Any]]) -> Callable[..., Any]:
    return lambda **settings: next(generator(**settings))


POINTS_AND_MIXTURE = {"points": POINTS, "mixture": MIXTURE}
FIT = {"family": "full", "reg_covar": 0.0, "variant": Variant()}
FITS = gmm_core.sweep(POINTS, [1, 2], "tied")
ONE_COLUMN = gmm_core.marginal(MIXTURE, 0)
SHORT = {"tolerance": 1e-3, "max_steps": 3}
START = {"method": "kmeans++", "rng": 0}
HELD_OUT = {"n_folds": 2, "n_init": 1, "n_binary": 0, "sample_weights": EACH, "progress": None}

# What every public function is called with when all is well.
CALLS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "adjusted_rand_index": (gmm_core.adjusted_rand_index, {"labels": [0, 1], "other_labels": [0, 0]}),
    "aic": (gmm_core.aic, {"log_likelihood": -3.0, "n_parameters": 3}),
    "bhattacharyya_distances": (
        gmm_core.bhattacharyya_distances,
        {"mixture": MIXTURE, "other": MIXTURE},
    ),
    "bic": (gmm_core.bic, {"log_likelihood": -3.0, "n_parameters": 3, "n_points": 10}),
    "cdf": (gmm_core.cdf, {"points": POINTS[:, :1], "mixture": ONE_COLUMN}),
    "choice_bootstrap": (
        gmm_core.choice_bootstrap,
        {"points": POINTS, "fits": FITS, "criterion": "icl", "n_bootstrap": 2, "reg_covar": 0.0}
        | {"variant": Variant(), "rng": 0, "progress": None}
        | SHORT,
    ),
    "circle_radii": (gmm_core.circle_radii, {"points": POINTS, "labels": LABELS, "centres": CENTRES}),
    "classification_entropy": (
        gmm_core.classification_entropy,
        POINTS_AND_MIXTURE | {"sample_weights": EACH},
    ),
    "conditional": (gmm_core.conditional, {"mixture": MIXTURE, "given": {0: 1.0}}),
    "coverage": (gmm_core.coverage, POINTS_AND_MIXTURE | {"responsibilities": SHARES, "level": 1.0}),
    "default_noise": (gmm_core.default_noise, {"points": POINTS, "amount": 0.1, "n_binary": 0}),
    "density_percentiles": (gmm_core.density_percentiles, POINTS_AND_MIXTURE | {"among": POINTS}),
    "kolmogorov_distance": (gmm_core.kolmogorov_distance, {"percentiles": [0.2, 0.7]}),
    "kolmogorov_band": (gmm_core.kolmogorov_band, {"n_points": 12}),
    "noise_region": (gmm_core.noise_region, {"points": POINTS, "n_binary": 0}),
    "default_prior": (
        gmm_core.default_prior,
        {"points": POINTS, "n_components": 2, "strength": 2.0, "sample_weights": EACH},
    ),
    "default_variational_prior": (
        gmm_core.default_variational_prior,
        {"points": POINTS, "sample_weights": EACH, "concentration": 1e-3}
        | {"weights": "dirichlet", "n_binary": 0},
    ),
    "density_levels": (
        gmm_core.density_levels,
        {"mixture": MIXTURE, "shares": [0.5], "n_samples": 20, "rng": 0},
    ),
    "distinct_optima": (gmm_core.distinct_optima, {"runs": [RUN], "tolerance": 1e-4}),
    "e_step": (
        gmm_core.e_step,
        POINTS_AND_MIXTURE | {"sample_weights": EACH, "temperature": 1.0, "diagonal": False},
    ),
    "elbow": (gmm_core.elbow, {"ks": [1, 2, 3], "inertias": [9.0, 2.0, 1.0]}),
    "ellipse": (gmm_core.ellipse, {"mean": [0, 0], "covariance": np.eye(2), "level": 1.0, "n_vertices": 9}),
    "entropy_elbow": (gmm_core.entropy_elbow, {"merging": gmm_core.merge_components(POINTS, MIXTURE)}),
    "expected_moments": (gmm_core.expected_moments, {"points": POINTS, "responsibilities": SHARES}),
    "fingerprint": (gmm_core.fingerprint, {"points": POINTS}),
    "fitted_model": (
        gmm_core.fitted_model,
        {"points": POINTS, "run": RUN, "columns": ("a", "b"), "versions": {}} | FIT,
    ),
    "from_sklearn": (gmm_core.from_sklearn, {"estimator": gmm_core.to_sklearn(MIXTURE)}),
    "gap_statistic": (
        gmm_core.gap_statistic,
        {"points": POINTS, "ks": [1, 2], "n_references": 2, "n_init": 1, "rng": 0, "progress": None},
    ),
    "gaussian_divergences": (gmm_core.gaussian_divergences, {"mixture": MIXTURE, "other": MIXTURE}),
    "generate": (gmm_core.generate, {"name": "blobs", "n_points": 10, "rng": 0, "clusters": 2}),
    "held_out_log_likelihood": (
        gmm_core.held_out_log_likelihood,
        {"points": POINTS, "n_components": 2} | FIT | HELD_OUT | SHORT | START,
    ),
    "held_out_log_likelihoods": (
        gmm_core.held_out_log_likelihoods,
        {"points": POINTS, "n_components": 2} | FIT | HELD_OUT | SHORT | START,
    ),
    "icl": (gmm_core.icl, {"log_likelihood": -3.0, "n_parameters": 3, "n_points": 10, "entropy": 1.0}),
    "initialize": (
        gmm_core.initialize,
        {"points": POINTS, "n_components": 2, "family": "full", "n_binary": 0, "sample_weights": EACH}
        | START,
    ),
    "initialize given means": (
        gmm_core.initialize,
        {"points": POINTS, "n_components": 2, "method": "given_means", "means": CENTRES, "rng": 0},
    ),
    "initialize given responsibilities": (
        gmm_core.initialize,
        {"points": POINTS, "n_components": 2, "method": "given_responsibilities", "rng": 0}
        | {"responsibilities": SHARES},
    ),
    "iterate": (first(gmm_core.iterate), POINTS_AND_MIXTURE | FIT),
    "kl_divergence": (
        lambda **settings: gmm_core.kl_divergence(**settings).nats,
        {"mixture": MIXTURE, "other": gmm_core.initialize(POINTS, 3, rng=0), "n_samples": 20, "rng": 0},
    ),
    "likelihood_ratio_test": (
        gmm_core.likelihood_ratio_test,
        {"points": POINTS, "n_components": 1, "family": "full", "reg_covar": 0.0, "n_init": 1}
        | {"n_bootstrap": 1, "n_binary": 0, "progress": None}
        | SHORT
        | START,
    ),
    "load_classic": (gmm_core.load_classic, {"name": "iris"}),
    "load_model": (gmm_core.load_model, {"text": gmm_core.save_model(MODEL)}),
    "log_density": (gmm_core.log_density, POINTS_AND_MIXTURE),
    "log_likelihood": (gmm_core.log_likelihood, POINTS_AND_MIXTURE),
    "lower_bound": (gmm_core.lower_bound, {"state": RUN.states[0], "mixture": MIXTURE}),
    "m_step": (gmm_core.m_step, {"moments": MOMENTS} | FIT),
    "marginal": (gmm_core.marginal, {"mixture": MIXTURE, "columns": [0]}),
    "mass_within": (gmm_core.mass_within, {"level": 1.0, "n_dimensions": 2}),
    "match": (gmm_core.match, {"shared": [[1, 2], [3, 4]]}),
    "match_components": (gmm_core.match_components, {"mixture": MIXTURE, "other": MIXTURE}),
    "matched_accuracy": (gmm_core.matched_accuracy, {"labels": [0, 1], "groups": [0, 0]}),
    "merge_components": (gmm_core.merge_components, POINTS_AND_MIXTURE | {"sample_weights": EACH}),
    "mixture_covariance": (gmm_core.mixture_covariance, {"mixture": MIXTURE}),
    "mixture_mean": (gmm_core.mixture_mean, {"mixture": MIXTURE}),
    "n_parameters": (
        gmm_core.n_parameters,
        {"family": "full", "n_components": 2, "n_dimensions": 2, "noise": False, "equal_weights": False}
        | {"fixed_covariances": False, "n_binary": 0},
    ),
    "predict": (gmm_core.predict, POINTS_AND_MIXTURE),
    "principal_axes": (gmm_core.principal_axes, {"covariances": MIXTURE.covariances}),
    "quantile": (gmm_core.quantile, {"mixture": ONE_COLUMN, "probabilities": [0.5]}),
    "responsibilities": (gmm_core.responsibilities, POINTS_AND_MIXTURE),
    "restart": (
        gmm_core.restart,
        {"points": POINTS, "n_components": 2, "n_init": 1, "short_steps": 2} | FIT | SHORT | START,
    ),
    "restart_kmeans": (
        gmm_core.restart_kmeans,
        {"points": POINTS, "n_clusters": 2, "n_init": 1, "sample_weights": EACH, "max_steps": 3} | START,
    ),
    "run": (gmm_core.run, POINTS_AND_MIXTURE | FIT | SHORT | {"stop_when_falling": True, "keep": "last"}),
    "restart_variational": (
        gmm_core.restart_variational,
        {"points": POINTS, "n_components": 2, "n_init": 1, "prior": PRIOR, "weights": "dirichlet"}
        | {"family": "full", "noise": None, "n_binary": 0, "sample_weights": EACH, "moves": True}
        | SHORT
        | START,
    ),
    "sample": (gmm_core.sample, {"mixture": MIXTURE, "n_samples": 3, "rng": 0}),
    "save_model": (gmm_core.save_model, {"model": MODEL}),
    "shared_counts": (gmm_core.shared_counts, POINTS_AND_MIXTURE | {"labels": LABELS}),
    "silhouette": (gmm_core.silhouette, {"points": POINTS, "labels": LABELS}),
    "start": (gmm_core.start, POINTS_AND_MIXTURE | {"family": "full", "variant": Variant()}),
    "step": (gmm_core.step, {"points": POINTS, "state": RUN.states[0]} | FIT),
    "sweep": (
        gmm_core.sweep,
        {"points": POINTS[::4], "ks": [1], "families": ["full"], "reg_covar": 0.0, "progress": None} | SHORT,
    ),
    "to_sklearn": (gmm_core.to_sklearn, {"mixture": MIXTURE, "covariance_type": "full"}),
    "voronoi_cells": (gmm_core.voronoi_cells, {"centres": CENTRES, "frame": (0.0, 1.0, 0.0, 1.0)}),
    "weighted_likelihood_bootstrap": (
        gmm_core.weighted_likelihood_bootstrap,
        POINTS_AND_MIXTURE | FIT | SHORT | {"n_bootstrap": 1, "rng": 0, "progress": None},
    ),
    "Mixture": (
        Mixture,
        {"weights": MIXTURE.weights, "means": MIXTURE.means, "covariances": MIXTURE.covariances}
        | {"noise": None, "probabilities": np.empty((0, 0))},
    ),
    "Moments": (
        gmm_core.Moments,
        {"counts": MOMENTS.counts, "means": MOMENTS.means, "scatters": MOMENTS.scatters},
    ),
    "Noise": (
        lambda **noise: Mixture([0.9], [[0.0, 0.0]], [np.eye(2)], gmm_core.Noise(**noise)),
        {"amount": 0.1, "volume": 3.0},
    ),
    "Posterior": (
        gmm_core.Posterior,
        {"concentrations": [1.0], "means": [[0, 0]], "shrinkages": [1.0], "degrees": [4.0]}
        | {"scales": [np.eye(2)]},
    ),
    "Prior": (gmm_core.Prior, {"mean": [0, 0], "shrinkage": 0.1, "degrees": 4, "scale": np.eye(2)}),
    "Variant": (
        Variant,
        {"prior": None, "equal_weights": False, "covariances": MIXTURE.covariances, "temperature": 1.0},
    ),
    "VariationalPrior": (
        gmm_core.VariationalPrior,
        {"concentration": 0.1, "mean": [0, 0], "shrinkage": 0.1, "degrees": 4, "scale": np.eye(2)}
        | {"weights": "dirichlet", "noise_concentration": 0.1, "successes": 1.0, "failures": 1.0},
    ),
    "LabelledPoints": (
        gmm_core.LabelledPoints,
        {"points": CENTRES, "labels": [0, 0], "label_names": ("a",), "texts": {"answer": ["no", "yes"]}},
    ),
    "kmeans.assign": (kmeans.assign, {"points": POINTS, "centres": CENTRES}),
    "kmeans.iterate": (
        first(kmeans.iterate),
        {"points": POINTS, "centres": CENTRES, "sample_weights": EACH},
    ),
    "kmeans.run": (
        kmeans.run,
        {"points": POINTS, "centres": CENTRES, "sample_weights": EACH, "max_steps": 3},
    ),
    "kmeans.start": (kmeans.start, {"points": POINTS, "centres": CENTRES, "sample_weights": EACH}),
    "kmeans.step": (kmeans.step, {"points": POINTS, "state": kmeans.start(POINTS, CENTRES)}),
    "variational.run": (
        variational.run,
        POINTS_AND_MIXTURE | {"prior": PRIOR, "family": "full", "moves": True} | SHORT,
    ),
    "variational.start": (
        variational.start,
        POINTS_AND_MIXTURE | {"prior": PRIOR, "family": "full", "sample_weights": EACH},
    ),
    "variational.step": (
        variational.step,
        {"points": POINTS, "state": variational.start(POINTS, MIXTURE, PRIOR), "prior": PRIOR}
        | {"family": "full", "sample_weights": EACH, "moves": True},
    ),
    "hard_limit.deviation": (hard_limit.deviation, {"points": POINTS, "sample_weights": EACH}),
    "hard_limit.mean_entropy": (hard_limit.mean_entropy, POINTS_AND_MIXTURE),
    "hard_limit.run_limit": (
        hard_limit.run_limit,
        {"points": POINTS, "means": CENTRES, "variance": 1.0, "sample_weights": EACH} | SHORT,
    ),
}


class Odd:
    """Nothing that the core knows."""


HUGE = 10**400
ODD_VALUES = [
    *(None, "text", b"x", 2.5, -1, 0, True, np.nan, np.inf, 1j, 0j, [], (), {}, {1, 2}, range(3), Odd()),
    *(pd.NA, pd.NaT, np.datetime64("2020-01-01"), datetime.datetime(2020, 1, 1), HUGE),
    *([[1, 2], [3]], [[1, 2], [3, pd.NA]], [[1, 2], [3, pd.Timestamp(0)]], [[1, 2], [3, "text"]]),
    *(np.ones(3), np.empty((0, 2)), np.full(40, 1j), np.full((40, 2), 1j), np.full((40, 2), "1 m")),
    *(np.full((40, 2), 1).astype(kind) for kind in ("M8[D]", "m8[s]", object)),
    np.zeros(40, dtype=[("x", float), ("y", float)]),
]

# A number of starts that nobody lives to see the end of is not refused.
ENDLESS = {
    ("gap_statistic", "n_init"),
    ("gap_statistic", "n_references"),
    ("held_out_log_likelihood", "n_init"),
    ("held_out_log_likelihoods", "n_init"),
    ("likelihood_ratio_test", "n_init"),
    ("restart", "n_init"),
    ("restart_kmeans", "n_init"),
    ("restart_variational", "n_init"),
}


def test_every_public_function_is_called_here() -> None:
    functions = {name for name in gmm_core.__all__ if inspect.isfunction(getattr(gmm_core, name))}
    assert functions <= set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_an_argument_of_the_wrong_kind_is_refused_in_one_sentence(name: str) -> None:
    function, arguments = CALLS[name]
    function(**arguments)
    for argument in arguments:
        for value in ODD_VALUES:
            if (name, argument) in ENDLESS and value is HUGE:
                continue
            error = refusal(function, arguments | {argument: value})
            if error is None:
                continue
            # The one documented TypeError is that of a generator's counts and knobs.
            documented = name == "generate" and type(error) is TypeError
            own = documented or type(error).__module__.startswith("gmm_core")
            assert own, f"{argument}={value!r}: {error!r}"
            assert re.fullmatch(r"[^\n]+\.", str(error))


def refusal(function: Callable[..., Any], arguments: dict[str, Any]) -> Exception | None:
    try:
        function(**arguments)
    except Exception as error:
        return error
    return None


def as_arrays(result: Any) -> list[np.ndarray]:
    return [np.array(result)] if isinstance(result, float) else arrays_in(result)


@pytest.mark.parametrize("rng", [-1, 2.5, "seed", True, np.random.RandomState(0)])
@pytest.mark.parametrize("name", [name for name, (_, arguments) in CALLS.items() if "rng" in arguments])
def test_what_is_no_seed_is_refused(name: str, rng: Any) -> None:
    function, arguments = CALLS[name]
    with pytest.raises(gmm_core.PointsError, match=r"^rng must be .* a seed or None, not .*; give .*\.$"):
        function(**(arguments | {"rng": rng}))


@pytest.mark.parametrize("name", [name for name, (_, arguments) in CALLS.items() if "rng" in arguments])
def test_a_whole_number_is_the_seed_of_a_generator_and_none_is_random(name: str) -> None:
    function, arguments = CALLS[name]
    given = [0, np.int64(0), np.random.default_rng(0)]
    results = [as_arrays(function(**(arguments | {"rng": rng}))) for rng in given]
    assert results[0]
    for result in results[1:]:
        assert all(np.array_equal(mine, other) for mine, other in zip(results[0], result, strict=True))
    function(**(arguments | {"rng": None}))


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ([[1, 2], [3]], "must be a regular array of numbers; give every row as many of them."),
        ([[1, 2], [3, pd.NA]], "Row 1 of the points is missing or infinite; "),
        (pd.DataFrame({"x": [1, 2], "y": pd.array([1, None], dtype="Int64")}), "Row 1 of the points is "),
        (pd.DataFrame({"x": [1.0, 2.0], "y": pd.to_datetime([0, 1])}), "row 0 holds Timestamp"),
        (pd.DataFrame({"x": pd.to_datetime([0, 1]), "y": pd.to_datetime([0, 1])}), "not dates; turn them"),
        (pd.DataFrame({"x": pd.to_timedelta([0, 1]), "y": pd.to_timedelta([0, 1])}), "not durations; divide"),
        (pd.DataFrame({"x": ["a", "b"], "y": [1, 2]}), "convert or drop the columns that hold text."),
        (pd.DataFrame({"x": [1j, 2j], "y": [1, 2]}), "must be real numbers, not complex; "),
        ({"x": [1, 2]}, "must be a regular array of numbers, not {'x': [1, 2]}; "),
    ],
    ids=["ragged", "NA", "nullable", "a date", "dates", "durations", "text", "complex", "a dictionary"],
)  # fmt: skip
def test_what_is_no_number_is_called_what_it_is(points: Any, sentence: str) -> None:
    with pytest.raises(gmm_core.PointsError) as refused:
        gmm_core.run(points, MIXTURE)
    assert sentence in str(refused.value)


def test_nullable_columns_without_a_gap_are_numbers() -> None:
    table = pd.DataFrame(POINTS, columns=["x", "y"]).convert_dtypes()
    assert gmm_core.log_likelihood(table, MIXTURE) == gmm_core.log_likelihood(POINTS, MIXTURE)

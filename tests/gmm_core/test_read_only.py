"""What cannot be written to stays so: in results, in their copies, and when they come out of a pickle."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gmm_core
from gmm_core import Mixture, Noise, StopReason, Variant, kmeans, variational
from tests.arrays import arrays_in
from tests.oracles import old_faithful

POINTS = old_faithful()
MIXTURE = gmm_core.initialize(POINTS, 2, rng=0)
RUN = gmm_core.run(POINTS, MIXTURE)
COLLAPSED = gmm_core.run(
    np.concatenate([POINTS[:30], [[90.0, 900.0]]]),
    gmm_core.initialize(POINTS, 2, method="given_means", means=[[3.0, 70.0], [90.0, 900.0]], rng=0),
)

VALUES: dict[str, Any] = {
    "Mixture": MIXTURE,
    "Mixture with noise": Mixture([0.9], [[0.0, 0.0]], [np.eye(2)], Noise(0.1, 3.0)),
    "Moments": RUN.states[0].moments,
    "Expectation": gmm_core.e_step(POINTS, MIXTURE),
    "EMRun": RUN,
    "EMEnd": gmm_core.run(POINTS, MIXTURE, keep="last"),
    "Bootstrap": gmm_core.weighted_likelihood_bootstrap(POINTS, MIXTURE, n_bootstrap=2, rng=0),
    "ChoiceBootstrap": gmm_core.choice_bootstrap(
        POINTS, gmm_core.sweep(POINTS, [1, 2], "tied"), n_bootstrap=2, rng=0
    ),
    "DensityLevels": gmm_core.density_levels(MIXTURE, [0.5], n_samples=50, rng=0),
    "Gaps": gmm_core.gap_statistic(POINTS, [1, 2], n_references=2, rng=0),
    "HeldOut": gmm_core.held_out_log_likelihoods(POINTS, 1, n_folds=2, rng=0),
    "LikelihoodRatioTest": gmm_core.likelihood_ratio_test(POINTS, 1, n_bootstrap=1, n_init=1, rng=0),
    "Merging": gmm_core.merge_components(POINTS, MIXTURE),
    "a conditional": gmm_core.conditional(MIXTURE, {0: 3.0}),
    "a marginal": gmm_core.marginal(MIXTURE, 0),
    "a collapsed EMRun": COLLAPSED,
    "Restarts": gmm_core.restart(POINTS, 2, n_init=2, rng=0),
    "Fit": gmm_core.sweep(POINTS, 2, "full")[0],
    "FittedModel": gmm_core.fitted_model(POINTS, RUN, family="full", versions={"gmm_core": "1"}),
    "Prior": gmm_core.default_prior(POINTS, 2),
    "Variant": Variant(covariances=MIXTURE.covariances),
    "VariationalPrior": gmm_core.default_variational_prior(POINTS),
    "VariationalRun": variational.run(POINTS, MIXTURE, max_steps=3),
    "KMeansRun": kmeans.run(POINTS, POINTS[:2]),
    "KMeansRestarts": gmm_core.restart_kmeans(POINTS, 2, n_init=2, rng=0),
    "Classic": gmm_core.load_classic("penguins"),
    "LabelledPoints": gmm_core.generate("answers", rng=0),
    "Family": gmm_core.FAMILIES["VEE"],
    "Generator": gmm_core.GENERATORS["moons"],
}

COPIES: dict[str, Callable[[Any], Any]] = {
    "itself": lambda value: value,
    "copied": copy.copy,
    "deepcopied": copy.deepcopy,
    "unpickled": lambda value: pickle.loads(pickle.dumps(value)),
}


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("name", VALUES)
def test_no_array_can_be_written_to(name: str, how: str) -> None:
    before = arrays_in(VALUES[name])
    made = COPIES[how](VALUES[name])
    after = arrays_in(made)
    assert type(made) is type(VALUES[name])
    for array, one in zip(after, before, strict=True):
        np.testing.assert_array_equal(array, one)
        assert not array.flags.writeable


@pytest.mark.parametrize("how", COPIES)
def test_a_mapping_in_it_cannot_be_written_to(how: str) -> None:
    model, classic, drawn = (
        COPIES[how](VALUES[name]) for name in ("FittedModel", "Classic", "LabelledPoints")
    )
    assert dict(model.versions) == {"gmm_core": "1"}
    for mapping in (model.versions, classic.columns, classic.axis_titles, classic.texts, drawn.texts):
        with pytest.raises(TypeError):
            mapping["new"] = 1


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_is_as_good(how: str) -> None:
    mixture, run = COPIES[how](MIXTURE), COPIES[how](RUN)
    assert gmm_core.log_likelihood(POINTS, mixture) == gmm_core.log_likelihood(POINTS, MIXTURE)
    assert run.stop_reason is RUN.stop_reason
    assert np.array_equal(run.lower_bounds, RUN.lower_bounds)


@pytest.mark.parametrize("how", COPIES)
def test_a_collapse_says_the_same(how: str) -> None:
    assert COLLAPSED.stop_reason is StopReason.COMPONENT_COLLAPSED
    collapse, said = COPIES[how](COLLAPSED).collapse, COLLAPSED.collapse
    assert said is not None
    assert str(collapse) == str(said)
    for name in ("component", "count", "smallest_eigenvalue", "is_empty"):
        assert getattr(collapse, name) == getattr(said, name)

"""A run that keeps only its last state ends as the whole run does, and holds no more than that."""

import tracemalloc
from typing import Any

import numpy as np
import pytest

from gmm_core import (
    EMEnd,
    EMRun,
    Mixture,
    MixtureError,
    StopReason,
    Variant,
    default_prior,
    fitted_model,
    initialize,
    run,
    save_model,
)
from gmm_core.em import resume
from gmm_core.points import Array
from tests.arrays import arrays_in
from tests.oracles import old_faithful

POINTS = old_faithful()
BEGIN = initialize(POINTS, 3, rng=2)
OUTLIER = np.concatenate([POINTS[:30], [[90.0, 900.0]]])

# One for each reason to stop, and some variants.
CASES: dict[str, tuple[Array, Mixture, dict[str, Any]]] = {
    "CONVERGED": (POINTS, BEGIN, {"max_steps": 400}),
    "STEP_LIMIT": (POINTS, BEGIN, {"max_steps": 7}),
    "LIKELIHOOD_FELL": (POINTS, BEGIN, {"reg_covar": 0.5, "max_steps": 400}),
    "COMPONENT_COLLAPSED": (
        OUTLIER,
        initialize(POINTS, 2, method="given_means", means=[[3.0, 70.0], [90.0, 900.0]], rng=0),
        {},
    ),
    "one step": (POINTS, BEGIN, {"max_steps": 1}),
    "another family": (POINTS, BEGIN, {"family": "VEE", "tolerance": 1e-3}),
    "a prior": (POINTS, BEGIN, {"variant": Variant(prior=default_prior(POINTS, 3))}),
    "hard": (POINTS, BEGIN, {"variant": Variant(temperature=0.0)}),
}


def assert_ends_alike(end: EMEnd, whole: EMRun) -> None:
    assert type(end) is EMEnd
    assert (end.stop_reason, end.objective_name) == (whole.stop_reason, whole.objective_name)
    assert (end.last.iteration, end.last.objective) == (whole.last.iteration, whole.last.objective)
    assert end.log_likelihood == whole.log_likelihood
    assert end.is_unfinished == whole.is_unfinished
    assert str(end.collapse) == str(whole.collapse)
    for array, same in zip(arrays_in(end.last), arrays_in(whole.last), strict=True):
        assert np.array_equal(array, same)


@pytest.mark.parametrize("name", CASES)
def test_it_ends_as_the_whole_run_does(name: str) -> None:
    points, begin, settings = CASES[name]
    whole, end = run(points, begin, **settings), run(points, begin, keep="last", **settings)
    assert_ends_alike(end, whole)
    if name in StopReason.__members__:
        assert end.stop_reason is StopReason[name]
    if end.stop_reason is StopReason.LIKELIHOOD_FELL:
        # The state before is not there to be taken, and the step limit that is named leads to it.
        assert "take the state before" in whole.explanation
        limit = end.last.iteration - 1
        assert f"allow only {limit} iterations" in end.explanation
        before = run(points, begin, keep="last", **(settings | {"max_steps": limit}))
        assert before.log_likelihood == whole.states[-2].log_likelihood
    else:
        assert end.explanation == whole.explanation


@pytest.mark.parametrize("name", ["CONVERGED", "LIKELIHOOD_FELL"])
def test_it_is_resumed_as_the_whole_run_is(name: str) -> None:
    points, begin, settings = CASES[name]
    short = settings | {"max_steps": 1}
    whole = resume(points, run(points, begin, **short), **settings)
    end = resume(points, run(points, begin, keep="last", **short), **settings)
    assert_ends_alike(end, whole)
    assert_ends_alike(end, run(points, begin, **settings))
    assert resume(points, end, **settings) is end


def test_memory_does_not_grow_with_the_steps() -> None:
    """A tenth of what the states take: in ten dimensions a state has 25 x 10 x 10 numbers and more."""
    points = np.random.default_rng(0).normal(size=(600, 10))
    begin = initialize(points, 25, rng=0, family="tied")
    settings: dict[str, Any] = {"family": "tied", "tolerance": 0.0, "max_steps": 60}
    held: dict[str, int] = {}
    run(points, begin, **(settings | {"max_steps": 2}))
    for keep in ("all", "last"):
        tracemalloc.start()
        kept = run(points, begin, keep=keep, **settings)  # type: ignore[call-overload]
        held[keep] = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert kept.mixture.n_components == 25
    assert held["last"] < 0.1 * held["all"]


def test_a_model_can_be_kept_of_it() -> None:
    whole, end = run(POINTS, BEGIN), run(POINTS, BEGIN, keep="last")
    models = [save_model(fitted_model(POINTS, one, family="full")) for one in (whole, end)]
    assert models[0] == models[1]


@pytest.mark.parametrize("keep", ["first", None, 1, ["last"], np.ones(2)])
def test_what_cannot_be_kept_is_refused(keep: Any) -> None:
    with pytest.raises(MixtureError, match=r"^The states to keep are .*; give 'all' or 'last'\.$"):
        run(POINTS, BEGIN, keep=keep)

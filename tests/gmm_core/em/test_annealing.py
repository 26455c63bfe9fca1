"""Deterministic annealing: its objective never falls, ends as the log-likelihood, and forgets bad starts."""

import numpy as np
import pytest
from hypothesis import given

import gmm_core
from gmm_core import EM, Annealing, Mixture, MixtureError, Noise, Variant
from tests.oracles import old_faithful
from tests.strategies import QUICK, Problem, problems

FAITHFUL = old_faithful()
BEGIN = gmm_core.initialize(FAITHFUL, 3, rng=2)


def test_at_temperature_1_it_is_em() -> None:
    run, plain = (how.run(FAITHFUL, BEGIN, max_steps=60) for how in (Annealing(first=1.0), EM()))
    assert [state.objective for state in run.states] == [state.objective for state in plain.states]
    assert (run.stop_reason, run.explanation) == (plain.stop_reason, plain.explanation)


def test_it_cools_to_1_and_goes_on_as_em() -> None:
    run = Annealing(first=3.0, cooling=0.8).run(FAITHFUL, BEGIN)
    temperatures = [state.temperature for state in run.states]
    assert temperatures[:3] == pytest.approx([3.0, 2.4, 1.92])
    cold = temperatures.index(1.0)
    assert all(t == 1.0 for t in temperatures[cold:])
    assert run.states[-1].objective == run.states[-1].log_likelihood
    after = EM().run(FAITHFUL, run.states[cold].mixture)
    assert [s.log_likelihood for s in after.states] == [s.log_likelihood for s in run.states[cold:]]


@pytest.mark.parametrize("noise", [None, Noise(0.1, 200.0)])
def test_counted_from_equal_shares_the_free_energy_is_a_power_mean(noise: Noise | None) -> None:
    weights = BEGIN.weights * (1.0 if noise is None else 1.0 - noise.amount)
    mixture = Mixture(weights, BEGIN.means, BEGIN.covariances, noise)
    temperature = 2.5
    state = Annealing(first=temperature).start(FAITHFUL, mixture)
    densities = [
        mixture.weights[k] * np.exp(gmm_core.log_density(FAITHFUL, Mixture([1.0], mean[None], cov[None])))
        for k, (mean, cov) in enumerate(zip(mixture.means, mixture.covariances, strict=True))
    ]
    if noise is not None:
        densities.append(np.full(len(FAITHFUL), noise.amount / noise.volume))
    powers = np.array(densities) ** (1 / temperature)
    expected = temperature * np.log(powers.mean(axis=0)) + np.log(len(densities))
    assert state.objective == pytest.approx(expected.sum(), rel=1e-12)


@QUICK
@given(problems())
def test_every_bound_lies_between_the_values_around_it(problem: Problem) -> None:
    prior = gmm_core.default_prior(problem.points, problem.mixture.n_components)
    for variant in (Variant(), Variant(prior=prior)):
        run = Annealing(EM(variant=variant), first=4.0).run(problem.points, problem.mixture, max_steps=12)
        slack = 1e-9 * np.maximum(1.0, np.abs(run.curve[1:]))
        assert (run.lower_bounds <= run.curve[1:] + slack).all()
        if variant.prior is None:
            assert (run.lower_bounds >= run.curve[:-1] - slack).all()


def test_it_forgets_bad_starts() -> None:
    points = gmm_core.generate("blobs", n_points=300, rng=1).points
    ends = {"em": [], "annealed": []}
    for seed in range(12):
        start = gmm_core.initialize(points, 4, method="random_points", rng=seed)
        ends["em"].append(EM().run(points, start).log_likelihood)
        ends["annealed"].append(Annealing(first=2.0, cooling=0.85).run(points, start).log_likelihood)
    best = max(*ends["em"], *ends["annealed"]) - 1.0
    reached = {name: sum(value > best for value in values) for name, values in ends.items()}
    assert reached["annealed"] > reached["em"]


@pytest.mark.parametrize(
    "settings",
    [
        {"first": 0.5},
        {"first": np.nan},
        {"cooling": 1.0},
        {"cooling": 0.0},
        {"em": EM(variant=Variant(temperature=2.0))},
    ],
)
def test_settings_that_mean_nothing_are_refused(settings: dict) -> None:
    with pytest.raises(MixtureError, match=r"^[A-Z][^\n]*\.$"):
        Annealing(**settings)

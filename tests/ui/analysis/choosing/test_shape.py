"""Mixtures of ever more components: closer to what they learned from, in the end farther from the rest."""

from dataclasses import replace

import numpy as np
import pytest

from gmm_core import log_density, marginal, n_parameters
from ui.analysis.choosing import shape
from ui.analysis.choosing.shape import KS, Approximations, approximations, learned_from, places_along
from ui.analysis.choosing.shape_words import cost, facts, verdict
from ui.data import Data, data_of, extent_of
from ui.experiment import OWN_SHAPE, SHAPES, Experiment

NOTHING = Data(np.empty((0, 2)))
OWN = Experiment(shape=OWN_SHAPE)


def data(points: np.ndarray, **more: object) -> Data:
    return replace(Data(points, extent_of(points), tuple("abcde"[: points.shape[1]])), **more)


def normal(n_points: int, n_dimensions: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n_points, n_dimensions))


@pytest.mark.parametrize("name", [name for name in SHAPES if name != OWN_SHAPE])
def test_what_is_learned_rises_and_what_is_not_falls_in_the_end(name: str) -> None:
    found = approximations(Experiment(shape=name), NOTHING)
    learned = [found.fits[k].learned for k in KS]
    assert learned == sorted(learned)
    unseen = [found.unseen[k].mean for k in KS]
    assert found.best is not None
    turn = KS.index(found.best)
    assert 0 < turn < len(KS) - 1
    assert unseen[: turn + 1] == sorted(unseen[: turn + 1])
    # By far more than chance can make of it.
    assert unseen[-1] < unseen[turn] - 3 * found.unseen[KS[-1]].standard_error
    assert f"K = {found.best} foretells" in verdict(found)
    assert "falls by" in cost(found)


def test_more_points_bear_more_components_and_narrow_the_gap() -> None:
    few, many = (approximations(Experiment(shape="rings", shape_points=n), NOTHING) for n in (300, 1000))
    assert few.best is not None
    assert many.best is not None
    assert few.best < many.best
    gaps = [found.fits[30].learned - found.unseen[30].mean for found in (few, many)]
    assert gaps[0] > 2 * gaps[1] > 0


def test_what_is_unseen_is_other_draws_of_the_same_shape() -> None:
    experiment = Experiment(shape="rings")
    found = approximations(experiment, NOTHING)
    learned = learned_from(experiment, NOTHING).points
    fresh = data_of(Experiment("rings", 5000, 2), None).points
    assert not set(map(tuple, learned)) & set(map(tuple, fresh))
    for k in (1, 10):
        mixture = found.fits[k].mixture
        assert found.unseen[k].mean == pytest.approx(log_density(fresh, mixture).mean(), rel=1e-12)
        assert found.fits[k].learned == pytest.approx(log_density(learned, mixture).mean(), rel=1e-9)
        assert found.fits[k].n_parameters == n_parameters("full", k, 2)


def test_one_component_held_out_is_the_normal_law_of_the_other_folds() -> None:
    points = normal(40, 2)
    found = approximations(OWN, data(points))
    folds = np.array_split(np.random.default_rng(0).permutation(40), shape.N_FOLDS)
    for mean, fold in zip(found.unseen[1].means, folds, strict=True):
        others = np.delete(points, fold, axis=0)
        inverse = np.linalg.inv(np.cov(others.T, bias=True))
        apart = points[fold] - others.mean(axis=0)
        squares = np.einsum("nd,de,ne->n", apart, inverse, apart)
        expected = -0.5 * (squares + 2 * np.log(2 * np.pi) - np.linalg.slogdet(inverse)[1])
        assert mean == pytest.approx(expected.mean(), rel=1e-9)


def test_weights_count_as_often_as_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape, "KS", (1, 2))
    points, counts = normal(30, 2), np.arange(30) % 3
    weighted = approximations(OWN, data(points, weights=counts.astype(float)))
    repeated = approximations(OWN, data(np.repeat(points, counts, axis=0)))
    assert weighted.fits[1].learned == pytest.approx(repeated.fits[1].learned, rel=1e-9)
    assert weighted.unseen[1].counts.sum() == counts.sum()


def test_a_picture_of_a_pair_is_the_density_of_its_marginal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape, "KS", (1, 2))
    own = data(normal(200, 5), pair=(3, 1))
    found = approximations(OWN, own)
    fit = found.fits[2]
    x, y = places_along(own.extent, 3)[70], places_along(own.extent, 1)[20]
    expected = log_density(np.array([[x, y]]), marginal(fit.mixture, (3, 1)))[0]
    assert fit.log_densities[20, 70] == pytest.approx(expected, rel=1e-5)
    line = approximations(OWN, data(normal(60, 1))).fits[1]
    assert line.log_densities.shape == (shape.N_PLACES,)
    # All of its mass lies on the picture, or nearly.
    across = places_along(extent_of(normal(60, 1)), 0)
    assert np.trapezoid(np.exp(line.log_densities), across) == pytest.approx(1, abs=0.05)


def test_hard_data_have_a_sentence_for_what_cannot_be_fitted() -> None:
    few = approximations(OWN, data(normal(12, 2)))
    assert set(few.fits) == {1, 2, 5, 10}
    assert set(few.failed) == {20, 30}
    assert "12 distinct points" in few.failed[20]
    # Nine or ten points are left of twelve, too few for ten components each time.
    assert set(few.unseen) == {1, 2, 5}
    flat = np.column_stack([normal(50, 1), np.ones(50)])
    constant = approximations(OWN, data(flat))
    assert constant.fits == {}
    assert set(constant.failed) == set(KS)
    held = approximations(replace(OWN, reg_covar=1e-3), data(flat))
    assert set(held.unseen) == set(held.fits) == set(KS)
    with pytest.raises(ValueError, match="the same"):
        approximations(OWN, data(np.ones((12, 2))))
    assert verdict(Approximations(0)) == cost(Approximations(0)) == ""


def test_many_points_are_a_sample() -> None:
    assert len(learned_from(OWN, data(normal(200_000, 2))).points) == shape.MOST_OWN


def test_it_ends_where_it_is_asked_to_and_keeps_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape, "KS", (1, 2, 5))
    told: list[tuple[float, Approximations | None]] = []

    def report(share: float, found: Approximations | None) -> bool:
        told.append((share, found))
        return share >= stop

    own = data(normal(60, 2))
    stop = 2.0
    whole = approximations(OWN, own, report)
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
    # One after the other.
    sizes = [len(found.fits) for _, found in told if found is not None]
    assert sizes[0] == 1
    assert sizes == sorted(sizes)
    assert len(whole.unseen[1].means) == shape.N_FOLDS
    told.clear()
    stop = 0.6
    part = approximations(OWN, own, report)
    assert 0 < len(part.unseen[1].means) < shape.N_FOLDS
    assert "…" not in facts(part, 1)
    told.clear()
    stop = 0.0
    assert len(approximations(OWN, own, report).fits) == 1

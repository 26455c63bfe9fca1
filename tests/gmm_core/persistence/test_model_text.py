"""A fitted model as text: every digit comes back, and nothing broken is taken for a model."""

import json
from dataclasses import fields as fields_of
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

import gmm_core
from gmm_core import (
    FAMILIES,
    FittedModel,
    Mixture,
    ModelError,
    Noise,
    StopReason,
    Variant,
    load_model,
    save_model,
)
from tests.json_mutations import mutations
from tests.strategies import QUICK, Problem, problems


def fitted(problem: Problem, family: str = "full") -> FittedModel:
    run = gmm_core.run(problem.points, problem.mixture, family=family, max_steps=7)
    return gmm_core.fitted_model(problem.points, run, family=family, versions={"numpy": np.__version__})


def one_model() -> FittedModel:
    points = gmm_core.load_classic("old_faithful").pair("eruptions", "waiting").points
    run = gmm_core.run(points, gmm_core.initialize(points, 2, rng=np.random.default_rng(0)), tolerance=1e-9)
    return gmm_core.fitted_model(points, run, family="full", columns=("eruptions", "warten, „min“"))


def assert_same(loaded: FittedModel, model: FittedModel) -> None:
    """Bit for bit."""
    for name in ("weights", "means", "covariances", "probabilities"):
        np.testing.assert_array_equal(getattr(loaded.mixture, name), getattr(model.mixture, name))
    assert loaded.mixture.noise == model.mixture.noise
    names = {field.name for field in fields_of(FittedModel)} - {"mixture"}
    assert {name: getattr(loaded, name) for name in names} == {name: getattr(model, name) for name in names}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_round_trips(family: str) -> None:
    points = gmm_core.load_classic("iris").pair("petal_length", "petal_width").points
    start = gmm_core.initialize(points, 3, family=family, rng=np.random.default_rng(1))
    model = fitted(Problem(points, start), family)
    assert_same(load_model(save_model(model)), model)


@QUICK
@given(problems())
def test_any_fit_round_trips_in_any_dimension(problem: Problem) -> None:
    model = fitted(problem)
    text = save_model(model)
    loaded = load_model(text)
    assert_same(loaded, model)
    assert save_model(loaded) == text
    np.testing.assert_array_equal(
        gmm_core.log_density(problem.points, loaded.mixture),
        gmm_core.log_density(problem.points, model.mixture),
    )


def test_noise_and_binary_columns_round_trip() -> None:
    mixture = Mixture([0.9], [[0.1, 1e-7]], [np.eye(2)], Noise(0.1, 33.0), [[0.25]])
    model = replace(one_model(), mixture=mixture, columns=("a", "b", "c"))
    assert_same(load_model(save_model(model)), model)


def test_the_numbers_are_those_of_the_fit() -> None:
    points = gmm_core.load_classic("old_faithful").pair("eruptions", "waiting").points
    model = load_model(save_model(one_model()))
    assert model.log_likelihood == pytest.approx(gmm_core.log_likelihood(points, model.mixture), abs=1e-9)
    # The same criteria as the sweep's, which computes them by itself.
    (best,) = gmm_core.sweep(points, [2], ["full"], tolerance=1e-9)
    found = [model.aic, model.bic, model.icl]
    assert found == pytest.approx([best.aic, best.bic, best.icl], rel=1e-6)
    assert model.stop_reason is StopReason.CONVERGED
    assert json.loads(save_model(model))["criteria"]["bic"] == model.bic


def test_a_point_of_weight_3_is_three_points() -> None:
    points = np.random.default_rng(0).normal(size=(40, 2))
    times = np.arange(40) % 4
    start = gmm_core.initialize(points, 2, rng=np.random.default_rng(1))
    variant = Variant(sample_weights=times, equal_weights=True)
    weighted = gmm_core.run(points, start, variant=variant, max_steps=5)
    repeated = np.repeat(points, times, axis=0)
    plain = gmm_core.run(repeated, start, variant=Variant(equal_weights=True), max_steps=5)
    one = gmm_core.fitted_model(points, weighted, family="full", variant=variant)
    other = gmm_core.fitted_model(repeated, plain, family="full", variant=Variant(equal_weights=True))
    assert one.n_points == 40
    assert one.total_weight == other.n_points == 60
    assert [one.aic, one.bic, one.icl] == pytest.approx([other.aic, other.bic, other.icl], rel=1e-9)
    assert_same(load_model(save_model(one)), one)


def test_the_fingerprint_is_that_of_the_points_alone() -> None:
    points = np.random.default_rng(0).normal(size=(20, 2))
    same = np.asfortranarray(points).astype(">f8")
    assert gmm_core.fingerprint(same) == gmm_core.fingerprint(points.tolist()) == gmm_core.fingerprint(points)
    nudged = points.copy()
    nudged[7, 1] = np.nextafter(nudged[7, 1], 9)
    assert gmm_core.fingerprint(nudged) != gmm_core.fingerprint(points)


def test_a_model_that_is_not_finite_is_not_saved() -> None:
    with pytest.raises(ModelError, match="infinite"):
        save_model(replace(one_model(), log_likelihood=float("inf")))


def test_broken_texts_are_refused_in_a_sentence_or_read_as_models() -> None:
    """Whatever is read can be evaluated, and is saved and read again as the same."""
    refused = 0
    for text in mutations(save_model(one_model()), np.random.default_rng(0)):
        try:
            model = load_model(text)
        except ModelError as error:
            refused += 1
            sentence = str(error)
            assert sentence.endswith(".")
            assert ";" in sentence
            assert len(sentence.splitlines()) == 1
            assert len(sentence) < 400
        else:
            assert np.isfinite(gmm_core.log_density([[2.0, 60.0]], model.mixture)).all()
            assert_same(load_model(save_model(model)), model)
    assert refused > 800


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "other"}, "not a model"),
        ({"format_version": 2}, "version 2"),
        ({"format_version": True}, "version True"),
        ({"family": "round"}, "one of full, tied"),
        ({"n_components": 3}, "must be 2, the number of weights"),
        ({"weights": [0.5, 0.6]}, "sum to 1.1"),
        ({"weights": [True, False]}, "list of finite numbers"),
        ({"weights": ["0.5", "0.5"]}, "list of finite numbers"),
        ({"means": [[1.0, 2.0], [3.0]]}, "all of a length"),
        ({"covariances": [[[1.0, 2.0], [2.0, 1.0]]] * 2}, "not positive definite"),
        ({"log_likelihood": None}, "“log_likelihood” is None"),
        ({"log_likelihood": -5.0}, "“aic”"),
        ({"columns": ["a"]}, "2 texts"),
        ({"total_weight": 0.5}, "1 or more"),
        ({"stop_reason": "TIRED"}, "one of CONVERGED"),
        ({"data_fingerprint": "00"}, "64 hexadecimal"),
        ({"iteration": 1.0}, "whole number"),
        ({"reg_covar": -1}, "0 or more"),
        ({"criteria": {"aic": 0}}, "“aic”"),
    ],
)
def test_the_sentence_says_what_is_wrong(change: dict[str, object], words: str) -> None:
    values = json.loads(save_model(one_model()))
    with pytest.raises(ModelError, match=words):
        load_model(json.dumps(values | change))


@pytest.mark.parametrize(
    "text", ["", "[]", "3", "{", "NaN", "[" * 100_000, b"{}", None, '{"a": ' + "9" * 6000 + "}"]
)
def test_what_is_no_json_object_is_refused(text: object) -> None:
    with pytest.raises(ModelError):
        load_model(text)  # type: ignore[arg-type]


def test_a_missing_number_is_refused_as_such() -> None:
    with pytest.raises(ModelError, match="NaN is no number"):
        load_model(save_model(one_model()).replace('"n_points": 272', '"n_points": NaN'))


@pytest.mark.parametrize("half", [0xD800, 0xD83D, 0xDC00])
def test_half_of_a_letter_becomes_a_question_mark(half: int) -> None:
    values = json.loads(save_model(one_model()))
    values["columns"] = [f"{chr(half)}{i}" for i in range(len(values["columns"]))]
    for text in (json.dumps(values), json.dumps(values, ensure_ascii=False)):
        assert load_model(text).columns == tuple(f"?{i}" for i in range(len(values["columns"])))

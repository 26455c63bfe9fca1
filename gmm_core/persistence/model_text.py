"""A fitted model as JSON text, and back without the loss of a digit.

Numbers are written as Python writes them, the shortest text that reads back as the same float64.
"""

import json
import re
from types import MappingProxyType
from typing import Any

import numpy as np

from gmm_core.em import StopReason
from gmm_core.families import FAMILIES
from gmm_core.mixture import Mixture, MixtureError, Noise
from gmm_core.persistence.fitted_model import FittedModel
from gmm_core.persistence.typed_json import Fields
from gmm_core.points import LARGEST, PointsError
from gmm_core.settings import check_kind

FORMAT = "gmm_core model"
VERSION = 1

# Criteria are computed again and compared; other machines may round their last digit differently.
_CLOSE = 1e-9


class ModelError(ValueError):
    """A text that is no fitted model; it says where and what to do."""


def save_model(model: FittedModel) -> str:
    """`model` as JSON text, which `load_model` reads and any other program can.

    Raises ModelError for a number that JSON has no word for.
    """
    check_kind(model, FittedModel, "The model", "make one with fitted_model", ModelError)
    mixture, noise = model.mixture, model.mixture.noise
    values: dict[str, Any] = {
        "format": FORMAT,
        "format_version": VERSION,
        "family": model.family,
        "n_components": mixture.n_components,
        "columns": list(model.columns),
        "weights": mixture.weights.tolist(),
        "means": mixture.means.tolist(),
        "covariances": mixture.covariances.tolist(),
        "noise": None if noise is None else {"amount": float(noise.amount), "volume": float(noise.volume)},
        "probabilities": mixture.probabilities.tolist() if mixture.probabilities.size else [],
        "log_likelihood": float(model.log_likelihood),
        "n_points": model.n_points,
        "total_weight": float(model.total_weight),
        "n_parameters": model.n_parameters,
        "classification_entropy": float(model.classification_entropy),
        "criteria": {"aic": float(model.aic), "bic": float(model.bic), "icl": float(model.icl)},
        "iteration": model.iteration,
        "stop_reason": model.stop_reason.name,
        "reg_covar": float(model.reg_covar),
        "data_fingerprint": model.data_fingerprint,
        "versions": dict(model.versions),
    }
    try:
        lines = [
            f" {json.dumps(name)}: {json.dumps(value, allow_nan=False)}" for name, value in values.items()
        ]
    except ValueError:
        raise ModelError(
            "The model holds a missing or infinite number; fit it again on finite points."
        ) from None
    # A line for each name, so that people can read it and tools can compare two.
    return "{\n" + ",\n".join(lines) + "\n}\n"


def load_model(text: str) -> FittedModel:
    """The model that `save_model` wrote, every number as it was.

    Raises ModelError for any other text, of another version, or with values that contradict each other.

    >>> load_model('{"format": "gmm_core model", "format_version": 2}')
    Traceback (most recent call last):
    gmm_core.persistence.model_text.ModelError: The model is of format version 2 and only version 1 ...
    """
    fields = Fields.parse(text, "model", ModelError)
    fields.check_format(FORMAT, VERSION)
    model = FittedModel(
        mixture=_mixture(fields),
        family=_one_of(fields, "family", FAMILIES),
        log_likelihood=fields.number("log_likelihood"),
        n_points=fields.whole("n_points", 1),
        total_weight=fields.number("total_weight"),
        n_parameters=fields.whole("n_parameters", 1),
        classification_entropy=_not_negative(fields, "classification_entropy"),
        columns=fields.texts("columns"),
        data_fingerprint=fields.text("data_fingerprint"),
        iteration=fields.whole("iteration", 0),
        stop_reason=StopReason[_one_of(fields, "stop_reason", StopReason.__members__)],
        reg_covar=_not_negative(fields, "reg_covar"),
        versions=MappingProxyType(fields.named_texts("versions")),
    )
    _check_agreement(fields, model)
    return model


def _one_of(fields: Fields, name: str, choices: Any) -> str:
    value = fields.text(name)
    if value not in choices:
        raise fields.fault(name, f"one of {', '.join(choices)}")
    return value


def _not_negative(fields: Fields, name: str) -> float:
    value = fields.number(name)
    if value < 0:
        raise fields.fault(name, "0 or more")
    return value


def _mixture(fields: Fields) -> Mixture:
    noise = None
    if fields.values.get("noise") is not None:
        given = fields.within("noise")
        noise = Noise(given.number("amount"), given.number("volume"))
    with_binary = fields.values.get("probabilities") != []
    arrays = fields.numbers("weights", 1), fields.numbers("means", 2), fields.numbers("covariances", 3)
    probabilities = fields.numbers("probabilities", 2) if with_binary else np.empty((0, 0))
    if max((float(np.abs(array).max(initial=0.0)) for array in arrays), default=0.0) > LARGEST**2:
        raise ModelError(f"The model's numbers go beyond {LARGEST**2:g}, where float64 ends; save it again.")
    try:
        with np.errstate(all="raise", under="ignore"):
            mixture = Mixture(*arrays, noise, probabilities)
            # Raises here, and not later, where the densities cannot be evaluated.
            _ = mixture.log_joint
    except (MixtureError, PointsError) as error:
        raise ModelError(f"The model's parameters are no mixture: {error}") from None
    except (ArithmeticError, np.linalg.LinAlgError):
        raise ModelError(
            "The model's covariances are too thin or too wide for float64; save it again."
        ) from None
    return mixture


def _check_agreement(fields: Fields, model: FittedModel) -> None:
    if fields.whole("n_components", 1) != model.mixture.n_components:
        raise fields.fault("n_components", f"{model.mixture.n_components}, the number of weights")
    if len(model.columns) != model.mixture.n_columns:
        raise fields.fault("columns", f"{model.mixture.n_columns} texts, one a dimension")
    if not re.fullmatch(r"[0-9a-f]{64}", model.data_fingerprint):
        raise fields.fault("data_fingerprint", "64 hexadecimal digits")
    if model.total_weight < 1:
        raise fields.fault("total_weight", "1 or more")
    criteria = fields.within("criteria")
    for name in ("aic", "bic", "icl"):
        expected = float(getattr(model, name))
        if abs(criteria.number(name) - expected) > min(_CLOSE * max(1.0, abs(expected)), LARGEST):
            raise criteria.fault(name, f"{expected!r}, as the log-likelihood has it")

"""What the stage is to show, as one compact message: a header in JSON and the arrays behind it.

static/protocol/message.js reads it. Layout: the bytes "GMML", the header's length (uint32, little endian),
the header in UTF-8, then the arrays at the offsets the header names, little endian, each at a multiple of 8.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

import gmm_core
from gmm_core.algorithms import MixtureRun
from gmm_core.points import Array
from gmm_core.variational import VariationalState
from ui import palette
from ui.stage import choices
from ui.stage.comparison import Comparison, arrays_of, header_of
from ui.stage.page_fit import PageFit

# Beyond this many points they travel as float32 about their mean: cells of points are drawn then.
EXACT_POINTS = 50_000

# Ranges as unlike as this leave one column a line on equal axes.
UNLIKE = 6.0


@dataclass(frozen=True, eq=False)
class Scene:
    """One run and how to open on it."""

    points: Array
    """(N, D); N may be 0."""
    run: MixtureRun | None
    """None while there is nothing to fit."""
    identity: str
    """Changes when the run does: the stage then begins again at `half_step`."""
    beginning: int
    """Changes when the stage should begin again even if the run is the same."""
    data_identity: str
    """Changes when the data are others, so that the view should be fitted anew."""
    extent: tuple[float, ...]
    """x0, x1 of the view at first, in the plane y0, y1, and two more for each further dimension."""
    columns: tuple[str, ...] = ("x", "y")
    """D texts: what the axes are called."""
    pair: tuple[int, ...] = (0, 1)
    """Of more than two dimensions the two that are shown, across and upwards, unless the view says others."""
    title: str = ""
    """For saved pictures."""
    name: str = "gmm-lab"
    """What saved pictures are called as files, less what is drawn and the ending."""
    start_placed: bool = False
    """Whether a hand placed the starting mixture."""
    notice: str = ""
    """What to say while there is no run."""
    labels: Any = None
    """(N,) true labels, negative for background, or None where none are known."""
    label_names: tuple[str, ...] = ()
    """What the labels 0, 1, ... stand for."""
    label_rest: str = ""
    """What points with a negative label are called, if they are a group of their own; empty where nobody
    knows what they are."""
    truth_is_gaussian: bool = False
    """Whether each label's points have an ellipse that means something."""
    answers: Array | None = None
    """(N,) zeros and ones: the binary column that the mixture has beside the numbers; None for none."""
    answer_column: str = ""
    """What that column is called."""
    answer_names: tuple[str, str] = ("", "")
    """What 0 and 1 stand for."""
    point_weights: Array | None = None
    """(N,) how often each point counts; None for once."""
    half_step: int = 0
    """The picture to open on."""
    view: Mapping[str, Any] = field(default_factory=dict)
    """How the picture is drawn at first."""
    view_defaults: Mapping[str, Any] = field(default_factory=dict)
    """What the address leaves out, the picture's number among it."""
    address: Mapping[str, str] = field(default_factory=dict)
    """The experiment as address parameters; the stage adds its own."""
    file: str = ""
    """The name of the uploaded file that the server holds; empty for none."""
    acknowledged: int = 0
    """The number of the last event that is in this scene."""
    sentence: str = ""
    """Why the run ended, in plain words; empty for the core's own."""
    cures: tuple[tuple[str, str, Mapping[str, Any] | None], ...] = ()
    """(name, title, changes) of what can be done about it with one click; `changes` is what of `fit` that
    changes, None where it takes more."""
    resumes: bool = False
    """Whether the stage goes back to where it had left this run, instead of to `half_step`."""
    listens: bool = False
    """Whether the stage shall say how it shows the run, now and whenever that changes."""
    locked: bool = False
    """Whether no hand may change points or means."""
    fit: PageFit | None = None
    """How a page without a server fits anew; None where it cannot."""
    family: str = "full"
    """The mixture's covariance family."""
    algorithm: str = "em"
    """A key of ALGORITHMS."""
    m_step: Mapping[str, float | bool] = field(default_factory=dict)
    """What else has a say in an M-step of EM: "reg", what is added to every variance, "prior" and "equal"
    weights; what has none is left out."""
    controls: Mapping[str, Any] | None = None
    """Choices that the stage offers by itself; None for none."""
    comparison: Comparison | None = None
    """K-Means beside the run, where both are shown."""


def encode(scene: Scene) -> bytes:
    """The message for the stage."""
    exact = len(scene.points) <= EXACT_POINTS
    origin = np.zeros(scene.points.shape[1]) if exact else scene.points.mean(axis=0)
    arrays: dict[str, Any] = {"points": (scene.points - origin).astype("<f8" if exact else "<f4")}
    if scene.labels is not None:
        arrays["labels"] = np.asarray(scene.labels, dtype="<i4")
    if scene.answers is not None:
        arrays["binary"] = scene.answers.astype("u1")
    if scene.point_weights is not None and _fit(scene) is not None:
        # Who only looks at the run has what it came to.
        arrays["point_weights"] = scene.point_weights.astype("<f8")
    if scene.run is not None:
        arrays |= _states(scene.run)
    header = _header(scene) | {"origin": origin.tolist()}
    if scene.comparison is not None:
        header |= header_of(scene.comparison)
        arrays |= arrays_of(scene.comparison)
    if scene.m_step:
        header["m_step"] = dict(scene.m_step)
    return pack(header, arrays)


def _header(scene: Scene) -> dict[str, Any]:
    run = scene.run
    return {
        "id": scene.identity,
        "beginning": scene.beginning,
        "data_id": scene.data_identity,
        "dimensions": scene.points.shape[1],
        "extent": list(scene.extent),
        "pair": list(_pair(scene)),
        "scale": scale_of(_shown(scene)),
        "unlike": UNLIKE,
        "columns": list(scene.columns),
        "title": scene.title,
        "name": scene.name,
        "start_placed": scene.start_placed,
        "family": scene.family,
        "letters": gmm_core.FAMILIES[scene.family].letters,
        "algorithm": scene.algorithm,
        "curve_name": run.curve_name if run else "",
        "noise_volume": run.mixture.noise.volume if run and run.mixture.noise else None,
        "moves": _moves(run) if run else {},
        "controls": scene.controls,
        "notice": scene.notice,
        "states": len(run.states) if run else 0,
        "components": run.mixture.n_components if run else 0,
        "total": len(scene.points),
        "weighted": scene.point_weights is not None,
        "cells": len(scene.points) > EXACT_POINTS,
        "stop": _stop(scene, run) if run else None,
        "truth": _truth(scene),
        "answer": None if scene.answers is None else [scene.answer_column, *scene.answer_names],
        "label_names": list(scene.label_names),
        "label_rest": scene.label_rest,
        "label_colours": _label_colours(scene),
        "palette": list(palette.COMPONENTS),
        "glyphs": [{"name": glyph.name, "rings": glyph.rings} for glyph in palette.GLYPHS],
        "glyphs_from": palette.GLYPHS_FROM,
        "choices": choices.as_header(),
        "half_step": scene.half_step,
        "view": dict(scene.view),
        "view_defaults": dict(scene.view_defaults),
        "address": dict(scene.address),
        "file": scene.file,
        "locked": scene.locked,
        "fit": _fit(scene),
        "acknowledged": scene.acknowledged,
        "resumes": scene.resumes,
        "listens": scene.listens,
    }


def _fit(scene: Scene) -> dict[str, Any] | None:
    """Of points that travel as they are: a page could not repeat a fit to rounded ones."""
    exact = len(scene.points) <= EXACT_POINTS
    return asdict(scene.fit) if scene.fit is not None and exact else None


def _pair(scene: Scene) -> tuple[int, ...]:
    """On a line the only dimension."""
    return scene.pair[: scene.points.shape[1]]


def _shown(scene: Scene) -> tuple[float, ...]:
    """The extent of what is shown at first."""
    return tuple(scene.extent[2 * axis + end] for axis in _pair(scene) for end in (0, 1))


def _moves(run: MixtureRun) -> dict[int, str]:
    """What the steps that switched a component off did, in words, by the iteration they led to."""
    moves = ((state.iteration, state.move) for state in run.states if isinstance(state, VariationalState))
    return {iteration: str(move) for iteration, move in moves if move is not None}


def _stop(scene: Scene, run: MixtureRun) -> dict[str, Any]:
    stop = {"reason": run.stop_reason.name, "sentence": scene.sentence or run.explanation}
    return stop | ({"cures": [list(cure) for cure in scene.cures]} if scene.cures else {})


def scale_of(extent: tuple[float, ...]) -> str:
    """ "equal" on both axes, or "free" where one of them would be a line, or stands for another thing."""
    if len(extent) == 2:
        return "free"
    spans = extent[1] - extent[0], extent[3] - extent[2]
    return "free" if max(spans) > UNLIKE * min(spans) else "equal"


def _upper(matrices: Array) -> Array:
    """(..., D (D + 1) / 2) of symmetric matrices (..., D, D): xx, xy, yy in the plane."""
    return matrices[..., *np.triu_indices(matrices.shape[-1])]


def _lower(matrices: Array) -> Array:
    """(..., D (D + 1) / 2) of lower triangular matrices (..., D, D): 11, 21 and 22 in the plane."""
    return matrices[..., *np.tril_indices(matrices.shape[-1])]


def _states(run: MixtureRun) -> dict[str, Array]:
    """Every state's numbers, states first: (T, K), (T, K, D), (T, K, D (D + 1) / 2) and (T,).

    What the points are painted by is the log-joint; weights and covariances are there for the shapes, and for
    what moves between two states or under a hand.
    """
    mixtures = [state.mixture for state in run.states]
    moments = [state.moments for state in run.states]
    terms = [state.terms for state in run.states]
    covariances = np.array([mixture.covariances for mixture in mixtures])
    arrays = {
        "weights": np.array([mixture.weights for mixture in mixtures]),
        "means": np.array([mixture.means for mixture in mixtures]),
        "covariances": _upper(covariances),
        "constants": np.array([term.constants for term in terms]),
        "whiteners": _lower(np.array([term.whiteners for term in terms])),
        "counts": np.array([moment.counts for moment in moments]),
        "moment_means": np.array([moment.means for moment in moments]),
        "scatters": _upper(np.array([moment.scatters for moment in moments])),
        "curve": run.curve,
    }
    if run.lower_bounds is not None:
        arrays["bounds"] = np.append(run.curve[0], run.lower_bounds)
    if isinstance(run, gmm_core.EMRun):
        arrays["log_likelihoods"] = np.array([state.log_likelihood for state in run.states])
    temperatures = np.array([state.temperature for state in run.states])
    if (temperatures != 1).any():
        arrays["temperatures"] = temperatures
    if mixtures[0].probabilities.size:
        arrays |= {
            "probabilities": np.array([mixture.probabilities for mixture in mixtures]),
            "log_failures": np.array([term.log_failures for term in terms]),
            "log_successes": np.array([term.log_successes for term in terms]),
            "successes": np.array([moment.successes for moment in moments]),
        }
    noise = [mixture.noise.amount for mixture in mixtures if mixture.noise is not None]
    if noise:
        arrays |= {
            "noise": np.array(noise),
            "log_noise": np.array([term.log_noise for term in terms], dtype=np.float64),
        }
    return arrays


def _label_colours(scene: Scene) -> list[int]:
    """For every label the place in the palette of the component that ends with most of its points."""
    n_labels = len(scene.label_names)
    if scene.labels is None or scene.run is None:
        return list(range(n_labels))
    fitted = scene.points
    if scene.answers is not None:
        fitted = np.column_stack([scene.points, scene.answers])
    paired = gmm_core.match(gmm_core.shared_counts(fitted, scene.labels, scene.run.mixture)).tolist()
    paired += [-1] * (n_labels - len(paired))
    unused = (colour for colour in range(len(palette.COMPONENTS)) if colour not in paired)
    return [next(unused, 0) if colour < 0 else colour for colour in paired]


def _truth(scene: Scene) -> dict[str, list[float]] | None:
    """Weight, mean and covariance of each true label's points, where they are Gaussian."""
    if scene.labels is None or scene.run is None or not scene.truth_is_gaussian:
        return None
    labels = np.asarray(scene.labels)
    kinds, counts = np.unique(labels[labels >= 0], return_counts=True)
    kinds = kinds[counts >= 3]
    if len(kinds) == 0:
        return None
    shares = (labels[:, None] == kinds).astype(np.float64)
    moments = gmm_core.expected_moments(scene.points, shares)
    covariances = moments.scatters / moments.counts[:, None, None]
    return {
        "weights": (moments.counts / len(labels)).tolist(),
        "means": moments.means.ravel().tolist(),
        "covariances": _upper(covariances).ravel().tolist(),
    }


def pack(header: Mapping[str, Any], arrays: Mapping[str, Any]) -> bytes:
    """A message of a header that is JSON and arrays of float64, float32, int32 or uint8, by name. Raises
    ValueError for numbers that JSON does not have."""
    places: dict[str, dict[str, Any]] = {}
    body = bytearray()
    for name, array in arrays.items():
        kind = {"<f8": "f64", "<f4": "f32", "<i4": "i32", "|u1": "u8"}[array.dtype.newbyteorder("<").str]
        places[name] = {"type": kind, "offset": len(body), "length": int(array.size)}
        body += np.ascontiguousarray(array).tobytes()
        body += bytes(-len(body) % 8)
    text = json.dumps({**header} | {"arrays": places}, allow_nan=False).encode()
    text += b" " * (-len(text) % 8)
    return b"GMML" + len(text).to_bytes(4, "little") + text + bytes(body)

"""What Python computes, for the tests of the stage's JavaScript; `python -m tests.js.oracle` stores it.

A test beside it holds the file against this.
"""

import json
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

import gmm_core
from gmm_core import ALGORITHMS, Mixture, Noise, kmeans
from gmm_core.algorithms import MixtureRun
from gmm_core.expectation import e_step
from gmm_core.log_joint import log_joint, share_out
from ui import palette
from ui.experiment.experiment import MIXTURE_ALGORITHMS
from ui.stage import choices
from ui.stage.codec import Scene, encode
from ui.stage.comparison import Comparison, Dial

FILE = Path(__file__).parent / "oracle.json"

WEIGHTS = np.array([0.5, 0.3, 0.2])
MEANS = np.array([[0.0, 0.0], [2.0, 1.0], [-1.0, 2.0]])
COVARIANCES = np.array([[[1.0, 0.3], [0.3, 0.5]], [[0.2, -0.1], [-0.1, 0.4]], [[2.0, 1.9], [1.9, 2.0]]])
POINTS = np.random.default_rng(0).normal(scale=2.0, size=(24, 2)).round(3)
BINARY = np.random.default_rng(1).integers(0, 2, size=(24, 2)).astype(float)
ANSWERS = BINARY[:, :1]
TURNS = [(np.cos(angle), np.sin(angle)) for angle in (0.4, 1.2, 1.9, 2.8)]
PROBABILITIES = np.array([[0.1, 0.9], [0.5, 0.2], [0.7, 0.6]])

VIEW = {"colour": "blended", "one": 0, "behind": "nothing", "level": 2.45, "scale": "auto", "trails": True}
VIEW |= {"margins": False, "glyphs": "auto", "radius": "rms", "dial_at": 0, "reveal": False, "present": False}
VIEW |= {"pair": [], "drawn": "off"}
DEFAULTS = {"at": "0", "colour": "blended", "one": "0", "behind": "nothing", "level": "2", "scale": "auto"}
DEFAULTS |= {
    "trails": "on",
    "glyphs": "auto",
    "radius": "rms",
    "dial_at": "0",
    "reveal": "off",
    "present": "off",
    "margins": "off",
    "pair": "",
    "drawn": "off",
}


def plain_mixture() -> Mixture:
    return Mixture(WEIGHTS, MEANS, COVARIANCES)


def sharing() -> dict[str, Any]:
    """Shares and log-densities of every kind of log-joint the browser may be given."""
    plain = plain_mixture()
    noisy = Mixture(0.9 * WEIGHTS, MEANS, COVARIANCES, noise=Noise(0.1, 60.0))
    binary = Mixture(WEIGHTS, MEANS, COVARIANCES, probabilities=PROBABILITIES)
    # Far from the origin, and ten thousand times as wide as it is high.
    far = Mixture(WEIGHTS, MEANS * [1.0, 1e-4] + [1e6, -1e6], COVARIANCES * np.outer([1, 1e-4], [1, 1e-4]))
    cases = {
        "plain": shared(plain, POINTS),
        "noise": shared(noisy, POINTS),
        "binary": shared(binary, POINTS, BINARY),
        "binary and noise": shared(
            replace(binary, noise=Noise(0.1, 240.0), weights=0.9 * WEIGHTS), POINTS, BINARY
        ),
        "far": shared(far, POINTS * [1.0, 1e-4] + [1e6, -1e6]),
        "empty component": shared(Mixture([0.7, 0.3, 0.0], MEANS, COVARIANCES), POINTS),
        "out of reach": shared(plain, POINTS + 1e200),
    }
    cases |= {f"temperature {t}": shared(plain, POINTS, temperature=t) for t in (0.0, 0.3, 4.0)}
    cases |= {f"binary at {t}": shared(binary, POINTS, BINARY, temperature=t) for t in (0.0, 4.0)}
    return cases | {"noise at 0.5": shared(noisy, POINTS, temperature=0.5)}


def shared(
    mixture: Mixture, points: np.ndarray, binary: np.ndarray | None = None, temperature: float = 1.0
) -> dict[str, Any]:
    terms = mixture.log_joint
    columns = points if binary is None else np.hstack([points, binary])
    shares, log_densities, _ = share_out(log_joint(columns, terms), temperature)
    told = {
        "points": points,
        "constants": terms.constants,
        "means": terms.means,
        "whiteners": terms.whiteners[:, [0, 1, 1], [0, 0, 1]],
        "temperature": temperature,
        "shares": shares.T,
        "log_densities": log_densities,
    }
    if terms.log_noise is not None:
        told["log_noise"] = float(terms.log_noise)
    if binary is not None:
        told |= {"binary": binary, "log_failures": terms.log_failures, "log_successes": terms.log_successes}
    return told


def shapes() -> dict[str, Any]:
    """What follows from weights, means and covariances."""
    mixture = plain_mixture()
    shares = gmm_core.responsibilities(POINTS, mixture)
    moments = gmm_core.expected_moments(POINTS, shares)
    held = shares.sum(axis=0) / len(POINTS)
    levels = [1.0, 2.0, 3.0]
    return {
        "weights": WEIGHTS,
        "means": MEANS,
        "covariances": upper(COVARIANCES),
        "constants": mixture.log_joint.constants,
        "whiteners": mixture.whiteners[:, [0, 1, 1], [0, 0, 1]],
        "counts": moments.counts,
        "moment_means": moments.means,
        "scatters": upper(moments.scatters),
        "levels": levels,
        "coverage": [float(gmm_core.coverage(POINTS, mixture, shares, level) @ held) for level in levels],
        "responsibilities": shares,
    }


def landscapes() -> dict[str, Any]:
    """Densities at places of the plane, and the components' own along each axis."""
    noisy = Mixture(0.9 * WEIGHTS, MEANS, COVARIANCES, noise=Noise(0.1, 60.0))
    return {name: landscape(mixture) for name, mixture in {"plain": plain_mixture(), "noise": noisy}.items()}


def landscape(mixture: Mixture) -> dict[str, Any]:
    noise = mixture.noise
    places = np.linspace(-4, 5, 7)
    deviations = np.sqrt(np.diagonal(mixture.covariances, axis1=1, axis2=2))
    return {
        "grid": {
            "weights": mixture.weights,
            "noise": noise.amount if noise else 0.0,
            "volume": noise.volume if noise else 1.0,
            "places": POINTS,
            "densities": np.exp(gmm_core.log_density(POINTS, mixture)),
        },
        "along": [
            {
                "places": places,
                "densities": mixture.weights
                * stats.norm.pdf(places[:, None], mixture.means[:, axis], deviations[:, axis]),
            }
            for axis in (0, 1)
        ],
    }


def noise_regions() -> list[dict[str, Any]]:
    """Of points in a box along the axes, in one along their own, and on a line."""
    rng = np.random.default_rng(8)
    box = rng.uniform(size=(80, 2)) * [3.0, 1.0] + [1e3, -5.0]
    turned = [rng.uniform(size=(60, 2)) * [4.0, 0.5] @ np.array([[c, s], [-s, c]]) for c, s in TURNS]
    told = []
    for points in [box, box[:, :1], POINTS, *turned]:
        corner, edges = gmm_core.noise_region(points)
        told.append({"points": points, "corner": corner, "edges": edges})
    return told


def fits() -> dict[str, dict[str, Any]]:
    """Percentiles of points under the last state of every kind of run, and how far they are from uniform."""
    told = {}
    for kind, (_, answered, run) in kinds().items():
        points = np.hstack([POINTS, ANSWERS]) if answered else POINTS
        percentiles = gmm_core.density_percentiles(points, run.mixture)
        distance = gmm_core.kolmogorov_distance(percentiles)
        told[kind] = {"percentiles": percentiles, "distance": distance}
    line = Mixture(WEIGHTS, MEANS[:, :1], COVARIANCES[:, :1, :1])
    told["line"] = {"percentiles": gmm_core.density_percentiles(POINTS[:, :1], line)}
    return told | {"band": {str(n): gmm_core.kolmogorov_band(n) for n in (5, 500)}}


def clusters() -> dict[str, Any]:
    frame = (-3.0, 3.0, -2.0, 4.0)
    return {
        "counts": kmeans.start(POINTS, MEANS).moments.counts,
        "frame": frame,
        "cells": [cell.tolist() for cell in gmm_core.voronoi_cells(MEANS, frame)],
        "twins": [cell.tolist() for cell in gmm_core.voronoi_cells([[0, 0], [0, 0], [1, 0]], frame)],
    }


def agreements() -> list[dict[str, Any]]:
    rng = np.random.default_rng(5)
    cases = []
    for n_kinds, n_labels in [(2, 2), (3, 4), (4, 3), (1, 1)]:
        truth, labels = rng.integers(0, n_kinds, 40), rng.integers(0, n_labels, 40)
        index = gmm_core.adjusted_rand_index(truth, labels)
        accuracy = gmm_core.matched_accuracy(truth, labels)
        found = {"index": index, "accuracy": accuracy}
        cases.append({"truth": truth, "labels": labels, "kinds": n_kinds, "k": n_labels, **found})
    return cases


def colours() -> dict[str, Any]:
    k = 4
    shares = np.random.default_rng(2).dirichlet(np.full(k, 0.6), size=40).round(6)
    shares /= shares.sum(axis=1, keepdims=True)
    return {"shares": shares, "palette": palette.COMPONENTS[:k], "blended": palette.blended(shares)}


def messages() -> dict[str, str]:
    """The lab's message, the comparison's, and those of every algorithm, as text."""
    run = gmm_core.run(POINTS, plain_mixture(), max_steps=4)
    x0, y0, x1, y1 = -6.0, -6.0, 6.0, 6.0
    scene = Scene(
        points=POINTS,
        run=run,
        identity="run",
        beginning=0,
        data_identity="data",
        extent=(x0, x1, y0, y1),
        columns=("Länge", "y"),
        labels=np.arange(len(POINTS)) % 3 - 1,
        label_names=("a", "b"),
        truth_is_gaussian=True,
        view=VIEW,
        view_defaults=DEFAULTS,
        address={"k": "3"},
    )
    beside = replace(scene, comparison=comparison(run))
    answering = {"answers": ANSWERS[:, 0], "answer_column": "sex", "answer_names": ("female", "male")}
    scenes = {"lab": scene, "comparison": beside} | {
        kind: replace(scene, run=run, algorithm=algorithm, **(answering if answered else {}))
        for kind, (algorithm, answered, run) in kinds().items()
    }
    return {name: b64encode(encode(told)).decode() for name, told in scenes.items()}


def kinds() -> dict[str, tuple[str, bool, MixtureRun]]:
    """Algorithm, whether there is a yes/no column, and run, of every algorithm with noise, by its name, and
    with a yes/no column, without noise and with it."""
    return {
        f"{algorithm}{', answers' * answered}{', noise' * (answered and noisy)}": (
            algorithm,
            answered,
            run_of(algorithm, answered, noisy),
        )
        for algorithm in MIXTURE_ALGORITHMS
        for answered, noisy in [(False, True), (True, False), (True, True)]
    }


def run_of(algorithm: str, answered: bool, noisy: bool) -> MixtureRun:
    points = np.hstack([POINTS, ANSWERS]) if answered else POINTS
    weights, noise = (0.9 * WEIGHTS, Noise(0.1, 60.0 * 2.0**answered)) if noisy else (WEIGHTS, None)
    begun = Mixture(weights, MEANS, COVARIANCES, noise, PROBABILITIES[:, : int(answered)])
    return ALGORITHMS[algorithm].run(points, begun, max_steps=4)


def painted() -> dict[str, Any]:
    """Shares and log-densities of the points at the first and the last state of every kind of run."""

    def of_state(state: Any, points: np.ndarray) -> dict[str, Any]:
        shares, log_densities, _ = share_out(log_joint(points, state.terms), state.temperature)
        return {"shares": shares.T, "log_densities": log_densities}

    return {
        kind: [of_state(run.states[t], np.hstack([POINTS, ANSWERS]) if answered else POINTS) for t in (0, -1)]
        for kind, (_, answered, run) in kinds().items()
    }


WIDE = {
    "3": (3, ""),
    "5": (5, "noise"),
    "5, answers": (5, "answers"),
    "10": (10, "answers noise"),
    "4, annealed": (4, "annealed"),
}
"""Runs in more columns than two: how many, and what else takes part."""


def wide_run(n_dimensions: int, what: str) -> tuple[np.ndarray, MixtureRun]:
    """Points (60, D), with zeros and ones behind them where there are answers, and a run of them."""
    rng = np.random.default_rng(n_dimensions)
    answers = rng.integers(0, 2, size=(60, 1)).astype(float)[:, : "answers" in what]
    centres = rng.normal(scale=3.0, size=(3, n_dimensions))
    units = 10.0 ** (np.arange(n_dimensions) % 4 - 1)
    places = (centres[np.arange(60) % 3] + rng.normal(size=(60, n_dimensions))) * units
    covariances = np.array([np.diag(units**2) for _ in range(3)])
    noise = Noise(0.1, float(np.ptp(places, axis=0).prod()) * 2.0 ** answers.shape[1])
    begun = Mixture(
        0.9 * WEIGHTS if "noise" in what else WEIGHTS,
        places[:3],
        covariances,
        noise if "noise" in what else None,
        PROBABILITIES[:, : answers.shape[1]],
    )
    points = np.hstack([places, answers])
    algorithm = ALGORITHMS["annealed" if "annealed" in what else "em"]
    return points, algorithm.run(points, begun, max_steps=3)


def wide() -> dict[str, Any]:
    """What the stage is sent of such runs, and the shares, log-densities and products that it must find."""
    return {name: _wide(*wide_run(*of), of[0]) for name, of in WIDE.items()}


def _wide(points: np.ndarray, run: MixtureRun, d: int) -> dict[str, Any]:
    places = points[:, :d]
    extent = np.column_stack([places.min(axis=0), places.max(axis=0)])
    answering = {"answers": points[:, -1], "answer_column": "sex", "answer_names": ("female", "male")}
    scene = Scene(
        points=places,
        run=run,
        identity="run",
        beginning=0,
        data_identity="data",
        extent=tuple(extent.ravel().tolist()),
        columns=tuple(f"c{axis}" for axis in range(d)),
        pair=(d - 1, 0),
        labels=np.arange(len(points)) % 3,
        label_names=("a", "b", "c"),
        truth_is_gaussian=True,
        view=VIEW,
        view_defaults=DEFAULTS,
        **(answering if points.shape[1] > d else {}),
    )
    states = []
    for state in run.states:
        joint = log_joint(points, state.terms)
        shares, log_densities, _ = share_out(joint.copy(), state.temperature)
        states.append({"shares": shares.T, "log_densities": log_densities})
    last = run.states[-1].mixture
    plain = Mixture(last.weights / last.weights.sum(), last.means, last.covariances)
    return {
        "message": b64encode(encode(scene)).decode(),
        "points": places,
        "covariances": last.covariances,
        "states": states,
        "pairs": [
            {
                "pair": [i, j],
                "axes": gmm_core.principal_axes(gmm_core.marginal(plain, [i, j]).covariances),
                "log_densities": gmm_core.log_density(places[:, [i, j]], gmm_core.marginal(plain, [i, j])),
            }
            for i, j in [(0, 1), (d - 1, 0), (1, d - 1)]
        ],
    }


def comparison(run: gmm_core.EMRun) -> Comparison:
    beside = kmeans.run(POINTS, MEANS)
    n_states, k = len(beside.states), len(MEANS)
    radii = np.arange(2 * n_states * len(choices.RADII) * k, dtype=float)
    softer = gmm_core.run(POINTS, plain_mixture(), max_steps=2)
    ones = np.ones(2)
    return Comparison(
        run=beside,
        order=np.arange(k),
        radii=radii.reshape(2 * n_states, len(choices.RADII), k),
        inertias=np.linspace(9.0, 1.0, 2 * n_states),
        parts=np.ones((2 * n_states, k)),
        dial=Dial(ones / 2, np.array([2.0, 0.5]), (run, softer), 1e-6, 10, ones / 3, ones),
    )


def objective() -> float:
    return e_step(POINTS, plain_mixture()).log_likelihood


def upper(matrices: np.ndarray) -> np.ndarray:
    return matrices[..., [0, 0, 1], [0, 1, 1]]


def oracle() -> dict[str, Any]:
    """Everything, as JSON has it."""
    told = {
        "points": POINTS,
        "sharing": sharing(),
        "shapes": shapes() | {"log_likelihood": objective()},
        "landscapes": landscapes(),
        "noise_regions": noise_regions(),
        "fits": fits(),
        "clusters": clusters(),
        "agreements": agreements(),
        "colours": colours(),
        "glyphs": [{"name": glyph.name, "rings": glyph.rings} for glyph in palette.GLYPHS],
        "choices": choices.as_header(),
        "painted": painted(),
        "messages": messages(),
        "wide": wide(),
    }
    return json.loads(json.dumps(told, default=_plain))


def _plain(value: Any) -> Any:
    return value.tolist()


if __name__ == "__main__":
    FILE.write_text(json.dumps(oracle(), indent=None) + "\n", encoding="utf-8")

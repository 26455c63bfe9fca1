"""What the stage needs to show K-Means beside a mixture."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

import gmm_core
from gmm_core.kmeans import KMeansRun
from gmm_core.points import Array
from ui.figures.dial import dial_figure


@dataclass(frozen=True, eq=False)
class Dial:
    """Mixtures of equal weights and one variance, for every position of the limit dial."""

    ratios: Array
    """(P,), falling: the components' deviation as a share of that of all points."""
    deviations: Array
    """(P,), in the units of the points."""
    runs: tuple[gmm_core.EMRun, ...]
    """One for each position, all from the same centres."""
    tolerance: float
    """Of each, in nats a point."""
    max_steps: int
    """Of each: its step limit."""
    entropies: Array
    """(P,): the mean entropy of the shares at each run's end, in nats."""
    disagreements: Array
    """(P,): the points that each run's end puts elsewhere than K-Means' end."""

    @property
    def softness(self) -> Array:
        """(P,): the entropies as a share of the largest there could be: 0 where every point belongs whole
        to one component, 1 where all components share every point alike."""
        n_components = self.runs[0].mixture.n_components
        return self.entropies / np.log(max(n_components, 2))


@dataclass(frozen=True, eq=False)
class Comparison:
    """K-Means from the same centres as the scene's mixture; cluster j stands opposite component j."""

    run: KMeansRun
    order: NDArray[np.int64]
    """(K,): for each component, its cluster among those of the run."""
    radii: Array
    """(2 T, R, K): of every picture's circles, for each of `ui.stage.choices.RADII`; 0 for none."""
    inertias: Array
    """(2 T,): of every picture, in squared units of the points."""
    parts: Array
    """(2 T, K): what the points of each cluster of the run add to them."""
    dial: Dial | None = None
    """None unless people asked for it."""


def header_of(comparison: Comparison) -> dict[str, Any]:
    """What the message's header says of a comparison."""
    run, dial = comparison.run, comparison.dial
    kmeans = {
        "states": len(run.states),
        "stop": {"reason": run.stop_reason.name, "sentence": run.explanation},
    }
    return {"kmeans": kmeans, "dial": None if dial is None else _dial_header(dial)}


def _dial_header(dial: Dial) -> dict[str, Any]:
    return {
        "ratios": dial.ratios.tolist(),
        "deviations": dial.deviations.tolist(),
        "variances": (dial.deviations**2).tolist(),
        "softness": dial.softness.tolist(),
        "disagreements": dial.disagreements.tolist(),
        "lengths": [len(run.states) for run in dial.runs],
        "stops": [{"reason": run.stop_reason.name, "sentence": run.explanation} for run in dial.runs],
        "figure": _as_json(dial_figure(dial.ratios, dial.softness, dial.disagreements)),
    }


def _as_json(figure: go.Figure) -> Mapping[str, Any]:
    return json.loads(str(figure.to_json()))


def arrays_of(comparison: Comparison) -> dict[str, Array]:
    """The arrays behind the header: of K-Means states first, (T, K) and (T, K, 2), pictures (2 T, ...); of
    the dial all states of all runs, one run after the other."""
    states, order = comparison.run.states, comparison.order
    arrays = {
        "kmeans_weights": np.array([state.counts[order] for state in states]) / states[0].counts.sum(),
        "kmeans_means": np.array([state.centres[order] for state in states]),
        "kmeans_counts": np.array([state.counts[order] for state in states]),
        "kmeans_moment_means": np.array([state.means[order] for state in states]),
        "kmeans_parts": comparison.parts[:, order],
        "kmeans_radii": comparison.radii[:, :, order],
        "kmeans_values": comparison.inertias,
    }
    if comparison.dial is not None:
        ends = [state for run in comparison.dial.runs for state in run.states]
        arrays["dial_means"] = np.array([state.mixture.means for state in ends])
        arrays["dial_curve"] = np.array([state.log_likelihood for state in ends])
    return arrays

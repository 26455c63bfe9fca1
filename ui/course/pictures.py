"""The pictures of a lesson as SVG, for paper: what it opens on, and what it shows in the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gmm_core import kmeans
from gmm_core.log_joint import log_joint, share_out
from gmm_core.mixture import Mixture
from gmm_core.variational import VariationalState
from ui.data.yes_no import beside
from ui.export.figure import clusters_figure, mixture_figure
from ui.export.line_figure import line_figure
from ui.lessons import LESSONS
from ui.workspace.fit_result import FitResult, result_of
from ui.workspace.lessons import LAST, stages_of
from ui.workspace.scene import scene_of


@dataclass(frozen=True)
class Picture:
    """One moment of a run."""

    svg: str
    side: str
    """ "kmeans" or "mixture" where both are shown, else empty."""
    title: str
    """Of the data and the model."""
    at: int
    """The half-step."""
    last: int
    """Of the run."""


def pictures_of(name: str) -> tuple[list[Picture], list[Picture]]:
    """What the lesson of that name opens on, and what its reveal shows: one picture, or two side by side. The
    second list is empty where the reveal shows what there was before."""
    lesson, (first, second) = LESSONS[name], stages_of(name)
    opened = result_of(first, lesson.kind)
    before = _moment(opened, scene_of(first, lesson.kind, opened).title, first.opening.half_step, 0)
    stage = second if lesson.change else first
    ended = result_of(stage, lesson.kind)
    at = LAST if lesson.at is None else lesson.at
    after = _moment(ended, scene_of(stage, lesson.kind, ended).title, at, -1)
    is_same = not lesson.change and [each.at for each in before] == [each.at for each in after]
    return before, [] if is_same else after


def _moment(result: FitResult, title: str, at: int, position: int) -> list[Picture]:
    """K-Means, where there is any, and the mixture, both at that half-step or their last; with the dial at
    that one of its positions."""
    run, comparison, data = result.run, result.comparison, result.data
    assert run is not None, "every lesson runs, which a test holds"
    if comparison is None:
        return [_of_mixture(result, run.states, title, at, "")]
    states = comparison.dial.runs[position].states if comparison.dial else run.states
    if at == 0:
        # Both begin at the same centres, and nothing has a colour yet.
        return [_of_mixture(result, states, title, at, "")]
    ends = comparison.run.states
    shown = min(at, 2 * len(ends) - 1)
    centres = ends[shown // 2].centres[comparison.order]
    # The first kind of radius is the typical distance, which the stage shows as well.
    radii = comparison.radii[shown, 0, comparison.order]
    labels = kmeans.assign(data.points, ends[(shown - 1) // 2].centres[comparison.order])
    drawn = clusters_figure(data.points, labels, centres, radii, data.columns)
    left = Picture(drawn, "kmeans", title, shown, 2 * len(ends) - 1)
    return [left, _of_mixture(result, states, title, at, "mixture")]


def _of_mixture(result: FitResult, states: Sequence[Any], title: str, at: int, side: str) -> Picture:
    data, last = result.data, 2 * len(states) - 1
    shown = min(at, last)
    points = beside(data.points, data.yes_no)
    mixture, kept = _active(states[shown // 2])
    # An odd half-step gives the colours, an even one the ellipses; before the first there are no colours.
    shares = np.zeros((len(points), mixture.n_components))
    if shown:
        state = states[(shown - 1) // 2]
        shares = share_out(log_joint(points, state.terms), state.temperature)[0].T[:, kept]
    draw = line_figure if data.points.shape[1] == 1 else mixture_figure
    return Picture(draw(points, mixture, data.columns, shares=shares), side, title, shown, last)


def _active(state: Any) -> tuple[Mixture, np.ndarray]:
    """The components that hold something, and their places: a variational mixture switches others off."""
    mixture = state.mixture
    kept = np.arange(mixture.n_components)
    if isinstance(state, VariationalState):
        kept = np.flatnonzero(state.moments.counts > 1)
    part = Mixture(
        mixture.weights[kept] / mixture.weights[kept].sum(),
        mixture.means[kept],
        mixture.covariances[kept],
        mixture.noise,
        mixture.probabilities[kept],
    )
    return part, kept

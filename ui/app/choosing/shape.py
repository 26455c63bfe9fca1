"""Any shape: mixtures of more and more components, and what they are worth on points they have not seen."""

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from gmm_core import GENERATORS, sample
from gmm_core.points import Array
from ui.analysis.choosing.shape import (
    KS,
    Approximations,
    learned_from,
    places_along,
    shown_axes,
)
from ui.analysis.choosing.shape_words import cost, facts, verdict
from ui.app import notices, session
from ui.app.working import follow
from ui.data import Data, frame_of
from ui.experiment import OWN_SHAPE, SHAPES, Experiment
from ui.figures.shape import Frame, Worth, density_figure, points_figure, worth_figure
from ui.stage.codec import scale_of
from ui.workspace import Workspace, points_of
from ui.workspace.choosing import shape_of

SIZES = [300, 1_000, 5_000]

# With the data before the first three, and what they say before the others.
ACROSS = 3

SHOWN = {"density": "The density", "sample": "A sample from each"}

PLAIN = (
    "Plain mixtures, every component of a shape of its own. Each must hold more points than there are "
    "dimensions, and one more: else it could close in on a single point, and there would be no end to the "
    "likelihood."
)


def show(current: Workspace) -> None:
    """The whole answer."""
    experiment = current.experiment
    if "controls" not in experiment.hide:
        _choose(experiment)
    learned = learned_from(experiment, points_of(current))
    watch = shape_of(current)
    _say_assumed(experiment, points_of(current), learned)
    follow(watch, "Fitting one to thirty components", partial(_draw, experiment, learned))


def _choose(experiment: Experiment) -> None:
    with st.container(horizontal=True):
        st.segmented_control(
            options=list(SHAPES), format_func=_title, required=True, **session.control("shape")
        )
        if experiment.shape != OWN_SHAPE:
            st.segmented_control(
                options=sorted({*SIZES, experiment.shape_points}),
                format_func=lambda count: f"{count:,}",
                required=True,
                **session.control("shape_points"),
            )
        st.segmented_control(
            options=list(SHOWN),
            format_func=SHOWN.__getitem__,
            required=True,
            **session.control("shape_shown"),
        )


def _title(shape: str) -> str:
    return "My data" if shape == OWN_SHAPE else GENERATORS[shape].title


def _say_assumed(experiment: Experiment, data: Data, learned: Data) -> None:
    """What of people's own points is left out here."""
    if experiment.shape != OWN_SHAPE:
        return
    said: list[str] = []
    if len(learned.points) < len(data.points):
        said.append(
            f"A sample of {len(learned.points):,} of the {len(data.points):,} points, drawn at random, is "
            "learned from here."
        )
    options = {
        "the yes/no column": data.yes_no is not None,
        "noise": experiment.noise,
        "the prior": experiment.prior,
        "equal weights": experiment.equal,
    }
    if left := [name for name, is_on in options.items() if is_on]:
        said.append(f"Left out here, where K alone changes: {', '.join(left)}.")
    if learned.points.shape[1] > 2:
        across, upwards = (learned.columns[axis] for axis in learned.pair)
        said.append(
            f"Fitted in {learned.points.shape[1]} columns; the pictures show {across} and {upwards}, the "
            "log-likelihoods count all."
        )
    if said:
        st.caption(notices.escape_markdown(" ".join(said)))


def _draw(experiment: Experiment, learned: Data, found: Approximations) -> None:
    if not found.fits:
        if found.failed:
            st.info(next(iter(found.failed.values())))
        return
    frame = _frame(learned)
    for row, first in enumerate(range(0, len(KS), ACROSS)):
        places = st.columns([1] * (ACROSS + 1))
        with places[0]:
            if row == 0:
                _show_data(experiment, learned, frame)
            else:
                _say(experiment, found, is_line=len(frame.box) == 1)
        for place, k in zip(places[1:], KS[first : first + ACROSS], strict=True):
            with place:
                _show(experiment, learned, found, k, frame)
    _show_worth(found)


def _frame(learned: Data) -> Frame:
    box = tuple(learned.extent[axis] for axis in shown_axes(learned))
    return Frame(box, equal=scale_of(frame_of(box)) == "equal")


def _shown(points: Array, learned: Data) -> Array:
    return points[:, list(shown_axes(learned))]


def _show_data(experiment: Experiment, learned: Data, frame: Frame) -> None:
    title = "The points" if experiment.shape == OWN_SHAPE else f"{_title(experiment.shape)}: the points"
    _head(f"**{title}**", f"{len(learned.points):,} to learn from")
    _plot(points_figure(_shown(learned.points, learned), frame), "shape data")


def _show(experiment: Experiment, learned: Data, found: Approximations, k: int, frame: Frame) -> None:
    if k not in found.fits:
        _head(f"**K = {k}**", found.failed.get(k, "…"))
        return
    fit, star = found.fits[k], " ★ best" if k == found.best else ""
    _head(f"**K = {k}**, {fit.n_parameters:,} parameters{star}", facts(found, k))
    if experiment.shape_shown == "sample":
        drawn, _ = sample(fit.mixture, len(learned.points), rng=0)
        figure = points_figure(_shown(drawn, learned), frame, is_sample=True)
    else:
        places = [places_along(learned.extent, axis) for axis in shown_axes(learned)]
        figure = density_figure(fit.log_densities, places, frame, found.span)
    _plot(figure, f"shape {k}")


def _head(title: str, numbers: str) -> None:
    st.markdown(f"{title}  \n:small[{numbers}]")


def _plot(figure: Any, key: str) -> None:
    st.plotly_chart(figure, key=key, config={"displayModeBar": False})


def _say(experiment: Experiment, found: Approximations, *, is_line: bool) -> None:
    if found.best is not None:
        st.markdown(f"**{verdict(found)}**")
    if experiment.shape_shown == "sample":
        st.caption(
            "As many points drawn from each mixture as there are data. Could you tell which are the data?"
        )
    elif is_line:
        st.caption("Each density as high as its picture.")
    else:
        st.caption(
            "The darker, the denser: one logarithmic scale for all pictures, from the highest down to a "
            "four-hundredth of it."
        )
    st.caption(PLAIN)


def _show_worth(found: Approximations) -> None:
    ks, judged = sorted(found.fits), sorted(found.unseen)
    errors = [found.unseen[k].standard_error if len(found.unseen[k].means) > 1 else 0.0 for k in judged]
    worth = Worth(
        ks,
        [found.fits[k].learned for k in ks],
        judged,
        [found.unseen[k].mean for k in judged],
        errors if np.any(errors) else [],
        found.best,
    )
    st.plotly_chart(worth_figure(worth), key="shape worth", config={"displayModeBar": False})
    if said := cost(found):
        st.markdown(said)

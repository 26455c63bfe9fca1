"""What the stage says of a hand's doings, which may be forged or out of date; no Streamlit."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import gmm_core
from gmm_core.points import LARGEST
from ui.data import Data
from ui.experiment import Experiment, Place, View, symmetric, transitions, with_choices_of
from ui.experiment.address import VIEW_DEFAULTS, from_address
from ui.workspace.changes import begin, change, undo
from ui.workspace.fit_result import FIT, points_of
from ui.workspace.presenting import chosen
from ui.workspace.workspace import Workspace

MOST_AT_ONCE = 20_000
"""Points that one sweep puts in: no hand is as fast."""

MOST_BY_HAND = 100_000
"""Points that many sweeps put in."""

LEAST_NOISE = 1e-8
"""What the weights of components may lack by rounding."""

TOO_MANY = (
    f"No more than {MOST_AT_ONCE:,} points at once and {MOST_BY_HAND:,} in all are put in by hand, so these "
    "were left out; upload them as a file."
)


def take_events(current: Workspace, kind: str, events: Any) -> None:
    """What a hand did on the stage of that kind, in order, each event once."""
    with current.lock:
        for event in events if isinstance(events, list) else []:
            number = event.get("number") if isinstance(event, dict) else None
            if isinstance(number, int) and number > current.acknowledged:
                current.acknowledged = number
                take_event(current, kind, event)


def take_event(current: Workspace, kind: str, event: Mapping[str, Any]) -> None:
    """Does what the event says, as one named transition; nothing that makes no sense or is hidden."""
    if event.get("type") == "seen":
        current.stage(kind).seen = _view_in(event.get("parameters"))
        return
    if "controls" in current.experiment.hide:
        return
    mixture, result = mixture_in(event.get("mixture")), current.stage(kind).result

    def change_points(transition: Callable[..., Experiment], *arguments: Any) -> None:
        """Whoever has seen a start keeps it, with its colours."""
        begun = result is not None and result.run is not None
        begin(current, lambda old: transition(transitions.keep_start(old) if begun else old, *arguments))

    match event.get("type"):
        case "move_mean" if mixture is not None:
            begin(current, transitions.move_mean, mixture)
        case "add_points":
            places = _places_in(event.get("points"), current)
            if places:
                change_points(transitions.add_points, places, mixture)
        case "remove_point":
            index = index_of(points_of(current), event.get("place"))
            if index is not None:
                change_points(transitions.remove_point, index, mixture)
        case "cure":
            offered = result.cures if result is not None else ()
            wanted = next((cure.experiment for cure in offered if cure.name == event.get("name")), None)
            if wanted is not None:
                # Whoever stands at the end wants to see what became of it: the stage keeps its place.
                change(current, with_choices_of, wanted, *FIT)
        case "undo":
            undo(current)
        case "clear_points":
            begin(current, transitions.clear_points)
        case "choose_components" | "choose_family" | "new_start":
            change(current, chosen, event)


def _places_in(points: Any, current: Workspace) -> list[Place]:
    """Those that may be points; none of too many, and then it says so."""
    if not isinstance(points, list):
        return []
    n_added = len(current.experiment.added)
    if len(points) > MOST_AT_ONCE or n_added + len(points) > MOST_BY_HAND:
        current.say([TOO_MANY])
        return []
    n_dimensions = points_of(current).points.shape[1]
    return [tuple(place) for place in points if is_place(place, n_dimensions)]


def is_place(value: Any, n_dimensions: int) -> bool:
    """Whether `value` is a list of as many numbers that may be a point."""
    return isinstance(value, list | tuple) and len(value) == n_dimensions and all(map(_is_coordinate, value))


def _is_coordinate(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST


def _view_in(parameters: Any) -> View | None:
    """The view that address parameters describe, if it makes sense."""
    if not isinstance(parameters, dict):
        return None
    told = {key: text for key, text in parameters.items() if key in VIEW_DEFAULTS and isinstance(text, str)}
    _, view, complaints = from_address(told)
    return None if complaints else view


def index_of(data: Data, place: Any) -> int | None:
    """Of the point at `place`, if there still is one."""
    if len(data.points) == 0 or not is_place(place, data.points.shape[1]):
        return None
    low, high = np.array(data.extent).T
    # Many points travel as float32, so that the stage knows their places to about seven digits.
    distances = np.abs((data.points - place) / (high - low)).max(axis=1)
    nearest = int(distances.argmin())
    return nearest if distances[nearest] < 1e-6 else None


def mixture_in(numbers: Any) -> gmm_core.Mixture | None:
    """A mixture as the stage sends it, or None for anything else."""
    try:
        weights = np.array(numbers["weights"], dtype=float)
        means = np.array(numbers["means"], dtype=float).reshape(len(weights), -1)
        covariances = np.array(numbers["covariances"], dtype=float).reshape(len(weights), -1)
        covariances = symmetric(covariances, means.shape[1])
        left = 1.0 - weights.sum()
        # The stage says nothing of noise but what it leaves to the components.
        noise = gmm_core.Noise(left, 1.0) if left > LEAST_NOISE else None
        # Present where a yes/no column has a say.
        yes = np.array(numbers.get("probabilities", []), dtype=float).reshape(-1, 1)
        return gmm_core.Mixture(weights, means, covariances, noise, yes)
    except (TypeError, KeyError, ValueError, OverflowError, AttributeError, IndexError):
        return None

"""What the stage says of a hand's doings, which may be forged or out of date; no Streamlit."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import gmm_core
from ui import experiment as transitions
from ui.data import Data
from ui.experiment import Experiment, is_place
from ui.experiment.address import VIEW_DEFAULTS, from_address
from ui.workspace.presenting import chosen
from ui.workspace.workspace import Workspace, points_of
from ui.workspace.workspace import change as change_experiment

MOST_AT_ONCE = 20_000
"""Points that one sweep puts in: no hand is as fast."""

MOST_BY_HAND = 100_000
"""Points that many sweeps put in."""

TOO_MANY = (
    f"No more than {MOST_AT_ONCE:,} points at once and {MOST_BY_HAND:,} in all are put in by hand, so these "
    "were left out; upload them as a file."
)


def take_event(current: Workspace, event: Mapping[str, Any]) -> None:
    """Does what the event says, as one named transition; nothing that makes no sense or is hidden."""
    if event.get("type") == "seen":
        current.seen = _view_in(event.get("parameters"))
        return
    if "controls" in current.experiment.hide:
        return
    mixture = mixture_in(event.get("mixture"))
    begun = current.shown is not None and current.shown.run is not None

    def change(transition: Callable[..., Experiment], *arguments: Any) -> None:
        current.beginnings += 1
        change_experiment(current, transition, *arguments)

    def change_points(transition: Callable[..., Experiment], *arguments: Any) -> None:
        """Whoever has seen a start keeps it, with its colours."""
        change(lambda old: transition(transitions.keep_start(old) if begun else old, *arguments))

    match event.get("type"):
        case "move_mean" if mixture is not None:
            change(transitions.move_mean, mixture)
        case "add_points":
            places = _places_in(event.get("points"), current)
            if places:
                change_points(transitions.add_points, places, mixture)
        case "remove_point" if is_place(event.get("place")):
            index = index_of(points_of(current), event["place"])
            if index is not None:
                change_points(transitions.remove_point, index, mixture)
        case "cure":
            offered = current.shown.cures if current.shown is not None else ()
            wanted = next((cure.experiment for cure in offered if cure.name == event.get("name")), None)
            if wanted is not None:
                # Whoever stands at the end wants to see what became of it: the stage keeps its place.
                change_experiment(current, lambda _: wanted)
        case "clear_points":
            change(transitions.clear_points)
        case "choose_components" | "choose_family" | "new_start":
            change_experiment(current, chosen, event)


def _places_in(points: Any, current: Workspace) -> list[transitions.Place]:
    """Those that may be points; none of too many, and then it says so."""
    if not isinstance(points, list):
        return []
    n_added = len(current.experiment.added)
    if len(points) > MOST_AT_ONCE or n_added + len(points) > MOST_BY_HAND:
        current.say([TOO_MANY])
        return []
    return [(place[0], place[1]) for place in points if is_place(place)]


def _view_in(parameters: Any) -> Mapping[str, str]:
    """The address parameters of a view that makes sense, and none of another."""
    if not isinstance(parameters, dict):
        return {}
    view = {
        name: value for name, value in parameters.items() if name in VIEW_DEFAULTS and isinstance(value, str)
    }
    _, complaints = from_address(view)
    return {} if complaints else view


def index_of(data: Data, place: tuple[float, float]) -> int | None:
    """Of the point at `place`, if there still is one."""
    if len(data.points) == 0:
        return None
    low, high = np.array(data.extent).T
    # Many points travel as float32, so that the stage knows their places to about seven digits.
    distances = np.abs((data.points - place) / (high - low)).max(axis=1)
    nearest = int(distances.argmin())
    return nearest if distances[nearest] < 1e-6 else None


def mixture_in(numbers: Any) -> gmm_core.Mixture | None:
    """A mixture as the stage sends it, or None for anything else."""
    try:
        covariances = np.array(numbers["covariances"], dtype=float).reshape(-1, 3)[:, [0, 1, 1, 2]]
        means = np.array(numbers["means"], dtype=float).reshape(-1, 2)
        return gmm_core.Mixture(numbers["weights"], means, covariances.reshape(-1, 2, 2))
    except (TypeError, KeyError, ValueError, OverflowError):
        return None

"""The few controls that the stage carries itself, for a lecture hall where the sidebar is folded away."""

from collections.abc import Mapping
from typing import Any

from gmm_core import FAMILIES, STARTS
from ui.experiment import FOUR, MOST_COMPONENTS, ON_A_LINE, Experiment, on_a_line
from ui.experiment.transitions import choose_components, choose_family, new_start


def offered(experiment: Experiment, n_dimensions: int = 2) -> dict[str, Any] | None:
    """What the stage shows of points of so many dimensions, as JSON values; None where a teacher's link has
    hidden the controls."""
    if "controls" in experiment.hide:
        return None
    family, families = experiment.family, {name: _title(name) for name in (*FOUR, experiment.family)}
    if n_dimensions == 1:
        family, families = on_a_line(experiment.family), ON_A_LINE
    return {
        "components": experiment.n_components,
        "most_components": MOST_COMPONENTS,
        "family": family,
        "families": [list(pair) for pair in families.items()],
        "new_start": _can_draw(experiment),
    }


def _title(family: str) -> str:
    return family.capitalize() if family in FOUR else FAMILIES[family].letters


def _can_draw(experiment: Experiment) -> bool:
    return STARTS[experiment.start].is_drawn and "seed" not in experiment.hide


def chosen(experiment: Experiment, event: Mapping[str, Any]) -> Experiment:
    """What an event of those controls asks for, as far as they were offered."""
    if "controls" in experiment.hide:
        return experiment
    match event:
        case {"type": "choose_components", "value": int(k)} if 1 <= k <= MOST_COMPONENTS:
            return experiment if k == experiment.n_components else choose_components(experiment, k)
        case {"type": "choose_family", "value": str(name)} if name in FAMILIES:
            return choose_family(experiment, name)
        case {"type": "new_start"} if _can_draw(experiment):
            return new_start(experiment)
        case _:
            return experiment

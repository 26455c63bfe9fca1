"""How the picture is drawn, and which one.

The stage owns the view: people change it there, and stepping never asks Python. Python says what to open on,
and is told what is seen where something that is open depends on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ui.experiment.choice import Choice, Scope, choice, rows_of
from ui.experiment.text import level, one_of, switch, two_of, whole
from ui.stage import choices

MOST_COMPONENTS = 12

MOST_FITTED = 10
"""Columns that a mixture is fitted to."""

MOST_PICTURES = 10**6
"""That a run may have, by far."""


@dataclass(frozen=True)
class View:
    """How the picture is drawn, and which one."""

    colour: str = choice("blended", Scope.VIEW, "colour", one_of(*choices.COLOURS), hidden_by="truth")
    one: int = choice(0, Scope.VIEW, "one", whole(0, MOST_COMPONENTS - 1), hidden_by="truth")
    """The component that is shown alone, counted from 0."""
    background: str = choice(
        "nothing", Scope.VIEW, "behind", one_of(*choices.BACKGROUNDS, *choices.LINE_BACKGROUNDS)
    )
    level: float = choice(2.0, Scope.VIEW, "level", level(*choices.LEVELS))
    """Of the ellipses, in standard deviations."""
    scale: str = choice("auto", Scope.VIEW, "scale", one_of(choices.AUTOMATIC, *choices.SCALES))
    trails: bool = choice(True, Scope.VIEW, "trails", switch())
    glyphs: str = choice("auto", Scope.VIEW, "glyphs", one_of(*choices.GLYPHS))
    """Whether points carry their component's sign: "on", "off", or "auto" where there are many components; or
    "pies", where each is a pie of its shares."""
    radius: str = choice("rms", Scope.VIEW, "radius", one_of(*choices.RADII))
    """Of the circles of K-Means."""
    dial_at: int = choice(0, Scope.VIEW, "dial_at", whole(0, 100))
    """The position of the limit dial."""
    reveal: bool = choice(False, Scope.VIEW, "reveal", switch(), hidden_by="truth")
    """Whether the comparison says how well both sides agree with the truth."""
    present: bool = choice(False, Scope.VIEW, "present", switch())
    """Whether the stage fills the window, with large letters, for a lecture hall."""
    margins: bool = choice(False, Scope.VIEW, "margins", switch())
    """Whether the mixture is also shown along each of its axes, at the edges of the picture."""
    half_step: int = choice(0, Scope.VIEW, "at", whole(0, MOST_PICTURES))
    """The picture, counted in half-steps."""
    pair: tuple[int, ...] = choice((), Scope.VIEW, "pair", two_of(MOST_FITTED))
    """The two of more columns that are shown, across and upwards, counted from 0; empty for those that the
    experiment names."""
    drawn: str = choice("off", Scope.VIEW, "drawn", one_of(*choices.SAMPLES))
    """Whether points drawn from the model stand beside the data, or in their place."""


VIEW_CHOICES: Mapping[str, Choice] = rows_of(View)
"""By name, in the order of an address."""

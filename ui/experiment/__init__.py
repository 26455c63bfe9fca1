"""Every choice as one frozen value, what people do to it, and its address."""

from ui.experiment.choice import Scope
from ui.experiment.experiment import (
    CHOICES,
    DRAWN,
    FOUR,
    HIDEABLE,
    HOTTEST,
    MOST_POINTS,
    MOST_SEED,
    MOST_STEPS,
    STRONGEST,
    UPLOADED,
    Experiment,
    Place,
    choices_in,
    digest_of,
    key_of,
    only,
    parameters,
    with_choices_of,
)
from ui.experiment.view import MOST_COMPONENTS, View

__all__ = [
    "CHOICES",
    "DRAWN",
    "FOUR",
    "HIDEABLE",
    "HOTTEST",
    "MOST_COMPONENTS",
    "MOST_POINTS",
    "MOST_SEED",
    "MOST_STEPS",
    "STRONGEST",
    "UPLOADED",
    "Experiment",
    "Place",
    "Scope",
    "View",
    "choices_in",
    "digest_of",
    "key_of",
    "only",
    "parameters",
    "with_choices_of",
]

"""Whether the units of the columns decide what a fit can draw, and how that is said."""

import numpy as np

from gmm_core import FAMILIES
from ui.data.data import Data
from ui.experiment import DRAWN, FOUR, Experiment

MUCH_WIDER = 3.0
"""How many times as wide one column may spread as another before it is worth a word."""

# Per cent between which a column's spread is measured: the first span that has extent in every column.
_SPANS = ((25, 75), (10, 90), (2, 98))


def depends_on_units(family: str) -> bool:
    """Whether another unit for one of the columns makes fits of the family others.

    Stretching an axis keeps a family if it turns members into members. It makes no circles of circles; and
    where components share a shape but no tilt, or a tilt but no shape, it takes from them what they share.
    """
    _, shape, tilt = FAMILIES[family].letters
    return shape == "I" or {shape, tilt} == {"E", "V"}


def said_of_units(experiment: Experiment, data: Data, *, kmeans: bool = False) -> str:
    """One sentence where one column spreads so much wider than another that it decides alone, for the
    family and, if it is shown, for K-Means; else nothing."""
    name = experiment.family
    who = ["K-Means"] if kmeans else []
    if depends_on_units(experiment.family) and not (kmeans and experiment.dial):
        who.append(f"a {name} mixture" if name in FOUR else f"a mixture of the family {name}")
    wider = wider_column(experiment, data)
    if not who or wider is None:
        return ""
    wide, narrow, ratio = wider
    goes = "go" if len(who) > 1 else "goes"
    return (
        f"{wide} spreads {ratio:,.3g} times as wide as {narrow}, so {' and '.join(who)} {goes} by it almost "
        "alone; standardised, all columns count alike."
    )


def wider_column(experiment: Experiment, data: Data) -> tuple[str, str, float] | None:
    """The names of the widest and the narrowest column and how many times as wide it spreads, where that is
    much and standardising would change it."""
    moved = experiment.standardise or experiment.turn != 0 or experiment.stretch != 1
    if moved or experiment.data == DRAWN or len(data.points) == 0 or data.points.shape[1] == 1:
        return None
    for percents in _SPANS:
        low, high = np.percentile(data.points, percents, axis=0)
        spreads = high / 2 - low / 2
        if (spreads > 0).all():
            break
    else:
        return None
    wide, narrow = int(spreads.argmax()), int(spreads.argmin())
    ratio = float(spreads[wide] / spreads[narrow])
    return (data.columns[wide], data.columns[narrow], ratio) if ratio > MUCH_WIDER else None

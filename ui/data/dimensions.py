"""How many dimensions points have: the one place that turns the choices for x, y and more into columns.

Everything else in these rooms and in what people take home works for points (N, D) of any D >= 1. Of more
than two columns the picture shows a pair, see pairs.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ui.experiment import MOST_FITTED, NO_COLUMN, Experiment

PICTURED = range(1, MOST_FITTED + 1)
"""D of the points that the app fits and draws, and so of those in its session files."""


def chosen_dimensions(experiment: Experiment) -> int:
    """D, as far as it was chosen: data of one column have 1 all the same."""
    return 1 if experiment.y == NO_COLUMN else 2


def chosen_columns(experiment: Experiment) -> tuple[str, ...]:
    """The names of the one or two columns that the picture shows, "" for whichever suits."""
    return (experiment.x, experiment.y)[: chosen_dimensions(experiment)]


def fitted_columns(shown: Sequence[str], experiment: Experiment, known: Iterable[str]) -> tuple[str, ...]:
    """The names (D,) of the columns that are fitted, of which one or two are shown.

    More than these two stand in the order of those `known`, so that the fit is the same whichever are shown.
    """
    if len(shown) < 2 or not experiment.more:
        return tuple(shown)
    wanted = dict.fromkeys([*shown, *experiment.more])
    in_order = [name for name in known if name in wanted]
    # Those that nobody knows are refused where they are taken.
    return (*in_order, *(name for name in wanted if name not in in_order))


def pair_among(columns: Sequence[str], shown: Sequence[str]) -> tuple[int, ...]:
    """The places of what is shown among the columns (D,) that are fitted."""
    return tuple(columns.index(name) for name in shown)


def chosen_logs(experiment: Experiment, columns: Sequence[str], shown: Sequence[str]) -> tuple[bool, ...]:
    """For each of D columns whether its logarithm is taken; of those that are not shown it is not."""
    taken = dict(zip(shown, (experiment.log_x, experiment.log_y), strict=False))
    return tuple(taken.get(name, False) for name in columns)


def with_columns(experiment: Experiment, columns: Sequence[str], pair: Sequence[int]) -> Experiment:
    """The experiment with these (D,) columns as coordinates, of which a pair is shown, or the only one."""
    x, y = (*(columns[place] for place in pair), NO_COLUMN)[:2]
    return replace(experiment, x=x, y=y, more=tuple(name for name in columns if name not in (x, y)))


def axis_letters(n_dimensions: int) -> tuple[str, ...]:
    """What D coordinates are called where their columns' own names are too long.

    >>> axis_letters(2), axis_letters(4)
    (('x', 'y'), ('x1', 'x2', 'x3', 'x4'))
    """
    if n_dimensions <= 3:
        return tuple("xyz"[:n_dimensions])
    return tuple(f"x{number}" for number in range(1, n_dimensions + 1))

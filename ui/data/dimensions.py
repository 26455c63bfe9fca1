"""How many dimensions a picture has: the one place that turns the choices for x and y into columns.

Everything else in these rooms and in what people take home works for points (N, D) of any D >= 1.
"""

from dataclasses import replace

from ui.experiment import NO_COLUMN, Experiment

PICTURED = (1, 2)
"""D of the points that the app draws, and so of those in its session files."""


def chosen_dimensions(experiment: Experiment) -> int:
    """D, as far as it was chosen: data of one column have 1 all the same."""
    return 1 if experiment.y == NO_COLUMN else 2


def chosen_columns(experiment: Experiment) -> tuple[str, ...]:
    """The names (D,) of the columns that become coordinates, "" for whichever suits."""
    return (experiment.x, experiment.y)[: chosen_dimensions(experiment)]


def chosen_logs(experiment: Experiment, n_dimensions: int) -> tuple[bool, ...]:
    """For each of D columns whether its logarithm is taken."""
    return (experiment.log_x, experiment.log_y)[:n_dimensions]


def with_columns(experiment: Experiment, columns: tuple[str, ...]) -> Experiment:
    """The experiment with these (D,) columns as coordinates."""
    x, y = (*columns, NO_COLUMN)[:2]
    return replace(experiment, x=x, y=y)


def axis_letters(n_dimensions: int) -> tuple[str, ...]:
    """What D coordinates are called where their columns' own names are too long.

    >>> axis_letters(2), axis_letters(4)
    (('x', 'y'), ('x1', 'x2', 'x3', 'x4'))
    """
    if n_dimensions <= 3:
        return tuple("xyz"[:n_dimensions])
    return tuple(f"x{number}" for number in range(1, n_dimensions + 1))

"""A sweep and what is recommended of it: what every file about the choice of a model is made from."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from gmm_core import FAMILIES, Noise, Variant
from ui.analysis.choosing.criteria import CRITERIA, Cell, HeldOuts
from ui.analysis.choosing.no_fit import n_distinct
from ui.analysis.choosing.recommendation import Recommendation, recommend
from ui.analysis.choosing.sweeping import Swept, sweep_noise, sweep_variant
from ui.data.units import Units
from ui.data.yes_no import YesNo
from ui.experiment import Experiment
from ui.export.names import file_stem
from ui.export.table import FittedTable

NOT_TRIED = "Not tried: the sweep was ended before."


@dataclass(frozen=True, eq=False)
class Choice:
    """The sweep of an experiment, and the criterion that it is judged by."""

    experiment: Experiment
    swept: Swept
    held_out: HeldOuts = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What its files are called, less what they are and their ending."""
        return file_stem(self.swept.data.title)

    @property
    def criterion(self) -> str:
        """The name of the criterion that the recommendation goes by, a key of CRITERIA."""
        name = self.experiment.criterion
        is_known = CRITERIA[name].chooses and (name != "held_out" or bool(self.held_out))
        return name if is_known else "bic"

    @cached_property
    def found(self) -> Recommendation | None:
        """None where nothing could be fitted."""
        return recommend(self.swept, self.criterion, self.held_out)

    @property
    def points(self) -> np.ndarray:
        """(N, D): those that were fitted."""
        return self.swept.data.points

    @property
    def own_points(self) -> np.ndarray | None:
        """(N, D): the columns' own numbers, where the points have units."""
        return self.swept.data.own_points if self.swept.data.units else None

    @property
    def units(self) -> Units | None:
        """Of the columns that the points were made from, where the points are not their own numbers."""
        return self.swept.data.units

    @property
    def yes_no(self) -> YesNo | None:
        """The column of two values that was fitted beside the numbers, where there is one."""
        return self.swept.data.yes_no

    @property
    def n_dimensions(self) -> int:
        """D."""
        return self.points.shape[1]

    @property
    def variant(self) -> Variant:
        """What differs from plain EM."""
        return sweep_variant(self.experiment, self.swept.data)

    @cached_property
    def noise(self) -> Noise | None:
        """The background that every fit began with, where there is one."""
        return sweep_noise(self.experiment, self.swept.data)

    @cached_property
    def ks(self) -> tuple[int, ...]:
        """Those that there are points enough for."""
        most = n_distinct(self.points)
        return tuple(k for k in self.swept.ks if k <= most)

    @property
    def cells(self) -> list[Cell]:
        """Every family and K."""
        return [(family, k) for family in self.swept.families for k in self.swept.ks]


def choice_table(choice: Choice) -> FittedTable:
    """A row for every family and K, what its fit is worth, or why there is no fit."""
    rows = [_row(choice, cell) for cell in choice.cells]
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: np.array([row.get(name) for row in rows], dtype=object) for name in names}
    return FittedTable(columns, len(rows))


def _row(choice: Choice, cell: Cell) -> dict[str, object]:
    fit, judged = choice.swept.fit(cell), choice.held_out.get(cell)
    family, n_components = cell
    row: dict[str, object] = {
        "family": family,
        "letters": FAMILIES[family].letters,
        "components": n_components,
        "parameters": None,
        "log-likelihood": None,
        "BIC": None,
        "AIC": None,
        "ICL": None,
        "entropy": None,
        "held-out log-likelihood a point": None,
        "its standard error": None,
        "lightest component": None,
        "repeats fewer components": None,
        "why there is no fit": choice.swept.failed.get(cell, NOT_TRIED),
    }
    if fit is None:
        return row
    return row | {
        "parameters": fit.n_parameters,
        "log-likelihood": fit.log_likelihood,
        "BIC": fit.bic,
        "AIC": fit.aic,
        "ICL": fit.icl,
        "entropy": CRITERIA["entropy"].value(fit, {}),
        "held-out log-likelihood a point": judged and judged.mean,
        "its standard error": judged.standard_error if judged and len(judged.means) > 1 else None,
        "lightest component": fit.smallest_count,
        "repeats fewer components": "yes" if fit.repeats else "no",
        "why there is no fit": None,
    }

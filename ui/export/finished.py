"""A finished fit and what stands around it: what every file that people take home is made from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import gmm_core
from gmm_core import EM, STARTS
from gmm_core.algorithms import MixtureRun
from gmm_core.variational import VariationalRun
from ui.analysis.algorithms import algorithm_of
from ui.analysis.choosing.criteria import cell_of
from ui.analysis.fitting import STEP_LIMIT, allowed_steps, begun_at
from ui.data import Data
from ui.experiment import UPLOADED, Experiment
from ui.experiment.address import from_address
from ui.experiment.case import said_of
from ui.experiment.cases import CASES
from ui.export.agreement import Labels
from ui.export.choice import Choice
from ui.export.kmeans_beside import Beside
from ui.export.names import file_stem
from ui.export.numbers import significant
from ui.export.outcome import Outcome
from ui.export.table import FittedTable, fitted_table
from ui.stage.comparison import Comparison
from ui.uploads import Table


@dataclass(frozen=True, eq=False)
class Finished:
    """A fit that has ended, and K-Means where it stands beside it."""

    experiment: Experiment
    data: Data
    run: MixtureRun
    """The fit of the experiment's own choices."""
    outcome: Outcome
    """The fit that is shown: that one, or the limit dial's."""
    beside: Beside | None
    """K-Means beside it, where it is shown."""
    message: Callable[[], bytes]
    """Makes what the stage shows."""
    link: str
    """Opens the fit again."""
    seen: Mapping[str, str]
    """Those parameters of its address that the stage adds: how the picture is drawn, and which one."""
    choices: Mapping[str, str]
    """Settings in words that the outcome does not tell."""
    choice: Choice | None = None
    """The sweep that these points were asked which model to take by, where there was one."""

    @property
    def is_recommended(self) -> bool:
        """Whether that sweep recommends this fit's K and family."""
        best = self.choice and self.choice.found
        own = self.outcome.family, self.outcome.run.mixture.n_components
        return best is not None and cell_of(best.fit) == own

    @property
    def name(self) -> str:
        """What its files are called, less what they are and their ending."""
        stem = file_stem(self.data.title)
        return f"{stem}-compared" if self.beside else stem

    @property
    def glyphs(self) -> str:
        """Whether points have signs: "on", "off" or "auto"."""
        return self.seen.get("glyphs", "auto")

    @property
    def line(self) -> str:
        """What stands above the stage in the page that plays."""
        shapes = "circles of one size" if self.beside and self.experiment.dial else self.experiment.family
        algorithm = "" if self.experiment.algorithm == "em" else f"{self.outcome.algorithm.title}, "
        beside = f", with {self.data.yes_no.name}" if self.data.yes_no else ""
        columns = self.outcome.columns
        among = f", in {len(columns)} columns" if len(columns) > 2 else ""
        what = f"{algorithm}K = {self.experiment.n_components}, {shapes}{among}{beside}."
        if self.beside:
            what = f"K-Means and a Gaussian mixture, {what} {said_of(CASES, self.experiment)}"
        return f"{what.strip()} Press the button or the right arrow key."

    def table(self, read: Callable[[Table], Mapping[str, Any]]) -> FittedTable:
        """The rows that people brought, with the cells that `read` finds in their file, and the fit."""
        source, beside = self.data.rows_brought, self.beside.columns if self.beside else {}
        outcome, columns = self.outcome, source.repeated(read)
        return fitted_table(
            columns,
            source.n_rows,
            source.rows,
            outcome.fitted,
            outcome.run.mixture,
            beside,
            shares=outcome.shares,
        )


def finished(
    experiment: Experiment,
    data: Data,
    run: MixtureRun,
    *,
    message: Callable[[], bytes],
    link: str,
    seen: Mapping[str, str],
    comparison: Comparison | None = None,
    choice: Choice | None = None,
) -> Finished:
    """The fit with everything that files are made from; `comparison` where K-Means stands beside it, `choice`
    where the model was chosen by a sweep."""
    outcome, choices, beside = outcome_of(experiment, data, run), _start(experiment), None
    outcome = replace(outcome, pair=_pair_seen(outcome, seen))
    if comparison is not None:
        outcome = at_position(outcome, comparison, int(seen.get("dial_at", 0)))
        beside = Beside(outcome, comparison.run, comparison.order, STEP_LIMIT)
        choices = {**choices, **_dial(comparison, outcome)}
    return Finished(experiment, data, run, outcome, beside, message, link, seen, choices, choice)


def _pair_seen(outcome: Outcome, seen: Mapping[str, str]) -> tuple[int, ...]:
    """The two of more dimensions that the stage shows."""
    pair = from_address({"pair": seen["pair"]}).view.pair if "pair" in seen else ()
    return pair if pair and max(pair) < outcome.n_dimensions else outcome.pair


def outcome_of(experiment: Experiment, data: Data, run: MixtureRun) -> Outcome:
    """The fit and the choices behind it."""
    return Outcome(
        points=data.points,
        run=run,
        algorithm=algorithm_of(experiment, data),
        max_steps=allowed_steps(experiment, data),
        columns=data.columns,
        title=data.title,
        pair=data.pair,
        units=data.units,
        own_points=data.own_points if data.units else None,
        labels=labels_of(experiment, data),
        yes_no=data.yes_no,
        start=begun_at(experiment, data) if isinstance(run, VariationalRun) else None,
    )


def at_position(outcome: Outcome, comparison: Comparison, position: int) -> Outcome:
    """The fit that stands beside K-Means: `outcome`, or with the limit dial the one at that position."""
    dial = comparison.dial
    if dial is None:
        return outcome
    run = dial.runs[min(position, len(dial.runs) - 1)]
    held = gmm_core.Variant(equal_weights=True, covariances=run.mixture.covariances)
    return replace(
        outcome,
        run=run,
        algorithm=EM("spherical", variant=held, tolerance=dial.tolerance),
        max_steps=dial.max_steps,
        start=None,
    )


def labels_of(experiment: Experiment, data: Data) -> Labels | None:
    """What the data call their points, where they do and may tell."""
    if data.labels is None:
        return None
    # Of a point that was drawn it is known that it is of no cluster; of a blank cell nothing is.
    return Labels(data.labels, data.label_names, "" if experiment.data == UPLOADED else "background")


def _start(experiment: Experiment) -> Mapping[str, str]:
    if experiment.start_mixture:
        return {"Start": "placed by hand"}
    start = STARTS[experiment.start]
    return {"Start": start.title + (f", seed {experiment.start_seed}" if start.is_drawn else "")}


def _dial(comparison: Comparison, outcome: Outcome) -> Mapping[str, str]:
    if comparison.dial is None:
        return {}
    deviation = float(np.sqrt(outcome.run.mixture.covariances[0, 0, 0]))
    return {"Limit dial": f"all weights equal, and every circle held at σ = {significant(deviation)}"}

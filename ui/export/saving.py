"""What a session file holds of an experiment: the choices, the points, and the table they came from."""

from collections.abc import Mapping
from dataclasses import replace

from gmm_core.algorithms import MixtureRun
from ui.data import Data, Source, data_of
from ui.data.dimensions import with_columns
from ui.experiment import UPLOADED, Experiment, parameters
from ui.experiment.address import fits_address, to_address
from ui.export.outcome import Outcome
from ui.export.session_file import MOST_OF_A_TABLE, MOST_POINTS, SessionFile
from ui.export.session_table import SavedTable, n_letters, saved_table
from ui.uploads import Table

ROWS_USED = "The file is larger than a session; of its rows, the session holds those that were used."
COLUMNS_USED = "The file is larger than a session; of its columns, the session holds those that were used."


def session_of(
    experiment: Experiment,
    data: Data,
    run: MixtureRun,
    outcome: Outcome,
    seen: Mapping[str, str],
    page: str = "",
) -> SessionFile:
    """What a session file holds of the experiment, as it is seen on a page."""
    source, remarks = data.source, data.dropped
    table = None
    if source is not None and source.table is not None and fits_address(experiment):
        experiment, table = _with_table(experiment, data, source, source.table)
        remarks = remarks if table is not None else (*remarks, COLUMNS_USED)
    moved = data.motion is not None or data.start_among is not None
    if table is None and moved and (experiment.data == UPLOADED or not fits_address(experiment)):
        # The start belongs to points from before they were turned or changed, which the file does not hold.
        experiment = replace(experiment, start_mixture=parameters(run.states[0].mixture))
    return SessionFile(
        address=to_address(experiment) | dict(seen),
        points=data.points,
        columns=data.columns,
        pair=data.pair,
        title=data.title,
        labels=data.labels,
        label_names=data.label_names,
        weights=data.weights,
        yes_no=data.yes_no,
        model=outcome.model,
        remarks=remarks,
        label_name=(source.truth if source else "") or "label",
        table=table,
        page=page,
    )


def _with_table(
    experiment: Experiment, data: Data, source: Source, table: Table
) -> tuple[Experiment, SavedTable | None]:
    """The choices that lead from the table that is saved to the points, and that table; the experiment itself
    and None for a table that is too large."""
    names = list(source.columns)
    # A random sample has been drawn already, and a truth that is hidden is in no file.
    label = experiment.label if experiment.label in names else ""
    columns = with_columns(experiment, source.used_columns, data.pair[: len(source.used_columns)])
    chosen = replace(columns, label=label, sample=0)
    needed = {*source.used_columns, *filter(None, [experiment.weight, experiment.yes])}
    if len(data.points) > MOST_POINTS or not needed <= set(names):
        return experiment, None
    if {column for column, _, _ in experiment.where} <= set(names) and _may_fit(table.n_rows, names):
        saved = saved_table(table, names)
        if n_letters(saved) <= MOST_OF_A_TABLE:
            return chosen, saved
    used = data_of(replace(experiment, sample=0, added=(), removed=(), start_among=()), table).source
    if used is not None and _may_fit(len(used.rows), names):
        saved = saved_table(table, names, used.rows)
        if n_letters(saved) <= MOST_OF_A_TABLE:
            return replace(chosen, where=()), replace(saved, reasons=(*saved.reasons, ROWS_USED))
    return experiment, None


def _may_fit(n_rows: int, names: list[str]) -> bool:
    """Whether so many cells could be few enough letters, a digit and a comma each."""
    return 2 * n_rows * len(names) <= MOST_OF_A_TABLE

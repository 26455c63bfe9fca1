"""What a file that people open turns out to be: a table, a whole session, or a fitted model; no Streamlit."""

from dataclasses import replace
from typing import Any

import numpy as np

import gmm_core
from gmm_core.persistence.model_text import FORMAT as MODEL_FORMAT
from gmm_core.points import sealed
from ui.analysis.beginning import opened
from ui.data import Data, data_of
from ui.data.dimensions import PICTURED, chosen_columns, with_columns
from ui.experiment import MOST_COMPONENTS, NO_COLUMN, UPLOADED, Experiment, Scope, choices_in, parameters
from ui.experiment.address import from_address
from ui.experiment.transitions import at_defaults, choose_data, draw_start
from ui.export.session_file import FORMAT as SESSION_FORMAT
from ui.export.session_file import SessionFile, read_session
from ui.export.session_table import restored
from ui.gate import GATE
from ui.uploads import (
    COMFORTABLE_ROWS,
    Reading,
    Table,
    UploadError,
    read_table,
    suggest,
    suggest_column,
    suggest_label,
)
from ui.uploads.numerals import NO_PARSE_ERRORS
from ui.uploads.report import Dropped
from ui.uploads.table import Typed, assembled
from ui.workspace.changes import remember, start_over
from ui.workspace.fit_result import points_of
from ui.workspace.workspace import File, Workspace

# Both kinds name themselves at the very beginning.
_BEGINNING = 200


def kind_of(content: bytes) -> str:
    """ "session", "model", or "table" for everything else."""
    beginning = content[:_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n")
    if beginning.startswith(b"{"):
        for kind, name in (("session", SESSION_FORMAT), ("model", MODEL_FORMAT)):
            if f'"format": "{name}"'.encode() in beginning:
                return kind
    return "table"


def experiment_of_table(experiment: Experiment, table: Table, before: Table | None = None) -> Experiment:
    """The table's points in the columns that suit best, with the label that suits them, and begun well; the
    experiment so far may be about a table `before`."""
    chosen = choose_data(experiment, UPLOADED)
    sample = COMFORTABLE_ROWS if table.n_rows > COMFORTABLE_ROWS else 0
    chosen = replace(chosen, file=table.name, reading=table.asked, sample=sample)
    # It takes a moment, in which nobody else shall wait for long.
    with GATE.turn():
        if not table.numeric_names:
            return chosen
        x, y = suggest(table) if len(table.numeric_names) > 1 else (suggest_column(table), NO_COLUMN)
        label = suggest_label(table, x, y) or ""
        return opened(experiment, replace(chosen, x=x, y=y, label=label), table, before=before)


def has_columns(experiment: Experiment, table: Table) -> bool:
    """Whether the table has every column that the experiment names."""
    numbers = [name for name in (*chosen_columns(experiment), *experiment.more, experiment.weight) if name]
    others = [name for name in (experiment.label, experiment.yes) if name]
    others += [column for column, _, _ in experiment.where]
    return all(name in table.columns for name in numbers) and all(name in table.names for name in others)


def experiment_of_session(session: SessionFile) -> tuple[Experiment, Table | None, list[str]]:
    """The experiment that the session was saved from, the table that holds its points, and what of its
    address had to be ignored.

    There is no table where the choices alone give the points again. Where the session holds the whole table
    and the choices lead from it to the points, both are as they were; else the points stand for themselves.
    """
    experiment, _, complaints = from_address(session.address)
    if experiment.data != UPLOADED and _are_same(data_of(experiment, None).points, session.points):
        return experiment, None, complaints
    if session.table is not None:
        table = restored(session.table, session.title)
        whole = replace(experiment, file=session.title)
        if _are_same(data_of(whole, table).points, session.points):
            return whole, table, complaints
    table = _table_of(session)
    n_dimensions = session.points.shape[1]
    used, others = table.names[:n_dimensions], list(table.names[n_dimensions:])
    label = others.pop(0) if session.labels is not None else ""
    weight = others.pop(0) if session.weights is not None else ""
    yes, column = "", session.yes_no
    if column is not None and len(np.unique(column.values)) == 2:
        yes = others.pop(0)
    elif column is not None:
        said = (
            f"All points of the session have one value in “{column.name}”: it is no yes/no column any more."
        )
        complaints = [*complaints, said]
    # The points are as they were drawn: turned, filtered and changed by hand already.
    spent = (name for name in choices_in(Scope.DATA) if name != "hide")
    experiment = with_columns(experiment, used, session.pair[:n_dimensions])
    named: dict[str, Any] = {"data": UPLOADED, "file": session.title}
    named |= {"x": experiment.x, "y": experiment.y, "more": experiment.more}
    named |= {"label": label, "weight": weight, "yes": yes}
    experiment = replace(experiment, **at_defaults(*spent) | named)
    return experiment, table, complaints


def _are_same(points: np.ndarray, saved: np.ndarray) -> bool:
    """Whether points (N, D) are those saved; elsewhere the last digit may be rounded otherwise."""
    if points.shape != saved.shape:
        return False
    span = np.ptp(saved, axis=0).max(initial=0.0) if len(saved) else 0.0
    return np.allclose(points, saved, rtol=1e-14, atol=1e-13 * span)


def _table_of(session: SessionFile) -> Table:
    names: list[str] = [*session.columns]
    typed: list[Typed] = [(sealed(column.copy()), NO_PARSE_ERRORS) for column in session.points.T]
    if session.labels is not None:
        known = np.array([*session.label_names, ""], dtype=object)
        names.append(session.label_name)
        typed.append(sealed(known[np.where(session.labels < 0, len(known) - 1, session.labels)]))
    if session.weights is not None:
        names.append("weight")
        typed.append((sealed(session.weights.copy()), NO_PARSE_ERRORS))
    if session.yes_no is not None:
        words = np.array(session.yes_no.words, dtype=object)
        names.append(session.yes_no.name)
        typed.append(sealed(words[session.yes_no.values.astype(int)]))
    nothing = Dropped()
    return assembled(
        session.title, names, typed, None, nothing, session.remarks, format="session", reading=Reading()
    )


def experiment_of_model(
    experiment: Experiment, data: Data, model: gmm_core.FittedModel
) -> tuple[Experiment, list[str]]:
    """The same points, begun from the model, and a sentence if it was fitted to others.

    Raises UploadError for a model that the picture cannot show.
    """
    mixture = model.mixture
    n_binary = mixture.n_columns - mixture.n_dimensions
    if mixture.n_dimensions not in PICTURED or mixture.noise is not None or n_binary > 1:
        raise UploadError(
            f"The app fits mixtures of Gaussians in up to {max(PICTURED)} columns and this model is another; "
            "open it with gmm_core.load_model."
        )
    if mixture.n_dimensions != data.points.shape[1]:
        raise UploadError(
            f"This model has {mixture.n_dimensions} columns and the points have {data.points.shape[1]}; "
            "choose as many first."
        )
    if n_binary != data.n_binary:
        has, cure = ("has one", "choose it") if n_binary else ("has none", "choose none")
        raise UploadError(
            f"These points and the model differ in a yes/no column: the model {has}, so {cure} first."
        )
    if mixture.n_components > MOST_COMPONENTS:
        raise UploadError(
            f"This model has {mixture.n_components} components and the picture shows up to "
            f"{MOST_COMPONENTS}; open it with gmm_core.load_model."
        )
    said = []
    if len(data.points) and gmm_core.fingerprint(data.fitted) != model.data_fingerprint:
        said.append("The model was fitted to other points than these; EM begins with it here all the same.")
    begun = draw_start(replace(experiment, n_components=mixture.n_components, family=model.family))
    return replace(begun, reg_covar=model.reg_covar, start_mixture=parameters(mixture)), said


def open_file(current: Workspace, name: str, content: bytes, *, max_bytes: int) -> None:
    """Puts what the file holds on the table.

    Raises UploadError or another ValueError, in one sentence, and then leaves everything as it was.
    """
    match kind_of(content):
        case "session":
            saved = read_session(content.decode("utf-8-sig", "replace"))
            experiment, table, complaints = experiment_of_session(saved)
            _put_down(current, experiment, table and File(name, content, table), complaints)
            current.opening = from_address(saved.address).view
            current.opens_on = saved.page if saved.page == "compare" else ""
        case "model":
            model = gmm_core.load_model(content.decode("utf-8-sig", "replace"))
            experiment, complaints = experiment_of_model(current.experiment, points_of(current), model)
            _put_down(current, experiment, current.file, complaints)
        case _:
            open_table(current, name, content, None, max_bytes=max_bytes)


def open_table(
    current: Workspace, name: str, content: bytes, reading: Reading | None, *, max_bytes: int
) -> None:
    """As `open_file`, of a table written in the way that `reading` says, or else the link that it was waited
    for with."""
    current.unread = name, content
    waiting = current.experiment.data == UPLOADED and (current.file is None or current.file.name == name)
    told = current.experiment.reading if waiting else Reading()
    complaints: list[str] = []
    try:
        table = read_table(name, content, reading or told, max_bytes=max_bytes)
    except UploadError as refusal:
        if reading is not None or told == Reading():
            raise
        table = read_table(name, content, max_bytes=max_bytes)
        complaints.append(f"How the link reads the file was ignored: {refusal}")
    file = File(name, content, table)
    current.unread = None
    # A link to uploaded data keeps its choices when its file arrives, and a file when it is read again.
    kept = waiting and has_columns(current.experiment, table)
    begun = replace(current.experiment, reading=table.asked) if kept else None
    before = current.file and current.file.table
    _put_down(current, begun or experiment_of_table(current.experiment, table, before), file, complaints)


def _put_down(current: Workspace, experiment: Experiment, file: File | None, complaints: list[str]) -> None:
    remember(current)
    start_over(current)
    current.experiment = experiment
    current.say(complaints)
    current.file = file or current.file

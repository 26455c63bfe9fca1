"""A whole session in one file: the points themselves, every choice, and the fit they led to.

For points that no link can carry: drawn by hand, or from a file that others do not have.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gmm_core.persistence.fitted_model import FittedModel, fingerprint
from gmm_core.persistence.model_text import ModelError, load_model, save_model
from gmm_core.persistence.typed_json import Fields
from gmm_core.points import LARGEST
from ui.data.dimensions import PICTURED
from ui.data.yes_no import YesNo, beside
from ui.export.session_table import SavedTable, as_values, table_in

FORMAT = "GMM Lab session"
VERSION = 1

MOST_POINTS = 20_000
"""About 1 MB, which every mail program takes; more points are better kept as the file they came from."""

MOST_OF_A_TABLE = 5_000_000
"""Letters of a table that a session holds; of a larger one it holds the columns of the picture."""

# Points of 17 digits, weights, labels and a model of any K stay well below.
_MOST_LETTERS = 10_000_000


class SessionFileError(ValueError):
    """A session that cannot be saved, or a text that is none; the text says what to do."""


@dataclass(frozen=True, eq=False)
class SessionFile:
    """What a session file holds."""

    address: Mapping[str, str]
    """Every choice, as the parameters of an address."""
    points: np.ndarray
    """(N, D); N may be 0."""
    columns: tuple[str, ...] = ("x", "y")
    """D texts: what the axes are called."""
    title: str = ""
    """What the data are called."""
    labels: np.ndarray | None = None
    """(N,) indices into label_names, negative for background or unknown; None if no truth is known."""
    label_names: tuple[str, ...] = ()
    weights: np.ndarray | None = None
    """(N,), how often each point counts, or None."""
    yes_no: YesNo | None = None
    """The column of two values that is fitted beside the numbers, where there is one."""
    model: FittedModel | None = None
    """The fit, if there was one."""
    remarks: tuple[str, ...] = field(default=())
    """What there was to say of the data, such as which rows are not used and why."""
    label_name: str = "label"
    """What the column of the labels is called."""
    table: SavedTable | None = None
    """Every column of the file that the points came from, where the address tells how they did."""
    page: str = ""
    """The page it was saved on, as its address names it; empty for the lab."""
    pair: tuple[int, ...] = (0, 1)
    """Of more than two dimensions the two that the picture shows at first."""


def write_session(session: SessionFile) -> str:
    """The session as JSON text that `read_session` reads, every number to its last digit.

    Raises SessionFileError for more than MOST_POINTS points, or what could not be read again.
    """
    n_points = len(session.points)
    if n_points > MOST_POINTS:
        raise SessionFileError(too_many(n_points))
    values = {
        "format": FORMAT,
        "format_version": VERSION,
        "title": session.title,
        "page": session.page,
        "address": dict(session.address),
        "columns": list(session.columns),
        "pair": list(session.pair),
        "points": _numbers(session.points),
        "labels": None if session.labels is None else np.asarray(session.labels).tolist(),
        "label_names": list(session.label_names),
        "weights": None if session.weights is None else _numbers(session.weights),
        "yes_no": None if session.yes_no is None else _answers_as_values(session.yes_no),
        "remarks": list(session.remarks),
        "label_name": session.label_name,
        "table": None if session.table is None else as_values(session.table),
        "model": None if session.model is None else json.loads(save_model(session.model)),
    }
    try:
        lines = [
            f" {json.dumps(name)}: {json.dumps(value, allow_nan=False)}" for name, value in values.items()
        ]
    except ValueError:
        raise SessionFileError(
            "The session holds a missing or infinite number; leave such points out, then save it."
        ) from None
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    # What is handed out must open.
    read_session(text)
    return text


def too_many(n_points: int) -> str:
    """Why so many points are in no session, and what to do."""
    return (
        f"A session file holds up to {MOST_POINTS:,} points and these are {n_points:,}; "
        "send the file they came from along with the link."
    )


def _numbers(array: np.ndarray) -> Any:
    return np.asarray(array, dtype=np.float64).tolist()


def read_session(text: str) -> SessionFile:
    """The session that `write_session` wrote.

    The address is not looked into: read it as any link's. Raises SessionFileError, in one sentence, for any
    other text, one of another version, or values that contradict each other.
    """
    if isinstance(text, str) and len(text) > _MOST_LETTERS:
        raise SessionFileError(
            f"A session file has up to {_MOST_LETTERS:,} letters and this {len(text):,}; choose another file."
        )
    fields = Fields.parse(text, "session file", SessionFileError)
    fields.check_format(FORMAT, VERSION)
    columns = fields.texts("columns")
    if len(columns) not in PICTURED:
        raise fields.fault("columns", f"1 to {max(PICTURED)} texts")
    points = _points(fields, len(columns))
    label_names = fields.texts("label_names")
    yes_no = _answers(fields, len(points))
    return SessionFile(
        address=fields.named_texts("address"),
        points=points,
        columns=columns,
        title=fields.text("title"),
        labels=_labels(fields, len(points), len(label_names)),
        label_names=label_names,
        weights=_weights(fields, len(points)),
        yes_no=yes_no,
        model=_model(fields, points, columns, yes_no),
        remarks=fields.texts("remarks"),
        # Older files have no name for the labels and no table, and the oldest name no page.
        label_name=fields.text("label_name") if "label_name" in fields.values else "label",
        table=None if fields.values.get("table") is None else table_in(fields.within("table")),
        page=fields.text("page") if "page" in fields.values else "",
        pair=_pair(fields, len(columns)),
    )


def _points(fields: Fields, n_dimensions: int) -> np.ndarray:
    if fields.values.get("points") == []:
        return np.empty((0, n_dimensions))
    points = fields.numbers("points", 2)
    if points.shape[1] != n_dimensions:
        numbers = {1: "lists of one number", 2: "pairs of numbers"}
        raise fields.fault("points", numbers.get(n_dimensions, f"lists of {n_dimensions} numbers"))
    if len(points) > MOST_POINTS:
        raise fields.error(
            f"A session file holds up to {MOST_POINTS:,} points and this one {len(points):,}; "
            "open them as a CSV file."
        )
    if np.abs(points).max() > LARGEST:
        raise fields.fault("points", f"numbers up to {LARGEST:g}, which can be squared")
    return points


def _pair(fields: Fields, n_dimensions: int) -> tuple[int, ...]:
    # Older files have none, and no more than two columns.
    if n_dimensions <= 2 or "pair" not in fields.values:
        return (0, 1)
    places = fields.numbers("pair", 1)
    if len(places) != 2 or places[0] == places[1] or not np.isin(places, range(n_dimensions)).all():
        raise fields.fault("pair", f"two different whole numbers below {n_dimensions}")
    return (int(places[0]), int(places[1]))


def _labels(fields: Fields, n_points: int, n_names: int) -> np.ndarray | None:
    if fields.values.get("labels") is None:
        return None
    must_be = f"{n_points} whole numbers below {n_names}, the number of names"
    labels = fields.numbers("labels", 1)
    if len(labels) != n_points or (labels != np.round(labels)).any():
        raise fields.fault("labels", must_be)
    if labels.size and not -(2**31) <= labels.min() <= labels.max() < n_names:
        raise fields.fault("labels", must_be)
    return labels.astype(np.int64)


def _weights(fields: Fields, n_points: int) -> np.ndarray | None:
    if fields.values.get("weights") is None:
        return None
    weights = fields.numbers("weights", 1)
    if len(weights) != n_points or (weights < 0).any() or (n_points and not weights.any()):
        raise fields.fault("weights", f"{n_points} numbers of 0 or more, not all 0")
    return weights


def _answers_as_values(column: YesNo) -> dict[str, Any]:
    return {"name": column.name, "words": list(column.words), "values": column.values.astype(int).tolist()}


def _answers(fields: Fields, n_points: int) -> YesNo | None:
    # Older files have none.
    if fields.values.get("yes_no") is None:
        return None
    own = fields.within("yes_no")
    words, values = own.texts("words"), own.numbers("values", 1)
    if len(words) != 2 or words[0] == words[1] or not all(words):
        raise own.fault("words", "two different texts")
    if len(values) != n_points or not ((values == 0) | (values == 1)).all():
        raise own.fault("values", f"{n_points} zeros and ones")
    return YesNo(own.text("name"), values, (words[0], words[1]))


def _model(
    fields: Fields, points: np.ndarray, columns: tuple[str, ...], yes_no: YesNo | None
) -> FittedModel | None:
    if fields.values.get("model") is None:
        return None
    try:
        model = load_model(json.dumps(fields.within("model").values))
    except ModelError as error:
        raise SessionFileError(f"In the session file, {_lower(str(error))}") from None
    if len(points) == 0 or model.data_fingerprint != fingerprint(beside(points, yes_no)):
        raise SessionFileError(
            "The session file's model was fitted to other points than the file's; save the session again."
        )
    if len(model.columns) != len(columns) + (yes_no is not None):
        raise SessionFileError(
            "The session file's model has other columns than its points; save the session again."
        )
    return model


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]

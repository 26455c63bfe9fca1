"""New rows for the chosen model: a second file, brought and put away, as points and their scores."""

from gmm_core import Mixture
from ui.analysis.choosing.scoring import Scored, scored
from ui.data.new_rows import NewRows, new_rows
from ui.experiment import UPLOADED
from ui.uploads import Reading, Table, UploadError, read_table
from ui.workspace.choosing import mixture_key, points_key
from ui.workspace.fit_result import points_of
from ui.workspace.opening import kind_of
from ui.workspace.workspace import File, SecondFile, Workspace

NO_TABLE = {
    "session": "This is a session of the app and no table of rows: open it under “Open a file”.",
    "model": "This is a model and no table of rows: open it under “Open a file”, and bring the rows here.",
}


def take_rows(current: Workspace, name: str, content: bytes, *, max_bytes: int) -> None:
    """Puts the file's rows beside the points; one that cannot be scored leaves everything as it was, and is
    said."""
    second = current.second
    try:
        kind = kind_of(content)
        if kind in NO_TABLE:
            raise UploadError(NO_TABLE[kind])
        table = _read(current, name, content, max_bytes)
        new_rows(points_of(current), table)
    except ValueError as error:
        second.error = str(error)
        return
    second.file, second.error = File(name, content, table), ""


def put_away_rows(current: Workspace) -> None:
    """Forgets the second file, and what was said of it."""
    current.second = SecondFile(n_cleared=current.second.n_cleared + 1)


def new_rows_of(current: Workspace) -> NewRows | None:
    """The second file's rows as points like the experiment's; None where there is no such file.

    Raises UploadError where other data have been chosen since, whose columns it lacks.
    """
    second = current.second
    if second.file is None:
        return None
    key = points_key(current), second.file.fingerprint
    if second.points is None or second.points[0] != key:
        second.points = key, new_rows(points_of(current), second.file.table)
    return second.points[1]


def scores_of(current: Workspace, new: NewRows, mixture: Mixture) -> Scored:
    """What a mixture of the experiment's points says of the new ones, computed once. Raises ValueError."""
    second = current.second
    key = second.points and second.points[0], mixture_key(mixture)
    if second.scores is None or second.scores[0] != key:
        second.scores = key, scored(new.points, mixture, points_of(current).fitted)
    return second.scores[1]


def _read(current: Workspace, name: str, content: bytes, max_bytes: int) -> Table:
    """The table, in the way that people said of the first file, where it can be read so."""
    told = current.experiment.reading if current.experiment.data == UPLOADED else Reading()
    if told != Reading():
        try:
            table = read_table(name, content, told, max_bytes=max_bytes)
            new_rows(points_of(current), table)
        except UploadError:
            pass
        else:
            return table
    return read_table(name, content, max_bytes=max_bytes)

"""What people can take home of a fit, each as a file; no Streamlit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import gmm_core
from gmm_core import STARTS
from ui.analysis.fitting import STEP_LIMIT, allowed_steps, variant_of
from ui.data import Data, Source
from ui.experiment import UPLOADED, Experiment
from ui.experiment.cases import said_of
from ui.export.agreement import Labels
from ui.export.code import CodeError, gmm_core_code, points_csv, scikit_learn_code
from ui.export.kmeans_beside import Beside, kmeans_section
from ui.export.kmeans_code import gmm_core_kmeans, scikit_learn_kmeans
from ui.export.model import model_text
from ui.export.names import file_stem
from ui.export.numbers import plain
from ui.export.outcome import Outcome
from ui.export.page import standalone_page
from ui.export.report import report
from ui.export.saving import session_of
from ui.export.session_file import MOST_POINTS, SessionFile, too_many, write_session
from ui.export.table import Table, fitted_table, marked, table_csv, table_parquet
from ui.stage.comparison import Comparison
from ui.uploads import Table as FileTable
from ui.uploads import original_cells, original_values

MOST_IN_PAGE = 200_000
"""Points that the page that plays by itself may hold: about 4 MB."""


@dataclass(frozen=True)
class Result:
    """One file to take home."""

    title: str
    """As short as a button."""
    file_name: str
    mime: str
    sentence: str
    """What it is good for; or, where it cannot be had, why."""
    make: Callable[[], str | bytes] | None
    """Its content, made when it is asked for; None where it cannot be had."""


def outcome_of(experiment: Experiment, data: Data, run: gmm_core.EMRun) -> Outcome:
    """The fit and the choices behind it."""
    return Outcome(
        points=data.points,
        run=run,
        family=experiment.family,
        tolerance=experiment.tolerance,
        max_steps=allowed_steps(experiment, data),
        reg_covar=experiment.reg_covar,
        variant=variant_of(experiment, data),
        stop_when_falling=experiment.stop_falling or experiment.reg_covar == 0,
        columns=data.columns,
        title=data.title,
        units=data.units,
        own_points=data.own_points if data.units else None,
        labels=_labels(experiment, data),
    )


def _labels(experiment: Experiment, data: Data) -> Labels | None:
    if data.labels is None:
        return None
    # Of a point that was drawn it is known that it is of no cluster; of a blank cell nothing is.
    return Labels(data.labels, data.label_names, "" if experiment.data == UPLOADED else "background")


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
        family="spherical",
        tolerance=dial.tolerance,
        max_steps=dial.max_steps,
        reg_covar=0.0,
        variant=held,
        stop_when_falling=True,
    )


def results(
    experiment: Experiment,
    data: Data,
    run: gmm_core.EMRun,
    *,
    message: bytes,
    link: str,
    seen: Mapping[str, str],
    comparison: Comparison | None = None,
) -> list[Result]:
    """Every file that can be made of a fit, and of K-Means where it stands beside it.

    `message` is what the stage shows, `link` opens it again, and `seen` are those parameters of its address
    that the stage adds: how the picture is drawn, and which one.
    """
    outcome = outcome_of(experiment, data, run)
    name = file_stem(data.title)
    choices = _choices(experiment)
    beside = None
    if comparison is not None:
        outcome = at_position(outcome, comparison, int(seen.get("dial_at", 0)))
        beside = Beside(outcome, comparison.run, comparison.order, STEP_LIMIT)
        name = f"{name}-compared"
        choices = {**choices, **_dialled(comparison, outcome)}

    def table(read: Callable[[FileTable], Mapping[str, Any]]) -> Table:
        source = data.source or Source({}, 0, data.points[:, 0], data.columns)
        columns = beside.columns if beside else {}
        return fitted_table(
            source.repeated(read), source.n_rows, source.rows, data.points, outcome.run.mixture, columns
        )

    def csv_table() -> bytes:
        return marked(table_csv(table(original_cells)))

    def page() -> str:
        kind = "comparison" if beside else "lab"
        return standalone_page(message, title=data.title, line=_line(experiment, beside), kind=kind)

    def make_report() -> str:
        glyphs = seen.get("glyphs", "auto")
        section = kmeans_section(beside, glyphs) if beside else ""
        return report(
            outcome, choices=choices, remarks=data.dropped, link=link, beside=section, glyphs=glyphs
        )

    def session() -> SessionFile:
        return session_of(experiment, data, run, outcome, seen, "compare" if beside else "")

    def code() -> str:
        return gmm_core_code(outcome) + (gmm_core_kmeans(beside) if beside else "")

    with_fit = "Your rows, every cell as it came, and beside each its component, shares, uncertainty and "
    with_fit += "log-density, and its cluster by K-Means." if beside else "log-density."
    return [
        Result("Table, CSV", f"{name}-fitted.csv", "text/csv", with_fit, csv_table),
        Result(
            "Table, Parquet",
            f"{name}-fitted.parquet",
            "application/vnd.apache.parquet",
            "The same, with types, for many rows.",
            lambda: table_parquet(table(original_values)),
        ),
        Result(
            "Report",
            f"{name}-report.html",
            "text/html",
            "One page: data, choices, fit, criteria, figure, parameters, caveats.",
            make_report,
        ),
        _page(name, len(data.points), page),
        Result(
            "Model, JSON",
            f"{name}-model.json",
            "application/json",
            "Every parameter to the last digit; gmm_core.load_model and this app open it.",
            lambda: model_text(outcome),
        ),
        _session(name, len(data.points), session),
        Result(
            "Python, gmm_core",
            f"{name}_gmm_core.py",
            "text/x-python",
            f"Repeats {'both fits' if beside else 'this fit'} from points.csv.",
            code,
        ),
        _scikit_learn(name, outcome, beside),
        Result(
            "points.csv",
            "points.csv",
            "text/csv",
            f"The points as both scripts read them{', in the units of their columns' if data.units else ''}.",
            lambda: points_csv(outcome),
        ),
    ]


def _page(name: str, n_points: int, make: Callable[[], str]) -> Result:
    sentence = "The whole run in one file: it steps and plays from disk, in slides, on a course page."
    if n_points > MOST_IN_PAGE:
        why = f"A page holds up to {MOST_IN_PAGE:,} points and these are {n_points:,}; draw a sample first."
        return Result("Page that plays", f"{name}.html", "text/html", why, None)
    return Result("Page that plays", f"{name}.html", "text/html", sentence, make)


def _line(experiment: Experiment, beside: Beside | None) -> str:
    """What stands above the stage in the page that plays."""
    shapes = "circles of one size" if beside and experiment.dial else experiment.family
    what = f"K = {experiment.n_components}, {shapes}."
    if beside:
        what = f"K-Means and a Gaussian mixture, {what} {said_of(experiment)}"
    return f"{what.strip()} Press the button or the right arrow key."


def _dialled(comparison: Comparison, outcome: Outcome) -> Mapping[str, str]:
    if comparison.dial is None:
        return {}
    deviation = float(np.sqrt(outcome.run.mixture.covariances[0, 0, 0]))
    return {"Limit dial": f"all weights equal, and every circle held at σ = {plain(deviation)}"}


def _scikit_learn(name: str, outcome: Outcome, beside: Beside | None) -> Result:
    file, mime = f"{name}_scikit_learn.py", "text/x-python"
    try:
        text = scikit_learn_code(outcome) + (scikit_learn_kmeans(beside) if beside else "")
    except CodeError as error:
        return Result("Python, scikit-learn", file, mime, str(error), None)
    return Result("Python, scikit-learn", file, mime, "The same steps with scikit-learn.", lambda: text)


def _session(name: str, n_points: int, make: Callable[[], SessionFile]) -> Result:
    file, mime = f"{name}-session.json", "application/json"
    sentence = "Points, choices and fit in one file: drop it on the app and everything is as it is now."
    if n_points > MOST_POINTS:
        return Result("Session", file, mime, too_many(n_points), None)
    return Result("Session", file, mime, sentence, lambda: write_session(make()))


def _choices(experiment: Experiment) -> Mapping[str, str]:
    if experiment.given:
        return {"Start": "placed by hand"}
    start = STARTS[experiment.start]
    return {"Start": start.title + (f", seed {experiment.start_seed}" if start.is_drawn else "")}

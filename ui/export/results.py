"""Every file that people can take home of a fit: one row each."""

from collections.abc import Callable, Mapping

from gmm_core.algorithms import MixtureRun
from ui.data import Data
from ui.experiment import Experiment
from ui.export.choice import Choice
from ui.export.choice_section import choice_section
from ui.export.code import CodeError, check_scikit_learn, gmm_core_code, points_csv, scikit_learn_code
from ui.export.export import Export, Result, result_of
from ui.export.finished import Finished, finished
from ui.export.kmeans_beside import kmeans_section
from ui.export.kmeans_code import check_scikit_learn_kmeans, gmm_core_kmeans, scikit_learn_kmeans
from ui.export.model import model_text
from ui.export.page import standalone_page
from ui.export.report import report
from ui.export.saving import session_of
from ui.export.session_file import MOST_POINTS, too_many, write_session
from ui.export.table import marked, table_csv, table_parquet
from ui.stage.comparison import Comparison
from ui.uploads import original_cells, original_values

MOST_IN_PAGE = 200_000
"""Points that the page that plays by itself may hold: about 4 MB."""


def results(
    experiment: Experiment,
    data: Data,
    run: MixtureRun,
    *,
    message: Callable[[], bytes],
    link: str,
    seen: Mapping[str, str],
    comparison: Comparison | None = None,
    choice: Choice | None = None,
) -> list[Result]:
    """Every file that can be made of a fit, and of K-Means where it stands beside it; nothing is made yet.

    `message` makes what the stage shows, `link` opens it again, and `seen` are those parameters of its
    address that the stage adds: how the picture is drawn, and which one. `choice` is the sweep by which the
    model was chosen, where there was one.
    """
    fit = finished(
        experiment,
        data,
        run,
        message=message,
        link=link,
        seen=seen,
        comparison=comparison,
        choice=choice,
    )
    return [result_of(export, fit) for export in EXPORTS]


def _table_sentence(fit: Finished) -> str:
    found = "log-density, and its cluster by K-Means." if fit.beside else "log-density."
    return f"Your rows, every cell as it came, and beside each its component, shares, uncertainty and {found}"


def _report(fit: Finished) -> str:
    return report(
        fit.outcome,
        choices=fit.choices,
        remarks=fit.data.dropped,
        k_by_hand=not fit.is_recommended,
        link=fit.link,
        chosen=_chosen(fit),
        beside=kmeans_section(fit.beside, fit.glyphs) if fit.beside else "",
        glyphs=fit.glyphs,
    )


def _chosen(fit: Finished) -> str:
    outcome = fit.outcome
    shown = outcome.family, outcome.run.mixture.n_components
    return choice_section(fit.choice, shown) if fit.choice else ""


def _page(fit: Finished) -> str:
    kind = "comparison" if fit.beside else "lab"
    return standalone_page(fit.message(), title=fit.data.title, line=fit.line, kind=kind)


def _page_refusal(fit: Finished) -> str:
    n_points = len(fit.data.points)
    if n_points <= MOST_IN_PAGE:
        return ""
    return f"A page holds up to {MOST_IN_PAGE:,} points and these are {n_points:,}; draw a sample first."


def _session(fit: Finished) -> str:
    page = "compare" if fit.beside else ""
    return write_session(session_of(fit.experiment, fit.data, fit.run, fit.outcome, fit.seen, page))


def _session_refusal(fit: Finished) -> str:
    n_points = len(fit.data.points)
    return too_many(n_points) if n_points > MOST_POINTS else ""


def _gmm_core(fit: Finished) -> str:
    return gmm_core_code(fit.outcome) + (gmm_core_kmeans(fit.beside) if fit.beside else "")


def _scikit_learn(fit: Finished) -> str:
    return scikit_learn_code(fit.outcome) + (scikit_learn_kmeans(fit.beside) if fit.beside else "")


def _scikit_learn_refusal(fit: Finished) -> str:
    try:
        check_scikit_learn(fit.outcome)
        if fit.beside:
            check_scikit_learn_kmeans(fit.beside)
    except CodeError as error:
        return str(error)
    return ""


EXPORTS: tuple[Export[Finished], ...] = (
    Export(
        "Table, CSV",
        "{}-fitted.csv",
        "text/csv",
        _table_sentence,
        lambda fit: marked(table_csv(fit.table(original_cells))),
    ),
    Export(
        "Table, Parquet",
        "{}-fitted.parquet",
        "application/vnd.apache.parquet",
        lambda fit: "The same, with types, for many rows.",
        lambda fit: table_parquet(fit.table(original_values)),
    ),
    Export(
        "Report",
        "{}-report.html",
        "text/html",
        lambda fit: "One page: data, choices, fit, criteria, figure, parameters, caveats.",
        _report,
    ),
    Export(
        "Page that plays",
        "{}.html",
        "text/html",
        lambda fit: "The whole run in one file: it steps and plays from disk, in slides, on a course page.",
        _page,
        _page_refusal,
    ),
    Export(
        "Model, JSON",
        "{}-model.json",
        "application/json",
        lambda fit: "Every parameter to the last digit; gmm_core.load_model and this app open it.",
        lambda fit: model_text(fit.outcome),
    ),
    Export(
        "Session",
        "{}-session.json",
        "application/json",
        lambda fit: "Points, choices and fit in one file: drop it on the app and everything is as it is now.",
        _session,
        _session_refusal,
    ),
    Export(
        "Python, gmm_core",
        "{}_gmm_core.py",
        "text/x-python",
        lambda fit: f"Repeats {'both fits' if fit.beside else 'this fit'} from points.csv.",
        _gmm_core,
    ),
    Export(
        "Python, scikit-learn",
        "{}_scikit_learn.py",
        "text/x-python",
        lambda fit: "The same steps with scikit-learn.",
        _scikit_learn,
        _scikit_learn_refusal,
    ),
    Export(
        "points.csv",
        "points.csv",
        "text/csv",
        lambda fit: (
            "The points as both scripts read them"
            f"{', in the units of their columns' if fit.data.units else ''}."
        ),
        lambda fit: points_csv(fit.outcome),
    ),
)
"""In the order in which they are offered."""

"""The criterion of every fit of a sweep, whose marks show the fit and open it."""

from functools import partial

from gmm_core import Fit
from ui.analysis.choosing.criteria import CRITERIA, Criterion, HeldOuts, cell_of
from ui.analysis.choosing.pictured import failed_fit, pictured, small_fits
from ui.analysis.choosing.recommendation import Recommendation
from ui.analysis.choosing.sweeping import Swept
from ui.app import session
from ui.experiment.transitions import set_choices
from ui.export.names import file_stem
from ui.figures.criteria import Scores, lines_figure, map_figure
from ui.stage.component import show_chart
from ui.stage.fit_chart import MOST_POINTS, FitChart, encode_chart
from ui.workspace import Workspace

KEY = "sweep chart"


def show_sweep(current: Workspace, swept: Swept, found: Recommendation, held_out: HeldOuts) -> None:
    """As lines or as a map, with a picture of each fit under the pointer; a click puts it beside the best."""
    experiment = current.experiment
    scores = scores_of(swept, experiment.criterion, found, held_out, experiment.picked)
    criterion = CRITERIA[experiment.criterion]
    figure = map_figure(scores) if experiment.chart == "map" else lines_figure(scores)
    shown = pictured(swept.data, found.fit.mixture, MOST_POINTS)
    chart = FitChart(
        figure=figure,
        points=shown.points,
        fits=(
            *small_fits(swept.data, swept.fits, found.fit.mixture, partial(_facts, criterion, held_out)),
            *(failed_fit(shown, cell, why) for cell, why in swept.failed.items()),
        ),
        name=f"{file_stem(swept.data.title)}-{experiment.criterion}",
        label=f"{criterion.title} of every model: arrow keys go from fit to fit",
    )
    show_chart(encode_chart(chart), key=KEY, on_picked=_pick)


def _facts(criterion: Criterion, held_out: HeldOuts, fit: Fit) -> tuple[str, ...]:
    value = criterion.value(fit, held_out)
    digits = 3 if criterion.larger_is_better else 1
    said = "not known yet" if value is None else f"{value:,.{digits}f}".replace("-", "−")
    return f"{criterion.title}: {said}", f"{fit.n_parameters} parameters"


def _pick() -> None:
    mark = str(session.value_of(KEY)["picked"])
    family, _, k = mark.rpartition(" ")
    session.dispatch(lambda old: set_choices(old, picked=(family, int(k))))


def scores_of(
    swept: Swept, name: str, found: Recommendation, held_out: HeldOuts, picked: tuple[str, int] | tuple[()]
) -> Scores:
    """What a figure of the criterion shows."""
    criterion = CRITERIA[name]
    known = {cell_of(fit): criterion.value(fit, held_out) for fit in swept.fits}
    return Scores(
        axis=criterion.axis,
        ks=swept.ks,
        families=swept.families,
        values={cell: value for cell, value in known.items() if value is not None},
        spreads={cell: one.standard_error for cell, one in held_out.items() if len(one.means) > 1}
        if name == "held_out"
        else {},
        best=cell_of(found.fit),
        best_by="" if name == found.criterion else f" by {CRITERIA[found.criterion].title}",
        picked=picked or None,
        failed=swept.failed,
        larger_is_better=criterion.larger_is_better,
    )

"""How sure: standard errors of the chosen model, how often each K wins, and a test of one component more."""

from functools import partial

import streamlit as st

from gmm_core import Bootstrap, Fit, LikelihoodRatioTest
from ui.analysis.choosing.certainty import (
    CIRCLE,
    INTERVAL,
    LARGEST_GAP,
    MOST_CANDIDATES,
    N_CHOICES,
    N_TESTED,
    SMALL_WORK,
    Choices,
    n_errors,
    plus_minus,
    said_of_choices,
    said_of_test,
    spreads_of_means,
    title_of,
    why_no_test,
)
from ui.analysis.choosing.criteria import Cell, cell_of
from ui.analysis.choosing.pictured import pictured
from ui.analysis.choosing.sweeping import Swept
from ui.app import notices, session
from ui.app.working import follow
from ui.experiment import Experiment
from ui.experiment.transitions import set_choices
from ui.figures.certainty_figures import add_mean_regions, ratio_figure, wins_figure
from ui.figures.fit_picture import fit_picture
from ui.workspace import Workspace
from ui.workspace.choosing import choices_of, errors_of, sweep_of, tested_one_more

ERRORS = (
    "Every point is weighted at random, again and again, and the model fitted once more from where it "
    "stands. How far its numbers vary then is about how far they would from one sample of so many points to "
    "the next, if the model is right. That K might be another number is not in it: see below."
)

CHOICES = (
    "Each of the best models is fitted again to points weighted at random, and the one with the best BIC "
    "wins; each parameter costs 1 more there, since a resample flatters large models (Steck & Jaakkola "
    "2003). A K that nearly always wins is a firm choice among these; one that wins half the time is not, "
    "whatever the difference of its BIC."
)

TEST = (
    "The likelihood never falls with one component more, even where there is none. So data sets of the same "
    "size are drawn from the fit without it, both models are fitted to each, and the gain on the points is "
    "compared with theirs (McLachlan 1987). It tests one step at a time: to go from 1 to 3, first ask for 2."
)


def show(current: Workspace) -> None:
    """The whole answer."""
    swept = follow(sweep_of(current), "Fitting every model", _say_few)
    if swept is None:
        return
    if not swept.fits:
        st.info("No model could be fitted to these points, so there is nothing to be sure of.")
        return
    order = sorted(swept.fits, key=lambda fit: fit.bic)
    chosen = swept.fit(current.experiment.picked) or order[0]
    if "controls" not in current.experiment.hide:
        _choose(order, chosen)
    notices.info(swept.remarks)
    _show_errors(current, swept, chosen)
    _show_choices(current, swept)
    _show_test(current, swept, chosen)


def _say_few(swept: Swept) -> None:
    """While the models are fitted there is nothing to draw."""


def _choose(order: list[Fit], chosen: Fit) -> None:
    def choose(old: Experiment, cell: Cell) -> Experiment:
        return set_choices(old, picked=cell)

    def title(cell: Cell) -> str:
        gap = next(fit.bic for fit in order if cell_of(fit) == cell) - order[0].bic
        return f"{title_of(cell)} ({f'BIC {gap:,.1f} above the best' if gap else 'the best by BIC'})"

    cells = [cell_of(fit) for fit in order]
    options = session.widget("model to be sure of", cell_of(chosen), choose)
    st.selectbox("Of which model", cells, format_func=title, **options)


def _show_errors(current: Workspace, swept: Swept, fit: Fit) -> None:
    n_fits = n_errors(len(swept.data.points), fit.n_components)
    st.markdown(f"#### Standard errors of {title_of(cell_of(fit))}")
    st.caption(f"{ERRORS} {n_fits} resamples (weighted likelihood bootstrap, O’Hagan et al. 2019).")
    follow(errors_of(current, swept, fit), "Fitting resamples", partial(_draw_errors, swept, fit))


def _draw_errors(swept: Swept, fit: Fit, found: Bootstrap) -> None:
    n_fits = len(found.resampled.weights)
    if n_fits < 2:
        notices.warn(["In every resample a component collapsed, so there are no standard errors to trust."])
        return
    data, mixture = swept.data, fit.mixture
    shown = pictured(data, mixture)
    axes = list(data.pair) if data.points.shape[1] > 1 else [0]
    radius = CIRCLE if len(axes) == 2 else INTERVAL
    spreads = spreads_of_means(found, axes)
    figure = add_mean_regions(fit_picture(shown), shown.mixture.means, spreads, shown.colours, radius)
    left, right = st.columns([3, 2])
    with left:
        st.plotly_chart(figure, key=session.widget_key("errors"))
        what = "filled ellipses" if len(axes) == 2 else "bars on the axis"
        st.caption(
            f"The {what} hold each mean in about 95 of 100 samples; the lines are two standard deviations of "
            "the points."
            if len(axes) == 2
            else f"The {what} hold each mean in about 95 of 100 samples."
        )
    with right:
        st.table(_rows(data.columns, found))
        lost = f" {found.n_collapsed} more collapsed, and are left out." if found.n_collapsed else ""
        st.caption(f"Estimate ± standard error, from {n_fits} resamples.{lost}")


def _rows(columns: tuple[str, ...], found: Bootstrap) -> dict[str, list[str]]:
    mixture, errors = found.mixture, found.standard_errors
    k = range(mixture.n_components)
    rows = {"": [str(i + 1) for i in k]}
    rows["weight"] = [plus_minus(float(mixture.weights[i]), float(errors.weights[i])) for i in k]
    for axis, name in enumerate(columns):
        pairs = [(float(mixture.means[i, axis]), float(errors.means[i, axis])) for i in k]
        rows[notices.escape_markdown(f"mean {name}")] = [plus_minus(*pair) for pair in pairs]
    if mixture.probabilities.shape[1]:
        pairs = [(float(mixture.probabilities[i, 0]), float(errors.probabilities[i, 0])) for i in k]
        rows["share of yes"] = [plus_minus(*pair) for pair in pairs]
    return rows


def _show_choices(current: Workspace, swept: Swept) -> None:
    st.markdown("#### How often each K wins")
    st.caption(
        f"{CHOICES} {N_CHOICES} resamples of the {MOST_CANDIDATES} best models at most, none of them more "
        f"than {LARGEST_GAP:g} behind in BIC unless it is the second."
    )
    follow(choices_of(current, swept), "Choosing again and again", partial(_draw_choices, swept))


def _draw_choices(swept: Swept, found: Choices) -> None:
    said = said_of_choices(found, swept.ks)
    wins = found.by_components(swept.ks)
    told = " ".join(f"{k}:{won}" for k, won in zip(swept.ks, wins, strict=True) if won)
    st.html(f'<p data-testid="wins" data-wins="{told}" data-drawn="{found.n_drawn}">{said}</p>')
    st.plotly_chart(wins_figure(swept.ks, wins, found.n_drawn), key=session.widget_key("wins"))
    models = sorted(zip(found.wins, found.cells, strict=True), reverse=True)
    by_model = "; ".join(f"{title_of(cell)} ({won})" for won, cell in models if won)
    if by_model:
        st.caption(f"By model: {by_model}.")


def _show_test(current: Workspace, swept: Swept, fit: Fit) -> None:
    st.markdown("#### Is one component more than chance?")
    st.caption(f"{TEST} {N_TESTED} simulated data sets.")
    if why := why_no_test(current.experiment):
        st.info(why)
        return
    key = session.widget_key(f"tested {fit.family}")
    session.hold_first(key, min(fit.n_components, max(swept.ks)))
    k = st.selectbox(
        "Test", list(swept.ks), format_func=lambda k: f"K = {k} against K = {k + 1}", key=key, width=240
    )
    work = len(swept.data.points) * (k + 1)
    wanted = session.widget_key(f"test {fit.family} {k}")
    if work > SMALL_WORK and not st.toggle("Run this test: it takes a while", key=wanted):
        return
    cell = fit.family, k
    follow(tested_one_more(current, swept, cell), "Drawing data sets", partial(_draw_test, cell))


def _draw_test(cell: Cell, test: LikelihoodRatioTest) -> None:
    if not len(test.resampled):
        return
    st.html(
        f'<p data-testid="one-more" data-p="{test.p_value:.4f}" data-components="{cell[1]}" '
        f'data-statistic="{test.statistic:.4f}">{said_of_test(test)}</p>'
    )
    st.plotly_chart(ratio_figure(test.resampled, test.statistic), key=session.widget_key("ratio"))

"""Let the model decide: a variational mixture from a generous K, beside what BIC chooses."""

from functools import partial
from html import escape

import streamlit as st

from gmm_core import FAMILIES, Fit
from ui.analysis.choosing.criteria import CRITERIA
from ui.analysis.choosing.pictured import colours_like, pictured
from ui.analysis.choosing.sweeping import Swept
from ui.analysis.choosing.variational import Decided, said_of
from ui.app import notices, session
from ui.app.choosing.drawing import draw_fit, tell_fits
from ui.app.choosing.opening import to_lab
from ui.app.sidebar import choose_weight_prior
from ui.app.working import MOMENT, follow
from ui.experiment import Experiment
from ui.experiment.transitions import open_fit, open_variational
from ui.figures.weights_figure import concentration_figure, weights_figure
from ui.workspace import Workspace
from ui.workspace.choosing import decision_of, sweep_of
from ui.workspace.jobs import Watch

MEANING = (
    "What is raised here is a bound on the evidence, the probability of the points with all parameters "
    "averaged out: a component has to earn its keep, and one that does not loses its points to the others. "
    "How many are left follows from the prior as well as from the points, above all from the concentration, "
    "and another start may lead to another answer. Components that are left are not yet clusters."
)


def show(current: Workspace) -> None:
    """The whole answer."""
    experiment = current.experiment
    decision, sweep = decision_of(current), sweep_of(current)
    was_over = sweep.wait(MOMENT)
    follow(decision, "Letting the model decide", partial(_draw, experiment, sweep))
    # Where the lab has this algorithm already, the sidebar has these controls.
    if "controls" not in experiment.hide and experiment.algorithm != "variational":
        choose_weight_prior(experiment)
    follow(sweep, "Fitting every model", partial(_draw_beside, decision))
    if sweep.is_over and not was_over:
        # What is said at the top names what BIC chooses.
        session.run_again()
    st.caption(MEANING)


def _chosen(sweep: Watch[Swept]) -> Fit | None:
    """By BIC, when all fits are there."""
    if sweep.value is None or not sweep.is_over:
        return None
    return CRITERIA["bic"].best(sweep.value.fits, {})


def _draw(experiment: Experiment, sweep: Watch[Swept], found: Decided) -> None:
    chosen, active = _chosen(sweep), found.active.tolist()
    k = "" if chosen is None else str(chosen.n_components)
    st.html(
        f'<p data-testid="active" data-active="{len(active)}" data-components="{found.n_components}" '
        f'data-chosen="{k}" style="font-size:1.15rem;font-weight:600;margin:0">'
        f"{escape(said_of(found, chosen and chosen.n_components))}</p>"
    )
    weights = ", ".join(f"{found.end.weights[i]:.1%}" for i in active)
    st.caption(f"{FAMILIES[found.family].letters}. Weights of those left: {weights}. {found.explanation}")
    notices.info(found.remarks)
    left, right = st.columns([3, 2])
    with left:
        st.markdown("**Every component's weight as it runs**")
        st.plotly_chart(weights_figure(found.weights, active), key=session.widget_key("weights"))
    if found.by_concentration:
        with right:
            st.markdown("**How many are left, by the concentration**")
            figure = concentration_figure(
                found.by_concentration, experiment.concentration, found.n_components
            )
            st.plotly_chart(figure, key=session.widget_key("concentrations"))
        counts = "; ".join(f"{count} at {value:g}" for value, count in found.by_concentration)
        st.caption(f"Left by the concentration: {counts}.")


def _draw_beside(decision: Watch[Decided], swept: Swept) -> None:
    found, chosen = decision.value, CRITERIA["bic"].best(swept.fits, {})
    if found is None or chosen is None:
        return
    left, right = st.columns(2)
    mine = found.active_mixture()
    with left:
        st.markdown(f"**What is left** · {mine.n_components} of {found.n_components} components")
        draw_fit(pictured(found.data, mine), key="what is left")
        to_lab(
            "Watch it in the lab",
            open_variational,
            found.n_components,
            found.family,
            key="open variational",
            help="" if found.remarks else "The same run, step by step.",
        )
    with right:
        letters = FAMILIES[chosen.family].letters
        st.markdown(f"**What BIC chooses** · {letters}, K = {chosen.n_components}, BIC {chosen.bic:,.1f}")
        draw_fit(
            pictured(swept.data, chosen.mixture, colours=colours_like(mine, chosen.mixture)), key="by bic"
        )
        to_lab("Open it in the lab", open_fit, chosen.family, chosen.mixture, key="open by bic")
    tell_fits({"What is left": mine, "What BIC chooses": chosen.mixture}, swept.data.columns)

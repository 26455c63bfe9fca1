"""Against the labels: how the best fit of the sweep, and the picked one, agree with what the data say."""

import streamlit as st

from gmm_core import Fit
from ui.analysis.choosing.criteria import cell_of
from ui.analysis.choosing.pictured import colours_like
from ui.analysis.choosing.recommendation import name_of, recommend
from ui.analysis.choosing.sweeping import Swept
from ui.app import notices, session
from ui.app.agreement import explain_agreement, show_agreement
from ui.app.working import follow
from ui.export.agreement import Agreement
from ui.workspace import Workspace, points_of
from ui.workspace.choosing import agreements_of, points_key, sweep_of

HIDDEN = (
    "Whoever made this link lets you find out what groups there are: labels, if there are any, stay hidden."
)
NO_LABELS = (
    "These points have no labels to compare with. Of a file of yours, a column of classes can be chosen as "
    "“True classes”; the generated sets, the penguins and the iris flowers come with theirs."
)


def show(current: Workspace) -> None:
    """The whole answer, once it is asked for."""
    data = points_of(current)
    if "truth" in current.experiment.hide:
        st.info(HIDDEN)
        return
    if data.labels is None:
        st.info(NO_LABELS)
        return
    # Other points, another guess.
    key = session.widget_key(f"labels of {hash(points_key(current))}")
    if not st.toggle("Show how it agrees with the labels", key=key):
        st.caption("These points have labels, which no fit has seen. Say what you expect before you look.")
        return
    swept = follow(sweep_of(current), "Fitting every model", lambda _: None)
    if swept is not None:
        _show_fits(current, swept)


def _show_fits(current: Workspace, swept: Swept) -> None:
    found = recommend(swept, "bic")
    if found is None:
        st.info("No model could be fitted, so there is nothing to compare: “Which model?” says why.")
        return
    best, picked = found.fit, swept.fit(current.experiment.picked)
    fits = [best] if picked is None or cell_of(picked) == cell_of(best) else [best, picked]
    notices.info(remark for remark in swept.remarks if swept.is_sample)
    watch = agreements_of(current, fits)
    agreements = follow(watch, "Comparing all points", lambda _: None)
    if agreements is None:
        return
    titles = ("Best by BIC", "Beside it, the one you picked")
    for place, title, fit, agreement in zip(st.columns(2), titles, fits, agreements, strict=False):
        with place:
            _show(title, fit, agreement, colours_like(best.mixture, fit.mixture))
    if len(fits) == 1:
        st.caption("Pick another fit under “Which model?” to see it beside this one.")
    explain_agreement()


def _show(title: str, fit: Fit, agreement: Agreement, colours: tuple[int, ...]) -> None:
    st.markdown(f"##### {title}: {notices.escape_markdown(name_of(fit))}")
    show_agreement(agreement, colours)

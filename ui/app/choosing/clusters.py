"""From components to clusters: those that overlap are merged, step by step."""

import streamlit as st

from gmm_core import Fit
from ui.analysis.choosing.merged import Merged
from ui.analysis.choosing.pictured import pictured
from ui.analysis.choosing.sweeping import Swept
from ui.app import session
from ui.app.choosing.drawing import draw_fit
from ui.app.choosing.side_by_side import HEIGHT
from ui.app.working import follow
from ui.experiment.transitions import set_choices
from ui.figures.merging import entropy_figure
from ui.workspace import Workspace
from ui.workspace.choosing import merged_of


def show_clusters(current: Workspace, swept: Swept, fit: Fit) -> None:
    """Where several components may make one cluster, the merges that lead there."""
    if fit.n_components == 1:
        return
    st.markdown("##### Components into clusters")
    follow(
        merged_of(current, swept, fit),
        "Merging components",
        lambda merged: _draw(current, swept, fit, merged),
    )


def _draw(current: Workspace, swept: Swept, fit: Fit, merged: Merged) -> None:
    n_components = fit.n_components
    wanted = current.experiment.merged
    shown = min(wanted or merged.suggested, n_components)
    st.caption(_said(merged, n_components))
    if "controls" not in current.experiment.hide:
        _step(shown, n_components)
    clusters = merged.merging.clusters[shown - 1]
    colours = tuple(int(cluster) for cluster in clusters)
    left, right = st.columns(2)
    with left:
        draw_fit(pictured(swept.data, fit.mixture, colours=colours), key="clusters", height=HEIGHT)
    right.plotly_chart(entropy_figure(merged.merging, shown), key="entropy", config={"displayModeBar": False})
    right.caption(
        "A steep step down on the way left is a merge of components that share their points; where the line "
        f"has become flat, clusters stand apart (Baudry et al. 2010).{_bend(merged)}"
    )


def _said(merged: Merged, n_components: int) -> str:
    if merged.suggested == n_components:
        return "No two components overlap strongly: each can be called a cluster."
    clusters = "1 cluster" if merged.suggested == 1 else f"{merged.suggested} clusters"
    return (
        f"Some components overlap strongly: joined, the {n_components} components make {clusters}. The "
        "density stays the same; only what is called a cluster changes."
    )


def _bend(merged: Merged) -> str:
    return "" if merged.bend is None else f" Against the points that were merged it bends at {merged.bend}."


def _step(shown: int, n_components: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, step in (("Merge two", -1), ("Take apart", 1)):
            target = shown + step
            st.button(
                label,
                key=f"clusters {step}",
                disabled=not 1 <= target <= n_components,
                on_click=session.dispatch,
                args=(lambda old, target=target: set_choices(old, merged=target),),
            )
        st.markdown(f"**{shown}** cluster{'s' if shown > 1 else ''} of {n_components} components")

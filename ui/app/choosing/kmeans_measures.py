"""What is asked of K-Means to find K: elbow, silhouette and gap, and where each misleads."""

from collections.abc import Sequence

import streamlit as st

from ui.analysis.choosing.kmeans_measures import KMeansMeasures
from ui.analysis.choosing.sweeping import Swept
from ui.app import session
from ui.app.working import follow
from ui.figures.kmeans_measures import measure_figure
from ui.workspace import Workspace
from ui.workspace.choosing import kmeans_measures_of


def show_kmeans_measures(current: Workspace, swept: Swept) -> None:
    """Folded away, and computed when it is opened."""
    fold = st.expander(
        "For comparison: how K-Means is given its K",
        key=session.fold_key("K-Means measures"),
        on_change="rerun",
    )
    if not fold.open:
        return
    with fold:
        st.caption(
            "K-Means has no likelihood to compare, so people look at the inertia's bend, at how well points "
            "lie in their clusters, and at what K-Means would do to points without clusters. All three "
            "measure with circles: of long or crossed groups they tell another story than a mixture does."
        )
        follow(kmeans_measures_of(current, swept), "Running K-Means", _draw)


def _draw(found: KMeansMeasures) -> None:
    st.caption(f"Of {found.n_points:,} points, each counted once; a yes/no column has no say.")
    elbow, silhouette, gap = st.columns(3)
    with elbow:
        _show(
            "Elbow",
            found.ks,
            found.inertias,
            "Inertia (down, to a bend)",
            found.elbow,
            "The inertia falls with every cluster, groups or none, and often has no bend at all.",
        )
    with silhouette:
        _show(
            "Silhouette",
            found.ks[1 : 1 + len(found.silhouettes)],
            found.silhouettes,
            "Mean silhouette (up is better)",
            found.best_silhouette,
            "It can never answer 1, and likes round groups of equal size.",
        )
    with gap:
        gaps = found.gaps
        _show(
            "Gap",
            () if gaps is None else gaps.ks,
            () if gaps is None else gaps.gaps.tolist(),
            "Gap (the first that the next does not beat)",
            found.best_gap,
            "Does K-Means do better than on points spread evenly? It cuts long groups into round pieces.",
            () if gaps is None else gaps.standard_errors.tolist(),
        )


def _show(
    title: str,
    ks: Sequence[int],
    values: Sequence[float],
    axis: str,
    chosen: int | None,
    misleads: str,
    spreads: Sequence[float] = (),
) -> None:
    if not len(ks):
        st.caption(f"{title}: not there yet.")
        return
    answer = "no answer" if chosen is None else f"K = {chosen}"
    st.markdown(f"**{title}: {answer}**")
    figure = measure_figure(ks, values, axis, chosen, spreads)
    st.plotly_chart(figure, key=f"measure {title}", config={"displayModeBar": False})
    st.caption(misleads)

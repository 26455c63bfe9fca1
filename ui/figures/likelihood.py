"""The log-likelihood as a staircase, with the bound that the responsibilities give beneath it."""

import numpy as np
import plotly.graph_objects as go

import gmm_core

STATE_WIDTH = 2
"""Pictures, E and M, that each state of a run has."""


def likelihood_figure(run: gmm_core.EMRun) -> go.Figure:
    """The likelihood and the bound, in nats, at every half-step; colours are left to the page.

    Across, a state's ellipses appear (M-step) at its iteration and its colours (E-step) half a step later.
    Before the first E-step there is no bound. The E-step closes the gap, the M-step raises the bound.
    """
    likelihoods = np.array([state.log_likelihood for state in run.states])
    bounds = np.column_stack([np.append(np.nan, run.lower_bounds), likelihoods]).ravel()
    halves = np.arange(STATE_WIDTH * len(run.states)) / STATE_WIDTH
    figure = go.Figure()
    staircase = {"mode": "lines", "hoverinfo": "skip"}
    figure.add_scatter(
        x=halves,
        y=np.repeat(likelihoods, STATE_WIDTH),
        name="log-likelihood",
        line={"shape": "hv"},
        **staircase,
    )
    figure.add_scatter(x=halves, y=bounds, name="bound", line={"shape": "hv", "dash": "dot"}, **staircase)
    low, high = np.nanmin([np.nanmin(bounds), likelihoods.min()]), likelihoods.max()
    margin = 0.08 * (high - low) or max(1.0, 0.01 * abs(high))
    figure.update_xaxes(title="iteration", range=[-0.2, max(1.0, halves[-1] + 0.3)])
    figure.update_yaxes(range=[low - margin, high + margin], nticks=4)
    figure.update_layout(showlegend=False, template=None)
    return figure

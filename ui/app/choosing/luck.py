"""Was it luck: fifty starts of one model, the places where they end, and any of them beside the best."""

from functools import partial
from html import escape

import streamlit as st

from gmm_core import FAMILIES, STARTS
from ui.analysis.choosing.luck import Luck, StartRun, verdict
from ui.analysis.choosing.pictured import matched_to, pictured, small_fit
from ui.app import notices, session
from ui.app.choosing.drawing import draw_fit, tell_fits
from ui.app.choosing.opening import to_lab
from ui.app.working import follow
from ui.data import Data
from ui.experiment import Experiment
from ui.experiment.transitions import open_fit
from ui.figures.starts_figure import starts_figure
from ui.stage.component import show_chart
from ui.stage.fit_chart import MOST_POINTS, FitChart, SmallFit, encode_chart
from ui.workspace import Workspace
from ui.workspace.choosing import luck_watched

MOST_PLACES = 4
"""Optima that have a small picture."""

FEW = 3
"""Starts that found the best, and not more: it would have been missed easily."""

MEANING = (
    "EM climbs to the top of the hill on which it starts, and there may be many hills. How many starts reach "
    "the highest one says how far a single answer can be trusted. A nat is a factor of 2.7 in how probable "
    "the fit makes the data. That no start went higher does not prove that nothing is higher."
)


def show(current: Workspace) -> None:
    """The whole answer."""
    follow(luck_watched(current), "Running fifty starts", partial(_draw, current.experiment))


def _draw(experiment: Experiment, luck: Luck) -> None:
    if experiment.algorithm != "em":
        st.caption("The starts are carried on by EM, whatever algorithm the lab has.")
    place = -1 if luck.place is None else luck.place + 1
    st.html(
        f'<p data-testid="luck" data-optima="{len(luck.distinct.optima)}" data-place="{place}" '
        f'data-starts="{len(luck.runs)}" style="font-size:1.15rem;font-weight:600;margin:0">'
        f"{escape(verdict(luck))}</p>"
    )
    st.caption(notices.escape_markdown(_model(experiment, luck)))
    notices.info(luck.remarks)
    if not luck.distinct.optima:
        return
    chosen = _draw_starts(luck)
    _draw_places(luck)
    _draw_beside(experiment, luck, chosen)
    _told(luck, chosen)
    st.caption(MEANING)


def _model(experiment: Experiment, luck: Luck) -> str:
    more = [" with background noise"] if experiment.noise else []
    k = f"K = {experiment.n_components}, {FAMILIES[experiment.family].letters}{''.join(more)}"
    collapsed = len(luck.distinct.collapsed)
    gone = " None collapsed."
    if collapsed:
        gone = f" {collapsed} collapsed onto too few points: they are no answer, and are left out."
    rare = ""
    if len(luck.distinct.optima) > 1 and len(luck.distinct.optima[0].runs) <= FEW:
        rare = " So few found the best that there may well be a better one that none has found."
    return f"{len(luck.runs)} starts of {k}, drawn by {STARTS[luck.method].title}.{gone}{rare}"


def _draw_starts(luck: Luck) -> int:
    """The dots, and which start is looked at."""
    first = luck.distinct.optima[0].best
    order = sorted(
        (i for place in luck.distinct.optima for i in place.runs),
        key=lambda i: (luck.place_of(i), i != luck.yours, -luck.runs[i].objective),
    )
    key = session.widget_key(f"start of {first} {luck.runs[first].objective:.6f} {luck.yours}")
    worst = luck.distinct.optima[-1].best
    usual = luck.yours if luck.place is not None else first
    usual = worst if luck.place == 0 else usual
    session.hold_first(key, usual)
    chart = st.container()
    chosen = st.selectbox(
        "Look at a start, or press its dot",
        order,
        format_func=partial(_title, luck),
        key=key,
    )
    with chart:
        dots = f"{key} dots"
        show_chart(
            encode_chart(_chart(luck, chosen)),
            key=dots,
            on_picked=partial(_take_pick, dots, key, tuple(order)),
        )
    return chosen


def _chart(luck: Luck, chosen: int) -> FitChart:
    axis = f"{luck.objective_name}, nats (up is better)"
    places = [(place.objective, place.runs) for place in luck.distinct.optima]
    figure = starts_figure(places, [run.objective for run in luck.runs], luck.yours, chosen, axis=axis)
    best = luck.runs[luck.distinct.optima[0].best].end
    points, fits = pictured(luck.data, best, MOST_POINTS).points, list[SmallFit]()
    for place in luck.distinct.optima:
        for run in place.runs:
            shown = pictured(luck.data, matched_to(best, luck.runs[run].end), MOST_POINTS)
            name, said = _title(luck, run).split(": ")
            fits.append(small_fit(shown, str(run), name, (said, f"{len(place.runs)} ended there")))
    return FitChart(figure, points, tuple(fits), "starts", f"Where {len(luck.runs)} starts ended")


def _take_pick(dots: str, key: str, order: tuple[int, ...]) -> None:
    """The start whose dot was pressed stands beside the best."""
    picked = session.value_of(dots)["picked"]
    run = next((run for run in order if str(run) == picked), None)
    if run is not None:
        session.hold(key, run)


def _title(luck: Luck, run: int) -> str:
    place, gap = luck.place_of(run), luck.gap(run)
    where = "in the best place" if place == 0 else f"{gap:,.1f} nats below the best"
    mine = " (yours)" if run == luck.yours else ""
    return f"Start {run + 1}{mine}: {where}"


def _draw_places(luck: Luck) -> None:
    if len(luck.distinct.optima) == 1:
        return
    places = luck.distinct.optima[:MOST_PLACES]
    best = luck.runs[places[0].best]
    for place, (column, optimum) in enumerate(
        zip(st.columns(MOST_PLACES), luck.distinct.optima, strict=False)
    ):
        with column:
            share = len(optimum.runs) / len(luck.runs)
            gap = places[0].objective - optimum.objective
            name = "The best" if place == 0 else f"{gap:,.1f} below"
            st.markdown(f"**{name}** · {len(optimum.runs)} of {len(luck.runs)} starts ({share:.0%})")
            _picture(luck.data, best, luck.runs[optimum.best], key=f"place {place}", is_small=True)
    if len(luck.distinct.optima) > len(places):
        left = luck.distinct.optima[len(places) :]
        counts = ", ".join(
            f"{places[0].objective - each.objective:,.1f} below ({len(each.runs)})" for each in left
        )
        with st.expander(f"{len(left)} more optima, lower than these"):
            st.write(f"By nats below the best, with the number of starts: {counts}.")


def _draw_beside(experiment: Experiment, luck: Luck, chosen: int) -> None:
    best = luck.distinct.optima[0].best
    shown = {"The best": best} | ({"Beside it": chosen} if chosen != best else {})
    for column, (name, run) in zip(st.columns(2), shown.items(), strict=False):
        with column:
            facts = f"{luck.objective_name} {luck.runs[run].objective:,.2f}".replace(" -", " −")
            st.markdown(f"**{name}** · {_title(luck, run)}")
            st.caption(f"{facts} after {luck.runs[run].n_iterations} iterations")
            _picture(luck.data, luck.runs[best], luck.runs[run], key=f"beside {name}")
            if "seed" in experiment.hide and run != luck.yours:
                # Another start is not for people to choose.
                continue
            to_lab(
                "Replay it in the lab",
                open_fit,
                experiment.family,
                luck.runs[run].begun,
                key=f"replay {name}",
                help="Begins at this very start"
                + (", so that the lab's run is this one, step by step." if not luck.remarks else "."),
            )


def _told(luck: Luck, chosen: int) -> None:
    best = luck.runs[luck.distinct.optima[0].best].end
    fits = {"The best": best} | {_title(luck, chosen): matched_to(best, luck.runs[chosen].end)}
    tell_fits(fits, luck.data.columns)


def _picture(data: Data, best: StartRun, run: StartRun, *, key: str, is_small: bool = False) -> None:
    draw_fit(pictured(data, matched_to(best.end, run.end)), key=key, is_small=is_small)

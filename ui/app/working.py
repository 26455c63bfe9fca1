"""A computation that is watched: how far it is, how long it still takes, and a button that ends it."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from ui.app import notices, session
from ui.workspace.jobs import Watch

T = TypeVar("T")

MOMENT = 0.15
"""Seconds that a page waits for what may be over at once."""

EVERY = 0.4
"""Seconds between two looks at one that is under way."""


def follow(watch: Watch[T], doing: str, draw: Callable[[T], None]) -> T | None:
    """Draws what there is by now, again and again until it is over, with its progress above: `doing` says
    what is done. Returns what there is at its end, else None."""
    if watch.wait(MOMENT):
        _show(watch, draw)
        return watch.value

    @st.fragment(run_every=EVERY)
    def look() -> None:
        with session.turn():
            if watch.is_over:
                session.run_again()
            _progress(watch, doing)
            _show(watch, draw)

    look()
    return None


def _progress(watch: Watch[T], doing: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(watch.job.share, 1.0), f"{doing} … {_left(watch.remaining)}")
        st.button(
            "Stop here",
            on_click=session.stop,
            args=(watch.name, watch.key),
            key=f"stop {doing}",
            icon=":material/stop_circle:",
        )


def _left(seconds: float | None) -> str:
    if seconds is None:
        return "just begun"
    if seconds < 1.5:
        return "about a second left"
    if seconds < 90:
        return f"about {seconds:.0f} seconds left"
    return f"about {seconds / 60:.0f} minutes left"


def _show(watch: Watch[T], draw: Callable[[T], None]) -> None:
    if watch.value is not None:
        draw(watch.value)
    if watch.job.problem:
        notices.warn([watch.job.problem])
    elif watch.is_stopped:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("Stopped by you: what had been done by then is kept.")
            # Not what is watched itself, which would be held as long as the button is.
            st.button(
                "Begin again", on_click=session.go_on, args=(watch.name, watch.key), key=f"on {watch.name}"
            )

"""How far a long computation is, and a button that ends it where it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import streamlit as st

PATIENCE = 1.0
"""Seconds that nobody needs to be told anything."""

Watch = Callable[[int, int], None]
"""Hears how many steps of how many have been done."""


@contextmanager
def watched(stop: Callable[[], None]) -> Iterator[Watch]:
    """What draws a bar and the button, which calls `stop`, from when it has taken a moment until the end.

    Every call may end this script, as all that draws may, when people have pressed something.
    """
    place, began, bar = st.empty(), monotonic(), None

    def watch(done: int, most: int) -> None:
        nonlocal bar
        if monotonic() - began < PATIENCE:
            return
        if bar is None:
            with place.container(horizontal=True, vertical_alignment="center"):
                bar = st.progress(0.0)
                st.button("Stop here", on_click=stop, key="stop here", icon=":material/stop_circle:")
        words = f"Iteration {done:,} of at most {most:,}; it ends sooner where EM comes to rest."
        bar.progress(done / most, words)

    yield watch
    if bar is not None:
        place.empty()

"""Below the stage: files to take home, and links to share."""

from base64 import b64encode
from collections.abc import Mapping
from functools import partial
from html import escape

import streamlit as st

from ui.app import session, words
from ui.experiment import HIDEABLE, hiding
from ui.experiment.address import VIEW_DEFAULTS
from ui.export.qr import LinkError, qr_svg
from ui.export.results import results
from ui.stage.codec import encode
from ui.workspace import COMPARISON, LAB, Shown

HIDDEN = {
    "controls": "Hide the controls",
    "seed": "Lock the draws (no new data, no new start)",
    "truth": "Hide the true labels",
}
assert tuple(HIDDEN) == HIDEABLE

TELLING = ("colour", "one", "reveal")
"""Choices of the view that may show the truth, or as many components as there truly are."""

ACROSS = 3


def take_home(shown: Shown, kind: str = LAB) -> None:
    """Every file that can be made of the fit on a stage of that kind, folded away."""
    fold = st.expander(
        "Take it home: table, report, page, model, code", key=session.fold_key("take home"), on_change="rerun"
    )
    if not fold.open or shown.run is None:
        return
    address = session.address()
    files = results(
        shown.experiment,
        shown.data,
        shown.run,
        message=partial(encode, session.scene_as_seen(kind)),
        link=session.link(address),
        seen={name: value for name, value in address.items() if name in VIEW_DEFAULTS},
        comparison=shown.comparison,
    )
    with fold:
        for first in range(0, len(files), ACROSS):
            for place, file in zip(st.columns(ACROSS), files[first : first + ACROSS], strict=False):
                place.download_button(
                    file.title,
                    file.make or "",
                    file_name=file.file_name,
                    mime=file.mime,
                    disabled=file.make is None,
                    on_click="ignore",
                    width="stretch",
                    key=f"take {file.title}",
                )
                place.caption(words.plain(file.sentence))
        pictures = "both pictures" if kind == COMPARISON else "the picture"
        st.caption(f"PNG and SVG of {pictures}: the buttons of the stage.")


def share(shown: Shown) -> None:
    """A link for the room, and what it leaves out, folded away."""
    fold = st.expander(
        "Share: a link, a QR code, a teacher's link", key=session.fold_key("share"), on_change="rerun"
    )
    if not fold.open:
        return
    with fold:
        left, right = st.columns([3, 1])
        with left:
            hidden = [name for name, text in HIDDEN.items() if st.checkbox(text, key=f"hide {name}")]
            at = _opening_picture(shown)
            link = session.link(_shared_address(shown, hidden, at))
            st.code(link, language=None, wrap_lines=True)
            if shown.experiment.file:
                st.caption(words.plain(f"Whoever opens the link drops “{shown.experiment.file}” on the app."))
            st.caption("Points that no link can carry travel in the session file, above.")
        with right:
            try:
                _show_code(link)
            except LinkError as error:
                st.info(words.plain(str(error)))


def _show_code(link: str) -> None:
    """The QR code; Streamlit's own pictures have no text for those who do not see them."""
    source = b64encode(qr_svg(link).encode()).decode()
    alternative = escape(f"QR code that opens {link}")
    st.html(f'<img alt="{alternative}" src="data:image/svg+xml;base64,{source}" width="240">')
    st.caption("QR code of the link")


def _opening_picture(shown: Shown) -> int:
    states = len(shown.run.states) if shown.run else 0
    if shown.comparison is not None:
        longest = shown.comparison.dial.runs if shown.comparison.dial else ()
        states = max(len(shown.comparison.run.states), *(len(run.states) for run in longest), states)
    last = max(0, 2 * states - 1)
    now = min(int(session.address().get("at", 0)), last)
    label = "Half-step to open on: 0 is the start, odd ones are E-steps, even ones M-steps"
    return int(st.number_input(label, 0, last, now, key=f"share at {shown.identity} {now}"))


def _shared_address(shown: Shown, hidden: list[str], at: int) -> Mapping[str, str]:
    n_clusters = len(shown.data.label_names)
    address = session.address(hiding(shown.experiment, tuple(hidden), n_clusters))
    if "truth" in hidden:
        for name in TELLING:
            address.pop(name, None)
    address.pop("at", None)
    if "truth" in hidden:
        address.pop("reveal", None)
        if address.get("colour") == "truth":
            address.pop("colour")
    return address | ({"at": str(at)} if at else {})

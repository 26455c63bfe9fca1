"""Below the stage: files to take home, and links to share."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import partial
from html import escape

import streamlit as st

from ui.app import notices, session
from ui.experiment import HIDEABLE
from ui.experiment.address import view_address
from ui.experiment.transitions import hiding
from ui.experiment.view import VIEW_CHOICES
from ui.export.export import Result
from ui.export.qr import LinkError, qr_svg
from ui.export.results import results
from ui.stage.codec import encode
from ui.workspace import COMPARISON, LAB, FitResult
from ui.workspace.choosing import choice_of
from ui.workspace.scene import scene_as_seen

HIDDEN = {
    "controls": "Hide the controls",
    "seed": "Lock the draws (no new data, no new start)",
    "truth": "Hide the true labels",
}
assert tuple(HIDDEN) == HIDEABLE

ACROSS = 3


def take_home(result: FitResult, kind: str = LAB) -> None:
    """Every file that can be made of the fit on a stage of that kind, folded away."""
    fold = st.expander(
        "Take it home: table, report, page, model, code", key=session.fold_key("take home"), on_change="rerun"
    )
    if not fold.open or result.run is None:
        return
    current = session.workspace()
    files = results(
        current.experiment,
        result.data,
        result.run,
        message=partial(encode, scene_as_seen(current, kind)),
        link=session.link(session.address(kind)),
        seen=view_address(current.view(kind)),
        comparison=result.comparison,
        choice=choice_of(current) if kind == LAB else None,
    )
    with fold:
        offer_files(files)
        pictures = "both pictures" if kind == COMPARISON else "the picture"
        st.caption(f"PNG and SVG of {pictures}: the buttons of the stage.")


def offer_files(files: Sequence[Result]) -> None:
    """A button for each, with what it is good for."""
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
            place.caption(notices.escape_markdown(file.sentence))


def share(result: FitResult, kind: str = LAB) -> None:
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
            at = _opening_picture(result, kind)
            link = session.link(_shared_address(result, kind, hidden, at))
            st.code(link, language=None, wrap_lines=True)
            if file := session.workspace().experiment.file:
                st.caption(notices.escape_markdown(f"Whoever opens the link drops “{file}” on the app."))
            st.caption("Points that no link can carry travel in the session file, above.")
        with right:
            try:
                _show_code(link)
            except LinkError as error:
                st.info(notices.escape_markdown(str(error)))


def _show_code(link: str) -> None:
    """The QR code; Streamlit's own pictures have no text for those who do not see them."""
    source = b64encode(qr_svg(link).encode()).decode()
    alternative = escape(f"QR code that opens {link}")
    st.html(f'<img alt="{alternative}" src="data:image/svg+xml;base64,{source}" width="240">')
    st.caption("QR code of the link")


def _opening_picture(result: FitResult, kind: str) -> int:
    states = len(result.run.states) if result.run else 0
    if result.comparison is not None:
        longest = result.comparison.dial.runs if result.comparison.dial else ()
        states = max(len(result.comparison.run.states), *(len(run.states) for run in longest), states)
    last = max(0, 2 * states - 1)
    now = min(session.workspace().view(kind).half_step, last)
    label = "Half-step to open on: 0 is the start, odd ones are E-steps, even ones M-steps"
    return int(st.number_input(label, 0, last, now, key=f"share at {hash(result.key)} {now}"))


def _shared_address(result: FitResult, kind: str, hidden: list[str], at: int) -> Mapping[str, str]:
    n_clusters = len(result.data.label_names)
    experiment = hiding(session.workspace().experiment, tuple(hidden), n_clusters)
    address = session.address(kind, experiment)
    for row in VIEW_CHOICES.values():
        # What may show the truth, or as many components as there truly are.
        if row.hidden_by in hidden:
            address.pop(row.key, None)
    address.pop("at", None)
    return address | ({"at": str(at)} if at else {})

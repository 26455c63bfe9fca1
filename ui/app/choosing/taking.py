"""Below the sweep: its files to take home."""

import streamlit as st

from ui.analysis.choosing.sweeping import Swept
from ui.app import session
from ui.app.take_home import offer_files
from ui.export.choice_methods import methods_text
from ui.export.choice_results import choice_results
from ui.workspace import Workspace
from ui.workspace.choosing import choice_of


def take_choice_home(current: Workspace, swept: Swept) -> None:
    """Table, methods paragraph and code of a sweep, folded away; nothing where controls are hidden."""
    if "controls" in current.experiment.hide:
        return
    fold = st.expander(
        "Take it home: table, methods paragraph, code",
        key=session.fold_key("take choice"),
        on_change="rerun",
    )
    choice = choice_of(current, swept)
    if not fold.open or choice is None:
        return
    with fold:
        offer_files(choice_results(choice))
        if choice.found is not None:
            st.code(methods_text(choice), language=None, wrap_lines=True)
        st.caption(
            "PNG and SVG of the figure: the buttons of the chart. The lab's report has a section on how the "
            "model was chosen, as long as data and settings are those of this sweep."
        )

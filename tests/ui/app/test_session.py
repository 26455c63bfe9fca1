"""Each place that needs one has a workspace of its own, and pages about the same experiment share one."""

from streamlit.testing.v1 import AppTest


def places() -> None:
    import streamlit as st

    from ui.app import session
    from ui.experiment.transitions import choose_components

    found = {}
    for k, page in enumerate(("lab", "compare", "data", "a lesson", "another lesson"), start=1):
        st.session_state["page"] = page
        session.dispatch(choose_components, k)
        found[page] = session.workspace()
    st.session_state["found"] = found


def test_no_place_overwrites_what_another_has() -> None:
    at = AppTest.from_function(places).run()
    assert not at.exception
    found = at.session_state["found"]
    assert found["lab"] is found["compare"] is found["data"]
    assert len({id(workspace) for workspace in found.values()}) == 3
    assert [workspace.experiment.n_components for workspace in found.values()] == [3, 3, 3, 4, 5]

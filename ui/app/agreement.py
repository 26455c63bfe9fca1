"""How a fit agrees with the data's labels, as pages show it: numbers, a table, and what they do not mean."""

from collections.abc import Sequence

import streamlit as st

from ui.app import notices, session
from ui.export.agreement import NO_TRUTH, Agreement, accuracy_in_words, index_in_words, said_of_gaps
from ui.export.agreement_table import agreement_table
from ui.workspace import FitResult

PAIRS = (
    "The index takes every pair of points: do fit and labels agree on whether the two belong together? What "
    "chance alone would give is taken off. Accuracy is easier to say, and kinder to large groups."
)

_STYLE = """<style>
.agreement { overflow-x: auto; font-variant-numeric: tabular-nums; }
.agreement table { border-collapse: collapse; }
.agreement th, .agreement td { padding: 0.2em 0.7em; text-align: right; border-bottom: 1px solid #8884; }
.agreement th { font-weight: 400; white-space: nowrap; }
.agreement td:last-child, .agreement th:last-child { text-align: left; }
.agreement .chip { display: inline-block; min-width: 1.6em; border-radius: 0.8em; text-align: center; }
.agreement .chip { color: #fff; font-size: 1.17em; line-height: 1.3; font-weight: 700; }
</style>"""

HOW_TO_READ = (
    "Each row is a component, in the order of the labels that they are named after: what is right stands on "
    "the diagonal, framed. The stronger the tint, the larger the share of the component's points."
)


def show_agreement(found: Agreement, colours: Sequence[int] = ()) -> None:
    """Numbers in words, the table, and what has no partner; components have the numbers and colours
    `colours` (K,), from 0, by default their own."""
    numbers = [colour + 1 for colour in colours]
    st.markdown(
        f"- **Adjusted Rand index:** {notices.escape_markdown(index_in_words(found))}.\n"
        f"- **Accuracy:** {notices.escape_markdown(accuracy_in_words(found))}."
    )
    # Scrolled by itself where a screen is too narrow for so many labels.
    st.html(
        f'{_STYLE}<div class="agreement" role="region" aria-label="Points of each label in each component" '
        f'tabindex="0">{agreement_table(found, colours=colours)}</div>'
    )
    for sentence in said_of_gaps(found, numbers=numbers):
        st.markdown(notices.escape_markdown(sentence))


def explain_agreement() -> None:
    """What the numbers mean, how the table is read, and what neither says."""
    st.caption(PAIRS)
    st.caption(HOW_TO_READ)
    st.caption(NO_TRUTH)


def against_the_labels(result: FitResult) -> None:
    """Below the lab's stage, folded away until it is asked for: the run as it ended."""
    if result.run is None or result.data.labels is None:
        return
    fold = st.expander(
        "Against the labels: how the components agree with what the data call their points",
        key=session.fold_key("labels"),
        on_change="rerun",
    )
    if not fold.open:
        return
    with fold:
        found = result.agreement
        if found is not None:
            show_agreement(found)
            explain_agreement()

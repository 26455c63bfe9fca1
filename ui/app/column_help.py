"""What the glossary says of columns: a table that is a picture has no words for a browser to find."""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from ui.glossary import said_of


def explained(names: Iterable[str]) -> dict[str, Any]:
    """The configuration of the columns of these names that are terms: each with its sentences as help."""
    said = {name: said_of(name) for name in names}
    return {name: st.column_config.Column(help=text) for name, text in said.items() if text}

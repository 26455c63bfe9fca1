"""Sentences that people see on a page."""

import re
from collections.abc import Iterable

import streamlit as st


def escape_markdown(text: str) -> str:
    """`text` so that Streamlit's Markdown shows it letter by letter: it may come from a file or a link."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def say_first(error: str, complaints: Iterable[str], news: Iterable[str]) -> None:
    """What must be read before the picture: it stands above it, where the eyes are."""
    if error:
        st.error(escape_markdown(error))
    warn(complaints)
    info(news)


def warn(sentences: Iterable[str]) -> None:
    """What went wrong, all in one box."""
    if text := "  \n".join(map(escape_markdown, sentences)):
        st.warning(text)


def info(sentences: Iterable[str]) -> None:
    """What people should know."""
    for sentence in sentences:
        st.info(escape_markdown(sentence))

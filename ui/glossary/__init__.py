"""The glossary: every term of the app, what it means, its formula, and a picture of three strokes."""

from ui.glossary.finding import Found, find, said_of
from ui.glossary.message import glossary_message
from ui.glossary.terms import TERMS, Term

__all__ = ["TERMS", "Found", "Term", "find", "glossary_message", "said_of"]

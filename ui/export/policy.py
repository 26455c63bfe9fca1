"""What a page permits by the text itself: in its policy stands the hash, and nothing else of that kind runs.

Source: Content Security Policy Level 3, section 6.7.3.3.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256


@cache
def hash_source(text: str) -> str:
    """How a policy permits one inline script or style sheet."""
    return f"'sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


EMPTY_SHEET = hash_source("")
"""Plotly puts an empty style sheet on a page and adds its rules one by one, which every policy permits."""

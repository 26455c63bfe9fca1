"""Which tests are slow: `make check` leaves them to `make test`."""

from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

BROWSER = Path(__file__).parent / "browser"

SERVERS = ("tests.serving", "tests.visitor")
"""A test file that takes something from one of these starts servers."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks as slow what needs a browser or a server, and what Hypothesis draws many examples for.

    Where none of these is the reason, the mark stands at the test.
    """
    for item in items:
        if item.path.is_relative_to(BROWSER) or _draws_examples(item) or _needs_server(item):
            item.add_marker(pytest.mark.slow)


def _draws_examples(item: pytest.Item) -> bool:
    return bool(getattr(getattr(item, "obj", None), "is_hypothesis_test", False))


def _needs_server(item: pytest.Item) -> bool:
    module = getattr(item, "module", None)
    return module is not None and _takes_from_servers(module)


@cache
def _takes_from_servers(module: ModuleType) -> bool:
    return any(getattr(value, "__module__", None) in SERVERS for value in vars(module).values())

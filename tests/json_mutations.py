"""Ways in which a JSON text goes wrong, for tests of what reads one."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import numpy as np

# What a value may have been replaced by: other types, other sizes, numbers at the edge.
JUNK: tuple[Any, ...] = (
    None, True, -1, 0, 1.5, 10**30, 10**400, -1e308, 1e308, 5e-324, "", "0.5", "NaN", [], [[]], [1, [2]],
    [None], {}, {"amount": 2}, [[1.0, 2.0], [3.0]], [[[1.0, 0.0], [0.0, 1.0]]],
)  # fmt: skip


def mutations(text: str, rng: np.random.Generator, n_random: int = 300) -> Iterator[str]:
    """Texts near `text`: each value replaced by junk, names left out or twice, characters lost or changed."""
    values = json.loads(text)
    for path in _paths(values):
        for junk in JUNK:
            yield json.dumps(_replaced(values, path, junk))
        yield json.dumps(_replaced(values, path, float("nan")))
    for name in values:
        yield json.dumps({other: value for other, value in values.items() if other != name})
        yield text.replace("{", "{" + json.dumps(name) + ": 1,", 1)
    for _ in range(n_random):
        i = int(rng.integers(len(text)))
        other = chr(int(rng.integers(32, 127)))
        yield text[:i] + text[i + 1 :]
        yield text[:i] + other + text[i + 1 :]
        yield text[:i]


def _paths(values: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """To every value; of a list, to its first two only."""
    yield path
    inner = (
        values.items()
        if isinstance(values, dict)
        else enumerate(values[:2])
        if isinstance(values, list)
        else ()
    )
    for key, value in inner:
        yield from _paths(value, (*path, key))


def _replaced(values: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    changed = copy.deepcopy(values)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = junk
    return changed

"""The examples do what they say, on little."""

import itertools
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import gmm_core
from examples import dask_cluster, out_of_memory


def assert_same(one: gmm_core.Mixture, other: gmm_core.Mixture) -> None:
    for name in ("weights", "means", "covariances"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-10, atol=1e-10)


@pytest.mark.slow
def test_two_workers_find_what_one_machine_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    # A worker runs the main script again, and tests of the app leave theirs behind as that.
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    together, alone = dask_cluster.main(n_points=5_000, tolerance=1e-6)
    assert_same(together, alone)


N_POINTS, N_STEPS = 2_000_000, 2


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "points.f64"
    out_of_memory.write(path, N_POINTS, np.random.default_rng(3))
    return path


def peak(work: Callable[[], gmm_core.Mixture]) -> tuple[gmm_core.Mixture, int]:
    """What `work` answers, and the most bytes it held at once; mapped pages of a file are not among them."""
    tracemalloc.start()
    try:
        return work(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_file_is_fitted_in_less_memory_than_it_has_bytes(file: Path) -> None:
    whole = np.fromfile(file).reshape(-1, 2)
    begin = gmm_core.initialize(whole[:1000], 3, rng=np.random.default_rng(4))
    states = gmm_core.iterate(whole, begin)
    expected = next(itertools.islice(states, N_STEPS, None)).mixture

    read, points = (lambda: out_of_memory.chunks(file)), out_of_memory.mapped(file)
    streamed, held_by_stream = peak(lambda: out_of_memory.fit_stream(read, begin, n_steps=N_STEPS))
    mapped, held_by_map = peak(lambda: out_of_memory.fit_mapped(points, begin, n_steps=N_STEPS))
    assert_same(streamed, expected)
    assert_same(mapped, expected)
    # The file has 32 MB, and a responsibility for every point and component would take 48.
    assert max(held_by_stream, held_by_map) < 16e6

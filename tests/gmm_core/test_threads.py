"""Threads: the same results with and without them, and never many."""

import gc
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gmm_core import Expectation, Mixture, Noise, e_step, threads
from gmm_core.threads import MOST_THREADS, in_parallel
from tests.strategies import make_mixture, make_points

RNG = np.random.default_rng(31)
PLAIN = make_mixture(RNG, 4, 2)
NOISY = Mixture(0.9 * PLAIN.weights, PLAIN.means, PLAIN.covariances, Noise(0.1, 300.0))
POINTS = make_points(RNG, PLAIN, 300_000)
WEIGHTS = RNG.uniform(0, 2, len(POINTS))


@pytest.fixture
def fresh_pool() -> Iterator[None]:
    """A pool whose threads have not begun, and none left over afterwards."""
    threads._pool.cache_clear()
    threads._threads.clear()
    yield
    threads._pool.cache_clear()
    threads._threads.clear()


def results() -> list[Expectation]:
    return [
        e_step(POINTS, PLAIN),
        e_step(POINTS, NOISY, sample_weights=WEIGHTS),
        e_step(POINTS, PLAIN, temperature=0.5),
        e_step(POINTS.astype(np.float32), PLAIN),
    ]


def assert_equal_to_the_bit(actual: list[Expectation], expected: list[Expectation]) -> None:
    for mine, theirs in zip(actual, expected, strict=True):
        assert mine.log_likelihood == theirs.log_likelihood
        assert mine.objective == theirs.objective
        for part in ("counts", "means", "scatters"):
            assert np.array_equal(getattr(mine.moments, part), getattr(theirs.moments, part))
        assert mine.moments.noise == theirs.moments.noise


@pytest.mark.usefixtures("fresh_pool")
@pytest.mark.parametrize("cores", [1, None, 2, 3, 64])
def test_the_number_of_cores_changes_no_bit(monkeypatch: pytest.MonkeyPatch, cores: int | None) -> None:
    expected = results()
    threads._pool.cache_clear()
    monkeypatch.setattr(threads, "cpu_count", lambda: cores)
    assert_equal_to_the_bit(results(), expected)


@pytest.mark.parametrize("n_granted", [0, 1, 5])
def test_no_threads_to_be_had_changes_no_bit(monkeypatch: pytest.MonkeyPatch, n_granted: int) -> None:
    expected = results()
    monkeypatch.setattr(threads, "cpu_count", lambda: 8)
    submit, granted = ThreadPoolExecutor.submit, []

    def refuse(pool: ThreadPoolExecutor, *arguments: Any) -> Any:
        if len(granted) >= n_granted:
            raise RuntimeError("can't start new thread")
        granted.append(arguments)
        return submit(pool, *arguments)

    monkeypatch.setattr(ThreadPoolExecutor, "submit", refuse)
    assert_equal_to_the_bit(results(), expected)
    assert len(granted) == n_granted


@pytest.mark.usefixtures("fresh_pool")
def test_work_that_no_thread_takes_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The executor queues work before it finds that it cannot start a thread."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    class Points:
        pass

    monkeypatch.setattr(threads, "cpu_count", lambda: 4)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    points = Points()
    kept = weakref.ref(points)
    assert in_parallel(lambda piece, points=points: (piece, type(points).__name__)[0], [1, 2, 3]) == [1, 2, 3]
    del points
    gc.collect()
    assert kept() is None


@pytest.mark.usefixtures("fresh_pool")
@pytest.mark.parametrize("cores", [2, 64])
def test_many_callers_at_once_share_a_few_threads(monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    monkeypatch.setattr(threads, "cpu_count", lambda: 1)
    expected = [e_step(POINTS, PLAIN)]
    before = {thread.ident for thread in threading.enumerate() if thread.name.startswith("gmm_core")}
    monkeypatch.setattr(threads, "cpu_count", lambda: cores)
    barrier, most, done = threading.Barrier(9), [0], threading.Event()

    def watch() -> None:
        barrier.wait()
        while not done.wait(0.001):
            ours = [t for t in threading.enumerate() if t.name.startswith("gmm_core")]
            most[0] = max(most[0], len([t for t in ours if t.ident not in before]))

    def call() -> list[Expectation]:
        barrier.wait()
        return [e_step(POINTS, PLAIN) for _ in range(3)]

    watcher = threading.Thread(target=watch)
    watcher.start()
    with ThreadPoolExecutor(8) as callers:
        calls = [callers.submit(call) for _ in range(8)]
        answers = [call.result(timeout=120) for call in calls]
    done.set()
    watcher.join()
    assert 1 <= most[0] <= min(cores, MOST_THREADS)
    for answer in answers:
        assert_equal_to_the_bit(answer, expected * 3)


def test_results_come_in_the_order_of_the_pieces() -> None:
    pieces = list(range(50))
    assert in_parallel(lambda piece: piece**2, pieces) == [piece**2 for piece in pieces]
    assert in_parallel(lambda piece: piece, []) == []


def test_what_goes_wrong_in_a_thread_is_heard_of() -> None:
    def work(piece: int) -> int:
        if piece == 2:
            raise ValueError("piece 2")
        return piece

    with pytest.raises(ValueError, match=r"^piece 2$"):
        in_parallel(work, [1, 2, 3])
    assert in_parallel(lambda piece: piece, [1, 2]) == [1, 2]


def test_one_piece_needs_no_thread() -> None:
    assert in_parallel(lambda _: threading.current_thread(), [0]) == [threading.current_thread()]


FORKED = """
import multiprocessing
import numpy as np
from gmm_core import Mixture, e_step, threads

threads.cpu_count = lambda: 2
points = np.random.default_rng(0).standard_normal((300_000, 2))
mixture = Mixture([0.5, 0.5], [[0, 0], [1, 1]], [np.eye(2)] * 2)

def work(_):
    return e_step(points, mixture).log_likelihood

if __name__ == "__main__":
    expected = work(0)
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.map_async(work, [0, 1]).get(timeout=60) == [expected] * 2
    assert work(0) == expected
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes are forked here")
def test_a_forked_process_has_threads_of_its_own() -> None:
    """It inherits a pool without its threads, and must not wait for them."""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", FORKED], cwd=root, timeout=120, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_settings_of_blas_are_left_alone() -> None:
    threadpoolctl = pytest.importorskip("threadpoolctl")
    before = threadpoolctl.threadpool_info()
    results()
    assert threadpoolctl.threadpool_info() == before

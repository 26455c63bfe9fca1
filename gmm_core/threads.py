"""A bounded number of threads, shared by everyone in the process."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from os import cpu_count
from threading import Thread, current_thread
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")

# Of more threads than this the others wait for memory.
MOST_THREADS = 8


# The pool's threads that have begun.
_threads: list[Thread] = []


def n_workers() -> int:
    """How many threads work at once, at most."""
    return min(MOST_THREADS, cpu_count() or 1)


@cache
def _pool() -> ThreadPoolExecutor:
    """One for the process: many callers at once queue up, and do not multiply the threads."""
    _threads.clear()
    return ThreadPoolExecutor(
        n_workers(),
        thread_name_prefix="gmm_core",
        initializer=lambda: _threads.append(current_thread()),
    )


# Made at import, so that no two callers make one at once; its threads begin with the first work.
_pool()


def _living_pool() -> ThreadPoolExecutor:
    # A forked process inherits the pool but none of its threads, so that queued work would never be done.
    if not all(thread.is_alive() for thread in _threads):
        _pool.cache_clear()
    return _pool()


def in_parallel(work: Callable[[Piece], Result], pieces: Sequence[Piece]) -> list[Result]:
    """`work` done on every piece, the results in the order of the pieces.

    Threads where there are several cores and several pieces, and none where none can be started, as in
    Python in a browser: the results are the same. `work` must not call this again.
    """
    if len(pieces) > 1 and (cpu_count() or 1) > 1:
        futures: list[Future[Result]] = []
        try:
            pool = _living_pool()
            for piece in pieces:
                futures.append(pool.submit(work, piece))
        except RuntimeError:
            for future in futures:
                future.cancel()
            if not _threads:
                # No thread will take out what it has queued.
                _pool.cache_clear()
        else:
            return [future.result() for future in futures]
    return [work(piece) for piece in pieces]

"""Long computations: in nobody's way, watched, ended by whoever watches, never twice for the same."""

import gc
import threading
import time
from collections.abc import Callable

import pytest

from ui.experiment import Experiment
from ui.workspace import Workspace, jobs
from ui.workspace.jobs import Report, go_on, stop, watch

FAILED = "This failed for a reason that is the app's own; everything else goes on working."

Someone = Callable[[], Workspace]
"""Makes a person, who stays until the test is over."""


@pytest.fixture(name="someone")
def _someone() -> Someone:
    """Makes people who stay until the test is over."""
    people: list[Workspace] = []

    def come() -> Workspace:
        people.append(Workspace(Experiment()))
        return people[-1]

    return come


def eventually(check: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.005)


class Counting:
    """Counts until it is asked to end or has counted to `most`; notes that it began, and ended."""

    def __init__(self, most: int = 10**9) -> None:
        self.most, self.begun, self.ended = most, 0, 0

    def __call__(self, report: Report[int]) -> int:
        self.begun += 1
        count = 0
        while count < self.most:
            count += 1
            time.sleep(0.001)
            if report(count / self.most, count):
                break
        self.ended += 1
        return count


def test_what_there_is_can_be_seen_before_the_end(someone: Someone) -> None:
    counting = Counting()
    current = someone()
    seen = watch(current, "count", 1, counting)
    eventually(lambda: (seen.value or 0) > 3)
    assert not seen.is_over
    seen.stop()
    kept = seen.value
    assert seen.is_over
    assert kept is not None
    eventually(lambda: counting.ended == 1)
    assert seen.value == kept, "what is stopped stays as it was"
    assert watch(current, "count", 1, counting) is seen


def test_equal_keys_are_computed_once_and_other_keys_end_what_is_under_way(
    someone: Someone,
) -> None:
    current, first, second = someone(), Counting(), Counting(3)
    seen = watch(current, "count", 1, first)
    assert watch(current, "count", 1, first) is seen
    newer = watch(current, "count", 2, second)
    assert newer.wait(10)
    eventually(lambda: first.ended == 1)
    assert (first.begun, newer.value) == (1, 3)
    # Coming back is instant, and what another name does is left alone.
    again = watch(current, "count", 2, second)
    assert again is newer
    assert second.begun == 1


def test_a_class_computes_once_and_one_who_leaves_ends_nothing_for_the_others(
    someone: Someone,
) -> None:
    counting, people = Counting(), [someone() for _ in range(5)]
    looks = [watch(one, "class", "all", counting, everybodys=True) for one in people]
    eventually(lambda: (looks[0].value or 0) > 3)
    looks[0].stop()
    before = looks[0].value
    eventually(lambda: (looks[1].value or 0) > (before or 0) + 3)
    assert counting.begun == 1
    for look in looks[1:]:
        look.stop()
    eventually(lambda: counting.ended == 1)
    # Nobody watched it to its end, so whoever comes later begins again.
    late = watch(someone(), "class", "all", Counting(2), everybodys=True)
    assert late.wait(10)
    assert late.value == 2


def test_what_is_anybodys_own_is_not_shared(someone: Someone) -> None:
    first, second = Counting(2), Counting(3)
    mine, theirs = watch(someone(), "own", 1, first), watch(someone(), "own", 1, second)
    assert mine.wait(10)
    assert theirs.wait(10)
    assert (mine.value, theirs.value) == (2, 3)


def test_who_goes_away_ends_what_they_watched() -> None:
    counting, current = Counting(), Workspace(Experiment())
    watch(current, "left", 1, counting)
    eventually(lambda: counting.begun == 1)
    del current
    gc.collect()
    eventually(lambda: counting.ended == 1)


def test_they_take_turns(someone: Someone) -> None:
    order: list[str] = []
    everyone_is_here = threading.Event()

    def named(name: str) -> Callable[[Report[int]], int]:
        def compute(report: Report[int]) -> int:
            everyone_is_here.wait(10)
            for i in range(4):
                order.append(name)
                report(i / 4)
            return 4

        return compute

    looks = [watch(someone(), name, 1, named(name)) for name in "abc"]
    time.sleep(0.05)
    everyone_is_here.set()
    assert all(look.wait(20) for look in looks)
    # Nobody has a second turn before everybody has had a first.
    assert {order[i : i + 3].count("a") for i in (0, 3, 6, 9)} == {1}
    assert {order[i : i + 3].count("b") for i in (0, 3, 6, 9)} == {1}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("Too few points; add some."), "Too few points; add some."),
        (MemoryError(), "There was not enough memory for this; ask for less, or use fewer points."),
        (
            RuntimeError("x"),
            "This failed for a reason that is the app's own; everything else goes on working.",
        ),
    ],
)
def test_what_fails_says_so_in_one_sentence_and_keeps_what_there_was(
    someone: Someone, error: Exception, said: str
) -> None:
    def compute(report: Report[int]) -> int:
        report(0.5, 7)
        raise error

    seen = watch(someone(), "fails", str(error), compute)
    assert seen.wait(10)
    assert (seen.job.problem, seen.value) == (said, 7)


def test_the_time_that_is_left_follows_from_the_time_it_took(someone: Someone) -> None:
    held = threading.Event()

    def compute(report: Report[int]) -> int:
        time.sleep(0.2)
        report(0.25)
        held.wait(10)
        return 1

    seen = watch(someone(), "time", 1, compute)
    assert seen.remaining is None
    eventually(lambda: seen.job.share > 0)
    assert seen.remaining is not None
    assert 0.5 < seen.remaining < 2.0
    held.set()
    assert seen.wait(10)
    assert seen.remaining is None


def test_what_another_key_left_unfinished_begins_again_when_one_comes_back(someone: Someone) -> None:
    current, long, short = someone(), Counting(), Counting(2)
    watch(current, "count", 1, long)
    eventually(lambda: long.begun == 1)
    assert watch(current, "count", 2, short).wait(10)
    again = watch(current, "count", 1, Counting(3))
    assert again.wait(10)
    assert (again.value, again.is_stopped) == (3, False)


def test_what_was_stopped_can_begin_again(someone: Someone) -> None:
    current, counting = someone(), Counting()
    first = watch(current, "count", 1, counting)
    eventually(lambda: (first.value or 0) > 2)
    stop(current, "count", 1)
    assert first.is_stopped
    go_on(current, "count", 1)
    second = watch(current, "count", 1, Counting(4))
    assert second.wait(10)
    assert second.value == 4


def test_somebody_who_goes_while_another_begins_is_no_deadlock(someone: Someone) -> None:
    def leave() -> None:
        gone = Workspace(Experiment())
        gone.watched["itself", 0] = watch(gone, "left", 1, Counting())
        gone.news.append(gone)  # type: ignore[arg-type]

    with jobs._LOCK:
        leave()
        done = threading.Event()
        gc.collect()
        done.set()
    assert done.is_set()
    assert watch(someone(), "after", 1, Counting(1)).wait(10)

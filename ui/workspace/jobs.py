"""Computations that take long enough to be watched; no Streamlit.

Each has a thread of its own, in nobody's way: of all of them one computes at a time, and they take turns, so
that a class that opens one page waits about as long as each would for all. What is nobody's own is computed
once for everybody who asks for it.
"""

import logging
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Generic, TypeVar

from ui.gate import Gate
from ui.workspace.workspace import Workspace

T = TypeVar("T")

Report = Callable[[float, T | None], bool]
"""Told the share done, from 0 to 1, and what there is by now, None for nothing new; True asks to end."""

Computation = Callable[[Report[T]], T]
"""Answers what there is at its end; where it was asked to end, what there is by then."""

PATIENCE = 5.0
"""Seconds after which one that does not report lets others in beside it."""

TURNS = Gate(PATIENCE)
"""Of all computations of this process."""

MOST_KEPT, MOST_SHARED = 24, 64
"""Of one person, and of everybody together."""


@dataclass(eq=False)
class Job(Generic[T]):
    """One computation, and all who watch it."""

    value: T | None = None
    """The newest there is."""
    share: float = 0.0
    """Done, from 0 to 1."""
    problem: str = ""
    """Why there will be no more, in one sentence."""
    watchers: int = 0
    """When the last one leaves, it ends."""
    begun: float = field(default_factory=monotonic)
    """When it was, by the clock, so that waiting for others counts as well."""
    is_unwanted: bool = False
    """Whether nobody watches it any more, so that it ends as soon as it reports."""
    over: threading.Event = field(default_factory=threading.Event)

    def begin(self, compute: Computation[T]) -> None:
        """Starts its thread, which keeps nothing of `compute` when it is over."""
        threading.Thread(target=self._work, args=(compute,), daemon=True).start()

    def _work(self, compute: Computation[T]) -> None:
        def report(share: float, value: T | None = None) -> bool:
            self.share = max(self.share, share)
            if value is not None:
                self.value = value
            if not self.is_unwanted:
                TURNS.pass_on()
            return self.is_unwanted

        try:
            with TURNS.turn():
                if not self.is_unwanted:
                    self.value = compute(report)
        except ValueError as error:
            self.problem = str(error)
        except MemoryError:
            self.problem = "There was not enough memory for this; ask for less, or use fewer points."
        except Exception:
            logging.getLogger(__name__).exception("A computation failed.")
            self.problem = "This failed for a reason that is the app's own; everything else goes on working."
        finally:
            self.share = 1.0
            self.over.set()


@dataclass(eq=False)
class Watch(Generic[T]):
    """One person's look at a job, which they can end for themselves."""

    name: str
    key: Hashable
    job: Job[T]
    is_stopped: bool = False
    kept: T | None = None
    """What there was when it was stopped."""

    @property
    def value(self) -> T | None:
        """The newest there is, None for nothing yet."""
        return self.kept if self.is_stopped else self.job.value

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.is_stopped or self.job.over.is_set()

    @property
    def remaining(self) -> float | None:
        """Seconds, if it goes on as it did; None while nobody can say."""
        job = self.job
        if not 0.02 < job.share < 1.0:
            return None
        return (monotonic() - job.begun) * (1.0 - job.share) / job.share

    def wait(self, seconds: float) -> bool:
        """Whether it is over by then."""
        return self.is_stopped or self.job.over.wait(seconds)

    def stop(self) -> None:
        """Ends it for this person, who keeps what there is; for everybody, if nobody else watches."""
        if self.is_over:
            return
        self.kept, self.is_stopped = self.job.value, True
        _leave(self.job)


_SHARED: OrderedDict[Hashable, Job[Any]] = OrderedDict()
# Whoever goes away may be noticed amid any allocation, by the thread that holds it.
_LOCK = threading.RLock()


def watch(
    current: Workspace, name: str, key: Hashable, compute: Computation[T], *, everybodys: bool = False
) -> Watch[T]:
    """The computation of that name and `key`, begun unless it is there; another key of the same name ends
    what was under way. What is `everybodys` depends on its key alone, and is computed once for all who ask.
    """
    kept: OrderedDict[tuple[str, Hashable], Watch[Any]] = current.watched
    found = kept.get((name, key))
    if found is None:
        # What another key leaves unfinished is forgotten, so that coming back begins it again.
        for other in [other for other in kept if other[0] == name and not kept[other].is_over]:
            kept.pop(other).stop()
        if not kept:
            weakref.finalize(current, _stop_all, kept)
        found = kept[name, key] = _watch(name, key, compute, everybodys=everybodys)
    kept.move_to_end((name, key))
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)[1].stop()
    return found


def stop(current: Workspace, name: str, key: Hashable) -> None:
    """Ends a computation for this person, who keeps what there is."""
    if (name, key) in current.watched:
        current.watched[name, key].stop()


def go_on(current: Workspace, name: str, key: Hashable) -> None:
    """Whoever asks for it next has it begun again."""
    if (name, key) in current.watched:
        current.watched.pop((name, key)).stop()


def _watch(name: str, key: Hashable, compute: Computation[T], *, everybodys: bool) -> Watch[T]:
    with _LOCK:
        job: Job[T] | None = _SHARED.get((name, key)) if everybodys else None
        if job is None or job.is_unwanted:
            job = Job()
            job.begin(compute)
            if everybodys:
                _SHARED[name, key] = job
                while len(_SHARED) > MOST_SHARED:
                    _SHARED.popitem(last=False)
        job.watchers += 1
        return Watch(name, key, job)


def _stop_all(kept: OrderedDict[Any, Watch[Any]]) -> None:
    """When whoever watched has gone."""
    for one in kept.values():
        one.stop()


def _leave(job: Job[Any]) -> None:
    with _LOCK:
        job.watchers -= 1
        job.is_unwanted = job.watchers == 0

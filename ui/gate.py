"""One script at a time.

Threads share one interpreter: scripts that run side by side take longer together than one after the other,
and everybody waits for the slowest. So they take turns, in the order in which they came. Whoever needs longer
than a moment - a million points, a large file - goes on outside the gate, and the next one comes in.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

PATIENCE = 0.2
"""Seconds for which one script keeps the others waiting, at most."""


@dataclass(eq=False)
class _Turn:
    called: threading.Event = field(default_factory=threading.Event)
    since: float = 0.0


class Gate:
    """Lets threads through one by one."""

    def __init__(self, patience: float = PATIENCE, clock: Callable[[], float] = monotonic) -> None:
        self._patience, self._clock = patience, clock
        self._lock = threading.Lock()
        self._waiting: deque[_Turn] = deque()
        self._inside: _Turn | None = None
        self._mine = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for its turn, and has it until the block ends, however it ends.

        A thread that is in already does not wait for itself.
        """
        if getattr(self._mine, "turn", None) is not None:
            yield
            return
        self._enter()
        try:
            yield
        finally:
            self._leave()

    def pass_on(self) -> None:
        """Lets everybody in who waits, and goes on when they have had their turn: for who is in, and long."""
        self._leave()
        self._enter()

    def _enter(self) -> None:
        turn = _Turn()
        with self._lock:
            self._waiting.append(turn)
        while not turn.called.wait(self._call_next()):
            pass
        self._mine.turn = turn

    def _leave(self) -> None:
        with self._lock:
            if self._inside is self._mine.turn:
                self._inside = None
        self._mine.turn = None
        self._call_next()

    def _call_next(self) -> float:
        """Calls whoever waits longest, if nobody is inside or somebody has been for too long.

        Returns the seconds after which to ask again.
        """
        with self._lock:
            now = self._clock()
            is_free = self._inside is None or now - self._inside.since >= self._patience
            if is_free and self._waiting:
                self._inside = self._waiting.popleft()
                self._inside.since = now
                self._inside.called.set()
            since = self._inside.since if self._inside is not None else now
            return max(0.001, since + self._patience - now)


GATE = Gate()
"""That of this process."""

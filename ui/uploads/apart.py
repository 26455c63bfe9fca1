"""Work on a file in a process of its own, within a time and a memory, whatever the file says of itself.

A few kilobytes can be written to unfold into any amount of memory, or to keep a reader busy for ever. A
process can be ended, holds up nobody's script meanwhile, and gives its memory back.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore, Lock, Timer
from typing import IO, Any, cast

from ui.uploads.report import UploadError

try:
    import resource
except ImportError:  # Windows has no such bounds
    resource = None

MOST_SECONDS = 10.0
"""For which one file is read, with the beginning of the process."""

MOST_WORK_BYTES = 880 * 2**20
"""That reading may take: a gigabyte with the process itself."""

MOST_ANSWER_BYTES = 384 * 2**20
"""Of an answer on its way back, when it is there twice."""

# At the same time; whoever comes later waits, and the waiting does not count.
_READERS = BoundedSemaphore(4)

# One waits for the next file: to begin takes as long as to read most files.
_RESTING: list[_Reader] = []
_LOCK = Lock()

_ROOT = Path(__file__).parents[2]
_SERVE = "from ui.uploads.apart import serve; serve({})"
# One thread, and no pool that reserves more memory than it uses.
_ENVIRONMENT = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {
    "ARROW_DEFAULT_MEMORY_POOL": "system"
}
_SLOW = (
    f"This file takes longer to read than the {MOST_SECONDS:.0f} s that are given to one; "
    "upload a part or a random sample of its rows, as CSV."
)
_LARGE = (
    "This file takes more memory to read than the 1 GB that is given to one; "
    "upload a part or a random sample of its rows, as CSV."
)
# A reader that had so much more memory than at first, in the system's unit (KiB on Linux), has not given all
# of it back.
_MOST_GROWTH = 100 * 2**10
_LENGTH = struct.Struct("<Q")


def apart(work: Callable[..., Any], data: bytes, *arguments: Any) -> Any:
    """Return `work(data, *arguments)`, done in another process, which `work` must be importable in.

    What is passed and returned is pickled; arrays travel without being copied.

    Raises:
        UploadError: it takes longer or more memory than it may.
        Exception: what `work` raises.
    """
    with _READERS:
        reader = _rested() or _Reader()
        answer, goes_on = reader.ask(work, data, *arguments)
        _let_rest(reader) if goes_on else reader.end()
    if isinstance(answer, Exception):
        raise answer
    return answer


class _Reader:
    """A process that works on one file after the other."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVE.format(MOST_WORK_BYTES)],
            env=os.environ | _ENVIRONMENT | {"PYTHONPATH": os.pathsep.join([str(_ROOT), *sys.path])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # who stops the server in a terminal speaks to the server
        )

    def ask(self, work: Callable[..., Any], data: bytes, *arguments: Any) -> tuple[Any, bool]:
        """What the work comes to, or what it raised; and whether the reader can go on."""
        jobs, answers = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)
        began = time.monotonic()
        end = Timer(MOST_SECONDS, self._process.kill)
        end.start()
        try:
            _send(jobs, pickle.dumps((work, arguments)), [data])
            head, buffers = _received(answers, MOST_ANSWER_BYTES)
        except (OSError, EOFError):  # it has been ended, or has come to its end
            return UploadError(_SLOW if time.monotonic() - began >= MOST_SECONDS else _LARGE), False
        finally:
            end.cancel()
        return pickle.loads(head, buffers=buffers)

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        self._process.kill()
        # What it did not take of a file is still to be sent, which closing tries.
        with suppress(OSError), self._process:
            pass


def _rested() -> _Reader | None:
    """The reader that rests, if there is one."""
    with _LOCK:
        reader = _RESTING.pop() if _RESTING else None
    if reader is None or reader.is_alive():
        return reader
    reader.end()
    return None


def _let_rest(reader: _Reader) -> None:
    with _LOCK:
        if not _RESTING:
            _RESTING.append(reader)
            return
    reader.end()


def serve(most_bytes: int) -> None:
    """Do the work that comes over the standard input, in so much memory.

    It ends with the input, and after a file that has made it large.
    """
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    _bound(most_bytes)
    goes_on, at_first = True, _peak()
    while goes_on:
        try:
            head, buffers = _received(sys.stdin.buffer, None)
        except EOFError:
            return
        _set_alarm(2 * int(MOST_SECONDS))
        work, arguments = pickle.loads(head)
        answer = _answer(work, arguments, buffers.pop())
        _set_alarm(0)
        goes_on = _peak() < at_first + _MOST_GROWTH
        parts: list[pickle.PickleBuffer] = []
        packed = pickle.dumps((answer, goes_on), 5, buffer_callback=parts.append)
        _send(answers, packed, [part.raw() for part in parts])


def _answer(work: Callable[..., Any], arguments: tuple[Any, ...], data: bytes) -> Any:
    try:
        return work(data, *arguments)
    except MemoryError:
        sys.exit()
    except Exception as error:  # a refusal, or a fault that is to be seen where the file was given
        return error


def _bound(most_bytes: int) -> None:
    if resource is not None:
        pages = Path("/proc/self/statm")  # where there is none, what is taken already is not known
        taken = int(pages.read_text().split()[5]) * resource.getpagesize() if pages.exists() else 0
        bound = taken + most_bytes
        resource.setrlimit(resource.RLIMIT_DATA, (bound, bound))


def _set_alarm(seconds: int) -> None:
    """For a reader whose server is gone, so that nobody else ends it."""
    if resource is not None:
        signal.alarm(seconds)


def _peak() -> int:
    """The most memory it ever had, in the system's unit; 0 where there is no telling."""
    return 0 if resource is None else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


# What goes through the pipes: the lengths of a pickle and of the buffers that it refers to, and then these.


def _send(pipe: IO[bytes], head: bytes, buffers: Sequence[bytes | memoryview]) -> None:
    parts = [head, *buffers]
    pipe.write(_LENGTH.pack(len(parts)))
    pipe.writelines(_LENGTH.pack(len(part)) for part in parts)
    for part in parts:
        pipe.write(part)
    pipe.flush()


def _received(pipe: IO[bytes], most_bytes: int | None) -> tuple[bytes, list[bytes]]:
    (n_parts,) = _LENGTH.unpack(_read(pipe, _LENGTH.size))
    lengths = [_LENGTH.unpack(_read(pipe, _LENGTH.size))[0] for _ in range(n_parts)]
    if most_bytes is not None and sum(lengths) > most_bytes:
        raise EOFError
    head, *buffers = [_read(pipe, length) for length in lengths]
    return head, buffers


def _read(pipe: IO[bytes], length: int) -> bytes:
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return content

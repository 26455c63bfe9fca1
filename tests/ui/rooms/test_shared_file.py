"""Several processes, and several threads of each, on one file."""

import asyncio
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.serving import ROOT, serving
from tests.visitor import Visitor
from ui.lessons import LESSONS
from ui.lessons.lesson import Choice
from ui.rooms import FOLDER
from ui.rooms.room import FIRST, Answer
from ui.rooms.rooms import Rooms

LESSON = next(lesson for lesson in LESSONS.values() if isinstance(lesson.prediction, Choice))
assert isinstance(LESSON.prediction, Choice)
OPTIONS = LESSON.prediction.options

WORKER = f"""
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from ui.rooms.room import FIRST
from ui.rooms.rooms import Rooms
path, code, name, first, last = sys.argv[1:]
rooms = Rooms(Path(path))
vote = lambda i: rooms.vote(code, name, FIRST, str(i), {OPTIONS!r}[i % {len(OPTIONS)}]).value
with ThreadPoolExecutor(4) as threads:
    print(*threads.map(vote, range(int(first), int(last))), sep="\\n")
rooms.close()
"""


def test_processes_and_threads_lose_and_double_nothing(tmp_path: Path) -> None:
    """Three processes vote for overlapping people: each counts once, whoever was first."""
    rooms = Rooms(tmp_path / "rooms.sqlite")
    key = rooms.open(LESSON.name, "teacher", "")
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(tmp_path / "rooms.sqlite"), key.code, LESSON.name, *ends],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for ends in (("0", "50"), ("20", "70"), ("40", "90"))
    ]
    answers = Counter("".join(process.communicate()[0] for process in begun).split("\n")) - Counter([""])
    assert answers == {Answer.COUNTED.value: 90, Answer.ALREADY.value: 60}
    ledger = rooms.look(key)
    assert ledger is not None
    assert ledger.votes[FIRST] == Counter(OPTIONS[i % len(OPTIONS)] for i in range(90))
    assert ledger.ignored == 60
    rooms.close()


def test_the_first_ones_may_all_come_at_once(tmp_path: Path) -> None:
    """As the workers of a server that has just started, none of which finds a file."""
    several = [Rooms(tmp_path / "rooms.sqlite") for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        keys = list(threads.map(lambda rooms: rooms.open(LESSON.name, str(id(rooms)), ""), several))
    assert all(rooms.look(key) is not None for key in keys for rooms in several)
    for rooms in several:
        rooms.close()


def test_a_locked_file_is_said_in_a_second_and_goes_on_afterwards(tmp_path: Path) -> None:
    rooms = Rooms(tmp_path / "rooms.sqlite")
    key = rooms.open(LESSON.name, "teacher", "")
    other = sqlite3.connect(tmp_path / "rooms.sqlite", isolation_level=None)
    other.execute("begin immediate")
    began = time.monotonic()
    assert rooms.vote(key.code, LESSON.name, FIRST, "a", OPTIONS[0]) is Answer.BUSY
    assert time.monotonic() - began < 5
    ledger = rooms.look(key)
    assert ledger is not None, "looking waits for nobody"
    other.rollback()
    other.close()
    assert rooms.vote(key.code, LESSON.name, FIRST, "a", OPTIONS[0]) is Answer.COUNTED
    rooms.close()


ALONE = """
from ui.rooms.folder import rooms
rooms().forget_old()
assert rooms()._store._path is None
rooms().open("names", "teacher", "")
print(rooms()._store._path.parent)
"""


def test_a_server_alone_removes_its_folder_when_it_ends(tmp_path: Path) -> None:
    environment = {"TMPDIR": str(tmp_path), FOLDER: ""}
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-c", ALONE],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(answer.stdout.strip()).parent == tmp_path
    assert answer.stderr == "", "not even a warning about what was left"
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_stopped_removes_it_as_well(tmp_path: Path) -> None:
    async def visit(url: str) -> None:
        async with Visitor(url, page="lessons") as person:
            await person.open(f"lesson={LESSON.name}")
            await person.rest()
            assert list(tmp_path.glob("gmm-lab-*")) == [], "a lesson needs no room"
            keys = [{"code": "a" * 10, "secret": "b"}]
            await person.tell_lesson([{"type": "keys", "keys": keys, "number": 1}])
            assert list(tmp_path.glob("gmm-lab-*")) != []

    with serving(environment={"TMPDIR": str(tmp_path), FOLDER: ""}) as server:
        asyncio.run(visit(server.url))
    assert list(tmp_path.glob("gmm-lab-*")) == []

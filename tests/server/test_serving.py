"""Several processes behind one address: a person stays with one, and the others take over when it ends."""

import asyncio
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.__main__ import free_port
from server.haproxy import COOKIE, MISSING, configuration, find_haproxy
from server.headers import FOR_GOOD, HEADERS
from tests.serving import ROOT, wait_until_healthy
from tests.visitor import Visitor
from ui.rooms import FOLDER
from ui.stage.component import SERVED

needs_haproxy = pytest.mark.skipif(find_haproxy() is None, reason="no HAProxy: apt install haproxy")


class Hall:
    """`make serve` with two workers."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "server", "--workers", "2", "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.said: list[str] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.said.append(line)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Ends it by that signal; the answer is its exit code."""
        self.process.send_signal(number)
        code = self.process.wait(30)
        self._listener.join(10)
        return code

    def workers(self) -> list[tuple[int, int]]:
        """(port, process) of every worker that was started, the first one first."""
        found = re.findall(r"worker at port (\d+): process (\d+)", "".join(self.said))
        return [(int(port), int(process)) for port, process in found]


@pytest.fixture(scope="module")
def hall() -> Iterator[Hall]:
    running = Hall()
    try:
        wait_until_healthy(running.url, running.process, 60)
        waiting(lambda: len({worker_of(arrival(running.url)) for _ in range(4)}) == 2)
        yield running
    finally:
        running.end()


def waiting(until: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if until():
            return
        time.sleep(0.2)
    raise AssertionError("it never came to be")


def arrival(url: str, cookie: str = "") -> str:
    """The cookie that somebody who opens the page has then."""
    request = urllib.request.Request(url, headers={"Cookie": cookie} if cookie else {})
    with urllib.request.urlopen(request, timeout=30) as answer:
        given = [part.split(";")[0] for part in answer.headers.get_all("set-cookie") or []]
        return next((part for part in given if part.startswith(COOKIE)), cookie)


def worker_of(cookie: str) -> str:
    return cookie.partition("=")[2]


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def environment_of(process: int) -> dict[str, str]:
    fields = Path(f"/proc/{process}/environ").read_text().split("\0")
    return dict(field.split("=", 1) for field in fields if "=" in field)


def opened(url: str, cookie: str) -> str:
    """The session of somebody who opens the lab with that cookie, and changes something."""

    async def run() -> str:
        async with Visitor(url, cookie=cookie) as person:
            await person.open()
            await person.rest()
            await person.press("New start")
            return person.session_id

    return asyncio.run(run())


@needs_haproxy
def test_people_are_shared_out_and_each_stays_with_one(hall: Hall) -> None:
    cookies = [arrival(hall.url) for _ in range(4)]
    assert {worker_of(cookie) for cookie in cookies} == {"w1", "w2"}
    for cookie in cookies[:2]:
        assert [arrival(hall.url, cookie) for _ in range(4)] == [cookie] * 4
        assert opened(hall.url, cookie)


@needs_haproxy
def test_a_person_finds_the_process_that_holds_their_session(hall: Hall) -> None:
    cookie = arrival(hall.url)

    async def run() -> tuple[str, str]:
        async with Visitor(hall.url, cookie=cookie) as person:
            await person.open()
            first = person.session_id
        async with Visitor(hall.url, cookie=cookie, session_id=first) as again:
            await again.open()
            return first, again.session_id

    first, again = asyncio.run(run())
    assert first == again


@needs_haproxy
def test_the_other_takes_over_when_one_is_ended_and_it_comes_back(hall: Hall) -> None:
    cookie = arrival(hall.url)
    place = int(worker_of(cookie)[1:]) - 1
    started = len(hall.workers())
    os.kill(hall.workers()[place][1], signal.SIGKILL)
    assert opened(hall.url, arrival(hall.url))
    waiting(lambda: len(hall.workers()) == started + 1)
    waiting(lambda: {worker_of(arrival(hall.url)) for _ in range(4)} == {"w1", "w2"})


@needs_haproxy
def test_every_answer_has_the_headers_and_measurements_stay_here(hall: Hall) -> None:
    with urllib.request.urlopen(hall.url) as answer:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert answer.headers.get("Cache-Control") != FOR_GOOD
    with urllib.request.urlopen(f"{hall.url}/component/{SERVED[0].name}/stage.css") as answer:
        assert answer.headers["Cache-Control"] == FOR_GOOD, "its address holds its version"
    with urllib.request.urlopen(f"{hall.url}/_stcore/metrics") as answer:
        assert answer.status == 200
    port = hall.workers()[-1][0]
    for path in ("metrics", "agent/openapi.json", "script-health-check"):
        # As HAProxy passes on what somebody elsewhere asks.
        elsewhere = urllib.request.Request(
            f"http://127.0.0.1:{port}/_stcore/{path}", headers={"X-Forwarded-For": "203.0.113.9"}
        )
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(elsewhere)


@needs_haproxy
@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_whole(signal_number: int) -> None:
    running = Hall()
    wait_until_healthy(running.url, running.process, 60)
    folders = {environment_of(process)[FOLDER] for _, process in running.workers()}
    (folder,) = map(Path, folders)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700, "what a class says is nobody else's to read"
    assert running.end(signal_number) == 0
    assert not folder.exists()
    assert len(running.workers()) == 2
    assert not any(is_alive(process) for _, process in running.workers())
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", running.port))


def test_without_haproxy_it_says_what_to_do() -> None:
    environment = {**os.environ, "PATH": "/nowhere"}
    code = "import shutil; shutil.which = lambda *_, **__: None; import server.__main__ as main; main.main()"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (answer.returncode, answer.stderr.strip()) == (1, MISSING)


def test_what_haproxy_is_told() -> None:
    told = configuration(8501, [9001, 9002])
    assert "server w1 127.0.0.1:9001 cookie w1" in told
    assert "server w2 127.0.0.1:9002 cookie w2" in told
    assert "bind *:8501" in told
    assert "/_stcore/health" in told

"""Uploads stay in memory, within a bound for each session, and go with it."""

import asyncio
import http.client
import os
import re
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.serving import Server, serving
from tests.visitor import Visitor

MOST = 40
"""MB that the server below takes."""

BOUNDARY = "a-line-that-is-in-no-file"


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server would put temporary files."""
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def server(places: Path) -> Iterator[Server]:
    options = {"maxUploadSize": str(MOST), "disconnectedSessionTTL": "1", "enableXsrfProtection": "false"}
    arguments = [part for name, value in options.items() for part in (f"--server.{name}", value)]
    with serving(*arguments, environment={"TMPDIR": str(places)}) as running:
        yield running


def form(size: int) -> bytes:
    """A browser's form with a file of so many bytes."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    return head.encode() + b"1,2\n" * (size // 4) + f"\r\n--{BOUNDARY}--\r\n".encode()


class Upload:
    """A file on its way to a session, under a made-up name."""

    def __init__(self, server: Server, session_id: str, name: str, length: int | None) -> None:
        self._line = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
        self._line.putrequest("PUT", f"/_stcore/upload_file/{session_id}/{name}")
        self._line.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        if length is not None:
            self._line.putheader("Content-Length", str(length))
        self._line.endheaders()

    def send(self, content: bytes) -> None:
        self._line.send(content)

    def answer(self) -> int:
        response = self._line.getresponse()
        response.read()
        self._line.close()
        return response.status


def upload(server: Server, session_id: str, name: str, size: int) -> int:
    content = form(size)
    going = Upload(server, session_id, name, len(content))
    going.send(content)
    return going.answer()


def held(server: Server) -> int:
    """Bytes of uploads, as Streamlit itself counts them."""
    with urllib.request.urlopen(f"{server.url}/_stcore/metrics") as answer:
        counts = re.findall(r'UploadedFileManager".*\} (\d+)', answer.read().decode())
    return sum(map(int, counts))


def test_a_session_holds_no_more_than_one_largest_file_and_leaves_nothing(server: Server) -> None:
    async def run() -> list[float]:
        async with Visitor(server.url) as person:
            await person.open()
            await person.rest()
            upload(server, person.session_id, "before", 1000)
            memory = [server.memory()]
            for i in range(8):
                status = await asyncio.to_thread(
                    upload, server, person.session_id, f"made-up-{i}", 30 * 2**20
                )
                assert status == 204
            memory.append(server.memory())
            assert 0 < held(server) <= MOST * 2**20
        return memory

    before, after = asyncio.run(run())
    # One file of 30 MB is held; the copies made while reading may not have gone back to the system yet.
    assert after - before < 130
    for _ in range(30):
        time.sleep(0.5)
        if held(server) == 0:
            return
    raise AssertionError(f"{held(server):,} bytes stay when the session is over")


def test_two_large_files_at_once_are_one_too_many(server: Server) -> None:
    async def run() -> None:
        async with Visitor(server.url) as person:
            await person.open()
            content = form(30 * 2**20)
            slow = Upload(server, person.session_id, "slow", len(content))
            slow.send(content[: 2**20])
            await asyncio.sleep(0.3)
            second = Upload(server, person.session_id, "second", len(content))
            assert await asyncio.to_thread(second.answer) == 413
            slow.send(content[2**20 :])
            assert await asyncio.to_thread(slow.answer) == 204
            nameless = Upload(server, person.session_id, "nameless", None)
            assert await asyncio.to_thread(nameless.answer) == 411

    asyncio.run(run())


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells what a process has open")
def test_an_upload_never_touches_a_disk(server: Server, places: Path) -> None:
    def on_disk() -> list[str]:
        folder = Path(f"/proc/{server.process.pid}/fd")
        links = [os.readlink(entry) for entry in folder.iterdir() if entry.is_symlink()]
        return [link for link in links if link.startswith(str(places))]

    async def run() -> None:
        async with Visitor(server.url) as person:
            await person.open()
            content = form(20 * 2**20)
            going = Upload(server, person.session_id, "large", len(content))
            for place in range(0, len(content), 2**22):
                going.send(content[place : place + 2**22])
                await asyncio.sleep(0.1)
                assert on_disk() == []
            assert await asyncio.to_thread(going.answer) == 204
        assert list(places.iterdir()) == []

    asyncio.run(run())

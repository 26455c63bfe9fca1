"""`make serve`: several processes of GMM Lab behind one address, until Ctrl-C."""

import argparse
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from server.haproxy import MISSING, configuration, find_haproxy
from ui.rooms import FOLDER

ROOT = Path(__file__).parents[1]
PATIENCE = 10.0
"""Seconds that a process has to end by itself."""


class Stopped(Exception):
    """Somebody wants the server to end."""


def free_port() -> int:
    """One that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start_worker(port: int) -> "subprocess.Popen[bytes]":
    """GMM Lab at that port, for this machine alone."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    worker = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )
    print(f"worker at port {port}: process {worker.pid}", flush=True)
    return worker


def serve(haproxy: str, port: int, n_workers: int, address: str) -> int:
    """Serves until it is stopped or HAProxy ends; a worker that ends is replaced. Returns the exit code."""
    # A cookie that one worker signed is good for the others.
    os.environ.setdefault("STREAMLIT_SERVER_COOKIE_SECRET", secrets.token_hex(32))
    processes: dict[int, subprocess.Popen[bytes]] = {}
    with TemporaryDirectory() as folder:
        ports = [free_port() for _ in range(n_workers)]
        # What one worker's class has said, the teacher sees at another's.
        os.environ[FOLDER] = folder
        settings = Path(folder) / "haproxy.cfg"
        settings.write_text(configuration(port, ports, address))
        try:
            processes |= {at: start_worker(at) for at in ports}
            front = subprocess.Popen([haproxy, "-db", "-f", str(settings)], start_new_session=True)
            processes[port] = front
            print(f"GMM Lab for many: http://localhost:{port} (Ctrl-C ends it)", flush=True)
            while front.poll() is None:
                time.sleep(0.5)
                for at in ports:
                    if processes[at].poll() is not None:
                        processes[at] = start_worker(at)
            return front.returncode
        except Stopped:
            return 0
        finally:
            end(list(processes.values()))


def end(processes: "list[subprocess.Popen[bytes]]") -> None:
    """Asks all to end, and ends those that do not."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def stop(_: int, __: FrameType | None) -> None:
    """Ends the serving once; a second signal must not break the ending off."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Stopped


def main() -> None:
    """What `make serve` asks for."""
    parser = argparse.ArgumentParser(prog="python -m server", description=__doc__)
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="processes; one for each core"
    )
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--address", default="*", help="to listen at; 127.0.0.1 for this machine alone")
    asked = parser.parse_args()
    if asked.workers < 1:
        parser.error("there has to be at least one worker")
    haproxy = find_haproxy()
    if haproxy is None:
        sys.exit(MISSING)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    sys.exit(serve(haproxy, asked.port, asked.workers, asked.address))


if __name__ == "__main__":
    main()

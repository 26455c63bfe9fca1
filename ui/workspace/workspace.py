"""What one person has in one place: everything that outlives a rerun."""

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from hashlib import sha256
from secrets import token_hex
from threading import RLock
from typing import TYPE_CHECKING, Any

from ui.experiment import Experiment, View
from ui.uploads import Table

if TYPE_CHECKING:
    from gmm_core.algorithms import MixtureRun
    from ui.analysis.choosing.scoring import Scored
    from ui.data import Data
    from ui.data.new_rows import NewRows
    from ui.workspace.fit_result import FitResult


@dataclass(frozen=True, eq=False)
class File:
    """An uploaded file, as it came and as it was read."""

    name: str
    content: bytes
    table: Table

    @cached_property
    def fingerprint(self) -> str:
        """Of its bytes and the way they were read."""
        return sha256(self.content + json.dumps(asdict(self.table.reading)).encode()).hexdigest()


@dataclass
class OnStage:
    """What one stage of a workspace was last sent, and what it has said of itself."""

    result: "FitResult | None" = None
    """What the last rerun computed for it."""
    under_way: "tuple[Any, MixtureRun] | None" = None
    """A run that has not been shown yet, as far as it has come, behind what it is made of."""
    message: tuple[Any, bytes] | None = None
    """The last message, behind what it was made from."""
    seen: View | None = None
    """The view, as the stage last said; None if it has not said since the page was entered."""


@dataclass
class SecondFile:
    """Rows that a model is asked about, and what it has said of them."""

    file: File | None = None
    error: str = ""
    """Why the file that was brought last cannot be scored; the one before it stays."""
    n_cleared: int = 0
    """How often it was put away: a new uploader each time."""
    points: "tuple[Any, NewRows] | None" = None
    """Its rows as points, behind what they were made from."""
    scores: "tuple[Any, Scored] | None" = None
    """What was said of them last, behind what that depends on."""


@dataclass
class Workspace:
    """Everything that outlives a rerun."""

    experiment: Experiment
    opening: View = field(default_factory=View)
    """What a stage opens on. From then on the view is the stage's own, see `OnStage.seen`."""
    complaints: list[str] = field(default_factory=list)
    """Sentences about what had to be ignored or cannot be done."""
    news: list[str] = field(default_factory=list)
    """Sentences about what happened since, until the next change."""
    token: str = field(default_factory=lambda: token_hex(4))
    """Of this workspace alone."""
    file: File | None = None
    """The uploaded file, as read."""
    history: list[tuple[Experiment, File | None]] = field(default_factory=list)
    """Earlier experiments and the files they were made with, for undoing."""
    restart_count: int = 0
    """How often people asked to begin again, with or without a change; else the stage keeps its place."""
    resumed: int = -1
    """The `restart_count` at which the stage goes back to where it had left this run."""
    stages: dict[str, OnStage] = field(default_factory=dict)
    """By the kind of stage."""
    listening: bool = False
    """Whether the stage shall say how it shows the run: where something that is open depends on it."""
    acknowledged: int = 0
    """The number of the last event of a stage that was taken in."""
    uploaded: str = ""
    """The name of the file that was last put into the uploader."""
    upload_error: str = ""
    unread: tuple[str, bytes] | None = None
    """Name and content of a file that could not be read as a table: another way may be named."""
    opens_on: str = ""
    """The page that an opened file belongs on, until people have been taken there."""
    second: SecondFile = field(default_factory=SecondFile)
    """New rows to be scored."""
    data: "tuple[Any, Data] | None" = None
    """The points, behind what they were made from."""
    watched: OrderedDict[Any, Any] = field(default_factory=OrderedDict[Any, Any])
    """By name and key, what `ui.workspace.jobs` computes for this workspace, the newest last."""
    lock: Any = field(default_factory=RLock)
    """A newer rerun may begin in a thread of its own before the older one has been broken off."""

    def say(self, complaints: Sequence[str] = (), news: Sequence[str] = ()) -> None:
        """What to say from now on; what was said before is over."""
        self.complaints, self.news, self.upload_error = list(complaints), list(news), ""

    def stage(self, kind: str) -> OnStage:
        """What is known of the stage of that kind."""
        return self.stages.setdefault(kind, OnStage())

    def view(self, kind: str) -> View:
        """How the stage of that kind shows the run, as far as it is known here."""
        return self.stage(kind).seen or self.opening

"""What to say to a page whose server has forgotten it: what was kept, and what must be brought again."""

from ui.experiment import UPLOADED, Experiment


def kept() -> list[str]:
    """Of a page that goes on from its address."""
    return [
        "The line to the server was lost and is back: the picture and every setting are as they were; "
        "only what came before can no longer be undone."
    ]


def lost(experiment: Experiment, file: str) -> list[str]:
    """A sentence that asks for the uploaded file, if there was one; `file` is what the page called it."""
    if experiment.data != UPLOADED:
        return [f"The server no longer has “{file}”: drop it here again when you need it."] if file else []
    name = experiment.file or file
    called = f"“{name}”" if name else "your file"
    return [f"The server no longer has {called}: drop it here again, and the picture is as it was."]

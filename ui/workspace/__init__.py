"""What one person has on the table, and everything that outlives a rerun; no Streamlit."""

from ui.workspace.workspace import (
    COMPARISON,
    LAB,
    File,
    Shown,
    Workspace,
    change,
    keep,
    points_of,
    scene_of,
    show,
    stop_here,
)

__all__ = [
    "COMPARISON",
    "LAB",
    "File",
    "Shown",
    "Workspace",
    "change",
    "keep",
    "points_of",
    "scene_of",
    "show",
    "stop_here",
]

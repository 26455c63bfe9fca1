"""What one person has in one place, and everything that outlives a rerun; no Streamlit."""

from ui.workspace.fit_result import COMPARISON, LAB, FitResult, points_of, result_of
from ui.workspace.workspace import File, Workspace

__all__ = ["COMPARISON", "LAB", "File", "FitResult", "Workspace", "points_of", "result_of"]

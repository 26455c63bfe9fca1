"""Rooms that collect a class's predictions for one lesson; no Streamlit.

A room has a public code, which is in its students' link, and a teacher's secret. All processes of one server
share one file, which is gone with it.
"""

FOLDER = "GMM_LAB_ROOMS"
"""In the environment: the folder for that file, where several processes are one server."""

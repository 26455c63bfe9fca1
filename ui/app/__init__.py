"""The only rooms that import Streamlit: widgets in, events in, messages out."""

"""The stage on which EM is watched: one binary message from Python, and a browser that steps by itself."""

"""The M-steps of the families whose search is over one number, or two, where D = 2: exact, and quick."""

"""From an experiment and its points to runs, and what is to be said of them."""

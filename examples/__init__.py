"""What gmm_core can do outside the app; each is run as `python -m examples.<name>`."""

"""Speed and memory; never run by pytest."""

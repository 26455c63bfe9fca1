"""Where the components stand before anything has been learned: the registry of starts."""

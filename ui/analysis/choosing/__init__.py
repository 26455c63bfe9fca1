"""How many components, of which family, from which start: what can be said for each choice of a model."""

"""What is worth keeping of a fit, as JSON text and back."""

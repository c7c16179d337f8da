"""Makers of the golden fixtures: each module writes one kind of file from real Keras."""

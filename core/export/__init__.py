"""Exports of a run: a script in plain Keras, a `.keras` file, a CSV table."""

"""The engine: the state of a run, its random draws, and the compiled loop."""

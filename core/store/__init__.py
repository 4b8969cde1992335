"""Persistent data in one SQLite index: checkpoints, kept runs, the class board."""

"""What stays on disk: checkpoints, kept runs, the class board, in one index."""

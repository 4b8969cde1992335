"""Runs on a page: the panel, series of runs, what is kept, exported and brought along."""

"""Runs on a page: the panel, presets, series of runs, what is kept, shared, exported and brought
along.
"""

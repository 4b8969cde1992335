"""Queries to a model: views, computed after every chunk, and answers, computed on request."""

"""Checks when a server starts: Python, port, hosts, settings."""

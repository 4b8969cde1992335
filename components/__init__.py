"""Reusable parts of pages. Each module has one verb, `show` or `make`; none imports a page."""

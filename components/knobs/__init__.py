"""Knobs: a declared hyper-parameter becomes a widget and a part of the address, and back."""

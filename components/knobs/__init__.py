"""Knobs: a declared hyper-parameter becomes a widget and a part of the address, and back; a
lesson hides or locks it.
"""

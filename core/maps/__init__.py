"""Maps of what a model knows, as a family of the job layer: their knobs, their points, their
slices.
"""

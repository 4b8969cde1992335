"""The pure room: models, data and jobs, without a word of the screen.

The shape alphabet used in every docstring and at line ends:
B batch, T characters, D input features, Z latent_dim, C char_embedding_dim, V vocab_size,
W width of a word vector, K classes, N points.
"""

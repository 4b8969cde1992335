"""t-SNE maps of the codes of a model, as a family of the job layer."""

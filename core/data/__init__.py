"""Sources of data sets: uploads, files, photographs, synthetic data; see `core.datasets`."""

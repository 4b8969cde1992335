"""Where data sets come from: uploads, files, photographs, toys. Their face is `core.datasets`."""

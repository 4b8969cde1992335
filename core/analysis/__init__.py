"""Statistics of data, codes and recorded losses in numpy and scikit-learn; trains no network."""

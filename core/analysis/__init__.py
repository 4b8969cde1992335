"""Numbers about data and codes, by numpy and scikit-learn alone; no network is trained here."""

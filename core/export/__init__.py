"""A run to take home: a script, a `.keras` file, a table."""

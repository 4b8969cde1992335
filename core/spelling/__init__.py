"""The speller: a correction model, its candidates and their costs."""

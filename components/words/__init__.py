"""Words on the screen: languages, stories, errors, and text from outside, escaped."""

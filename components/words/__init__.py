"""Words on the screen: languages, stories, lessons, the course."""

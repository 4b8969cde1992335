"""What the stages of the pages show, a folder a page."""

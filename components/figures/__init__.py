"""Pictures: plots, sheets of images, HTML, styles; and the one way by which they reach a page."""

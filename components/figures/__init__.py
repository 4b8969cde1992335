"""Pictures: plots, sheets of images, HTML; and the one way by which they reach a page."""

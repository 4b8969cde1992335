"""What the stage of each page shows; one folder for each page."""

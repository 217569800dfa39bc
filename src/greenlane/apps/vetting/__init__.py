"""The app of the program's stage: vetting checks and their results."""

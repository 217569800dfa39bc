"""The app of the program's stage: files given as evidence and letters given out."""

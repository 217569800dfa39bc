"""The app of the program's stage: dated risk assessments."""

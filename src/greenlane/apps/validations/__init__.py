"""The app of the program's stage: the plan of validations, and each validation case."""

"""The app of the program's stage: which edition of the criteria an account answers."""

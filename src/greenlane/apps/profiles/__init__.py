"""The app of the program's stage: company and security profiles."""

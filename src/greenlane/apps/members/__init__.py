"""The app of the program's stage: applications, accounts and their standing."""

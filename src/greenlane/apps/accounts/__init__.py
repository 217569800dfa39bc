"""The app of the program's stage: people, organizations, roles and sign-in."""

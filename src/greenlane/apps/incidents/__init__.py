"""The app of what goes wrong: incidents that a member reports, and what the office finds out."""

"""The app of the program's stage: the decision that follows vetting, and its letter."""

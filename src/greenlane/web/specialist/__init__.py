"""The pages of the program's office."""

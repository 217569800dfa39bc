"""Keeps the Spanish of the pages complete: finds marked strings, refreshes and checks the file."""

"""Pytest plugins that must act before the first test file is read."""

"""Greenlane: an open-source trusted-trader platform, for a program's office and for its members."""

__version__ = "0.1.0"

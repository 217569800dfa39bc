"""Greenlane: an open-source trusted-trader platform, for a program's office and for its members."""

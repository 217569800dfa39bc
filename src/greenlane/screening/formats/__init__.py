"""Readers of government watch lists: one module per format family, each a stream of `ListedParty`.

Nothing here stores a list, compares two of them or matches a name.
"""

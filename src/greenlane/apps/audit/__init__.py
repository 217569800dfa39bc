"""The record: append-only events in chains, what proves them, and the tables that follow from them.

What an event means is told by the app whose kind it is; the hashing itself stands in
``core.ledger``.
"""

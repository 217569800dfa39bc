"""Evaluates a pack's rules over many cases at once; no Django here."""

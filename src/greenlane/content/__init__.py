"""Reads program packs from files, checks them, hands core objects out; knows no framework."""

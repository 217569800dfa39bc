"""Reads program packs from their files, checks them and hands core objects out; knows no framework."""

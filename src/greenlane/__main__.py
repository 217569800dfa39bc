"""Lets ``python -m greenlane`` be the command line."""

from __future__ import annotations

from greenlane.cli.main import main

main()

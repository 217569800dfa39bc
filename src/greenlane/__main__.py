"""Lets ``python -m greenlane`` do what the ``greenlane`` command does."""

from __future__ import annotations

from greenlane.cli.main import main

if __name__ == "__main__":
    main()

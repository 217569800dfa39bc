"""Lists the apps of the program, low to high: the order of their tables and projections."""

from __future__ import annotations

from typing import Final

_NAMES: Final = (
    "audit",
    "accounts",
    "documents",
    "criteria",
    "members",
    "parties",
    "migration",
    "risk",
    "profiles",
    "vetting",
    "certification",
    "validations",
    "incidents",
    "suspensions",
    "reports",
)
OWN_APPS: Final = tuple(f"greenlane.apps.{name}" for name in _NAMES)

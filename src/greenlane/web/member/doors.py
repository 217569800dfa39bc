"""Who may pass at the member door: address name to roles. What stands not here is closed."""

from __future__ import annotations

from greenlane.core.access import Access

DOORS: dict[str, Access] = {}

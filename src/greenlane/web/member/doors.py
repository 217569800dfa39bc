"""Who may pass at the member door: address name to roles. What stands not here is closed."""

from __future__ import annotations

from greenlane.core.access import Access

# The views of this door are written; their templates are not, so no address leads here yet.
DOORS: dict[str, Access] = {}

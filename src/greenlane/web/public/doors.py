"""Who may pass at the public door: address name to roles. What stands not here is closed."""

from __future__ import annotations

from greenlane.core.access import PUBLIC, Access

DOORS: dict[str, Access] = {
    # The style sheet page answers in a demonstration or under DEBUG only.
    "ui_kit": PUBLIC,
    "ui_kit_confirm": PUBLIC,
    "ui_kit_paper": PUBLIC,
    "ui_kit_error": PUBLIC,
    "ui_kit_autosave": PUBLIC,
}

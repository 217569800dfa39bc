"""Who may pass at the public door: address name to roles. What stands not here is closed."""

from __future__ import annotations

from greenlane.core.access import PUBLIC, SIGNED_IN, Access

DOORS: dict[str, Access] = {
    "public:home": PUBLIC,
    "public:go": SIGNED_IN,
    "public:criteria": PUBLIC,
    "public:criterion": PUBLIC,
    "public:check": PUBLIC,
    "public:letter": PUBLIC,
    "public:rules": PUBLIC,
    "public:rule": PUBLIC,
    "public:verify": PUBLIC,
    # The tour answers in a demonstration only.
    "public:tour": PUBLIC,
    # The style sheet page answers in a demonstration or under DEBUG only.
    "ui_kit": PUBLIC,
    "ui_kit_confirm": PUBLIC,
    "ui_kit_paper": PUBLIC,
    "ui_kit_error": PUBLIC,
    "ui_kit_autosave": PUBLIC,
}

"""What a page may load: nothing inline, nothing from elsewhere."""

from __future__ import annotations

from typing import Any

FROM_HERE = ("script-src", "style-src", "font-src", "connect-src", "manifest-src", "form-action")
FROM_NOWHERE = ("default-src", "base-uri", "frame-ancestors", "object-src")


def policy() -> dict[str, Any]:
    """Return the content security policy in django-csp's shape.

    A page that needs more is a page to write differently; only pictures may also be part of the
    page itself (``data:``), which the icons of the design system's style sheet are.
    """
    directives = {name: ["'self'"] for name in FROM_HERE}
    directives |= {name: ["'none'"] for name in FROM_NOWHERE}
    directives["img-src"] = ["'self'", "data:"]
    return {"DIRECTIVES": directives}

"""How templates are found and read; what they show is the doors' matter."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def templates(folder: Path, *, is_cached: bool) -> list[dict[str, Any]]:
    """Return Django's template settings for `folder` and the apps' own templates.

    Args:
        folder: Where the doors' templates lie.
        is_cached: Keep what was read; False shows a change at the next request.
    """
    loaders: list[Any] = [
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    if is_cached:
        loaders = [("django.template.loaders.cached.Loader", loaders)]
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [folder],
            "OPTIONS": {
                "builtins": ["template_partials.templatetags.partials", "greenlane.web.ui.tags"],
                "libraries": {"ui": "greenlane.web.ui.tags"},
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                    "greenlane.web.ui.context.page",
                    "greenlane.web.people.context.own_header",
                ],
                # Named here, since the partials would otherwise wrap whatever they find.
                "loaders": [("template_partials.loader.Loader", loaders)],
            },
        }
    ]

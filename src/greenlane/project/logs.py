"""Writes one JSON object per log line, for operators; what members did is the record's matter."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any


class LineFormatter(logging.Formatter):
    """Formats a log record as one line of JSON: at, level, logger, message, and error if any.

    Only these fields are taken. Anything attached to a record (the request, the user) could hold
    personal data, so nothing else is looked at.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without a line break in it."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def logging_settings(level: str) -> dict[str, Any]:
    """Return Django's logging settings: every message of at least `level` as a line on stderr."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": LineFormatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        # Django's own handler would print errors a second time, in another shape.
        "loggers": {"django": {"handlers": [], "propagate": True}},
    }

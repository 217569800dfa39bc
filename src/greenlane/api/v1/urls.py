"""Puts the resources together; importing a resource adds its addresses to the one API."""

from __future__ import annotations

from greenlane.api.v1 import (
    accounts,
    application,
    incidents,
    office,
    plan,
    program,
    records,
    trust,
    validations,
    vetting,
    yearly,
)
from greenlane.api.v1.base import api

__all__ = [
    "accounts",
    "api",
    "application",
    "incidents",
    "office",
    "plan",
    "program",
    "records",
    "trust",
    "validations",
    "vetting",
    "yearly",
]

urlpatterns, _, _ = api.urls

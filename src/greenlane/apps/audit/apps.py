"""Names the app for Django and keeps its triggers in place."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The record: events, chains, receipts."""

    name = "greenlane.apps.audit"
    label = "audit"
    verbose_name = "The record"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the triggers put back and checked after every migrate."""
        from django.db.models.signals import post_migrate

        from greenlane.apps.audit.triggers import after_migrate

        # The one signal of the house, and no domain work: SQLite drops a table's triggers whenever
        # a migration rebuilds the table, without a word, and no migration can run "after all of
        # them". Django offers no other hook for "after every migrate".
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="audit.triggers")

"""Which roles an outsider may hold is the pack's to say, so no table names them any more."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Drops the check that named two roles of one program."""

    dependencies = (("accounts", "0003_shared_notes"),)
    operations = (
        migrations.RemoveConstraint(
            model_name="grant", name="accounts_grant_outsider_binds_nobody"
        ),
    )

"""What the company was told when the office disclosed that it had found an incident."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:
    """Take over what was told of incidents that the company had not reported itself."""
    incident = apps.get_model("incidents", "Incident")
    incident.objects.filter(reported_at=None).update(told_words=models.F("words"), words="")


class Migration(migrations.Migration):
    """Adds one column to incidents."""

    dependencies = [("incidents", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="told_words",
            field=models.TextField(default=""),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

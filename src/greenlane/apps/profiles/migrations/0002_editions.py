"""Editions are held by each account, and an answer knows on which day it was last looked at."""

from __future__ import annotations

import json
from typing import Any

from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:
    """Take the new columns from the events: whoever verifies the record finds the same there."""
    event, answer = apps.get_model("audit", "Event"), apps.get_model("profiles", "Answer")
    held = apps.get_model("profiles", "HeldEdition")
    for row in answer.objects.all().iterator():
        there = event.objects.get(stream=row.stream, seq=row.reaffirmed_seq)
        answer.objects.filter(pk=row.pk).update(reaffirmed_on=there.on)
    streams = answer.objects.order_by().values_list("stream", flat=True).distinct()
    for stream in streams:
        first = event.objects.filter(stream=stream, act="answer.saved").order_by("seq").first()
        body = json.loads(bytes(first.body))
        held.objects.create(
            stream=stream,
            edition=body["payload"]["edition"],
            since_seq=first.seq,
            since_on=first.on,
            set_by=body["actor"],
        )


class Migration(migrations.Migration):
    """Adds the table of held editions and two columns of answers."""

    dependencies = [
        ("profiles", "0001_initial"),
        ("audit", "0002_answered_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="HeldEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stream", models.CharField(max_length=32)),
                ("edition", models.CharField(max_length=32)),
                ("since_seq", models.PositiveIntegerField()),
                ("since_on", models.DateField()),
                ("set_by", models.CharField(max_length=64)),
                ("previous", models.CharField(default="", max_length=32)),
                ("undo_until", models.DateField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("stream",), name="profiles_edition_of_account")],
            },
        ),
        migrations.AddField(
            model_name="answer",
            name="asked_again_seq",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="answer",
            name="reaffirmed_on",
            field=models.DateField(null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="answer",
            name="reaffirmed_on",
            field=models.DateField(),
        ),
    ]

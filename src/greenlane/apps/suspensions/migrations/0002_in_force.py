"""A suspension knows the steps that decided and ended it, and ends with the step that ends it."""

from __future__ import annotations

import json
from typing import Any

from django.db import migrations, models

_ENDS = (
    ("reinstated", "LIFTED"),
    ("partly_restored", "LIFTED"),
    ("removed", "REMOVED"),
    ("closed_for_no_answer", "CLOSED"),
)
_RESTORING = frozenset({"partly_restored", "opened", "reapplied"})


def fill(apps: Any, schema_editor: Any) -> None:
    """Take the new columns from the events: whoever verifies the record finds the same there."""
    event, case = apps.get_model("audit", "Event"), apps.get_model("suspensions", "Suspension")
    in_force = apps.get_model("suspensions", "InForce")
    for stream in case.objects.order_by().values_list("stream", flat=True).distinct():
        held: dict[str, list[int]] | None = None
        for row in event.objects.filter(stream=stream).order_by("seq"):
            body = json.loads(bytes(row.body))
            payload, act, seq = body["payload"], body["act"], row.seq
            own = case.objects.filter(stream=stream, seq=payload.get("case", 0))
            ended = 0
            if act == "suspension.decided":
                own.update(decision_seq=seq + 1)
                if payload["degree"] != "REMOVAL":
                    held = held or {"full": [], "part": []}
                    held["part" if payload["degree"] == "PART" else "full"].append(payload["case"])
            elif act == "suspension.ended" or payload.get("outcome") == "LIFTED":
                ended = payload["case"]
            elif act == "appeal.decided":
                ended = payload["overturns"]
            elif body["kind"] == "step" and held:
                _step(case, stream, row, body, held)
            if ended:
                case.objects.filter(stream=stream, seq=ended).update(ended_seq=seq + 1)
                held = {k: [one for one in v if one != ended] for k, v in (held or {}).items()}
        if held is not None:
            in_force.objects.create(stream=stream, **held)


def _step(case: Any, stream: str, row: Any, body: Any, held: dict[str, list[int]]) -> None:
    marks = set(body["payload"]["marks"])
    moves = "membership" in body["payload"]["changes"] and "suspended" not in marks
    restores = bool(marks & _RESTORING)
    ended = [*(held["full"] if moves else ()), *(held["part"] if restores else ())]
    case.objects.filter(stream=stream, seq__in=ended).update(
        state=next((state for mark, state in _ENDS if mark in marks), "ENDED"),
        ended_on=row.on,
        ended_by=body["actor"],
        ended_seq=row.seq,
    )
    if moves:
        held["full"] = []
    if restores:
        held["part"] = []


class Migration(migrations.Migration):
    """Adds the table of what is in force, two columns, and a state."""

    dependencies = [
        ("suspensions", "0001_initial"),
        ("audit", "0002_answered_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="InForce",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stream", models.CharField(max_length=32)),
                ("full", models.JSONField(default=list)),
                ("part", models.JSONField(default=list)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("stream",), name="suspensions_in_force_of_account")
                ],
            },
        ),
        migrations.AddField(
            model_name="suspension",
            name="decision_seq",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="suspension",
            name="ended_seq",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RemoveConstraint(model_name="suspension", name="suspensions_state_known"),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "PROPOSED",
                            "NOTIFIED",
                            "DECLINED",
                            "IN_FORCE",
                            "LIFTED",
                            "REMOVED",
                            "CLOSED",
                            "OVERTURNED",
                            "ENDED",
                        ),
                    )
                ),
                name="suspensions_state_known",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

"""Apps stand in one order, in the import contracts, in the settings and in the database."""

from __future__ import annotations

from collections import Counter

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader


def test_the_settings_list_the_apps_in_the_order_of_the_contracts(
    app_floors: dict[str, int],
) -> None:
    listed = [
        name.removeprefix("greenlane.apps.")
        for name in settings.INSTALLED_APPS
        if name.startswith("greenlane.apps.")
    ]

    assert set(listed) == set(app_floors)
    assert listed == sorted(listed, key=lambda name: app_floors[name])


def test_foreign_keys_point_down(app_floors: dict[str, int]) -> None:
    wrong = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            other = field.related_model
            if not field.is_relation or field.auto_created or not isinstance(other, type):
                continue
            here, there = model._meta.app_label, other._meta.app_label
            if here == there or not {here, there} <= app_floors.keys():
                continue
            if app_floors[there] >= app_floors[here]:
                wrong.append(f"{model.__name__}.{field.name} points up to {other.__name__}")

    assert wrong == []


def test_each_app_has_one_newest_migration(app_floors: dict[str, int]) -> None:
    loader = MigrationLoader(connection=None, ignore_no_migrations=True)
    newest = Counter(app for app, _ in loader.graph.leaf_nodes())

    assert {app: count for app, count in newest.items() if count > 1} == {}


@pytest.mark.parametrize("part", ["models", "queries", "actions", "tasks", "admin"])
def test_the_order_inside_an_app_names_every_usual_file(part: str) -> None:
    from pathlib import Path

    contracts = (Path(__file__).resolve().parents[2] / ".importlinter").read_text("utf-8")

    assert f"({part})" in contracts

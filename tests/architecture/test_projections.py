"""Every table of the apps follows from the record, but for the few that are named here with why."""

from __future__ import annotations

from django.apps import apps

from greenlane.apps.audit.projection import registry

# The record itself, drafts that nobody has saved, and caches. Whatever else is kept is an event.
NOT_PROJECTED = {
    "audit.Stream": "the record: where each chain ends",
    "audit.Event": "the record",
    "audit.SealedRecord": "the record: what is personal, erasable",
    "audit.InstallationAnchor": "the record: the installation's chain",
    "audit.AnchoredHead": "the sequencer's note, checked against the anchors",
    "audit.AnsweredOnce": "a cache for a day: answers to what was sent twice",
    "accounts.SharedNote": "a cache: used codes and attempts",
    "profiles.AnswerDraft": "a draft of an answer",
    "validations.CheckDraft": "a draft of a line of a visit",
}
# Credentials and a cache of the day a token was last used.
COLUMNS = {"accounts.User": {"password", "last_login"}, "accounts.ApiToken": {"last_used_on"}}


def test_every_table_is_a_projection_a_draft_or_a_cache() -> None:
    ours = {model for model in apps.get_models() if model.__module__.startswith("greenlane.")}
    projected = set(registry().tables)

    assert {model._meta.label for model in ours - projected} == set(NOT_PROJECTED)


def test_every_column_of_a_projection_follows_from_events_but_credentials() -> None:
    left_out = {}
    for model, table in registry().tables.items():
        columns = {one.attname for one in model._meta.concrete_fields}
        own = model._meta.pk.attname
        free = set() if own in table.columns else {own}
        if rest := columns - set(table.columns) - free:
            left_out[model._meta.label] = rest

    assert left_out == COLUMNS

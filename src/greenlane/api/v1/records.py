"""The record of an account, as far as whoever asks may read it, and signed receipts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from greenlane.api.v1.base import account_for, api
from greenlane.apps.audit.queries import events_of
from greenlane.apps.audit.receipts import make_receipt, public_keys
from greenlane.content.packs import load_program
from greenlane.core.access import is_office_only
from greenlane.core.vocabulary import Matter
from greenlane.gate.access import now
from greenlane.gate.records import may_see


@api.get("/accounts/{key}/record", url_name="record", summary="The account's events")
def record(request: HttpRequest, key: str, after: int = 0, limit: int = 100) -> dict[str, Any]:
    """Return events in the order of the chain, without vetting for a member."""
    account = account_for(request, key, matter=Matter.RECORD)
    program = load_program(account.program)
    sees_vetting = may_see(request, account, Matter.VETTING)
    rows = []
    for event in events_of(key, after=after, limit=max(1, min(limit, 500))):
        fields = event.fields
        if not sees_vetting and is_office_only(program, kind=event.kind, act=event.act):
            rows.append({"seq": event.seq, "hash": event.hash, "kind": "office", "withheld": True})
            continue
        shown = {k: v for k, v in fields.items() if sees_vetting or k != "facts"}
        rows.append({**shown, "hash": event.hash})
    return {"account": key, "events": rows}


@api.get("/accounts/{key}/receipt", url_name="receipt", summary="A signed receipt")
def receipt(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return the signed head of the account's chain: a witness to keep elsewhere."""
    account_for(request, key, matter=Matter.RECORD)
    return {"account": key, "receipt": make_receipt(key, at=now())}


@api.get("/keys", url_name="keys", summary="Public keys", auth=None)
def keys(request: HttpRequest) -> dict[str, Any]:
    """Return the public keys that verify receipts and letters (JWKS)."""
    return public_keys()

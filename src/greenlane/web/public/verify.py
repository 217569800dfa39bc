"""How anybody verifies a record, and a place to read a receipt."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from greenlane.apps.audit.receipts import Receipt, read_receipt
from greenlane.core.errors import GreenlaneError
from greenlane.web.public.frame import KEYS, frame, place
from greenlane.web.ui.pieces import Hash, Pair

_LONGEST = 6000


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Explain receipts and, when one is given, say what it testifies to.

    It comes by POST alone, so that whose record was looked at stands in no address and no server's
    log. Nothing changes, so no token against forged requests (and no cookie) is needed.
    """
    text = request.POST.get("receipt", "").replace("\x00", "").strip()[:_LONGEST]
    found: Receipt | None = None
    code = ""
    if text:
        try:
            found = read_receipt(text)
        except GreenlaneError as error:
            code = error.code
    context = frame(
        _("Verify a record"),
        "verify",
        receipt=text,
        found=found,
        is_refused=bool(code),
        has_no_key=code == "receipt.key_missing",
        pairs=_pairs(found) if found else [],
        keys_href=place(KEYS),
    )
    response = render(request, "public/verify.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _pairs(found: Receipt) -> list[Pair]:
    pairs = [Pair(_("Made"), _moment(found.at))]
    if found.stream:
        pairs += [
            Pair(_("Record"), found.stream),
            Pair(_("Event"), str(found.seq)),
            Pair(_("Hash of the event"), Hash(found.hash)),
        ]
    return [
        *pairs,
        Pair(_("Link of the installation's chain"), str(found.anchor)),
        Pair(_("Hash of the link"), Hash(found.anchor_hash)),
        Pair(_("Installation"), Hash(found.installation) if found.installation else None),
    ]


def _moment(text: str) -> datetime | str:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text

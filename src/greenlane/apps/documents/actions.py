"""Takes documents in: checked, kept, and recorded with their hash."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.conf import settings

from greenlane.apps.audit.actions import append, one_at_a_time
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.documents import queries, store
from greenlane.apps.documents.models import Document
from greenlane.apps.documents.sniff import FileRefused, clean_name, media_type_of
from greenlane.core.canonical import Json
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.program import Program

DOCUMENT_CONTENT: Final = "account_content"


def check_file(name: str, content: bytes) -> tuple[str, str]:
    """Return the clean name and the media type of a file.

    Raises:
        FileRefused: too large, or of a kind that is not taken.
    """
    cleaned = clean_name(name)
    if len(content) > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
        raise FileRefused(
            "The file {name!r} is larger than {limit} MB. Make it smaller, or split it.",
            name=cleaned,
            limit=limit,
        )
    return cleaned, media_type_of(content, cleaned)


def document_draft(
    *, name: str, content: bytes, purpose: str, by: Actor, on: date, via: str = ""
) -> tuple[EventDraft, Sealed]:
    """Keep a file and return the event that records it, for an act that appends more than one.

    Raises:
        FileRefused: too large, or of a kind that is not taken.
    """
    cleaned, media_type = check_file(name, content)
    payload: dict[str, Json] = {
        "sha256": store.keep(content),
        "size": len(content),
        "media_type": media_type,
        "purpose": purpose,
    }
    draft = EventDraft("document", "document.given", on, by.id, by.role, payload=payload, via=via)
    return draft, Sealed(DOCUMENT_CONTENT, {"name": cleaned})


@one_at_a_time
def give_document(
    *,
    stream: str,
    name: str,
    content: bytes,
    purpose: str,
    by: Actor,
    at: datetime,
    program: Program,
    via: str = "",
) -> Document:
    """Take one file of an account in.

    The file is on disk before the event is recorded: what was acknowledged is never lost, and a
    file without an event is only unused.

    Raises:
        FileRefused: too large, or of a kind that is not taken.
        Conflict: the account changed meanwhile.
    """
    today = program.day_of(at)
    draft = document_draft(name=name, content=content, purpose=purpose, by=by, on=today, via=via)
    (event,) = append(
        stream=stream,
        expected=head_of(stream).seq,
        drafts=[draft],
        at=at,
        program=program,
    )
    return queries.document(stream, event.seq)


@one_at_a_time
def withdraw_document(
    *, document: Document, by: Actor, at: datetime, program: Program, via: str = ""
) -> None:
    """Take a document out of use; what rested on it stays on the record, and so does the file.

    Raises:
        Conflict: the account changed meanwhile.
    """
    draft = EventDraft(
        "document",
        "document.withdrawn",
        program.day_of(at),
        by.id,
        by.role,
        payload={"seq": document.seq},
        via=via,
    )
    append(
        stream=document.stream,
        expected=head_of(document.stream).seq,
        drafts=[(draft, None)],
        at=at,
        program=program,
    )


def forget_erased() -> int:
    """Remove the files of documents whose record was erased; return how many there were.

    To be called after the erasure is committed: a file cannot be brought back. A file that another
    document, of whatever account, still names stays; so does one that is given again meanwhile.
    """
    return sum(
        store.forget(sha256, if_still=queries.is_of_erased) for sha256 in queries.files_of_erased()
    )

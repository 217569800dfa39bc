"""Reads what is known of documents."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from greenlane.apps.documents.models import Document
from greenlane.core.errors import NotFound


class NoSuchDocument(NotFound):
    """There is no such document, or it is not yours to see."""

    code = "document.not_found"


def documents_of(stream: str, *, purpose: str | None = None) -> Sequence[Document]:
    """Return the account's documents, latest first, withdrawn and erased ones included."""
    found = Document.objects.filter(stream=stream).order_by("-seq")
    return list(found.filter(purpose=purpose) if purpose else found)


def names_at(stream: str, places: Collection[int]) -> dict[int, str]:
    """Return the names of documents of an account by their places; "" where one was erased."""
    rows = Document.objects.filter(stream=stream, seq__in=sorted(places))
    return dict(rows.values_list("seq", "name"))


def check_on_file(stream: str, sha256: str) -> None:
    """Raise unless the account has a document of this hash that was not withdrawn or erased.

    Raises:
        NoSuchDocument: nothing of that hash is on file.
    """
    on_file = Document.objects.filter(
        stream=stream, sha256=sha256, is_withdrawn=False, is_erased=False
    )
    if not on_file.exists():
        raise NoSuchDocument(
            "Account {account} has no document {sha256!r} on file. Give the document "
            "first, then name its SHA-256.",
            account=stream,
            sha256=sha256[:16],
        )


def files_wanted() -> list[str]:
    """Return the hashes of all files that the record says are kept; one query."""
    rows = Document.objects.filter(is_erased=False)
    return sorted(set(rows.values_list("sha256", flat=True)))


def files_of_erased() -> list[str]:
    """Return the hashes of files that only erased documents name, in any account; two queries."""
    kept = Document.objects.filter(is_erased=False).values("sha256")
    gone = Document.objects.filter(is_erased=True).exclude(sha256__in=kept)
    return sorted(set(gone.values_list("sha256", flat=True)))


def is_of_erased(sha256: str) -> bool:
    """Tell whether no document that is still on record names this file; one query."""
    return not Document.objects.filter(is_erased=False, sha256=sha256).exists()


def document(stream: str, seq: int) -> Document:
    """Return one document of an account.

    Raises:
        NoSuchDocument: the account has none at that place.
    """
    found = Document.objects.filter(stream=stream, seq=seq).first()
    if found is None:
        raise NoSuchDocument(
            "Account {account} has no document {seq}, or it is not yours to see.",
            account=stream,
            seq=seq,
        )
    return found

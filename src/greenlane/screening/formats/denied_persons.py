"""The Denied Persons List of the Bureau of Industry and Security (dpl.txt, tab-separated).

Nothing here decides whether a denial has expired: the date is kept, the screening applies it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from greenlane.screening.formats.cleaning import PartyDraft, clean, digest
from greenlane.screening.formats.dates import iso_date
from greenlane.screening.formats.headed import Cells, read_headed
from greenlane.screening.formats.report import ImportReport, Limits
from greenlane.screening.records import ListedParty, NameKind


def read(
    stream: BinaryIO, *, source: str, limits: Limits, report: ImportReport
) -> Iterator[ListedParty]:
    """Yield one party per name and effective date.

    The list has no numbers and one row per address: rows of the same name and effective date are
    one party with several addresses. Of differing expiration dates the latest counts, and none at
    all beats any. The file has no kinds: persons and firms are told apart by nothing.
    """
    drafts: dict[str, PartyDraft] = {}
    rows = read_headed(
        stream,
        needed=("name", "effective_date", "expiration_date"),
        limits=limits,
        report=report,
        delimiter="\t",
    )
    for row in rows:
        name = clean(row["name"])
        effective = iso_date(clean(row["effective_date"]), month_first=True)
        number = digest(name.upper(), effective or clean(row["effective_date"]))
        expires = _expiry(row, report)
        draft = drafts.get(number)
        if draft is None:
            if len(drafts) >= limits.parties:
                report.found_damage(f"The list has more than {limits.parties:,} parties.")
                break
            draft = drafts[number] = PartyDraft(f"{source}-{number}", source, line=row.line)
            draft.listed_on = effective
            draft.expires_on = expires
        elif draft.expires_on != expires:
            report.note("one denial has rows of different expiration; the latest counts")
            draft.expires_on = (
                max(draft.expires_on, expires) if draft.expires_on and expires else ""
            )
        draft.add_name(name, kind=NameKind.PRIMARY)
        _fill(draft, row)
    for draft in drafts.values():
        if (party := draft.finish(report, limits)) is not None:
            yield party


def _expiry(row: Cells, report: ImportReport) -> str:
    text = clean(row["expiration_date"])
    expires = iso_date(text, month_first=True)
    if text and not expires:
        # Without a date that can be read the denial must not lapse.
        report.note("an expiration date cannot be read; that denial does not expire")
    return expires


def _fill(draft: PartyDraft, row: Cells) -> None:
    lines = [row[column] for column in ("street_address", "city", "state", "postal_code")]
    # Rows inside the United States leave the country blank and name the state.
    country = row["country"] or ("US" if clean(row["state"]) else "")
    draft.add_address([*lines], country)
    draft.add_program("DPL")
    if clean(row["standard_order"]).upper() == "N":
        draft.add_remark("not a standard denial order")
    draft.add_remark(row["fr_citation"], "Federal Register")
    draft.add_remark(row["action"], "Action")

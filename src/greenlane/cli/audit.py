"""``greenlane audit``: prove the record, anchor it, sign receipts, export it, read it.

Exit codes: 0 when all is well, 1 when the record is not whole, 2 when the command cannot be done.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from greenlane.cli.django_start import start_django
from greenlane.core.errors import BadInput

if TYPE_CHECKING:
    from greenlane.apps.audit.verify import VerifyReport

_FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
_SHOWN = 10


@click.group()
def audit() -> None:
    """Prove, anchor, sign, export and read the record."""


@audit.command()
@click.option("--stream", help="Only this stream, for example A-0000000001 or office.")
@click.option("--against", metavar="RECEIPT", help="A receipt kept elsewhere: a file, or - .")
@click.option(
    "--keys",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Public keys (JWKS file) to trust for the receipt, instead of this installation's.",
)
@click.option("--chains-only", is_flag=True, help="Leave sealed records and tables out.")
@_FORMAT
def verify(
    stream: str | None, against: str | None, keys: Path | None, chains_only: bool, form: str
) -> None:
    """Check chains, sealed records and every table that follows from the events.

    Changes nothing. Exits with 1 and names the first bad event or column when something is wrong.
    """
    start_django()
    from greenlane.apps.audit.receipts import read_receipt
    from greenlane.apps.audit.verify import verify as check

    receipt = None
    if against is not None:
        jwks = None if keys is None else _read_json(keys)
        receipt = read_receipt(_read_text(against), jwks=jwks)
    report = check(stream, against=receipt, with_projections=not chains_only)
    if form == "json":
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        _print_report(report)
    sys.exit(0 if report.is_clean else 1)


def _print_report(report: VerifyReport) -> None:
    click.echo(
        f"{report.streams} streams, {report.events} events, {report.anchors} links of the "
        f"installation's chain, {report.sealed} sealed records, {report.rows} projected rows read."
    )
    if report.receipt is not None:
        named = f"event {report.receipt.stream}:{report.receipt.seq}, " * bool(report.receipt.seq)
        click.echo(f"Compared with the receipt of {report.receipt.at}: {named}link ", nl=False)
        click.echo(f"{report.receipt.anchor} of the installation's chain.")
    for erased in report.erased[:_SHOWN]:
        click.echo(
            f"Erased: the sealed record of {erased.stream}:{erased.seq}, on {erased.at}, by rule "
            f"{erased.rule} (event {erased.by})."
        )
    _print_more(len(report.erased))
    for tail in report.tail[:_SHOWN]:
        click.echo(f"Not yet anchored: {tail.stream}, events {tail.anchored + 1} to {tail.seq}.")
    _print_more(len(report.tail))
    if report.is_clean:
        click.echo("The record is whole.")
        return
    first, *others = report.faults
    click.echo(f"NOT WHOLE. First: {first.stream}:{first.seq}: {first.says} [{first.code}]")
    for fault in others[:_SHOWN]:
        click.echo(f"  also {fault.stream}:{fault.seq}: {fault.says} [{fault.code}]")
    _print_more(len(others))


def _print_more(count: int) -> None:
    if count > _SHOWN:
        click.echo(f"  ... and {count - _SHOWN} more (all of them with --format json)")


@audit.command()
def anchor() -> None:
    """Append the heads of all streams that grew to the installation's chain."""
    start_django()
    from greenlane.apps.audit.sequencer import anchor_pending

    made = anchor_pending(at=datetime.now(UTC))
    click.echo(f"Links written: {', '.join(map(str, made))}." if made else "Nothing to anchor.")


@audit.command()
@click.argument("stream", required=False, default="")
@click.option("--seq", type=click.IntRange(min=1), help="The event; the last one by default.")
def receipt(stream: str, seq: int | None) -> None:
    """Print a signed receipt of STREAM's head, or of the installation's when no STREAM is given."""
    start_django()
    from greenlane.apps.audit.receipts import make_receipt

    click.echo(make_receipt(stream, at=datetime.now(UTC), seq=seq))


@audit.command()
def keys() -> None:
    """Print the public keys that check this installation's receipts (JWKS)."""
    start_django()
    from greenlane.apps.audit.receipts import public_keys

    click.echo(json.dumps(public_keys(), indent=2))


@audit.command()
@click.option("--out", type=click.File("w", encoding="utf-8"), required=True, help="File, or - .")
def export(out: IO[str]) -> None:
    """Write the record as JSON lines for an outside auditor (docs/reference/verify_export.py)."""
    start_django()
    from greenlane.apps.audit.export import export_lines

    for line in export_lines(at=datetime.now(UTC)):
        out.write(line + "\n")


@audit.command()
@click.argument("stream")
@click.option("--after", type=click.IntRange(min=0), default=0, help="Only later events.")
@_FORMAT
def show(stream: str, after: int, form: str) -> None:
    """Print the events of STREAM, without what is sealed beside them."""
    start_django()
    from greenlane.apps.audit.queries import erased_of, events_of

    erased = erased_of(stream)
    for event in events_of(stream, after=after):
        if form == "json":
            click.echo(json.dumps({"hash": event.hash, **event.fields}, ensure_ascii=False))
            continue
        fields = event.fields
        sealed = (
            ""
            if not fields["sealed"]
            else (f"  erased by {erased[event.seq]}" if event.seq in erased else "  sealed record")
        )
        click.echo(
            f"{event.seq:>5}  {fields['on']}  {fields['recorded_at']}  {event.kind:<12} "
            f"{event.act:<20} {fields['role']}{sealed}"
        )


@audit.command()
@click.argument("stream", required=False)
def rebuild(stream: str | None) -> None:
    """Write the tables that follow from the events afresh, after `audit verify` was read.

    For an upgrade that adds a column. What a table held and the events do not say is lost.
    """
    from django.db import transaction

    start_django()
    from greenlane.apps.audit.actions import rebuild_rows
    from greenlane.apps.audit.queries import streams

    for key in [stream] if stream else streams():
        with transaction.atomic():
            changed = rebuild_rows(key)
        if changed:
            click.echo(f"{key}: {changed} rows written.")
    click.echo("Done.")


@audit.command("new-key")
@click.argument("kind", type=click.Choice(["seal", "signing"]))
def new_key(kind: str) -> None:
    """Print a fresh key for GREENLANE_SEAL_KEY or GREENLANE_SIGNING_KEY.

    Keep it in a file that only the server's user may read, apart from the database's backups.
    """
    from greenlane.apps.audit.keys import new_seal_key, new_signing_key

    click.echo(new_seal_key() if kind == "seal" else new_signing_key().rstrip("\n"))


def _read_text(source: str) -> str:
    """Return the receipt in a file or on standard input."""
    try:
        if source == "-":
            return sys.stdin.read(10_000)
        with Path(source).open(encoding="utf-8") as file:
            return file.read(10_000)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise BadInput(f"The receipt {source} cannot be read: {error}.") from None


def _read_json(path: Path) -> Any:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(f"{path} holds no public keys: {error}.") from None
    if not isinstance(read, dict):
        raise BadInput(f"{path} holds no public keys: it is no JSON object.")
    return read

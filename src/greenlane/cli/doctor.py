"""``greenlane doctor``: says what is wrong with an installation, and how to mend it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import click


class Verdict(StrEnum):
    """How one point of the examination ended."""

    SOUND = "sound"
    NOTE = "note"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Finding:
    """One point: what was looked at, how it is, and what to do."""

    point: str
    verdict: Verdict
    says: str


# The worker anchors every few seconds.
_WORKER_MINUTES = 15


@click.command()
@click.option("--quick", is_flag=True, help="Leave out what reads every event.")
def doctor(quick: bool) -> None:
    """Examine this installation; exit 1 when something is wrong."""
    from greenlane.cli.django_start import start_django

    start_django()
    wrong = False
    for finding in examine(quick=quick):
        wrong = wrong or finding.verdict is Verdict.WRONG
        click.echo(f"{finding.verdict.value:6} {finding.point}: {finding.says}")
    if wrong:
        sys.exit(1)


def examine(*, quick: bool) -> Iterator[Finding]:
    """Yield every finding; a point that breaks is itself a finding, never a traceback."""
    points: list[tuple[str, Callable[[], Finding]]] = [
        ("database", _database),
        ("migrations", _migrations),
        ("triggers", _triggers),
        ("shared cache", _shared_cache),
        ("keys", _keys),
        ("pack", _pack),
        ("data folder", _data_folder),
        ("fonts and assets", _assets),
        ("documents", _documents),
        ("erased files", _erased_files),
        ("address", _address),
        ("mail", _mail),
        ("anchors", _anchors),
        ("fast screening", _fast),
    ]
    if not quick:
        points.append(("record", _record))
    for point, look in points:
        try:
            yield look()
        except Exception as error:  # noqa: BLE001  whatever breaks is what one came to hear
            yield Finding(point, Verdict.WRONG, f"{type(error).__name__}: {error}")


def _database() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    name = "SQLite" if connection.vendor == "sqlite" else "PostgreSQL"
    return Finding("database", Verdict.SOUND, f"{name} answers.")


def _migrations() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        says = f"{len(pending)} are pending. Run `greenlane manage migrate`."
        return Finding("migrations", Verdict.WRONG, says)
    return Finding("migrations", Verdict.SOUND, "all applied.")


def _triggers() -> Finding:
    from greenlane.apps.audit.triggers import missing_triggers

    missing = missing_triggers()
    if missing:
        says = f"{', '.join(missing)} missing: run `greenlane manage migrate`."
        return Finding("triggers", Verdict.WRONG, says)
    return Finding("triggers", Verdict.SOUND, "events cannot be changed or removed.")


def _shared_cache() -> Finding:
    import secrets

    from django.core.cache import cache

    name = f"doctor-{secrets.token_hex(8)}"
    taken = [cache.add(name, True, timeout=10) for _ in range(2)]
    cache.delete(name)
    if taken != [True, False]:
        return Finding("shared cache", Verdict.WRONG, "a used code would be taken twice.")
    return Finding("shared cache", Verdict.SOUND, "all workers see used codes and attempts.")


def _keys() -> Finding:
    from django.conf import settings

    from greenlane.apps.audit.receipts import public_keys
    from greenlane.apps.audit.seal import seal_key_ids

    seals, signing = seal_key_ids(), public_keys()["keys"]
    says = f"{len(seals)} seal key(s), {len(signing)} signing key(s)."
    if settings.IS_LOCAL_HTTP:
        says += " They lie in the data folder: right for one person, wrong for an office."
        return Finding("keys", Verdict.NOTE, says)
    return Finding("keys", Verdict.SOUND, says)


def _pack() -> Finding:
    from django.conf import settings

    from greenlane.content.criteria_files import load_editions
    from greenlane.content.packs import load_program, pack_dir

    program = load_program(settings.GREENLANE_PACK)
    editions = load_editions(pack_dir(program.id))
    says = f"{program.id} {program.version}, {len(editions)} editions of the criteria."
    return Finding("pack", Verdict.SOUND, says)


def _data_folder() -> Finding:
    import shutil

    from django.conf import settings

    folder = settings.DATA_DIR
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        says = "it cannot be written to. Give it to the user that runs Greenlane."
        return Finding("data folder", Verdict.WRONG, says)
    free = shutil.disk_usage(folder).free // 1024**2
    if free < 1024:
        says = f"only {free} MB are free. Make room before uploads fail."
        return Finding("data folder", Verdict.WRONG, says)
    return Finding("data folder", Verdict.SOUND, f"writable, {free:,} MB free.")


def _assets() -> Finding:
    from django.conf import settings

    fonts = [*settings.FONTS_DIR.rglob("*.ttf"), *settings.FONTS_DIR.rglob("*.otf")]
    if not fonts:
        says = "no fonts: letters cannot be set. Run `./dev assets`, or install the wheel."
        return Finding("fonts and assets", Verdict.WRONG, says)
    return Finding("fonts and assets", Verdict.SOUND, f"{len(fonts)} fonts.")


def _documents() -> Finding:
    from greenlane.apps.documents.queries import files_wanted
    from greenlane.apps.documents.store import is_kept

    wanted = files_wanted()
    lost = [sha256 for sha256 in wanted if not is_kept(sha256)]
    if lost:
        says = (
            f"{len(lost)} document(s) of the record are not in the data folder. Restore its folder "
            "`documents` from the backup that belongs to this database."
        )
        return Finding("documents", Verdict.WRONG, says)
    return Finding("documents", Verdict.SOUND, f"{len(wanted):,} in their place.")


def _erased_files() -> Finding:
    from greenlane.apps.documents.queries import files_of_erased
    from greenlane.apps.documents.store import is_kept

    left = sum(map(is_kept, files_of_erased()))
    if left:
        says = (
            f"{left} file(s) of erased documents lie in the store. Run `greenlane retention sweep`."
        )
        return Finding("erased files", Verdict.WRONG, says)
    return Finding("erased files", Verdict.SOUND, "no file of an erased document is left.")


def _address() -> Finding:
    from urllib.parse import urlsplit

    from django.conf import settings

    address = urlsplit(settings.PUBLIC_ADDRESS)
    if settings.IS_LOCAL_HTTP:
        return Finding(
            "address", Verdict.NOTE, f"letters and mails name {settings.PUBLIC_ADDRESS}."
        )
    if address.scheme != "https" or address.hostname not in settings.ALLOWED_HOSTS:
        says = (
            f"letters and mails name {settings.PUBLIC_ADDRESS}, where nobody reaches this server. "
            "Set GREENLANE_PUBLIC_ADDRESS to https:// and one of GREENLANE_HOSTS."
        )
        return Finding("address", Verdict.WRONG, says)
    return Finding("address", Verdict.SOUND, f"letters and mails name {settings.PUBLIC_ADDRESS}.")


def _mail() -> Finding:
    from django.conf import settings

    if not settings.EMAIL_HOST:
        says = "mails are written to files in the data folder. Set GREENLANE_SMTP_HOST."
        return Finding("mail", Verdict.NOTE, says)
    return Finding("mail", Verdict.SOUND, f"sent through {settings.EMAIL_HOST}.")


def _anchors() -> Finding:
    from datetime import UTC, datetime

    from greenlane.apps.audit.queries import not_yet_anchored

    count, since = not_yet_anchored()
    if since is None:
        return Finding("anchors", Verdict.SOUND, "every chain is anchored.")
    minutes = int((datetime.now(UTC) - since).total_seconds() // 60)
    says = f"{count} chains have events not yet anchored"
    if minutes < _WORKER_MINUTES:
        return Finding("anchors", Verdict.NOTE, f"{says}. `greenlane worker` anchors them.")
    says += f", for {minutes} minutes: the worker does not run. Start `greenlane worker`."
    return Finding("anchors", Verdict.WRONG, says)


def _fast() -> Finding:
    import importlib.util

    if importlib.util.find_spec("numba") is None:
        says = "numba is absent: screening gives the same answers, slowly. Install greenlane[fast]."
        return Finding("fast screening", Verdict.NOTE, says)
    return Finding("fast screening", Verdict.SOUND, "compiled.")


def _record() -> Finding:
    from greenlane.apps.audit.verify import verify

    report = verify()
    if report.faults:
        first = report.faults[0]
        says = f"{first.stream}:{first.seq} {first.says}. See `greenlane audit verify`."
        return Finding("record", Verdict.WRONG, says)
    return Finding("record", Verdict.SOUND, f"{report.events:,} events verify.")

"""``greenlane worker``: anchors the chains of the record, in batches, until it is ended."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click


@click.command()
@click.option("--every", default=2.0, show_default=True, help="Seconds between two rounds.")
@click.option("--once", is_flag=True, help="One round, then stop.")
def worker(every: float, once: bool) -> None:
    """Do what need not be done while somebody waits: anchor the chains of the record."""
    from greenlane.cli.django_start import start_django

    start_django()
    from django.db import OperationalError, connection
    from django.utils import timezone

    from greenlane.apps.audit.sequencer import anchor_pending

    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    while not ended.is_set():
        try:
            anchor_pending(at=timezone.now())
        except OperationalError as error:
            # The database restarts or is busy: the next round finds everything still pending.
            click.echo(f"greenlane worker: waiting for the database ({error})", err=True)
            connection.close()
        if once:
            return
        ended.wait(every)

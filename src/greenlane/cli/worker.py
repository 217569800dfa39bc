"""``greenlane worker``: anchors the chains of the record and screens members, until it is ended."""

from __future__ import annotations

import signal
import threading
from datetime import datetime
from types import FrameType
from typing import Final

import click

# Rounds between two looks at who is to be screened; with the usual pause, half a minute.
_SCREEN_EVERY: Final = 15


@click.command()
@click.option("--every", default=2.0, show_default=True, help="Seconds between two rounds.")
@click.option("--once", is_flag=True, help="One round, then stop.")
def worker(every: float, once: bool) -> None:
    """Do what need not be done while somebody waits: anchor the record, screen who changed."""
    from greenlane.cli.django_start import start_django

    start_django()
    from django.db import OperationalError, connection
    from django.utils import timezone

    from greenlane.apps.audit.sequencer import anchor_pending

    ended = threading.Event()
    rounds = 0

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    while not ended.is_set():
        try:
            anchor_pending(at=timezone.now())
            if rounds % _SCREEN_EVERY == 0:
                _screen(timezone.now())
        except OperationalError as error:
            # The database restarts or is busy: the next round finds everything still pending.
            click.echo(f"greenlane worker: waiting for the database ({error})", err=True)
            connection.close()
        rounds += 1
        if once:
            return
        ended.wait(every)


def _screen(at: datetime) -> None:
    """Screen accounts whose parties changed, and all of them when a list changed."""
    from django.conf import settings

    from greenlane.apps.vetting.screening_actions import (
        lists_changed,
        screen_all,
        screen_pending,
    )
    from greenlane.content.packs import load_program
    from greenlane.core.errors import GreenlaneError

    program = load_program(settings.GREENLANE_PACK)
    try:
        if lists_changed(program=program, at=at):
            screen_all(program=program, at=at, via="worker")
        screen_pending(program=program, at=at)
    except GreenlaneError as refusal:
        # Another screening is at work, or a list cannot be read: said, and tried again next time.
        click.echo(f"greenlane worker: {refusal.message} [{refusal.code}]", err=True)

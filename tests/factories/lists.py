"""An invented watch list in force, and accounts screened against it. No real list is ever used."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from greenlane.apps.members import queries
from greenlane.apps.vetting import lists
from greenlane.apps.vetting.screening_actions import Screened, screen_account

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account

KEY = "invented"
LONG_AGO = datetime(2020, 1, 1, 12, 0, tzinfo=UTC)
HEAD = "entity_id,name,entity_type,aliases,birth_dates,countries,identifiers,addresses,program\n"
ROWS = (
    "1,Zoltan Brezniak,person,Zoltán Brežniak,1961-03-14,RS,PASSPORT:K4471902:RS,,TEST\n",
    "2,Ostrava Gulf Trading FZE,organization,Ostrava Gulf General Trading,,AE,,,TEST\n",
    "3,MV KESTREL DAWN,vessel,,,PA,IMO:9074729,,TEST\n",
    "4,Quillfeather Holdings Limited,organization,,,CY,,,TEST\n",
)
# Enough others that one party less does not look like a list broken off.
OTHERS = tuple(
    f"{50 + n},Invented Filler {word},organization,,,,,,TEST\n"
    for n, word in enumerate(
        ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel")
    )
)
INVENTED = HEAD + "".join((*ROWS, *OTHERS))


def a_list(*, without: str = "", more: str = "") -> str:
    """Return the invented list without the party of a number, and with further lines."""
    kept = [row for row in (*ROWS, *OTHERS) if not without or not row.startswith(f"{without},")]
    return HEAD + "".join(kept) + more


def put_in_force(text: str = INVENTED, *, key: str = KEY, at: datetime = LONG_AGO) -> str:
    """Put a list in force at this installation and make it ready; return its version."""
    store = lists.store()
    folder = Path(store.root)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{key}-given.csv"
    file.write_text(text, "utf-8")
    version = store.import_list(key, [file], at=at, by="test")
    lists.make_ready(on=at.date())
    return version.version_id


def looked_at(at: datetime, *, key: str = KEY) -> None:
    """Note that the list was compared with its publisher's at a moment."""
    lists.store().note_looked(key, at=at)


def be_ready(*, at: datetime) -> None:
    """Put the invented list in force if none is, looked at at that moment."""
    if not lists.store().source_keys():
        put_in_force()
    looked_at(at)


def screened(account: Account | str, *, at: datetime) -> Screened:
    """Screen an account against the list, which is put in force if none is, and looked at then."""
    be_ready(at=at)
    row = account if not isinstance(account, str) else queries.account(account)
    return screen_account(account=row, at=at)

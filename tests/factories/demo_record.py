"""Prints the record of a demonstration without what must differ between two that are alike.

Run as a program, with the settings of the demonstration in the environment. Two builds of one day
differ only in what is drawn by lot, and in what follows from it:

- salts and nonces of the sealed records, and so every commitment and hash of the chain;
- keys that nobody fixed: of declared people and places, of companies taken over from a file;
- the codes of letters, the files of letters and reports (they print code, hash and moment), and the
  hash of whom a screening looked at (it holds the party's key).

Keys and hashes are told apart by the order in which they first appear, so that what refers to what
is compared too.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from typing import Any, Final

# A key that the cast does not fix, and a hash.
DRAWN: Final = re.compile(r"\b[A-Z]-(?!D[EM])[0-9A-HJKMNP-TV-Z]{8,10}\b|\b[0-9a-f]{64}\b")
CHAINED: Final = frozenset({"prev", "sealed"})
# Of a letter, and of a file that prints its code.
BY_LOT: Final = frozenset({"code", "size"})


def without_lots(value: Any) -> Any:
    """Return a value without the fields whose content is drawn by lot."""
    if isinstance(value, dict):
        return {key: without_lots(one) for key, one in value.items() if key not in BY_LOT}
    return [without_lots(one) for one in value] if isinstance(value, list) else value


def record() -> Iterator[str]:
    """Yield each event with its unsealed content, in the order in which they were recorded."""
    from greenlane.apps.audit.models import Event
    from greenlane.apps.audit.queries import contents_of

    places: dict[str, list[int]] = {}
    for stream, seq in Event.objects.values_list("stream", "seq"):
        places.setdefault(stream, []).append(seq)
    contents = {stream: contents_of(stream, seqs) for stream, seqs in places.items()}
    names: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        return names.setdefault(found[0], f"{len(found[0])}#{len(names)}")

    for event in Event.objects.order_by("pk").iterator():
        body = {k: v for k, v in json.loads(bytes(event.body)).items() if k not in CHAINED}
        body["content"] = contents[event.stream].get(event.seq)
        text = json.dumps(without_lots(body), sort_keys=True, ensure_ascii=False)
        yield DRAWN.sub(named, text)


def main() -> None:
    """Print the record, an event a line."""
    from greenlane.cli.django_start import start_django

    start_django()
    for line in record():
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()

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
DRAWN: Final = re.compile(
    r"\b[A-Z]-(?!D(?:EM|MF|MP)[0-9]{7}\b)[0-9A-HJKMNP-TV-Z]{8,10}\b|\b[0-9a-f]{64}\b"
)
CHAINED: Final = frozenset({"prev", "sealed"})
# Of a letter, and of a file that prints its code.
BY_LOT: Final = frozenset({"code", "size"})


class Names:
    """Names what is drawn by lot, in the order in which it first appears."""

    def __init__(self) -> None:
        self.given: dict[str, str] = {}

    def _named(self, found: re.Match[str]) -> str:
        return self.given.setdefault(found[0], f"{len(found[0])}#{len(self.given):06}")

    def plain(self, value: Any) -> Any:
        """Return a value with such names, without the fields that are drawn by lot."""
        if isinstance(value, str):
            return DRAWN.sub(self._named, value)
        if isinstance(value, list):
            return [self.plain(one) for one in value]
        if not isinstance(value, dict):
            return value
        # By its names: the order of keys drawn by lot is itself drawn by lot.
        rows = sorted((self.plain(key), one) for key, one in value.items() if key not in BY_LOT)
        return {key: self.plain(one) for key, one in rows}


def record() -> Iterator[str]:
    """Yield each event with its unsealed content, chain after chain.

    Chains whose key the cast fixes come in the order of the key, the others in that of their
    beginning.
    """
    from greenlane.apps.audit.models import Event
    from greenlane.apps.audit.queries import contents_of

    chains: dict[str, list[int]] = {}
    for stream, seq in Event.objects.order_by("pk").values_list("stream", "seq"):
        chains.setdefault(stream, []).append(seq)
    names = Names()
    fixed = sorted((key for key in chains if not DRAWN.search(key)), reverse=True)
    for stream in [*fixed, *(key for key in chains if DRAWN.search(key))]:
        contents = contents_of(stream, chains[stream])
        for event in Event.objects.filter(stream=stream).order_by("seq"):
            body = {k: v for k, v in json.loads(bytes(event.body)).items() if k not in CHAINED}
            body["content"] = contents.get(event.seq)
            yield json.dumps(names.plain(body), ensure_ascii=False)


def main() -> None:
    """Print the record, an event a line."""
    from greenlane.cli.django_start import start_django

    start_django()
    for line in record():
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()

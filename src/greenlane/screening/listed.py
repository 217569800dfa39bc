"""One list version made ready to be screened against: its names indexed, its parties at hand.

Saved as a folder that every worker process maps; a party is decoded only when a name of it is met.
Building and opening only; what a hit is stands in ``screener``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from greenlane.screening.codec import decode_party, encode_party, head_of
from greenlane.screening.evidence import SHORTEST_IDENTIFIER, identifier_value
from greenlane.screening.index import Index, IndexUnusable
from greenlane.screening.records import Identifier, Kind, ListedParty

_SEPARATOR = "\x1f"
_ARRAYS = ("line_off", "owner", "identifier", "identifier_row", "uid_row")


def _identifier_hash(value: str) -> int:
    return int.from_bytes(hashlib.blake2b(value.encode(), digest_size=7).digest(), "big")


def _mapped(path: Path) -> NDArray[Any]:
    """Map an array; an empty one cannot be mapped and is read."""
    try:
        found: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError:
        found = np.load(path, allow_pickle=False)
    return found


class ListIndex:
    """The names and parties of one list version. Build it, or open a saved one."""

    def __init__(
        self,
        names: Index,
        lines: NDArray[np.uint8],
        arrays: dict[str, NDArray[Any]],
    ) -> None:
        self.names = names
        self.list_version = names.version
        self._lines = lines
        self._arrays = arrays

    @classmethod
    def build(cls, parties: Iterable[ListedParty], *, list_version: str) -> Self:
        """Index every name of ``parties``; uids must be unique.

        Raises:
            ValueError: Two parties have one uid.
        """
        keys: list[str] = []
        names: list[str] = []
        kinds: list[Kind] = []
        lines: list[bytes] = []
        owners: list[int] = []
        identifiers: list[tuple[int, int]] = []
        seen: set[str] = set()
        uids: list[str] = []
        for row, party in enumerate(parties):
            if party.uid in seen:
                message = f"Two parties of list version {list_version} have the uid {party.uid}."
                raise ValueError(message)
            seen.add(party.uid)
            uids.append(party.uid)
            lines.append(encode_party(party).encode())
            for name in party.names:
                keys.append(f"{party.uid}{_SEPARATOR}{name.uid}")
                names.append(name.text)
                kinds.append(party.kind)
                owners.append(row)
            for identifier in party.identifiers:
                value = identifier_value(identifier)
                if len(value) >= SHORTEST_IDENTIFIER:
                    identifiers.append((_identifier_hash(value), row))
        off = np.zeros(len(lines) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, lines), np.int64, len(lines)), out=off[1:])
        identifiers.sort()
        arrays: dict[str, NDArray[Any]] = {
            "line_off": off,
            "owner": np.array(owners, np.int32),
            "identifier": np.array([h for h, _ in identifiers], np.int64),
            "identifier_row": np.array([row for _, row in identifiers], np.int32),
            "uid_row": np.array(sorted(range(len(uids)), key=uids.__getitem__), np.int32),
        }
        index = Index.build(keys, names, kinds, version=list_version)
        return cls(index, np.frombuffer(b"".join(lines), np.uint8), arrays)

    def save(self, folder: Path) -> None:
        """Write to ``folder``: the parties first, the index of names (with its manifest) last."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "lines.npy", self._lines, allow_pickle=False)
        for name, array in self._arrays.items():
            np.save(folder / f"{name}.npy", array, allow_pickle=False)
        digest = hashlib.sha256(self._lines.tobytes()).hexdigest()
        (folder / "parties.json").write_text(json.dumps({"lines": digest}))
        self.names.save(folder / "names")

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Map a saved list index.

        Raises:
            IndexUnusable: It is missing, damaged, or of another scorer version.
        """
        folder = Path(folder)
        names = Index.open(folder / "names")
        try:
            arrays = {name: _mapped(folder / f"{name}.npy") for name in _ARRAYS}
            lines = _mapped(folder / "lines.npy")
            rows = len(arrays["line_off"]) - 1
            if (
                len(arrays["owner"]) != len(names)
                or len(arrays["uid_row"]) != rows
                or len(lines) != arrays["line_off"][-1]
            ):
                message = f"The list index in {folder} is damaged. Build it again."
                raise IndexUnusable(message)
        except (OSError, ValueError, IndexError) as error:
            message = f"The list index in {folder} cannot be read ({error}). Build it again."
            raise IndexUnusable(message) from error
        return cls(names, lines, arrays)

    def line_at(self, row: int) -> str:
        """Return the canonical line of the party in a row."""
        off = self._arrays["line_off"]
        return bytes(self._lines[off[row] : off[row + 1]]).decode()

    def line(self, uid: str) -> str:
        """Return the canonical line of a party; reads some fifteen lines on the way.

        Raises:
            KeyError: There is no party of this uid.
        """
        order = self._arrays["uid_row"]
        low, high = 0, len(order)
        while low < high:
            middle = (low + high) // 2
            line = self.line_at(int(order[middle]))
            found = head_of(line)[0]
            if found == uid:
                return line
            low, high = (middle + 1, high) if found < uid else (low, middle)
        raise KeyError(uid)

    def party_at(self, row: int) -> ListedParty:
        """Return the party in a row, decoded."""
        return decode_party(self.line_at(row))

    def party_row(self, entry: int) -> int:
        """Return the row of the party that an entry of ``names`` belongs to."""
        return int(self._arrays["owner"][entry])

    def party_uid(self, entry: int) -> str:
        """Return the uid of the party that an entry of ``names`` belongs to."""
        return self.names.key(entry).partition(_SEPARATOR)[0]

    def name_uid(self, entry: int) -> str:
        """Return the uid, within its party, of an entry of ``names``."""
        return self.names.key(entry).partition(_SEPARATOR)[2]

    def rows_with_identifier(self, identifier: Identifier) -> tuple[int, ...]:
        """Return the rows of parties that may bear an identifier (compare values to be sure)."""
        value = identifier_value(identifier)
        if len(value) < SHORTEST_IDENTIFIER:
            return ()
        h = _identifier_hash(value)
        lo = int(np.searchsorted(self._arrays["identifier"], h, "left"))
        hi = int(np.searchsorted(self._arrays["identifier"], h, "right"))
        return tuple(sorted(set(self._arrays["identifier_row"][lo:hi].tolist())))

    def uids_with_identifier(self, identifier: Identifier) -> tuple[str, ...]:
        """Return the uids of the parties that bear an identifier's value."""
        value = identifier_value(identifier)
        parties = (self.party_at(row) for row in self.rows_with_identifier(identifier))
        return tuple(
            party.uid
            for party in parties
            if any(identifier_value(own) == value for own in party.identifiers)
        )

"""Fetches lists over HTTPS: conditionally, resuming what broke off, verified before it replaces.

Nothing here decides whether a list is sound; that is the store's part.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from enum import StrEnum
from importlib.resources import files as package_files
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from greenlane.core.errors import BadInput, NotFound
from greenlane.screening.formats.report import DEFAULT_LIMITS, Limits
from greenlane.screening.store import ListStore, ListVersion, check_source_key

_CHUNK = 1 << 16
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_USER_AGENT = "greenlane-watchlist/1"


class DownloadFailed(BadInput):
    """The list could not be fetched; the one in force stays in force. Try again later."""

    code = "watchlist.download_failed"


class AddressRefused(BadInput):
    """Lists are fetched over https only. Correct the address."""

    code = "watchlist.address_refused"


@dataclass(frozen=True, slots=True)
class Source:
    """One list and the addresses of its files; none where they are left to the operator."""

    key: str
    publisher: str
    addresses: tuple[str, ...]


class Outcome(StrEnum):
    """What an update did: nothing was newer, the same bytes came, or a version was replaced."""

    NOT_MODIFIED = "NOT_MODIFIED"
    SAME = "SAME"
    REPLACED = "REPLACED"


@dataclass(frozen=True, slots=True)
class Update:
    """The result of updating one list. ``version`` is the one in force afterwards."""

    source_key: str
    outcome: Outcome
    version: ListVersion


@dataclass(frozen=True, slots=True)
class _Validators:
    """What a server says identifies the bytes of an address."""

    etag: str = ""
    last_modified: str = ""

    @property
    def for_range(self) -> str:
        """The validator that may stand in If-Range: a strong ETag, else the date."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


class _Broken(Exception):
    """A transfer ended early; what came stays for the next attempt."""


def load_sources(path: Path | None = None) -> tuple[Source, ...]:
    """Return the configured lists, from an operator's file or from the one shipped.

    Raises:
        BadInput: The file is no mapping of list keys to ``publisher`` and ``files``.
        AddressRefused: An address is not https.
    """
    import yaml

    shipped = package_files("greenlane.screening").joinpath("addresses.yaml")
    try:
        text = path.read_text("utf-8") if path is not None else shipped.read_text("utf-8")
        found: Any = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        name = path.name if path is not None else "addresses.yaml"
        raise BadInput(f"The file of addresses {name} cannot be read: {error}.") from error
    if not isinstance(found, dict):
        raise BadInput("The file of addresses is no mapping of list keys.")
    sources = []
    for key, entry in found.items():
        check_source_key(str(key))
        addresses = entry.get("files") if isinstance(entry, dict) else None
        if not isinstance(addresses, list) or not all(isinstance(item, str) for item in addresses):
            raise BadInput(f"The list {key} needs `files:` with a list of addresses.")
        for address in addresses:
            check_address(address, is_loopback_allowed=True)
        sources.append(Source(str(key), str(entry.get("publisher", "")), tuple(addresses)))
    return tuple(sources)


def check_address(address: str, *, is_loopback_allowed: bool = False) -> None:
    """Raise `AddressRefused` unless the address is https (or, for tests, http on this machine)."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        host = None
        parts = urlsplit("")
    if host and parts.scheme == "https" and not parts.username:
        return
    if host in _LOOPBACK and parts.scheme == "http" and is_loopback_allowed:
        return
    raise AddressRefused(
        f"The address {address[:100]!r} is refused: lists are fetched over https only, without a "
        "name or password in the address."
    )


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, at most five, and only to addresses that are allowed themselves."""

    max_redirections = 5

    def __init__(self, is_loopback_allowed: bool) -> None:
        self._is_loopback_allowed = is_loopback_allowed

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> urllib.request.Request | None:
        check_address(newurl, is_loopback_allowed=self._is_loopback_allowed)
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]  # HTTPMessage is a Message


class Downloader:
    """Fetches the files of lists into a folder of its own, which survives between runs.

    A broken transfer is resumed from where it stopped, in this run or in the next, as long as the
    server still has the very same bytes (If-Range); else it starts over.
    """

    def __init__(
        self,
        folder: Path,
        *,
        limits: Limits = DEFAULT_LIMITS,
        timeout_seconds: float = 60.0,
        attempts: int = 5,
        pause: Callable[[float], None] | None = None,
        context: ssl.SSLContext | None = None,
        is_loopback_allowed: bool = False,
    ) -> None:
        """Prepare fetching.

        Args:
            folder: Kept files, partial files and validators.
            limits: ``file_bytes`` bounds every file.
            timeout_seconds: Longest silence of a server.
            attempts: How often one file is tried.
            pause: Waits between attempts, given seconds (1, 2, 4 ...); not at all by default.
            context: Trusted authorities; the system's by default.
            is_loopback_allowed: Allow plain http to this machine (tests).
        """
        self._folder = folder
        self._limit = limits.file_bytes
        self._timeout = timeout_seconds
        self._attempts = attempts
        self._pause = pause
        self._is_loopback_allowed = is_loopback_allowed
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context or ssl.create_default_context()),
            _Redirects(is_loopback_allowed),
        )

    def fetch(self, address: str) -> tuple[Path, bool]:
        """Return the file of an address and whether it is newer than the one kept.

        The kept file is replaced only by a whole new one. `confirm` must be called once the file
        was taken over; until then the next fetch is unconditional.

        Raises:
            AddressRefused: The address, or one it redirects to, is not https.
            DownloadFailed: No whole file after all attempts, or one beyond the limit.
        """
        check_address(address, is_loopback_allowed=self._is_loopback_allowed)
        kept = self._path(address, "kept")
        known = self._validators(address, "kept") if kept.exists() else _Validators()
        reason = ""
        for attempt in range(self._attempts):
            if attempt and self._pause is not None:
                self._pause(2.0 ** (attempt - 1))
            try:
                return kept, self._attempt(address, kept, known)
            except (_Broken, TimeoutError, ConnectionError, http.client.HTTPException) as error:
                reason = str(error) or type(error).__name__
            except urllib.error.HTTPError as error:
                reason = f"the server answered {error.code} {error.reason}"
                if error.code == 416:
                    self._drop_part(address)
                elif error.code < 500 and error.code not in (408, 425, 429):
                    break
            except urllib.error.URLError as error:
                reason = str(error.reason)
                if isinstance(error.reason, ssl.SSLCertVerificationError):
                    break
        raise DownloadFailed(
            f"{address} could not be fetched after {attempt + 1} attempt"
            f"{'s' if attempt else ''}: {reason}. The list in force stays in force."
        )

    def confirm(self, address: str) -> None:
        """Remember that the kept file was taken over, so that the next fetch is conditional."""
        fetched = self._path(address, "fetched.json")
        if fetched.exists():
            fetched.replace(self._path(address, "kept.json"))

    def _attempt(self, address: str, kept: Path, known: _Validators) -> bool:
        part = self._path(address, "part")
        begun = self._validators(address, "part")
        size = part.stat().st_size if part.exists() and begun.for_range else 0
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked
            address, headers={"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"}
        )
        if size:
            request.add_header("Range", f"bytes={size}-")
            request.add_header("If-Range", begun.for_range)
        elif known.etag:
            request.add_header("If-None-Match", known.etag)
        elif known.last_modified:
            request.add_header("If-Modified-Since", known.last_modified)
        try:
            response = self._opener.open(request, timeout=self._timeout)
        except urllib.error.HTTPError as error:
            if error.code == 304 and kept.exists():
                error.close()
                return False
            raise
        with response:
            total = self._receive(address, response, part, size)
        if total is not None and part.stat().st_size != total:
            raise _Broken(f"{part.stat().st_size:,} of {total:,} bytes came")
        self._path(address, "part.json").replace(self._path(address, "fetched.json"))
        # From here until `confirm` the kept file has no validators: were it refused, the next
        # fetch must not be told that nothing is new.
        self._path(address, "kept.json").unlink(missing_ok=True)
        part.replace(kept)
        return True

    def _receive(self, address: str, response: Any, part: Path, size: int) -> int | None:
        """Write a response to the partial file; return how large the whole must be, if known."""
        headers = response.headers
        if headers.get("Content-Encoding", "identity") not in ("identity", ""):
            raise DownloadFailed(f"{address} came compressed although it was not asked for so.")
        length = headers.get("Content-Length", "")
        total = int(length) if length.isascii() and length.isdecimal() else None
        mode = "wb"
        if response.status == 206:
            match = _RANGE.fullmatch(headers.get("Content-Range", ""))
            if match is None or int(match[1]) != size:
                self._drop_part(address)
                raise _Broken("the server sent another part than the one asked for")
            total = int(match[3])
            mode = "ab"
        else:
            size = 0
            validators = {
                "etag": headers.get("ETag", ""),
                "last_modified": headers.get("Last-Modified", ""),
            }
            self._path(address, "part.json").write_text(json.dumps(validators), "utf-8")
        if total is not None and total > self._limit:
            raise DownloadFailed(
                f"{address} is larger than {self._limit:,} bytes; no watch list is."
            )
        with part.open(mode) as target:
            while True:
                try:
                    chunk = response.read(_CHUNK)
                except http.client.IncompleteRead as error:
                    target.write(error.partial)
                    raise _Broken("the transfer broke off") from error
                if not chunk:
                    break
                size += len(chunk)
                if size > self._limit:
                    raise DownloadFailed(
                        f"{address} is larger than {self._limit:,} bytes; no watch list is."
                    )
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        return total

    def _path(self, address: str, ending: str) -> Path:
        """Return the place of one of an address's files; the kept one bears its own name."""
        folder = self._folder / hashlib.sha256(address.encode()).hexdigest()[:16]
        if ending != "kept":
            return folder / f".{ending}"
        folder.mkdir(parents=True, exist_ok=True)
        name = _UNSAFE.sub("_", urlsplit(address).path.rsplit("/", 1)[-1]).lstrip("._")
        return folder / (name[-80:] or "list")

    def _validators(self, address: str, which: str) -> _Validators:
        try:
            found = json.loads(self._path(address, f"{which}.json").read_text("utf-8"))
            return _Validators(str(found["etag"]), str(found["last_modified"]))
        except (OSError, ValueError, KeyError, TypeError):
            return _Validators()

    def _drop_part(self, address: str) -> None:
        for ending in ("part", "part.json"):
            self._path(address, ending).unlink(missing_ok=True)


def find_source(sources: Sequence[Source], key: str) -> Source:
    """Return the configured list of this key.

    Raises:
        NotFound: There is none, or it has no address yet.
    """
    source = next((source for source in sources if source.key == key), None)
    if source is None:
        known = ", ".join(sorted(source.key for source in sources))
        raise NotFound(f"No list {key[:40]!r} is configured. There are: {known}.")
    if not source.addresses:
        raise NotFound(
            f"The list {key} has no address yet. Put the one its publisher gave you into a file of "
            "addresses and give it with --addresses."
        )
    return source


def update_list(
    store: ListStore,
    source: Source,
    downloader: Downloader,
    *,
    at: datetime,
    by: str,
    force_by: str | None = None,
    reason: str | None = None,
) -> Update:
    """Fetch a list and put it in force if it is whole, sound and new.

    Whatever goes wrong, the version in force stays in force.

    Args:
        store: The store.
        source: The list and its addresses.
        downloader: Fetches; keeps its files between runs.
        at: Now, with time zone.
        by: Who updates.
        force_by: Person who takes a damaged or shrunken list over, with ``reason``.
        reason: Why.

    Raises:
        AddressRefused: An address is not https.
        DownloadFailed: A file could not be fetched whole.
        GreenlaneError: As `ListStore.import_list` refuses.
    """
    fetched = [downloader.fetch(address) for address in source.addresses]
    before = store.journal(source.key)
    if before and not any(is_new for _, is_new in fetched):
        store.note_looked(source.key, at=at)
        return Update(source.key, Outcome.NOT_MODIFIED, store.current(source.key))
    version = store.import_list(
        source.key,
        [path for path, _ in fetched],
        at=at,
        by=by,
        force_by=force_by,
        reason=reason,
    )
    for address in source.addresses:
        downloader.confirm(address)
    is_same = bool(before) and before[-1].version_id == version.version_id
    return Update(source.key, Outcome.SAME if is_same else Outcome.REPLACED, version)

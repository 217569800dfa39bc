"""Fetching lists from a real server on this machine: conditional, resumed, verified."""

from __future__ import annotations

import datetime as dt
import hashlib
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest

from greenlane.core.errors import BadInput, GreenlaneError, NotFound
from greenlane.screening.download import (
    AddressRefused,
    Downloader,
    DownloadFailed,
    Outcome,
    Source,
    find_source,
    load_sources,
    update_list,
)
from greenlane.screening.formats.report import DamagedList, Limits, UnreadableList
from greenlane.screening.store import ListShrunk, ListStore

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@dataclass
class Publisher:
    """What the server has and how it misbehaves; what it was asked."""

    body: bytes = b""
    break_after: list[int] = field(default_factory=list)
    """For the next answers, in order: after how many bytes the connection is cut."""
    statuses: list[int] = field(default_factory=list)
    """For the next answers, in order: a status other than the right one."""
    has_validators: bool = True
    is_range_allowed: bool = True
    location: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:8]}"'


class Answers(BaseHTTPRequestHandler):
    """Serves the publisher's one body at any path."""

    protocol_version = "HTTP/1.1"
    publisher: Publisher

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        there = self.publisher
        there.asked.append({key.lower(): value for key, value in self.headers.items()})
        if there.location:
            self.send_response(302)
            self.send_header("Location", there.location)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if there.statuses:
            self.send_error(there.statuses.pop(0))
            return
        if there.has_validators and self.headers.get("If-None-Match") == there.etag:
            self.send_response(304)
            self.end_headers()
            return
        body, begin = there.body, 0
        wanted = self.headers.get("Range", "")
        same = self.headers.get("If-Range") == there.etag
        if wanted and same and there.is_range_allowed:
            begin = int(wanted.removeprefix("bytes=").rstrip("-"))
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
        else:
            self.send_response(200)
        if there.has_validators:
            self.send_header("ETag", there.etag)
        self.send_header("Content-Length", str(len(body) - begin))
        self.end_headers()
        if there.break_after:
            self.wfile.write(body[begin : begin + there.break_after.pop(0)])
            self.wfile.flush()
            self.close_connection = True
            return
        self.wfile.write(body[begin:])


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    there = Publisher()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Answers,), {"publisher": there}))
    there.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield there
    server.shutdown()
    server.server_close()
    thread.join()


def own_list(*names: str) -> bytes:
    """Return an own list with these names."""
    return "\n".join(
        ["entity_id,name", *(f"{n},{name}" for n, name in enumerate(names)), ""]
    ).encode()


@pytest.fixture
def source(publisher: Publisher) -> Source:
    return Source("own", "a publisher", (f"http://127.0.0.1:{publisher.port}/list.csv",))


@pytest.fixture
def downloader(tmp_path: Path) -> Downloader:
    return Downloader(
        tmp_path / "downloads", timeout_seconds=5, attempts=4, is_loopback_allowed=True
    )


@pytest.fixture
def store(tmp_path: Path) -> ListStore:
    return ListStore(tmp_path / "store")


def test_the_first_update_puts_a_version_in_force(
    publisher: Publisher, source: Source, downloader: Downloader, store: ListStore
) -> None:
    publisher.body = own_list("MADE ONE", "MADE TWO")

    result = update_list(store, source, downloader, at=AT, by="Ada")

    assert (result.outcome, result.version.parties) == (Outcome.REPLACED, 2)
    assert result.version.files[0].name == "list.csv"
    assert publisher.asked[0]["accept-encoding"] == "identity"


def test_an_unchanged_list_is_asked_for_conditionally_and_not_sent(
    publisher: Publisher, source: Source, downloader: Downloader, store: ListStore
) -> None:
    publisher.body = own_list("MADE")
    update_list(store, source, downloader, at=AT, by="Ada")

    result = update_list(store, source, downloader, at=AT, by="Ada")

    assert result.outcome is Outcome.NOT_MODIFIED
    assert publisher.asked[1]["if-none-match"] == publisher.etag


def test_a_server_without_validators_sends_the_same_bytes_without_harm(
    publisher: Publisher, source: Source, downloader: Downloader, store: ListStore
) -> None:
    publisher.body = own_list("MADE")
    publisher.has_validators = False
    update_list(store, source, downloader, at=AT, by="Ada")

    result = update_list(store, source, downloader, at=AT, by="Ada")

    assert result.outcome is Outcome.SAME
    assert len(store.journal("own")) == 1


def test_a_broken_transfer_is_resumed_where_it_stopped(
    publisher: Publisher, source: Source, downloader: Downloader, store: ListStore
) -> None:
    publisher.body = own_list(*(f"NAME {n}" for n in range(20_000)))
    publisher.break_after = [100_000, 50_000]

    result = update_list(store, source, downloader, at=AT, by="Ada")

    assert result.version.parties == 20_000
    assert [asked.get("range") for asked in publisher.asked] == [
        None,
        "bytes=100000-",
        "bytes=150000-",
    ]


def test_a_transfer_goes_on_in_the_next_run(
    publisher: Publisher, source: Source, tmp_path: Path, store: ListStore
) -> None:
    publisher.body = own_list(*(f"NAME {n}" for n in range(20_000)))
    publisher.break_after = [100_000]

    def fresh() -> Downloader:
        return Downloader(tmp_path / "downloads", attempts=1, is_loopback_allowed=True)

    with pytest.raises(DownloadFailed, match=r"broke off|of .* bytes came"):
        update_list(store, source, fresh(), at=AT, by="Ada")
    result = update_list(store, source, fresh(), at=AT, by="Ada")

    assert result.version.parties == 20_000
    assert publisher.asked[1]["range"] == "bytes=100000-"


def test_a_list_that_changed_meanwhile_is_fetched_from_its_beginning(
    publisher: Publisher, source: Source, tmp_path: Path, store: ListStore
) -> None:
    publisher.body = own_list(*(f"OLD {n}" for n in range(20_000)))
    publisher.break_after = [100_000]
    fetcher = Downloader(tmp_path / "downloads", attempts=1, is_loopback_allowed=True)
    with pytest.raises(DownloadFailed):
        update_list(store, source, fetcher, at=AT, by="Ada")
    publisher.body = own_list(*(f"NEW {n}" for n in range(20_000)))

    result = update_list(store, source, fetcher, at=AT, by="Ada")

    names = {party.names[0].text.split()[0] for party in store.parties(result.version)}
    assert names == {"NEW"}


def test_a_server_that_cannot_resume_sends_everything_again(
    publisher: Publisher, source: Source, downloader: Downloader, store: ListStore
) -> None:
    publisher.body = own_list(*(f"NAME {n}" for n in range(20_000)))
    publisher.break_after = [100_000]
    publisher.is_range_allowed = False

    result = update_list(store, source, downloader, at=AT, by="Ada")

    assert result.version.parties == 20_000


def test_a_busy_server_is_asked_again_and_a_missing_file_is_not(
    publisher: Publisher, source: Source, downloader: Downloader, store: ListStore
) -> None:
    publisher.body = own_list("MADE")
    publisher.statuses = [503, 429]
    update_list(store, source, downloader, at=AT, by="Ada")

    publisher.statuses = [404]
    with pytest.raises(DownloadFailed, match="404"):
        update_list(store, source, downloader, at=AT, by="Ada")

    assert len(publisher.asked) == 4


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b"<html><body>Service unavailable</body></html>", UnreadableList),
        (b"<CONSOLIDATED_LIST><INDIVIDUAL>", DamagedList),
        (own_list("NAME 0"), ListShrunk),
        (b"", UnreadableList),
    ],
)
def test_what_is_not_a_sound_list_replaces_nothing_and_is_fetched_again(
    publisher: Publisher,
    source: Source,
    downloader: Downloader,
    store: ListStore,
    body: bytes,
    refusal: type[GreenlaneError],
) -> None:
    good = own_list(*(f"NAME {n}" for n in range(10)))
    publisher.body = good
    before = update_list(store, source, downloader, at=AT, by="Ada").version

    publisher.body = body
    for _ in range(2):
        with pytest.raises(refusal):
            update_list(store, source, downloader, at=AT, by="Ada")
    assert store.current("own") == before

    publisher.body = good
    assert update_list(store, source, downloader, at=AT, by="Ada").outcome is Outcome.SAME


def test_a_file_beyond_the_limit_is_not_fetched(
    publisher: Publisher, source: Source, tmp_path: Path, store: ListStore
) -> None:
    publisher.body = own_list(*(f"NAME {n}" for n in range(1_000)))
    fetcher = Downloader(tmp_path / "d", limits=Limits(file_bytes=500), is_loopback_allowed=True)

    with pytest.raises(DownloadFailed, match="larger than 500 bytes"):
        update_list(store, source, fetcher, at=AT, by="Ada")


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/list.csv",
        "file:///etc/hostname",
        "ftp://example.org/x",
        "https://user:word@example.org/x",
        "https://",
        "list.csv",
        "https://[",
    ],
)
def test_only_https_is_fetched(tmp_path: Path, address: str) -> None:
    with pytest.raises(AddressRefused):
        Downloader(tmp_path / "d").fetch(address)


def test_plain_http_on_this_machine_is_for_tests_alone(tmp_path: Path, source: Source) -> None:
    with pytest.raises(AddressRefused):
        Downloader(tmp_path / "d").fetch(source.addresses[0])


@pytest.mark.parametrize("location", ["file:///etc/hostname", "http://192.0.2.1/", "ftp://x/"])
def test_a_redirect_away_from_https_is_refused(
    publisher: Publisher, source: Source, downloader: Downloader, location: str
) -> None:
    publisher.location = location

    with pytest.raises((AddressRefused, DownloadFailed), match=r"refused|not allowed"):
        downloader.fetch(source.addresses[0])


def test_redirects_in_a_circle_end(
    publisher: Publisher, source: Source, downloader: Downloader
) -> None:
    publisher.location = source.addresses[0]

    with pytest.raises(DownloadFailed):
        downloader.fetch(source.addresses[0])


def test_a_silent_port_is_a_refusal_with_a_sentence(tmp_path: Path) -> None:
    fetcher = Downloader(tmp_path / "d", attempts=2, is_loopback_allowed=True)

    with pytest.raises(DownloadFailed, match="stays in force"):
        fetcher.fetch("http://127.0.0.1:9/list.csv")


def authority(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for this machine; return the server's context and the certificate."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a made authority")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2120, 1, 1, tzinfo=dt.UTC))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = folder / "key.pem"
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, private)
    return context, path


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    context, certificate = authority(tmp_path)
    there = Publisher(body=own_list("MADE"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Answers,), {"publisher": there}))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}/list.csv", certificate
    server.shutdown()
    server.server_close()
    thread.join()


def test_https_works_with_a_trusted_authority(secure: tuple[str, Path], tmp_path: Path) -> None:
    address, certificate = secure
    context = ssl.create_default_context(cafile=str(certificate))

    path, is_new = Downloader(tmp_path / "d", context=context).fetch(address)

    assert (path.read_bytes(), is_new) == (own_list("MADE"), True)


def test_https_without_a_trusted_authority_is_refused(
    secure: tuple[str, Path], tmp_path: Path
) -> None:
    address, _ = secure

    with pytest.raises(DownloadFailed, match=r"after 1 attempt: .*CERTIFICATE_VERIFY_FAILED"):
        Downloader(tmp_path / "d").fetch(address)


def test_the_shipped_addresses_are_https() -> None:
    sources = load_sources()

    assert {"ofac-sdn", "us-csl", "un-sc", "uk-sl", "eu-fsf"} <= {source.key for source in sources}
    assert all(a.startswith("https://") for source in sources for a in source.addresses)


def test_a_list_without_an_address_says_who_must_give_it() -> None:
    with pytest.raises(NotFound, match="no address yet"):
        find_source(load_sources(), "eu-fsf")
    with pytest.raises(NotFound, match="There are: bis-dpl, "):
        find_source(load_sources(), "nowhere")


@pytest.mark.parametrize(
    "text", ["[]", "a: b", "a: {files: x}", "A: {files: []}", "a: {files: [1]}", "a: [", "\0"]
)
def test_a_wrong_file_of_addresses_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "addresses.yaml"
    path.write_text(text)

    with pytest.raises(BadInput):
        load_sources(path)

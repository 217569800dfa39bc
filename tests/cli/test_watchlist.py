"""``greenlane watchlist``: import, list, show, diff, update."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from greenlane.cli.watchlist import watchlist
from greenlane.core.errors import BadInput, GreenlaneError, NotFound
from greenlane.screening.store import ListShrunk


def call(store: Path, *words: str | Path) -> Result:
    """Call the command on a store; a refusal of ours is raised."""
    arguments = [str(word) for word in words]
    result = CliRunner().invoke(watchlist, [*arguments, "--store", str(store)])
    if isinstance(result.exception, GreenlaneError):
        raise result.exception
    return result


def own(folder: Path, *names: str) -> Path:
    """Write an own list."""
    path = folder / "own.csv"
    rows = [f"{number},{name}" for number, name in enumerate(names)]
    path.write_text("\n".join(["entity_id,name", *rows, ""]))
    return path


def test_a_list_is_imported_listed_shown_and_compared(tmp_path: Path) -> None:
    store = tmp_path / "store"

    imported = call(store, "import", "own", own(tmp_path, "ONE", "TWO"), "--by", "Ada")
    call(store, "import", "own", own(tmp_path, "ONE", "TWO", "THREE"), "--by", "Ada")
    listed = call(store, "list")
    shown = call(store, "show", "own")
    compared = call(store, "diff", "own", "--names")

    assert "2 parties, 2 names (0 weak), 0 rows set aside" in imported.output
    assert "3 parties" in listed.output
    assert shown.output.count("put in force by Ada") == 2
    assert "parties: +1 changed 0 -0" in compared.output
    assert "+ own-2" in compared.output


def test_the_same_in_json(tmp_path: Path) -> None:
    store = tmp_path / "store"
    call(store, "import", "own", own(tmp_path, "ONE"), "--by", "Ada")
    call(store, "import", "own", own(tmp_path, "ONE", "TWO"), "--by", "Ada")

    (listed,) = json.loads(call(store, "list", "--json").output)
    shown = json.loads(call(store, "show", "own", "--json").output)
    party = json.loads(call(store, "show", "own", "--party", "own-0").output)
    compared = json.loads(call(store, "diff", "own", "--json").output)

    assert listed == shown
    assert party["names"][0]["text"] == "ONE"
    assert compared["added"] == ["own-1"]


def test_a_shrunken_list_needs_a_name_and_a_reason(tmp_path: Path) -> None:
    store = tmp_path / "store"
    call(store, "import", "own", own(tmp_path, *"ABCDEFGHIJ"))
    small = own(tmp_path, "A")

    with pytest.raises(ListShrunk):
        call(store, "import", "own", small)
    with pytest.raises(BadInput, match="named person"):
        call(store, "import", "own", small, "--force-by", "Grace")
    forced = call(store, "import", "own", small, "--force-by", "Grace", "--reason", "delisted")

    assert forced.exit_code == 0
    assert "forced by Grace: delisted" in call(store, "show", "own").output


@pytest.mark.parametrize(
    "words", [("show", "own"), ("show", "own", "abc"), ("diff", "own"), ("show", "own", "*")]
)
def test_what_is_not_there_is_a_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(NotFound, match="own"):
        call(tmp_path / "store", *words)


def test_an_empty_store_says_what_to_do(tmp_path: Path) -> None:
    assert "watchlist import" in call(tmp_path / "store", "list").output


class OneList(BaseHTTPRequestHandler):
    """Serves a list at /own.csv and nothing else."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if self.path != "/own.csv":
            self.send_error(404)
            return
        body = b"entity_id,name\n1,MADE\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def test_one_list_that_fails_does_not_keep_the_others_back(tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), OneList)
    Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    addresses = tmp_path / "addresses.yaml"
    addresses.write_text(
        f"gone:\n  files: [{base}/gone.csv]\nown:\n  files: [{base}/own.csv]\nlater:\n  files: []\n"
    )

    result = call(
        tmp_path / "store", "update", "--addresses", addresses, "--allow-loopback", "--by", "Ada"
    )
    server.shutdown()
    server.server_close()

    assert result.exit_code == 2
    assert "new version: own" in result.output
    assert "gone: " in result.output
    assert "later" not in result.output

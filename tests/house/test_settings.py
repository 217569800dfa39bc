"""The settings as they act: safe when nothing is set, refused in a sentence when wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

KEY = "for-tests-only-" + "1" * 50


def greenlane(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `greenlane` with no settings but these."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GREENLANE_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-m", "greenlane", *words],
        env={**kept, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_office_server_passes_djangos_own_check_for_deployment(tmp_path: Path) -> None:
    done = greenlane(
        *("manage", "check", "--deploy", "--fail-level", "WARNING"),
        GREENLANE_SECRET_KEY=KEY,
        GREENLANE_DATA_DIR=str(tmp_path),
        GREENLANE_HOSTS="green.example",
    )

    # W005, W021: an office may have other hosts below its name, which are not ours to bind.
    complaints = [
        line
        for line in done.stderr.splitlines()
        if line.startswith("?:") and "W005" not in line and "W021" not in line
    ]
    assert complaints == []


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "GREENLANE_SECRET_KEY is not set"),
        ({"GREENLANE_SECRET_KEY": "short"}, "has 5 characters, fewer than 50"),
        ({"GREENLANE_SECRET_KEY": KEY, "GREENLANE_DEBUG": "perhaps"}, "Write yes or no"),
        ({"GREENLANE_SECRET_KEY": KEY, "GREENLANE_DATABASE_URL": "x://y"}, "is not an address"),
    ],
)
def test_a_missing_or_wrong_setting_is_a_sentence_and_never_a_traceback(
    tmp_path: Path, variables: dict[str, str], said: str
) -> None:
    done = greenlane("manage", "check", GREENLANE_DATA_DIR=str(tmp_path), **variables)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "[setting.wrong]" in done.stderr


def test_a_demo_makes_its_keys_once_and_keeps_them_to_itself(tmp_path: Path) -> None:
    variables = {"GREENLANE_DEMO": "yes", "GREENLANE_DATA_DIR": str(tmp_path)}

    first = greenlane("manage", "check", **variables)
    kept = {path.name: path.read_text("utf-8") for path in (tmp_path / "keys").iterdir()}
    second = greenlane("manage", "check", **variables)

    assert (first.returncode, second.returncode) == (0, 0)
    assert sorted(kept) == ["seal-key", "secret-key", "signing-key"]
    for path in (tmp_path / "keys").iterdir():
        assert path.read_text("utf-8") == kept[path.name]
        assert path.stat().st_mode & 0o077 == 0


def test_help_needs_no_setting_at_all() -> None:
    done = greenlane("--help")

    assert done.returncode == 0
    assert "manage" in done.stdout


@pytest.mark.django_db
def test_a_page_allows_nothing_inline_and_nothing_from_elsewhere(client: Client) -> None:
    answer = client.get("/no-such-page")

    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "http" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_the_design_systems_style_sheet_is_served_compressed(client: Client) -> None:
    vendor = Path(settings.STATICFILES_DIRS[0]) / "vendor"
    if not (vendor / ".stamp").is_file():
        pytest.skip("the browser assets are not there; run ./dev assets")

    address = f"{settings.STATIC_URL}vendor/uswds/css/uswds.min.css"
    answer = client.get(address, headers={"accept-encoding": "gzip"})
    answer.close()

    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) < 100_000

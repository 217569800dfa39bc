"""How an office runs Greenlane: what compose.yaml, the image and the how-to name is all there.

No container is started here; whatever can be read without one is.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import yaml

from greenlane.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
HOW_TO = (ROOT / "docs" / "how-to" / "office-server.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "app", "worker")


def known_settings() -> set[str]:
    return set(re.findall(r"`(GREENLANE_[A-Z0-9_]+)`", SETTINGS))


def missing(names: set[str]) -> set[str]:
    """Return the names that are no setting, and no setting in a file."""
    known = known_settings()
    return {one for one in names if one not in known and one.removesuffix("_FILE") not in known}


def is_command(words: list[str]) -> bool:
    """Tell whether ``greenlane ...`` names a command, and options that it has."""
    command: click.Command | None = cli
    rest = words[1:]
    while isinstance(command, click.Group):
        command = command.get_command(click.Context(command), rest.pop(0))
    if command is None or (words[1] == "manage"):
        return command is not None
    options = {name for one in command.params for name in one.opts}
    return {word for word in rest if word.startswith("--")} <= options


def test_every_variable_of_compose_and_of_the_how_to_is_a_setting() -> None:
    in_compose = set(re.findall(r"GREENLANE_[A-Z0-9_]+", (ROOT / "compose.yaml").read_text()))
    in_how_to = set(re.findall(r"GREENLANE_[A-Z0-9_]+", HOW_TO))
    in_image = set(re.findall(r"GREENLANE_[A-Z0-9_]+", DOCKERFILE))

    assert len(in_compose) >= 8
    assert missing(in_compose | in_how_to | in_image) == set()


def test_every_service_runs_a_command_that_there_is() -> None:
    named = {name: SERVICES[name].get("command") for name in OURS}

    assert named["app"] is None, "the app runs what the image says"
    assert all(is_command(words) for words in named.values() if words)
    assert [one for one in OURS if SERVICES[one]["build"] != "."] == []


def test_nothing_serves_before_the_database_is_up_to_date() -> None:
    for name in ("app", "worker"):
        waits = SERVICES[name]["depends_on"]
        assert waits == {"migrate": {"condition": "service_completed_successfully"}}
    assert SERVICES["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert "healthcheck" in SERVICES["database"]


def test_every_secret_is_declared_used_and_made_by_the_how_to() -> None:
    declared = COMPOSE["secrets"]
    used = {one for service in SERVICES.values() for one in service.get("secrets", [])}
    read = set(re.findall(r"/run/secrets/(\w+)", (ROOT / "compose.yaml").read_text()))

    assert used == set(declared) == read
    for name, entry in declared.items():
        assert entry == {"file": f"./secrets/{name}"}
        assert f"> secrets/{name}" in HOW_TO
    volumes = {
        str(one).partition(":")[0] for s in SERVICES.values() for one in s.get("volumes", [])
    }
    assert volumes == set(COMPOSE["volumes"])


def test_only_the_proxy_of_the_same_machine_reaches_the_app() -> None:
    assert SERVICES["app"]["ports"] == ["127.0.0.1:8000:8000"]
    assert "ports" not in SERVICES["database"]
    assert COMPOSE["x-greenlane"]["environment"]["GREENLANE_TRUSTED_PROXIES"] == "1"


def test_the_image_is_built_by_steps_that_there_are(dev: ModuleType) -> None:
    steps = re.findall(r"^RUN \./dev (\w+)", DOCKERFILE, flags=re.MULTILINE)
    copied = re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, flags=re.MULTILINE)

    assert steps == ["wheel"]
    assert set(steps) <= dev.COMMANDS.keys()
    assert [one for one in copied if not (ROOT / one).exists()] == []
    assert "--require-hashes -r /tmp/base.txt" in DOCKERFILE
    assert "USER greenlane" in DOCKERFILE
    # Nothing reaches the image but what is named: no secret, no history.
    first, *named = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    sent = {one[1:] for one in named if one.startswith("!")}
    assert first == "*"
    assert {"dev", "src", "requirements", "pyproject.toml", "package-lock.json"} <= sent
    assert [one for one in sent if not (ROOT / one).exists()] == []


def test_the_image_and_the_how_to_start_the_server_alike() -> None:
    (in_image,) = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, flags=re.MULTILINE)
    (in_how_to,) = re.findall(r"^ExecStart=/srv/greenlane/venv/bin/(granian .*)$", HOW_TO, re.M)

    words = yaml.safe_load(in_image)
    inside, outside = words.index("--host") + 1, shlex.split(in_how_to)
    # In a container every interface is meant; the port is published to the proxy alone.
    assert outside[inside] == "127.0.0.1"
    assert [*words[:inside], *words[inside + 1 :]] == [*outside[:inside], *outside[inside + 1 :]]
    module, _, name = words[-1].partition(":")
    assert (ROOT / "src" / Path(*module.split("."))).with_suffix(".py").is_file()
    assert name == "application"


def test_every_command_of_the_how_to_is_there() -> None:
    text = "\n".join(re.findall(r"```(?:sh|ini)\n(.*?)```", HOW_TO, flags=re.DOTALL))
    found = re.findall(r"(?:^|[\s/=&])greenlane ((?:[a-z-]+ ?)+(?:--[a-z-]+)?)", text, re.MULTILINE)
    lines = [["greenlane", *line.split()] for line in found if not line.startswith("greenlane")]
    commands = [line for line in lines if cli.get_command(click.Context(cli), line[1])]

    assert len(commands) >= 6
    assert [line for line in commands if not is_command(line)] == []

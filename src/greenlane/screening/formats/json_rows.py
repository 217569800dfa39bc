"""A JSON list of objects as a bounded stream, never the whole document.

Nothing here knows what a key means.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import BinaryIO

from greenlane.screening.formats.report import HostileList, ImportReport, Limits

_CHUNK = 1 << 16
_RESULTS = re.compile(r'"results"\s*:\s*\[')
_SEPARATOR = re.compile(r"[\s,]*")
_BREAK = re.compile(r'["{}]')


def _object_end(text: str, position: int, state: list[int]) -> int:
    """Return where the object that began at ``state[2]`` ends, or -1 when more text is needed.

    ``state`` is [depth, inside a string, begin]; scanning resumes at ``position``, so that a large
    object is looked at once and not once per chunk.
    """
    length = len(text)
    while position < length:
        if state[1]:
            quote = text.find('"', position)
            if quote < 0:
                state[3] = length
                return -1
            slashes = 0
            while quote - 1 - slashes >= state[2] and text[quote - 1 - slashes] == "\\":
                slashes += 1
            position = quote + 1
            if slashes % 2 == 0:
                state[1] = 0
            continue
        match = _BREAK.search(text, position)
        if match is None:
            state[3] = length
            return -1
        position = match.end()
        if match[0] == '"':
            state[1] = 1
        elif match[0] == "{":
            state[0] += 1
        else:
            state[0] -= 1
            if state[0] == 0:
                return position
    state[3] = length
    return -1


def read_objects(
    stream: BinaryIO, *, limits: Limits, report: ImportReport
) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield (ordinal, object) for each object of the list under ``results``, or of a bare list.

    Numbers arrive as text, since no field of a watch list is calculated with. Text that breaks off
    ends the stream and is recorded as damage.

    Raises:
        HostileList: An object or the file is beyond the limits.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    reader = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
    text = ""
    total = ordinal = 0
    is_inside = is_final = False
    state = [0, 0, 0, 0]
    while True:
        if not is_inside:
            stripped = text.lstrip()
            match = _RESULTS.search(text)
            if stripped.startswith("["):
                text, is_inside = stripped[1:], True
            elif match is not None:
                text, is_inside = text[match.end() :], True
        while is_inside:
            if state[0] == 0:
                begin = _SEPARATOR.match(text).end()  # type: ignore[union-attr]  # matches always
                text = text[begin:]
                if not text:
                    break
                if text[0] == "]":
                    return
                if text[0] != "{":
                    report.found_damage(
                        f"After object {ordinal} comes something that is no object."
                    )
                    return
                state = [0, 0, 0, 0]
            end = _object_end(text, state[3], state)
            if end < 0:
                break
            ordinal += 1
            report.rows += 1
            try:
                found = reader.decode(text[:end])
            except (ValueError, RecursionError):
                report.put_aside(ordinal, f"Object {ordinal} is no valid JSON.", text[:200])
                report.found_damage(f"Object {ordinal} is no valid JSON.")
            else:
                yield ordinal, found
            text = text[end:]
            state = [0, 0, 0, 0]
        if len(text) > limits.record_bytes:
            raise HostileList(f"Object {ordinal + 1} is larger than any record of a watch list.")
        if is_final:
            report.found_damage(f"The JSON breaks off after object {ordinal}.")
            return
        chunk = stream.read(_CHUNK)
        is_final = not chunk
        total += len(chunk)
        if total > limits.file_bytes:
            raise HostileList(f"The file is larger than {limits.file_bytes:,} bytes.")
        text += decoder.decode(chunk, is_final)

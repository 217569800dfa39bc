"""A small pack of criteria, written to a folder for a test and damaged there on purpose."""

from __future__ import annotations

from pathlib import Path

from greenlane.content.criteria_files import load_editions
from greenlane.content.criteria_yaml import FilesRefused, Problem
from greenlane.core.criteria import Edition

FILES = {
    "editions/sources.yaml": """\
book:
  title: {en: The book, es: El libro}
deck:
  title: {en: A deck}
  url: https://example.org/deck
""",
    "editions/one/edition.yaml": """\
id: one
title: {en: First, es: Primera}
status: draft
valid_from: 2020-01-01
compliance: {new_applicants: 2020-01-01, existing_members: 2020-07-01}
publisher: {en: The office, es: La oficina}
license: Apache-2.0
retrieved_on: 2026-01-01
sources: [book]
languages: [en, es]
entity_types: [importer, carrier]
focus_areas:
  - key: all
    name: {en: All, es: Todo}
categories:
  - number: 1
    name: {en: Seals, es: Sellos}
    focus_area: all
  - number: 2
    name: {en: People, es: Personas}
    focus_area: all
cell_basis:
  confirmed: {en: seen, es: visto}
  assumed: {en: our judgment, es: criterio nuestro}
  doubtful: {en: seen without it, es: visto sin ella}
id_labels:
  provisional: {en: Working no., es: Núm. provisional}
  program_requirement: {en: Requirement, es: Requisito}
""",
    "editions/one/criteria/01-seals.yaml": """\
criteria:
  - id: '1.9'
    id_status: official
    category: 1
    level: should
    title: Seal log
    requirement: Keep a log of seals.
    sub_requirements:
      - {key: a, text: The log is kept, level: must}
      - {key: b, text: The log is reviewed, level: should}
    evidence:
      - {kind: log, text: the log}
      - {kind: photo, text: a photo of it}
    guidance: On paper or not.
    guidance_confidence: high
    confidence: high
    params: {review_interval_months: 12, fields: [number, date]}
    lists: [log-fields]
    history:
      - on: '2019-05'
        change: {en: introduced, es: se introdujo}
    tags: [seals]
    sources: [book]
    cells:
      importer: {state: confirmed}
      carrier: {state: assumed, level: must, condition: by sea only}
  - id: '1.10'
    id_status: official
    category: 1
    level: must
    title: Seal audit
    requirement: Audit the seals.
    evidence:
      - {kind: record, text: the audit}
    confidence: medium
    sources: [book, deck]
    cells:
      importer: {state: doubtful}
""",
    "editions/one/criteria/02-people.yaml": """\
criteria:
  - id: 2.P-1
    id_status: provisional
    candidate_ids: {en: 2.3 or later, es: 2.3 o posterior}
    category: 2
    level: must
    title: Badges
    requirement: Issue badges.
    evidence:
      - {kind: document, text: the procedure}
    confidence: low
    also_affects:
      - id: '1.10'
        change: {en: shares its audit, es: usa su auditoría}
    sources: [book]
    cells:
      carrier: {state: confirmed, sources: [deck]}
""",
    "editions/one/es/01-seals.yaml": """\
'1.9':
  title: Bitácora de sellos
  requirement: Llevar una bitácora de sellos.
  sub_requirements:
    - Se lleva la bitácora
    - Se revisa la bitácora
  evidence:
    - la bitácora
    - una fotografía de ella
  guidance: En papel o no.
  conditions:
    carrier: solo por mar
'1.10':
  title: Auditoría de sellos
  requirement: Auditar los sellos.
  evidence: [la auditoría]
""",
    "editions/one/es/02-people.yaml": """\
2.P-1:
  title: Gafetes
  requirement: Entregar gafetes.
  evidence: [el procedimiento]
""",
    "editions/two/edition.yaml": """\
id: two
title: {en: Second, es: Segunda}
status: draft
valid_from: 2023-01-01
compliance: {new_applicants: 2023-01-01, existing_members: 2023-08-01}
publisher: {en: The office, es: La oficina}
license: Apache-2.0
retrieved_on: 2026-01-01
sources: [deck]
supersedes: one
based_on: one
languages: [en, es]
""",
    "editions/two/changes.yaml": """\
added:
  - id: '1.11'
    id_status: official
    category: 1
    level: must
    title: Seal store
    requirement: Lock the store.
    evidence:
      - {kind: photo, text: the lock}
    confidence: high
    sources: [deck]
    cells:
      importer: {state: confirmed}
changed:
  - id: '1.9'
    on: 2023-01-01
    change: {en: raised for importers, es: elevado para importadores}
    sources: [deck]
    set:
      requirement: Keep a log of all seals.
      cells:
        importer: {level: must}
        carrier: null
withdrawn:
  - id: 2.P-1
    on: '2023-01'
    change: {en: dropped, es: suprimido}
    sources: [deck]
""",
    "editions/two/es/changes.yaml": """\
'1.9':
  requirement: Llevar una bitácora de todos los sellos.
'1.11':
  title: Almacén de sellos
  requirement: Cerrar con llave el almacén.
  evidence: [el candado]
""",
    "lists/log-fields.yaml": """\
id: log-fields
kind: log
title: {en: Fields, es: Campos}
groups:
  seal: {en: The seal, es: El sello}
items:
  - key: number
    text: {en: Number, es: Número}
    group: seal
  - key: signature
    text: {en: Signature, es: Firma}
    when: {en: if supervised, es: si hubo supervisión}
    value: P12M
sources: [book]
confidence: high
note: {en: Kept a year., es: Se conserva un año.}
""",
}


def write_pack(folder: Path, changes: dict[str, str | None] | None = None) -> Path:
    """Write the sample pack into a folder; a file changed to ``None`` is left out."""
    for name, text in {**FILES, **(changes or {})}.items():
        path = folder / name
        if text is None:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def load(folder: Path, changes: dict[str, str | None] | None = None) -> tuple[Edition, ...]:
    """Write the sample pack and load its editions."""
    return load_editions(write_pack(folder, changes))


def refused(folder: Path, changes: dict[str, str | None]) -> tuple[Problem, ...]:
    """Return what the loader finds wrong with the sample pack after these changes."""
    try:
        load(folder, changes)
    except FilesRefused as refusal:
        return refusal.problems
    return ()


def replaced(name: str, old: str, new: str) -> dict[str, str | None]:
    """Return the change of one file of the sample pack in which ``old`` becomes ``new``."""
    text = FILES[name]
    assert old in text, f"{name} has no {old!r}"
    return {name: text.replace(old, new, 1)}

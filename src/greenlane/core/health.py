"""The health of a program on one day: counts, duties, ages, each from the record, each defined.

Oversight found programs that could not say how many of their members were overdue (GAO-17-84) and
benefits nobody could prove. So every table here carries its own definition, every number follows
from the steps known on that day, and the same day asked again gives the same numbers (P4, P26).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final, TypeAlias

from greenlane.core.canonical import Json
from greenlane.core.deadlines import Duty
from greenlane.core.lifecycle.standing import Standing, Step
from greenlane.core.marks import Mark
from greenlane.core.program import Program
from greenlane.core.text import Text
from greenlane.core.vocabulary import Axis, DutyState, Phase

OFFICE: Final = "office"
"""Whose duty it is, where it is not an account's."""
Value: TypeAlias = int | str | None
_YEAR: Final = timedelta(days=365)
_NOBODY: Final = "-"


def _words(en: str, es: str) -> Text:
    return Text({"en": en, "es": es})


@dataclass(frozen=True, slots=True)
class Life:
    """One account on the day of the report; ``steps`` are those known on it, in their order."""

    stream: str
    entity_type: str
    office: str
    standing: Standing
    steps: Sequence[Step]
    duties: Sequence[Duty]
    bucket: Duty | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of figures: its key, its heading and what it counts ("accounts", "days" ...)."""

    key: str
    title: Text
    unit: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its key, its heading, and one value a column; None where none is."""

    key: str
    title: Text
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class HealthTable:
    """Figures of one kind with their definition: what is counted, of whom, from which events."""

    id: str
    title: Text
    definition: Text
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    def as_json(self, language: str = "en") -> dict[str, Json]:
        """Return the table with words in one language; each line names its values by column."""
        return {
            "id": self.id,
            "title": self.title.in_(language),
            "definition": self.definition.in_(language),
            "units": {column.key: column.unit for column in self.columns},
            "lines": [
                {
                    "key": line.key,
                    "title": line.title.in_(language),
                    **{
                        column.key: value
                        for column, value in zip(self.columns, line.values, strict=True)
                    },
                }
                for line in self.lines
            ],
        }


@dataclass(frozen=True, slots=True)
class Health:
    """The report of one day, as known on that day or as known now."""

    on: date
    known_now: bool
    program: str
    pack_version: str
    members: int
    tables: tuple[HealthTable, ...]

    def table(self, key: str) -> HealthTable:
        """Return one table by its id."""
        return next(table for table in self.tables if table.id == key)

    def as_json(self, language: str = "en") -> dict[str, Json]:
        """Return the report as the command and the API give it."""
        return {
            "on": self.on.isoformat(),
            "known": "now" if self.known_now else "then",
            "program": self.program,
            "pack_version": self.pack_version,
            "members": self.members,
            "tables": [table.as_json(language) for table in self.tables],
        }


def health(
    program: Program,
    lives: Iterable[Life],
    *,
    on: date,
    office_duties: Sequence[Duty] = (),
    known_now: bool = False,
) -> Health:
    """Compute the report of a day from the accounts as they stood on it.

    Args:
        program: The pack whose words and phases apply.
        lives: Every account known on the day, each once.
        on: The day.
        office_duties: The office's own dated duties on the day.
        known_now: Whether facts recorded after the day count (R24); only stated, not applied.
    """
    found = list(lives)
    members = [life for life in found if _phase(program, life) in _IN_THE_PROGRAM]
    tables = (
        _by_status(program, found),
        _by(_TIER, members, Axis.TIER, program),
        _by_entity(program, members),
        _by_office(members),
        _buckets(members),
        _duties(found, office_duties),
        _overdue(found, office_duties, on),
        _ages(program, found, on),
        _waiting(program, found, on),
        _year(found, on),
    )
    return Health(on, known_now, program.id, program.version, len(members), tables)


_IN_THE_PROGRAM: Final = frozenset({Phase.MEMBER, Phase.SUSPENDED})
_ACCOUNTS: Final = Column("accounts", _words("Accounts", "Cuentas"), "accounts")


def _phase(program: Program, life: Life) -> Phase:
    return program.phase_of(life.standing.axes[Axis.MEMBERSHIP])


def _label(program: Program, axis: Axis, value: str) -> Text:
    return program.labels.get(axis.value, {}).get(value) or _words(value, value)


# --- How many -------------------------------------------------------------------------------------


def _by_status(program: Program, lives: Sequence[Life]) -> HealthTable:
    counts = Counter(life.standing.axes[Axis.MEMBERSHIP] for life in lives)
    return HealthTable(
        "status",
        _words("Accounts by status", "Cuentas por situación"),
        _words(
            "Every account opened on or before the day, by the membership status in which the acts "
            "recorded until then had left it.",
            "Toda cuenta abierta hasta ese día inclusive, por la situación de membresía en que la "
            "dejaron los actos registrados hasta entonces.",
        ),
        (_ACCOUNTS,),
        tuple(
            Line(value, _label(program, Axis.MEMBERSHIP, value), (counts[value],))
            for value in program.labels["membership"]
            if counts[value]
        ),
    )


_TIER: Final = (
    "tier",
    _words("Members by tier", "Miembros por nivel"),
    _words(
        "Accounts that are members on the day, suspended ones included, by tier.",
        "Cuentas que son miembros en el día, incluidas las suspendidas, por nivel.",
    ),
)


def _by(
    kind: tuple[str, Text, Text], members: Sequence[Life], axis: Axis, program: Program
) -> HealthTable:
    key, title, definition = kind
    counts = Counter(life.standing.axes[axis] for life in members)
    lines = tuple(
        Line(value, _label(program, axis, value), (count,))
        for value, count in sorted(counts.items())
    )
    return HealthTable(key, title, definition, (_ACCOUNTS,), lines)


def _by_entity(program: Program, members: Sequence[Life]) -> HealthTable:
    counts = Counter(life.entity_type for life in members)
    return HealthTable(
        "entity_type",
        _words("Members by entity type", "Miembros por tipo de entidad"),
        _words(
            "Accounts that are members on the day, suspended ones included, by entity type.",
            "Cuentas que son miembros en el día, incluidas las suspendidas, por tipo de entidad.",
        ),
        (_ACCOUNTS,),
        tuple(
            Line(key, entity.title, (counts[key],))
            for key, entity in program.entity_types.items()
            if counts[key]
        ),
    )


def _by_office(members: Sequence[Life]) -> HealthTable:
    everybody, overdue = Counter[str](), Counter[str]()
    for life in members:
        everybody[life.office or _NOBODY] += 1
        if any(duty.state is DutyState.OVERDUE for duty in life.duties):
            overdue[life.office or _NOBODY] += 1
    none = _words("No office", "Sin oficina")
    return HealthTable(
        "office",
        _words("Members by field office", "Miembros por oficina"),
        _words(
            "Accounts that are members on the day, by the field office that keeps them, and how "
            "many of them have at least one overdue duty.",
            "Cuentas que son miembros en el día, por la oficina que las lleva, y cuántas de ellas "
            "tienen al menos una obligación vencida.",
        ),
        (_ACCOUNTS, Column("overdue", _words("With overdue", "Con vencidas"), "accounts")),
        tuple(
            Line(key, none if key == _NOBODY else _words(key, key), (count, overdue[key]))
            for key, count in sorted(everybody.items())
        ),
    )


_BUCKETS: Final[Mapping[str, Text]] = {
    DutyState.OVERDUE.value: _words("Worst duty overdue", "Peor obligación: vencida"),
    DutyState.OPEN.value: _words("Worst duty open", "Peor obligación: abierta"),
    DutyState.STOPPED.value: _words("Worst duty stopped", "Peor obligación: detenida"),
    "nothing_due": _words("Nothing due", "Nada pendiente"),
}


def _buckets(members: Sequence[Life]) -> HealthTable:
    counts = Counter(
        life.bucket.state.value if life.bucket is not None else "nothing_due" for life in members
    )
    return HealthTable(
        "bucket",
        _words("Members by their worst duty", "Miembros por su peor obligación"),
        _words(
            "Every member is in exactly one line; the lines add up to all members, so none can be "
            "forgotten.",
            "Cada miembro está en un solo renglón; los renglones suman todos los miembros, de modo "
            "que ninguno puede quedar olvidado.",
        ),
        (_ACCOUNTS,),
        tuple(Line(key, title, (counts[key],)) for key, title in _BUCKETS.items()),
    )


# --- What is due ----------------------------------------------------------------------------------


_STATES: Final = (
    ("open", _words("Open", "Abiertas")),
    ("overdue", _words("Overdue", "Vencidas")),
    ("explained", _words("Overdue with a reason", "Vencidas con motivo")),
    ("met_on_time", _words("Met on time", "Cumplidas a tiempo")),
    ("met_late", _words("Met late", "Cumplidas tarde")),
    ("lapsed", _words("Lapsed", "Caducadas")),
    ("stopped", _words("Stopped", "Detenidas")),
)


def _state(duty: Duty) -> str:
    if duty.state is DutyState.MET:
        return "met_late" if duty.is_late else "met_on_time"
    return duty.state.value


def _duties(lives: Sequence[Life], office: Sequence[Duty]) -> HealthTable:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    titles: dict[str, Text] = {}
    for duty in (*(duty for life in lives for duty in life.duties), *office):
        titles.setdefault(duty.id, duty.deadline.title)
        counts[duty.id][_state(duty)] += 1
        if duty.state is DutyState.OVERDUE and duty.reason:
            counts[duty.id]["explained"] += 1
    return HealthTable(
        "duties",
        _words("Duties by rule", "Obligaciones por regla"),
        _words(
            "Every dated duty of every account and of the office on the day, by rule and state. A "
            "duty met after its day is counted as met late for good.",
            "Toda obligación con fecha de cada cuenta y de la oficina en el día, por regla y "
            "estado. La que se cumplió después de su día queda para siempre como cumplida tarde.",
        ),
        tuple(Column(key, title, "duties") for key, title in _STATES),
        tuple(
            Line(rule, titles[rule], tuple(counts[rule][key] for key, _ in _STATES))
            for rule in sorted(counts)
        ),
    )


def _overdue(lives: Sequence[Life], office: Sequence[Duty], on: date) -> HealthTable:
    late = [
        (life.stream, duty)
        for life in lives
        for duty in life.duties
        if duty.state is DutyState.OVERDUE
    ]
    late += [(OFFICE, duty) for duty in office if duty.state is DutyState.OVERDUE]
    late.sort(key=lambda one: (one[1].due_on, one[0], one[1].id))
    return HealthTable(
        "overdue",
        _words("Overdue, each with its reason", "Vencidas, cada una con su motivo"),
        _words(
            "Every duty whose day has passed on the day of the report, oldest first; the reason is "
            "the code recorded for it, and a dash says that nobody has given one.",
            "Toda obligación cuyo día ya pasó en el día del informe, la más antigua primero; el "
            "motivo es el código registrado, y un guion dice que nadie lo ha dado.",
        ),
        (
            Column("account", _words("Account", "Cuenta"), "key"),
            Column("due_on", _words("Due day", "Fecha límite"), "day"),
            Column("days", _words("Days late", "Días de atraso"), "days"),
            Column("reason", _words("Reason", "Motivo"), "code"),
        ),
        tuple(
            Line(
                f"{stream}:{duty.key}",
                duty.deadline.title,
                (stream, duty.due_on.isoformat(), (on - duty.due_on).days, duty.reason or _NOBODY),
            )
            for stream, duty in late
        ),
    )


# --- How old --------------------------------------------------------------------------------------


_AGES: Final = (
    Column("accounts", _words("Accounts", "Cuentas"), "accounts"),
    Column("median_days", _words("Median days", "Mediana de días"), "days"),
    Column("longest_days", _words("Longest", "El más largo"), "days"),
)


def _age_values(days: Sequence[int]) -> tuple[Value, ...]:
    # Half a day helps nobody: the lower of two middle values would hide age, so round up.
    return (len(days), int(median(days) + 0.5) if days else None, max(days) if days else None)


def _ages(program: Program, lives: Sequence[Life], on: date) -> HealthTable:
    days: dict[str, list[int]] = defaultdict(list)
    for life in lives:
        since = life.standing.since.get(Axis.MEMBERSHIP)
        if since is not None:
            days[life.standing.axes[Axis.MEMBERSHIP]].append((on - since.on).days)
    return HealthTable(
        "age_in_status",
        _words("How long accounts have been in their status", "Tiempo en la situación actual"),
        _words(
            "Days from the step that set the present membership status to the day, per status.",
            "Días desde el acto que fijó la situación actual hasta el día, por situación.",
        ),
        _AGES,
        tuple(
            Line(value, title, _age_values(days[value]))
            for value, title in program.labels["membership"].items()
            if days[value]
        ),
    )


# What waits: from the first of these moments to the last of those, per account.
_WAITS: Final[Mapping[str, tuple[Text, frozenset[Mark], frozenset[Mark]]]] = {
    "application": (
        _words("Applications not yet decided", "Solicitudes sin resolver"),
        frozenset({Mark.APPLICATION_RECEIVED, Mark.REAPPLIED}),
        frozenset({Mark.CERTIFIED, Mark.REJECTED, Mark.WITHDRAWN, Mark.DRAFT_EXPIRED}),
    ),
    "vetting": (
        _words("Vetting not yet concluded", "Investigaciones sin concluir"),
        frozenset({Mark.VETTING_STARTED}),
        frozenset({Mark.VETTING_COMPLETED, Mark.WITHDRAWN, Mark.REMOVED, Mark.REJECTED}),
    ),
    "validation": (
        _words("Validations not yet concluded", "Validaciones sin concluir"),
        frozenset({Mark.VALIDATION_OPENED}),
        frozenset(
            {
                Mark.VALIDATED,
                Mark.REVALIDATED,
                Mark.VALIDATION_CLOSED,
                Mark.WITHDRAWN,
                Mark.REMOVED,
            }
        ),
    ),
    "review": (
        _words("Annual reviews not yet decided", "Revisiones anuales sin resolver"),
        frozenset({Mark.REVIEW_SUBMITTED}),
        frozenset({Mark.REVIEW_APPROVED, Mark.REVIEW_REJECTED, Mark.WITHDRAWN, Mark.REMOVED}),
    ),
    "suspension": (
        _words("Suspensions in force", "Suspensiones vigentes"),
        frozenset({Mark.SUSPENDED}),
        frozenset({Mark.REINSTATED, Mark.REMOVED, Mark.WITHDRAWN}),
    ),
}


def _waiting(program: Program, lives: Sequence[Life], on: date) -> HealthTable:
    lines = []
    for key, (title, begins, ends) in _WAITS.items():
        days = []
        for life in lives:
            since = waits_since(life.steps, begins=begins, ends=ends)
            if since is not None:
                days.append((on - since).days)
        lines.append(Line(key, title, _age_values(days)))
    return HealthTable(
        "waiting",
        _words("What waits, and how long", "Lo que espera, y desde cuándo"),
        _words(
            "Days from the act that began the matter to the day, for matters that no later act has "
            "ended.",
            "Días desde el acto que inició el asunto hasta el día, para los asuntos que ningún "
            "acto posterior ha concluido.",
        ),
        _AGES,
        tuple(lines),
    )


def waits_since(
    steps: Sequence[Step], *, begins: frozenset[Mark], ends: frozenset[Mark]
) -> date | None:
    """Return the day on which the matter began that is still open after ``steps``, else None."""
    since: date | None = None
    for step in steps:
        if ends.intersection(step.marks):
            since = None
        elif since is None and begins.intersection(step.marks):
            since = step.on
    return since


_YEARLY: Final[Mapping[Mark, Text]] = {
    Mark.APPLICATION_RECEIVED: _words("Applications received", "Solicitudes recibidas"),
    Mark.REJECTED: _words("Applications rejected", "Solicitudes rechazadas"),
    Mark.CERTIFIED: _words("Certifications", "Certificaciones"),
    Mark.VALIDATION_VISITED: _words("Validation visits", "Visitas de validación"),
    Mark.VALIDATED: _words("First validations", "Primeras validaciones"),
    Mark.REVALIDATED: _words("Revalidations", "Revalidaciones"),
    Mark.VALIDATION_DEFERRED: _words("Validations deferred", "Validaciones diferidas"),
    Mark.TIER_RAISED: _words("Tiers raised", "Niveles subidos"),
    Mark.TIER_LOWERED: _words("Tiers lowered", "Niveles bajados"),
    Mark.REVIEW_APPROVED: _words("Annual reviews approved", "Revisiones anuales aprobadas"),
    Mark.REVIEW_REJECTED: _words("Annual reviews rejected", "Revisiones anuales rechazadas"),
    Mark.SUSPENDED: _words("Suspensions", "Suspensiones"),
    Mark.REINSTATED: _words("Reinstatements", "Reincorporaciones"),
    Mark.REMOVED: _words("Removals", "Bajas"),
    Mark.WITHDRAWN: _words("Withdrawals", "Retiros"),
}


def _year(lives: Sequence[Life], on: date) -> HealthTable:
    acts, accounts = Counter[Mark](), defaultdict[Mark, set[str]](set)
    for life in lives:
        for step in life.steps:
            if on - _YEAR < step.on <= on:
                for mark in step.marks:
                    acts[mark] += 1
                    accounts[mark].add(life.stream)
    return HealthTable(
        "year",
        _words("Acts of the last 365 days", "Actos de los últimos 365 días"),
        _words(
            "Steps that took effect within the 365 days that end with the day.",
            "Actos con efecto dentro de los 365 días que terminan ese día.",
        ),
        (Column("acts", _words("Acts", "Actos"), "acts"), _ACCOUNTS),
        tuple(
            Line(mark.value, title, (acts[mark], len(accounts[mark])))
            for mark, title in _YEARLY.items()
        ),
    )

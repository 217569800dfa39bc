"""Template tags of the kit: ``{% load ui %}``. Each takes a frozen view object."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.widgets import Input
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from greenlane.core.rules.evaluate import Explanation
from greenlane.core.text import Text
from greenlane.core.vocabulary import DutyState
from greenlane.web.ui.clocks import Clock, TimelineEntry
from greenlane.web.ui.difference import difference
from greenlane.web.ui.forms import DayWidget, Tiles
from greenlane.web.ui.language import with_language
from greenlane.web.ui.pieces import (
    CheckLine,
    Empty,
    Gate,
    Hash,
    Lines,
    Link,
    Moment,
    Money,
    Muted,
    Number,
    Pair,
    Status,
    Step,
    Tab,
    answer_word,
)
from greenlane.web.ui.reasons import confidence_words, why_tree
from greenlane.web.ui.table import Column, Row, Table, encode_cursor
from greenlane.web.ui.words import (
    day_words,
    in_language,
    money_words,
    number_words,
    short_day,
    short_hash,
)

register = template.Library()
_SPRITE: Final = "vendor/uswds/img/sprite.svg"

register.filter("day_words", day_words)
register.filter("short_day", short_day)
register.filter("in_language", in_language)


@register.filter
def number(value: int | float | Decimal) -> str:
    """Write a number the way the reader's language does."""
    return number_words(value)


@register.filter
def money(amount: Decimal | int, currency: str) -> str:
    """Write an amount with its currency code."""
    return money_words(amount, currency)


@register.simple_tag
def icon(name: str, size: int = 3) -> SafeString:
    """Draw one icon of the design system; it is decoration, the word beside it speaks."""
    return _icon(name, size)


@lru_cache(maxsize=512)
def _icon(name: str, size: int) -> SafeString:
    return format_html(
        '<svg class="usa-icon usa-icon--size-{} gl-icon" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        size,
        static(_SPRITE),
        name,
    )


# --- Values -----------------------------------------------------------------------------------


@register.simple_tag
def cell(value: object) -> str:
    """Show any value of a view object the way the kit shows its kind."""
    if value is None or value == "":
        return SafeString('<span class="gl-quiet">—</span>')
    if isinstance(value, Status):
        return status(value)
    if isinstance(value, Clock):
        return _small_clock(value)
    if isinstance(value, Moment):
        return day(value)
    if isinstance(value, date):
        return _time(value)
    if isinstance(value, Link):
        return _link(value)
    if isinstance(value, Lines):
        parts = [format_html('<span class="gl-line">{}</span>', cell(v)) for v in value.values]
        return SafeString("".join(parts))
    if isinstance(value, Muted):
        return format_html('<span class="gl-quiet">{}</span>', value.text)
    return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, Number):
        unit = f"\u00a0{value.unit}" if value.unit else ""
        return f"{number_words(value.value)}{unit}"
    if isinstance(value, Money):
        return money_words(value.amount, value.currency)
    if isinstance(value, Hash):
        return _hash(value.hex)
    if isinstance(value, Text):
        return in_language(value)
    if isinstance(value, bool):
        return answer_word("yes" if value else "no")
    if isinstance(value, int | float | Decimal):
        return number_words(value)
    return str(value) if not isinstance(value, SafeString) else value


def _link(value: Link) -> SafeString:
    note = format_html('<span class="gl-line gl-quiet">{}</span>', value.note) if value.note else ""
    return format_html('<a class="usa-link" href="{}">{}</a>{}', value.href, value.text, note)


@register.simple_tag
def status(value: Status) -> SafeString:
    """Show a status: icon, word, since when, by whom, why."""
    word = _word(value.tone, icon(value.icon_name), value.meaning, value.word)
    if not (value.since or value.by or value.why_href):
        return word
    return render_to_string("ui/status.html", {"status": value, "word": word})


# A table of a hundred rows shows each of these as often; a template each would take half its time.
# Typed, since a text that is safe as it stands equals one that must be escaped.
@lru_cache(maxsize=512, typed=True)
def _word(tone: str, drawn: SafeString, meaning: str, word: str) -> SafeString:
    return format_html(
        '<span class="gl-status gl-tone--{}">{}<span class="gl-status__word"{}>{}</span></span>',
        tone,
        drawn,
        format_html(' title="{}"', meaning) if meaning else "",
        word,
    )


def _small_clock(value: Clock) -> SafeString:
    due = format_html('<span class="gl-line gl-clock__due">{}</span>', value.due_words)
    bar = format_html(
        '<svg class="gl-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false"><rect class="gl-bar__all" width="100" height="4"></rect>'
        '<rect class="gl-bar__spent" width="{}" height="4"></rect></svg>',
        value.spent,
    )
    return format_html(
        '<span class="gl-clock gl-tone--{}"><span class="gl-clock__words">{}<strong>{}</strong> {}'
        "</span>{}{}</span>",
        value.tone,
        "" if value.tone == "neutral" else icon(value.icon),
        value.words,
        "" if value.state == DutyState.MET else due,
        "" if value.spent is None else bar,
        format_html('<span class="gl-line gl-quiet">{}</span>', value.reason)
        if value.reason
        else "",
    )


@register.simple_tag(name="clock")
def clock(value: Clock, compact: bool = False) -> SafeString:
    """Show a clock with its thin bar; ``compact`` leaves out source and title."""
    return _small_clock(value) if compact else render_to_string("ui/clock.html", {"clock": value})


@register.simple_tag
def day(value: Moment | date) -> SafeString:
    """Show a day; with a ``Moment``, what set it opens on hover and on tap."""
    moment = value if isinstance(value, Moment) else Moment(value)
    return render_to_string("ui/day.html", {"moment": moment, "words": day_words(moment.on)})


def _time(on: date) -> SafeString:
    """Show a bare day short; an instant keeps its hour."""
    words = day_words(on) if isinstance(on, datetime) else short_day(on)
    return format_html('<time class="gl-time" datetime="{}">{}</time>', on.isoformat(), words)


@register.simple_tag(name="short_hash")
def _hash(text: str) -> SafeString:
    """Show a hash short; hover, copy and screen readers have it whole."""
    return format_html('<code class="gl-hash" title="{}">{}</code>', text, short_hash(text))


# --- Groups of values ---------------------------------------------------------------------------


@register.inclusion_tag("ui/pairs.html")
def pairs(listed: Sequence[Pair]) -> dict[str, Any]:
    """Show labels and values."""
    return {"pairs": listed}


@register.inclusion_tag("ui/tabs.html")
def tabs(listed: Sequence[Tab], label: str = "") -> dict[str, Any]:
    """Show the views of one thing, each a link."""
    return {"tabs": listed, "label": label}


@register.inclusion_tag("ui/steps.html")
def steps(listed: Sequence[Step]) -> dict[str, Any]:
    """Show where a journey stands."""
    current = next((n for n, step in enumerate(listed, 1) if step.state == "current"), None)
    return {"steps": listed, "current": current, "count": len(listed)}


@register.inclusion_tag("ui/check_lines.html")
def check_lines(listed: Sequence[CheckLine]) -> dict[str, Any]:
    """Show points that are met, not met, or not known."""
    return {"lines": listed}


@register.inclusion_tag("ui/timeline.html")
def timeline(listed: Sequence[TimelineEntry], label: str = "") -> dict[str, Any]:
    """Show past, present and future of an account."""
    return {"entries": listed, "label": label}


@register.inclusion_tag("ui/gates.html")
def gates(listed: Sequence[Gate], title: str = "", note: str = "") -> dict[str, Any]:
    """Show which conditions of an act hold, closed ones first."""
    order = {"no": 0, "cannot_tell": 1, "yes": 2}
    ordered = sorted(listed, key=lambda gate: order.get(str(gate.truth), 1))
    shut = sum(str(gate.truth) != "yes" for gate in listed)
    shown = [
        (gate, why_tree(gate.why) if gate.why else None, confidence_words(gate.confidence))
        for gate in ordered
    ]
    return {"gates": shown, "title": title, "note": note, "shut": shut, "count": len(listed)}


@register.inclusion_tag("ui/why.html")
def why(
    explanation: Explanation | None = None,
    title: str = "",
    source: str = "",
    confidence: str = "",
    href: str = "",
    words: Mapping[str, Text | str] | None = None,
) -> dict[str, Any]:
    """Fold out the rule behind something: its tree on the facts, its source, how sure it is."""
    return {
        "tree": why_tree(explanation, words) if explanation else None,
        "title": title,
        "source": source,
        "confidence": confidence_words(confidence),
        "href": href,
    }


@register.inclusion_tag("ui/diff.html")
def diff(old: str, new: str, old_title: str = "", new_title: str = "") -> dict[str, Any]:
    """Show two texts side by side with the differences marked."""
    return {"difference": difference(old, new), "old_title": old_title, "new_title": new_title}


@register.inclusion_tag("ui/empty.html")
def empty(value: Empty) -> dict[str, Any]:
    """Say what belongs here and how the first one comes."""
    return {"empty": value}


@register.inclusion_tag("ui/messages.html", takes_context=True)
def messages_list(context: template.RequestContext) -> dict[str, Any]:
    """Show what the last act did."""
    return {"messages": context.get("messages") or []}


@register.simple_tag(takes_context=True)
def keep_language(context: template.RequestContext, href: str) -> str:
    """Carry the address's language to a link of a public page."""
    return with_language(context["request"], href) if context.get("request") else href


# --- Tables ---------------------------------------------------------------------------------------


@register.inclusion_tag("ui/table.html", takes_context=True)
def data_table(context: template.RequestContext, table: Table) -> dict[str, Any]:
    """Show a table with its search, chips, columns, sort, pages and export."""
    query = table.query
    shown = table.shown_columns
    return {
        "table": table,
        "query": query,
        "heads": [_head(table, column.key) | {"column": column} for column in shown],
        "rows": _rows(table),
        "width": len(shown) + bool(table.bulk),
        "chips": [_chips(table, index) for index in range(len(table.filters))],
        "hidden": query.parameters(without=["q"]),
        "hidden_columns": query.parameters(without=["cols"]),
        "clear_href": query.href(**dict.fromkeys(["q", *query.chosen])),
        "first_href": query.href() if query.cursor else "",
        "next_href": query.href(after=encode_cursor(table.next_cursor))
        if table.next_cursor
        else "",
        "optional": [
            (column, column in shown)
            for index, column in enumerate(table.columns)
            if index and column.is_optional
        ],
        "csrf_token": context.get("csrf_token"),
    }


def _head(table: Table, key: str) -> dict[str, Any]:
    query = table.query
    is_sorted = query.sort == key
    turned = f"-{key}" if is_sorted and not query.is_descending else key
    return {
        "href": query.href(sort=turned),
        "is_sorted": is_sorted,
        "aria": ("descending" if query.is_descending else "ascending") if is_sorted else "",
    }


def _rows(table: Table) -> list[dict[str, Any]]:
    # Written here and not in the template: a list of 150 rows has 600 cells.
    heading, *others = table.shown_columns
    found = []
    before = ""
    for row in table.rows:
        name = cell(row.cells.get(heading.key))
        opened = '<a class="usa-link gl-table__open" href="{}">{}</a>'
        found.append(
            {
                "row": row,
                "attributes": _row_attributes(row),
                "name": name,
                "first": format_html(opened, row.href, name) if row.href else name,
                "others": SafeString(
                    "".join(_body_cell(each, row.cells.get(each.key)) for each in others)
                ),
                "group": row.group if row.group != before else "",
            }
        )
        before = row.group
    return found


def _row_attributes(row: Row) -> SafeString:
    named = {
        "id": row.id,
        "data-row-href": row.href,
        "class": f"gl-tone--{row.tone}" if row.tone else "",
    }
    return format_html_join("", ' {}="{}"', [each for each in named.items() if each[1]])


def _body_cell(column: Column, value: object) -> SafeString:
    return format_html(
        '<td role="cell" data-label="{}"{}><div class="gl-cell">{}</div></td>',
        column.title,
        SafeString(' class="gl-num"') if column.is_number else "",
        cell(value),
    )


def _chips(table: Table, index: int) -> dict[str, Any]:
    each = table.filters[index]
    chosen = table.query.chosen.get(each.key)
    return {
        "title": each.title,
        "all_href": table.query.href(**{each.key: None}),
        "is_all": chosen is None,
        "options": [
            (option, option.value == chosen, table.query.href(**{each.key: option.value}))
            for option in each.options
        ],
    }


# --- Forms ---------------------------------------------------------------------------------------


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """List what is wrong, each a link to its field; nothing when all is well."""
    found = [
        (_before_message(form[name]), _first_id(form[name]), message)
        for name, messages in form.errors.items()
        if name != "__all__"
        for message in messages
    ]
    general = form.non_field_errors()
    return {"found": found, "general": general, "points": len(found) + len(general)}


def _before_message(bound: BoundField) -> str:
    # A question keeps its mark; everything else gets a colon.
    label = str(bound.label).rstrip(":. ")
    return label if label.endswith("?") else f"{label}:"


def _first_id(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, DayWidget | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or str(bound.auto_id)


@register.simple_tag(takes_context=True)
def fields(context: template.RequestContext, form: forms.BaseForm) -> SafeString:
    """Show all visible fields of a form, and its hidden ones."""
    shown = [field(context, bound) for bound in form.visible_fields()]
    hidden = [str(bound) for bound in form.hidden_fields()]
    return SafeString("".join([*hidden, *shown]))


_CLASSES: Final[tuple[tuple[type[forms.Widget], str], ...]] = (
    (forms.Textarea, "usa-textarea"),
    (forms.SelectMultiple, "usa-select gl-select-many"),
    (forms.Select, "usa-select"),
    (forms.FileInput, "gl-file"),
    (forms.CheckboxInput, "usa-checkbox__input"),
    (Input, "usa-input"),
)


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, DayWidget):
        return "day"
    # Django derives the boxes from the radio buttons: ask for them first.
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "boxes"
    if isinstance(widget, forms.RadioSelect):
        return "radio"
    if isinstance(widget, forms.CheckboxInput):
        return "box"
    return "file" if isinstance(widget, forms.FileInput) else "plain"


@register.simple_tag(takes_context=True)
def field(
    context: template.RequestContext, bound: BoundField, autosave: str = "", saved: str = ""
) -> SafeString:
    """Show one field: label above, help under it, error beside it, the input, its saved state.

    Args:
        context: Of the page.
        bound: ``form.name``.
        autosave: Address that takes the whole form whenever this field changes.
        saved: What is known when the page opens: "Saved 14:32".
    """
    widget = bound.field.widget
    kind = _kind(widget)
    identity = str(bound.auto_id or bound.html_name)
    described = [
        f"{identity}-{part}"
        for part, is_there in (("help", bound.help_text), ("error", bound.errors))
        if is_there
    ]
    attrs = _autosave(autosave) if autosave else {}
    if kind != "day":
        attrs["class"] = " ".join(
            filter(None, [widget.attrs.get("class", ""), _class(widget, bound)])
        )
    if described and kind in {"plain", "file", "box"}:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors and kind in {"plain", "file", "box"}:
        attrs["aria-invalid"] = "true"
    choices = [choice.data for choice in bound.subwidgets] if kind in {"radio", "boxes"} else []
    return render_to_string(
        "ui/field.html",
        {
            "bound": bound,
            "kind": kind,
            "id": identity,
            "first_id": _first_id(bound),
            "described": " ".join(described),
            "input": bound.as_widget(attrs=attrs) if not choices else "",
            "choices": [(choice, _note(widget, choice)) for choice in choices],
            "is_tile": isinstance(widget, Tiles),
            "autosave": autosave,
            "autosave_attrs": attrs if autosave else {},
            "saved": saved,
            "is_optional": not bound.field.required and kind != "box",
        },
    )


def _note(widget: forms.Widget, choice: Mapping[str, Any]) -> object:
    return widget.notes.get(str(choice["value"]), "") if isinstance(widget, Tiles) else ""


def _class(widget: forms.Widget, bound: BoundField) -> str:
    found = next((name for kind, name in _CLASSES if isinstance(widget, kind)), "")
    if bound.errors and found in {"usa-input", "usa-textarea"}:
        found += f" {found.split()[0]}--error"
    return found


def _autosave(href: str) -> dict[str, Any]:
    return {
        "hx-post": href,
        "hx-trigger": "change, input changed delay:2s",
        "hx-swap": "none",
        "hx-sync": "closest form:queue last",
        "data-autosave": "",
    }


@register.inclusion_tag("ui/submit.html")
def submit(
    title: str, kind: str = "", name: str = "", value: str = "", key: str = "", icon_name: str = ""
) -> dict[str, Any]:
    """Show a button that says the act and cannot be pressed twice."""
    return {
        "title": title,
        "kind": kind,
        "name": name,
        "value": value,
        "key": key,
        "icon_name": icon_name,
    }


@register.simple_tag
def once() -> SafeString:
    """Give a form a key of its own: an act may refuse to be carried out twice for one key."""
    return format_html('<input type="hidden" name="once" value="{}">', secrets.token_urlsafe(16))

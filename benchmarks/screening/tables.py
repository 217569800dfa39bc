"""The measured tables of the manual on screening, made of the files in ``results/``.

``python -m benchmarks.screening.tables`` writes them anew between their marks in
``docs/explanation/screening.md`` and ``docs/how-to/choose-thresholds.md``; a test fails while pages
and files differ, or while the files are of another scorer than the one that is shipped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
RESULTS: Final = ROOT / "benchmarks" / "results"
PAGES: Final = (
    ROOT / "docs" / "explanation" / "screening.md",
    ROOT / "docs" / "how-to" / "choose-thresholds.md",
)
_BLOCK: Final = re.compile(r"(<!-- measured: (\w+) -->\n).*?(<!-- end of measured -->)", re.DOTALL)

Figures = dict[str, Any]


def measured() -> Figures:
    """Return the engines' figures of the last run."""
    found: Figures = json.loads((RESULTS / "screening.json").read_text("utf-8"))
    return found


def left_out() -> Figures:
    """Return the figures on names that were not learned from."""
    found: Figures = json.loads((RESULTS / "screening_fit.json").read_text("utf-8"))
    return found


def _span(one: list[float]) -> str:
    return f"({one[0]:.3f} to {one[1]:.3f})"


def _quality() -> str:
    run, fold = measured(), left_out()["cross_validated"]
    own, bars = run["engines"]["greenlane"], run["bars"]
    good, hand = own["quality"], own["hand_labelled"]
    one, five = good["recall_at"]["0.01"], good["recall_at"]["0.05"]
    alias = good["classes"]["+real_alias"]
    rows = (
        ("Recall where 1 % of other names alert", one["recall"], one["interval"],
         f"{fold['recall_at_0.01']:.3f}", bars["recall at 1 %"]),
        ("Recall where 5 % of other names alert", five["recall"], five["interval"],
         f"{fold['recall_at_0.05']:.3f}", bars["recall at 5 %"]),
        ("Real aliases found where 5 % alert", alias["share"], alias["interval"],
         f"{fold['real_alias_at_0.05']:.3f}", bars["real_alias at 5 %"]),
        ("Best F1", good["f1"], good["f1_interval"], f"{fold['f1']:.3f}", bars["f1"]),
        ("Hand-labelled pairs of other people, F1", hand["f1"], hand["f1_interval"],
         f"{fold['hand_labelled_f1']:.3f} {_span(fold['hand_labelled_f1_interval'])}",
         "0.83; goal 0.87"),
    )  # fmt: skip
    lines = ["| | here | on names not learned from | bar |", "|---|---|---|---|"]
    lines += [
        f"| {what} | {value:.3f} {_span(span)} | {fresh} | {bar} |"
        for what, value, span, fresh, bar in rows
    ]
    searched = own["hand_labelled_through_search"]["f1"]
    return "\n".join(
        [
            *lines,
            "",
            f"Scored through the search instead of pair by pair the hand-labelled pairs give "
            f"{searched:.3f}:",
            "pairs that share too little are never compared. "
            f"Scorer {own['scorer_version']}, measured on {own['measured_on']}.",
        ]
    )


_CLASSES: Final = (
    ("typo1", "one letter wrong"),
    ("script_cyrl", "Cyrillic"),
    ("typo2", "two letters wrong"),
    ("script_arab", "Arabic, vowels unwritten"),
    ("combo", "several faults at once"),
    ("translit", "other romanization"),
    ("nickname", "nickname"),
    ("spacing", "written together or apart"),
    ("branch", '"branch", "representative office"'),
    ("initial", "initials"),
    ("first_last_only", "first and last name only"),
    ("extra_token", "extra words"),
    ("legal_drop", "legal form left out"),
    ("legal_form", "legal form changed"),
    ("vessel_prefix", "vessel prefixes"),
    ("vessel_numeral", "numerals of vessels"),
)
_OTHERS: Final = (
    ("recombined_company", "recombined names of real firms"),
    ("recombined_person", "recombined persons"),
    ("real_company", "real companies of other lists"),
    ("same_surname", "the same surname"),
    ("vessel_sibling", "sister ships"),
    ("us_congress", "members of Congress"),
    ("real_people_us", "ordinary people, United States"),
    ("real_people_global", "ordinary people, worldwide"),
)


def _classes() -> str:
    classes = measured()["engines"]["greenlane"]["quality"]["classes"]
    cells = [f"{words} | {classes[f'+{key}']['share']:.2f}" for key, words in _CLASSES]
    rows = [f"| {one} | {two} |" for one, two in zip(cells[::2], cells[1::2], strict=True)]
    others = ", ".join(
        f"{words} {100 * classes[f'-{key}']['share']:.1f} %" for key, words in _OTHERS
    )
    told = f"False alerts at the same threshold are not spread evenly: {others}."
    return "\n".join(["| | | | |", "|---|---|---|---|", *rows, "", *_wrapped(told)])


def _wrapped(text: str) -> list[str]:
    import textwrap

    return textwrap.wrap(text, 104, break_long_words=False, break_on_hyphens=False)


_PEERS: Final = (
    ("logic_v2_trigrams", "nomenklatura logic-v2, trigram blocking"),
    ("logic_v2", "nomenklatura logic-v2, its own blocker"),
    ("logic_v1_trigrams", "nomenklatura logic-v1, trigram blocking"),
    ("trigram_cosine", "sparse_dot_topn, trigram cosine"),
    ("token_set_ratio", "rapidfuzz token_set_ratio"),
    ("token_sort_ratio", "rapidfuzz token_sort_ratio"),
)


def _peers() -> str:
    engines, fold = measured()["engines"], left_out()["cross_validated"]
    own = engines["greenlane"]
    lines = [
        "| Engine | queries per CPU-second | load | F1 | recall at 1 % | at 5 % "
        "| hand-labelled F1 |",
        "|---|---|---|---|---|---|---|",
        f"| **Greenlane**, on names not learned from | {own['queries_per_cpu_s']:,} "
        f"| {own['load']} | {fold['f1']:.3f} | {fold['recall_at_0.01']:.3f} "
        f"| {fold['recall_at_0.05']:.3f} | {fold['hand_labelled_f1']:.3f} |",
    ]
    for key, words in _PEERS:
        found = engines[key]
        good = found["quality"]
        lines.append(
            f"| {words} | {found['queries_per_cpu_s']:,.0f} | {found['load']} "
            f"| {good['f1']:.3f} | {good['recall_at']['0.01']['recall']:.3f} "
            f"| {good['recall_at']['0.05']['recall']:.3f} | {found['hand_labelled']['f1']:.3f} |"
        )
    return "\n".join(lines)


_PURPOSES: Final = {
    "0.85": "few and sure; first work of a small team",
    "0.70": "a daily queue",
    "0.50": "the shipped review level",
    "0.36": "where a miss weighs more than work",
    "0.25": "the floor: nothing below is ever kept",
}


def _levels() -> str:
    levels = measured()["engines"]["greenlane"]["levels"]
    lines = [
        "| Level | true names found | false alerts per 1,000 names that are hard "
        "| what it is for |",
        "|---|---|---|---|",
    ]
    for level, purpose in _PURPOSES.items():
        found, false = levels[level]["found"], levels[level]["false"]
        low, high = (round(1000 * end) for end in false["interval"])
        lines.append(
            f"| {level} | {found['share']:.3f} {_span(found['interval'])} "
            f"| {round(1000 * false['share'])} ({low} to {high}) | {purpose} |"
        )
    return "\n".join(lines)


BLOCKS: Final[dict[str, Callable[[], str]]] = {
    "quality": _quality,
    "classes": _classes,
    "peers": _peers,
    "levels": _levels,
}


def page(text: str) -> str:
    """Return a page with every measured block made anew."""
    return _BLOCK.sub(lambda found: f"{found[1]}{BLOCKS[found[2]]()}\n{found[3]}", text)


def main() -> None:
    """Write the pages."""
    for path in PAGES:
        path.write_text(page(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()

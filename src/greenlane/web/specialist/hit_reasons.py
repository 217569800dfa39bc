"""Why a hit scores what it scores, in the reader's language.

The screening says it in codes: what relates two words, what is held against two names, what besides
the names speaks for or against. A test compares the English of these words with the screening's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

RELATIONS: Final = {
    "bias": gettext_lazy("the same word"),
    "sound": gettext_lazy("the same sound, other letters"),
    "near": gettext_lazy("nearly the same spelling"),
    "close": gettext_lazy("a close spelling"),
    "fair": gettext_lazy("a fairly close spelling"),
    "weak": gettext_lazy("some likeness only"),
    "poor": gettext_lazy("little likeness"),
    "contrary": gettext_lazy("different words"),
    "group": gettext_lazy("one name in two forms, or an abbreviation"),
    "skeleton": gettext_lazy("the same consonants, in a script without vowels"),
    "skeleton_near": gettext_lazy("nearly the same consonants"),
    "prefix": gettext_lazy("one word within the other"),
    "joined": gettext_lazy("written together or apart"),
    "initial": gettext_lazy("an initial"),
    "acronym": gettext_lazy("first letters of several words"),
    "number_contrary": gettext_lazy("different numbers"),
    "place_contrary": gettext_lazy("different places"),
    "generic_contrary": gettext_lazy("different general words"),
    "missing_subject": gettext_lazy("only in the subject's name"),
    "missing_listed": gettext_lazy("only in the listed name"),
    "light_subject": gettext_lazy("general word, place or initial only in the subject's name"),
    "light_listed": gettext_lazy("general word, place or initial only in the listed name"),
    "number_subject": gettext_lazy("number only in the subject's name"),
    "number_listed": gettext_lazy("number only in the listed name"),
    "patronymic_missing": gettext_lazy("patronymic in one name only"),
    "evidence_1": gettext_lazy("weight of the words that agree, up to one rare word"),
    "evidence_2": gettext_lazy("weight of the words that agree, up to two rare words"),
    "evidence_3": gettext_lazy("weight of the words that agree, beyond two rare words"),
    "one_part": gettext_lazy("one word alone agrees"),
    "contrary_rare": gettext_lazy("telling words contradict each other"),
    "family_missing": gettext_lazy("the family name is not matched"),
    "last_missing": gettext_lazy("the last word is not matched"),
    "first_missing": gettext_lazy("the first word is not matched"),
    "legal_contrary": gettext_lazy("legal forms of different kinds"),
    "legal_one": gettext_lazy("a legal form in one name only"),
    "other_kind": gettext_lazy("a person on one side, not on the other"),
    "missing_subject_parts": gettext_lazy("telling words only in the subject's name"),
    "contrary_flag": gettext_lazy("words contradict each other"),
    "missing_listed_parts": gettext_lazy("words only in the listed name"),
    "short_name": gettext_lazy("a very short name"),
    "initial_contrary": gettext_lazy("an initial stands against a word that begins otherwise"),
    "main_contrary": gettext_lazy("neither family name is matched"),
    "one_of_many": gettext_lazy("one word of three or more agrees"),
    "two_of_many": gettext_lazy("two words of four or more agree"),
    "several_imperfect": gettext_lazy("several words agree only nearly"),
    "contrary_and_imperfect": gettext_lazy("some words contradict, others agree only nearly"),
    "contrary_and_thin": gettext_lazy("words contradict each other and one at most agrees"),
    "order": gettext_lazy("the words stand in another order"),
    "lineage_swapped": gettext_lazy("father and child have changed places"),
    "prefix_short": gettext_lazy("a short word begins or ends a longer one"),
    "slip_1": gettext_lazy("words one slip of the pen apart"),
    "slip_2": gettext_lazy("words two slips apart"),
    "slip_more": gettext_lazy("words three slips or more apart"),
    "low_cover": gettext_lazy("less than seven tenths of the names agree"),
    "contrary_in_long": gettext_lazy("one word contradicts, three or more agree"),
    "missing_both": gettext_lazy("each name has words the other lacks"),
    "untold_words": gettext_lazy("titles, particles or legal forms that one side leaves out"),
}
KINDS: Final = {
    "PERSON": gettext_lazy("person"),
    "ORGANIZATION": gettext_lazy("organization"),
    "VESSEL": gettext_lazy("vessel"),
    "AIRCRAFT": gettext_lazy("aircraft"),
    "UNKNOWN": gettext_lazy("not known"),
}
EVIDENCE: Final = {
    "BIRTH_DATE_SAME": gettext_lazy("Birth date %(ours)s agrees with the listed %(theirs)s."),
    "BIRTH_DATE_OTHER": gettext_lazy("Birth date %(ours)s contradicts the listed %(theirs)s."),
    "COUNTRY_SAME": gettext_lazy("Both name %(ours)s."),
    "COUNTRY_OTHER": gettext_lazy("%(ours)s is not among the listed %(theirs)s."),
    "IDENTIFIER_SAME": gettext_lazy("%(ours)s %(theirs)s is the same."),
    "IMO_OTHER": gettext_lazy(
        "IMO %(ours)s is not the listed %(theirs)s; a ship keeps its number for life."
    ),
    "WEAK_NAME_TOO": gettext_lazy("The weak alias %(theirs)s matches as well."),
}


def relation(code: str) -> str:
    """Return what relates two words or two names; two codes joined by ``*`` are two things."""
    one, _star, two = code.replace("same", "bias").partition("*")
    first = str(RELATIONS.get(one, one))
    if not two:
        return first
    if one == two:
        return _("%(what)s, more of it") % {"what": first}
    return _("%(one)s, together with: %(two)s") % {
        "one": first,
        "two": str(RELATIONS.get(two, two)),
    }


def reason(evidence: Mapping[str, object]) -> str:
    """Return one piece of evidence as a sentence; as it was stored, where it has no code."""
    words = EVIDENCE.get(str(evidence.get("says", "")))
    if words is None:
        return str(evidence.get("detail", ""))
    ours = str(evidence.get("ours", "")) or _("Identifier")
    return str(words) % {"ours": ours, "theirs": evidence.get("theirs", "")}

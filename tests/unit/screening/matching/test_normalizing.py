"""What the normalizer makes of names: scripts, titles, legal forms, numbers, hostile text."""

from __future__ import annotations

import numpy as np
import pytest

from greenlane.screening.kernel.names import H_FAMILY, H_LEGAL, P_TYPE, P_VALUE, P_WORD, T_NUMBER
from greenlane.screening.kernel.words import C_RAW, C_RAW_END, C_SOUND, C_SOUND_END
from greenlane.screening.prepare import kind_codes, prepare
from greenlane.screening.records import Kind
from greenlane.screening.scripts import rewrite


def parts(name: str, kind: Kind = Kind.UNKNOWN) -> list[str]:
    words, names = prepare([name], kind_codes([kind]))
    return [
        bytes(words.text[words.facts[v, C_RAW] : words.facts[v, C_RAW_END]]).decode()
        for v in names.parts[:, P_WORD]
    ]


def sound(word: str) -> str:
    words, _ = prepare([word], kind_codes([Kind.PERSON]))
    return bytes(words.text[words.facts[0, C_SOUND] : words.facts[0, C_SOUND_END]]).decode()


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("Łódź Ünïted", Kind.ORGANIZATION, ["lodz", "united"]),
        ("O'Brien, Sean", Kind.PERSON, ["obrien", "sean"]),
        ("S.C. Johnson & Son, Inc.", Kind.ORGANIZATION, ["sc", "johnson", "son"]),
        ("L.X.C Aviation", Kind.ORGANIZATION, ["lxc", "aviation"]),
        ("J.-C. Juncker", Kind.PERSON, ["j", "c", "juncker"]),
        ("'Abd al-Karim Sa'id", Kind.PERSON, ["abdul", "karim", "said"]),
        ("Mr. Igor Petrov", Kind.PERSON, ["igor", "petrov"]),
        ("King, Martin", Kind.PERSON, ["king", "martin"]),
        ("MV OCEAN STAR", Kind.VESSEL, ["ocean", "star"]),
        ("Seabrasslimited", Kind.ORGANIZATION, ["seabrass"]),
        ("Acme - Representative Office", Kind.ORGANIZATION, ["acme"]),
        ("LE, Minh", Kind.PERSON, ["le", "minh"]),
        ("Владимир Путин", Kind.PERSON, ["vladimir", "putin"]),
        ("김정은", Kind.PERSON, ["gim", "jeong", "eun"]),
        ("习近平", Kind.PERSON, ["xi", "jin", "ping"]),
        ("Νικόλαος", Kind.PERSON, ["nikolaos"]),
        ("محمد", Kind.PERSON, ["MHMD"]),
        ("דוד", Kind.PERSON, ["david"]),
        ("סולומיאק", Kind.PERSON, ["SLMK"]),
        ("Hsieh Chih-yung", Kind.PERSON, ["xie", "zhiyong"]),
    ],
)
def test_a_name_becomes_the_words_that_count(name: str, kind: Kind, expected: list[str]) -> None:
    assert parts(name, kind) == expected


def test_a_name_made_only_of_legal_forms_keeps_them() -> None:
    assert parts("The Limited Company", Kind.ORGANIZATION) == ["the", "limited", "company"]


def test_legal_forms_of_one_family_are_the_same_set() -> None:
    _, names = prepare(
        ["Acme LLC", "Acme Obshchestvo s ogranichennoi otvetstvennostyu", "Acme GmbH", "Acme AG"],
        kind_codes([Kind.ORGANIZATION] * 4),
    )

    families = names.heads[:, H_LEGAL].tolist()

    assert families[0] == families[1] == families[2]
    assert families[3] != families[0]


@pytest.mark.parametrize(
    "name",
    [
        "Borisat Tindelwick Chamkat",
        "Cong ty TNHH Tindelwick",
        "Tindelwick Youxian Gongsi",
        "Tazamoni Tindelwick va Shoraka",
        "Tindelwick S.A.L. (Offshore)",
        "Tindelwick Sahami Khas",
        "Gosudarstvennaya Kompaniya Tindelwick",
        "FGBNU Tindelwick",
        "TAA Tindelwick",
        "Tindelwick Joint Partnership",
    ],
)
def test_legal_forms_of_many_languages_are_told_from_the_name(name: str) -> None:
    assert parts(name, Kind.ORGANIZATION) == ["tindelwick"]


def test_a_legal_form_with_a_slip_of_one_letter_is_still_read() -> None:
    assert parts("Grupo Solar Limtada", Kind.ORGANIZATION) == ["grupo", "solar"]


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [
        ("KUM SONG VII", Kind.VESSEL, 7),
        ("Ocean Star 3", Kind.VESSEL, 3),
        ("223rd Flight Unit", Kind.ORGANIZATION, 223),
        ("First Harbor Bank", Kind.ORGANIZATION, 1),
    ],
)
def test_numbers_are_read_by_value(name: str, kind: Kind, value: int) -> None:
    _, names = prepare([name], kind_codes([kind]))

    numbers = names.parts[names.parts[:, P_TYPE] == T_NUMBER]

    assert numbers[:, P_VALUE].tolist() == [value]


def test_a_chinese_family_name_is_no_roman_numeral() -> None:
    _, names = prepare(["Xi Jinping", "Jinping Xi"], kind_codes([Kind.PERSON] * 2))

    assert T_NUMBER not in names.parts[:, P_TYPE].tolist()


def test_the_comma_of_a_person_tells_the_family_name() -> None:
    _, names = prepare(
        ["SOTO GIL, Ana", "Soto Gil, Inc."], kind_codes([Kind.PERSON, Kind.ORGANIZATION])
    )

    assert names.heads[:, H_FAMILY].tolist() == [2, 0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("yevgeny", "evgeni"),
        ("khalifah", "halifa"),
        ("quraishi", "kuraishi"),
        ("philip", "filip"),
        ("mohammed", "mohamed"),
        ("nasrallah", "nasralla"),
        ("ig0r", "igor"),
    ],
)
def test_spellings_of_one_sound_have_one_sound_form(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_a_name_does_not_depend_on_the_names_beside_it() -> None:
    names = ["Petrov, Igor", "Acme\nTrading LLC", "محمد علي", "KUM SONG VII", "", "x " * 300]
    names += ["Short, Name"] * 10
    kinds = [Kind.PERSON, Kind.ORGANIZATION, Kind.PERSON, Kind.VESSEL, Kind.UNKNOWN]
    kinds += [Kind.ORGANIZATION] * 11

    together = prepare(names, kind_codes(kinds))

    for row, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        alone = prepare([name], kind_codes([kind]))
        lo, hi = together.names.off[row], together.names.off[row + 1]
        # the vocabulary number differs, all else is equal
        assert np.array_equal(together.names.parts[lo:hi, 1:], alone.names.parts[:, 1:])
        assert np.array_equal(together.names.heads[row], alone.names.heads[0])


def test_hostile_names_are_cut_not_refused() -> None:
    huge = ["x" * 100_000, "a " * 50_000, "\ud800 broken", "\x00\u202e\ufeff", "&" * 10_000]

    prepared = prepare(huge, kind_codes([Kind.ORGANIZATION] * len(huge)))

    assert len(prepared.names.heads) == len(huge)
    assert np.diff(prepared.names.off).max() <= 32


def test_text_in_unknown_scripts_is_spelled_in_latin() -> None:
    assert rewrite("ვლადიმერ").isascii()

"""Text at the door: what is dropped, what stays, what search and a terminal get."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.clinic.text import MARKS_PER_BASE, TooLong, clean, fold, one_line, terminal_safe

steady = settings(deadline=None, max_examples=300)
anything = st.text(st.characters())  # with lone surrogates
AWKWARD = (
    "aé\u0301\u0323\u0308 \t\r\n\x1b\x00\x9b\u2028\u202e\u2066\u200b\u200c\u200d\ufe0f\u20e31'’"
    "👩👧🏽♀🏴\U000e0067\U000e007f"
)
awkward = st.text(
    st.sampled_from(
        AWKWARD + "مکरक्ष\u094d\u09b0\u09cdЖß\ud800\udc00\ud83d\ude00\ufeffｱ\u3099か각\u1100\u1161"
    )
)

FAMILY = "👩\u200d👩\u200d👧\u200d👦"
KEPT = (
    "Nguyễn Thị Hồng",
    "O’Brien-Łódź",
    "山田 太郎",
    "葛\U000e0100飾区",  # a Japanese name's variant character
    "김철수",
    "محمد عبد\u200cالله",  # Persian spelling keeps its non-joiner
    "شاه\u200cنامه",
    "क्\u200dष",  # a half letter
    "അവന്\u200d",  # old Malayalam spelling ends in a joiner
    "র\u200d্যাম",
    "ကြွက်",
    "שָׁלוֹם",
    FAMILY,
    "👩🏽\u200d⚕\ufe0f",
    "❤\ufe0f\u200d🔥",
    "🏳\ufe0f\u200d🌈",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "1\ufe0f\u20e3",
    "[/foo] [@click=app.quit] taper 20mg [/",
    "two  spaces   stay",
)
DROPPED = {
    "a\x00b": "ab",
    "\x1b[31mred\x1b[0m": "[31mred[0m",
    "\x9b2Jx": "2Jx",
    "\x1b]52;c;aGk=\x07": "]52;c;aGk=",
    "a\x7fb": "ab",
    "abc\u202egnp.exe": "abcgnp.exe",
    "\u2066a\u2069": "a",
    "MRN\u200b1\u2060\ufeff": "MRN1",
    "a\u200db": "ab",
    "Auf\u200clage": "Auflage",
    "1\u200d2": "12",
    "👩\u200d": "👩",
    "👩\u200dx": "👩x",
    "A\ufe0f": "A",
    "a\U000e0067\U000e007f": "a",
    "x\ud800y": "xy",
    "x\udce9z": "xz",
    "\ufdd0\uffff\U0001ffffz": "z",
    "soft\xadhyphen": "softhyphen",
    "\u0301a": "a",
    "\u3164\u115f": "",
}


@pytest.mark.parametrize("text", KEPT)
def test_names_and_signs_of_all_scripts_stay(text: str) -> None:
    assert clean(text) == (unicodedata.normalize("NFC", text), 0)


@pytest.mark.parametrize(("text", "left"), DROPPED.items())
def test_what_can_do_harm_is_dropped_and_counted(text: str, left: str) -> None:
    assert clean(text) == (left, len(text) - len(left))


def test_line_ends_and_tabs() -> None:
    assert clean("a\r\nb\rc\nd\u2028e\u2029f\x0cg\th", lines=True) == ("a\nb\nc\nd\ne\nf\ng h", 0)
    assert clean("a\r\nb\rc\nd\u2028e\u2029f\x0cg\th") == ("a b c d e f g h", 0)
    assert clean("\n\n  a \n  b\n\n", lines=True).text == "a \n  b"


def test_both_ways_to_write_an_accent_are_one() -> None:
    assert clean("Lucía") == clean("Luci\u0301a") == ("Lucía", 0)


def test_a_pair_of_surrogates_is_its_character() -> None:
    assert clean(json.loads('"\\ud83d\\ude00"')).text == "😀"
    assert clean("\ud83d" + "\ude00") == ("😀", 0)


def test_piled_up_marks_are_capped() -> None:
    piled = "Z" + "\u0334\u0301\u0323" * 200 + "algo"
    text, removed = clean(piled)
    assert len(text) == len("Zalgo") + MARKS_PER_BASE
    assert len(piled) - len(text) - removed in (0, 1)  # one mark may have become part of its letter
    smuggled = clean("م" + "\u064e\u200c" * 100).text
    assert sum(unicodedata.category(char) == "Mn" for char in smuggled) <= MARKS_PER_BASE


def test_too_long_is_told_with_both_counts_and_never_cut() -> None:
    assert clean("x" * 4_000).text == "x" * 4_000
    with pytest.raises(TooLong, match="4,001 characters; 4,000 fit") as told:
        clean("x" * 4_001)
    assert (told.value.length, told.value.limit) == (4_001, 4_000)
    assert isinstance(told.value, ClinicError) and isinstance(told.value, ValueError)
    with pytest.raises(TooLong, match="1,000,000 characters"):
        clean("é" * 1_000_000)


def test_the_limit_counts_what_is_left() -> None:
    assert clean(" " * 500 + "Ana" + "\x00" * 500 + " " * 500, limit=3) == ("Ana", 500)
    assert clean("e\u0301" * 10, limit=10).text == "é" * 10


@given(awkward | anything, st.booleans())
@example(" \u0301x", False)
@example("a\u200d\u0301", True)
@example("x\u0301" + "\u0301" * 40, False)
@steady
def test_cleaning_twice_changes_nothing(text: str, lines: bool) -> None:
    once = clean(text, lines=lines)
    assert clean(once.text, lines=lines) == (once.text, 0)


@given(awkward | anything, st.booleans())
@steady
def test_clean_text_is_harmless(text: str, lines: bool) -> None:
    cleaned = clean(text, lines=lines).text
    cleaned.encode()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()
    allowed = "\n" if lines else ""
    for char in cleaned:
        kind = unicodedata.category(char)
        assert kind not in ("Cc", "Cs", "Zl", "Zp") or char in allowed
        assert kind != "Cf" or char in "\u200c\u200d" or char >= "\U000e0020" or _is_visible_format(char)


@given(st.text(st.characters(codec="utf-8", max_codepoint=0x24F)))
@steady
def test_how_text_was_composed_makes_no_difference(text: str) -> None:
    assert clean(unicodedata.normalize("NFD", text)).text == clean(unicodedata.normalize("NFC", text)).text


def test_every_invisible_format_character_is_handled() -> None:
    formats = {chr(code) for code in range(sys.maxunicode) if unicodedata.category(chr(code)) == "Cf"}
    left = {char for char in formats if clean(f"a{char}b").text != "ab"}
    assert {char for char in left if not _is_visible_format(char)} == set()


def _is_visible_format(char: str) -> bool:
    """Signs above or around numbers, and the layout of hieroglyphs."""
    return (
        char in "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
        or ("\U00013430" <= char <= "\U0001345f")
    )


def test_one_line() -> None:
    assert one_line(" a\r\n\n b\t\u2029 c\x1b ") == "a b c"
    assert one_line("x" * 100_000) == "x" * 100_000


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Lucía Ruiz-Moreno", "lucia ruiz moreno"),
        ("NGUYỄN Thị Đặng", "nguyen thi dang"),
        ("Straße", "strasse"),
        ("Łukasz Ørsted Þór Æneas", "lukasz orsted thor aeneas"),
        ("İstanbul ısı", "istanbul isi"),
        ("O'Brien O’Brien OBrien", "obrien obrien obrien"),
        ("‘quoted’ 'too'", "quoted too"),
        ("Nick779", "nick779"),
        ("ＮＩＣＫ７７９", "nick779"),
        ("(512) 555-0133", "512 555 0133"),
        ("  St.  Mary's,Clinic ", "st marys clinic"),
        ("山田　太郎", "山田 太郎"),
        ("김철수", "김철수"),
        ("ガ", "ガ"),
        ("हिन्दी", "हिन्दी"),
        ("Ελλάς ΕΛΛΑΣ", "ελλασ ελλασ"),
        ("Ёлкин", "елкин"),
        ("مُحَمَّد", "محمد"),
        ("a\u200bb\u202ec", "abc"),
        ("😀", ""),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == unicodedata.normalize("NFC", folded)


@given(awkward | anything)
@steady
def test_fold_is_stable_and_blind_to_case(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == " ".join(folded.split())
    if text.isascii():
        assert fold(text.upper()) == folded


@given(awkward | anything)
@steady
def test_fold_finds_what_was_cleaned(text: str) -> None:
    assert fold(clean(text).text) == fold(unicodedata.normalize("NFC", clean(text).text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain.csv", "plain.csv"),
        ("Lucía.csv", "Lucía.csv"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x9b31m", "\\x9b31m"),
        ("caf\udce9", "caf\\xe9"),  # a file name in Latin-1
        ("x\u202egnp", "x\\u202egnp"),
        ("\ud800", "\\ud800"),
        ("\U000e0001", "\\U000e0001"),
        ("a\u2028b\u200b", "a\\u2028b\\u200b"),
    ],
)
def test_terminal_safe_shows_what_it_holds_back(text: str, shown: str) -> None:
    assert terminal_safe(text) == shown


@given(awkward | anything, st.booleans())
@steady
def test_nothing_raw_reaches_a_terminal(text: str, lines: bool) -> None:
    shown = terminal_safe(text, lines=lines)
    shown.encode()
    assert all(unicodedata.category(char) != "Cc" or (lines and char == "\n") for char in shown)
    assert not any(
        char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029" for char in shown
    )
    assert terminal_safe(shown, lines=lines) == shown

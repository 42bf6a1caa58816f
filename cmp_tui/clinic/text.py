"""Text from people and from other programs: cleaned at the door, folded for search, made safe for a terminal.

Pure: no file, no screen. What counts as an invisible character is written out here and not asked of
`unicodedata`, so that every Python version keeps and drops the same.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from cmp_tui.clinic.errors import ClinicError

MARKS_PER_BASE = 8
"""Combining marks kept on one letter. Burmese and pointed Hebrew need up to about this many."""

_LONGEST_RUN = 32
# Ordering a run of marks (NFC) takes time that grows with its square, so endless runs are cut before it.

_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

_DROPPED = re.compile(
    "["
    r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # C0, DEL and C1, apart from the breaks above
    r"\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0"  # soft hyphen, fillers and the like
    r"\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb"  # zero width, bidi, old controls
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # shorthand and music layout
    r"\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"  # reserved, never visible
    r"\ud800-\udfff\ufdd0-\ufdef"  # lone surrogates, noncharacters
    + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(17))
    + "]"
)
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_JOINERS = "\u200c\u200d"
_SELECTOR = re.compile("[\ufe00-\ufe0f\u180b-\u180d\u180f\U000e0100-\U000e01ef]")
_TAG = re.compile("[\U000e0020-\U000e007f]")
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f")
_JOINING_SCRIPTS = (
    (0x0600, 0x0DFF),  # Arabic, Syriac, N'Ko and their neighbours; the scripts of India and Sri Lanka
    (0x0F00, 0x109F),  # Tibetan, Myanmar
    (0x1700, 0x1CFF),  # Philippine scripts, Khmer, Mongolian, Balinese and their neighbours
    (0xA800, 0xAAFF),
    (0xFB50, 0xFDCF),
    (0xFE70, 0xFEFC),
    (0x10A00, 0x10FFF),
    (0x11000, 0x11FFF),
    (0x1E900, 0x1E95F),  # Adlam
)


class TooLong(ClinicError, ValueError):
    """A text has more characters than its field holds. Nothing is ever cut off silently."""

    def __init__(self, length: int, limit: int) -> None:
        self.length, self.limit = length, limit
        super().__init__(
            f"This text has {length:,} characters; {limit:,} fit. Nothing was cut off: shorten or split it."
        )


class Cleaned(NamedTuple):
    """Text that may be stored and shown, and how many characters had to be dropped from it."""

    text: str
    removed: int


def clean(text: str, *, lines: bool = False, limit: int = 4_000) -> Cleaned:
    """Returns the text as it may be stored and shown anywhere.

    It is in Unicode's composed form (NFC), without outer spaces; inner runs of spaces stay. Line ends become
    one newline (`lines`) or a space, a tab becomes a space. Dropped and counted: control characters, lone
    surrogates, characters that Unicode does not assign to text, bidi controls, zero-width characters that
    join nothing (emoji families, flags, Persian and Indian spelling keep theirs), combining marks without a
    letter and those beyond `MARKS_PER_BASE`. Cleaning twice changes nothing.

    Raises TooLong when more than `limit` characters (code points) are left. Text of several times the limit
    is refused before it is composed, with the count as it came.
    """
    if text.isascii() and text.isprintable() and len(text) <= limit:
        return Cleaned(text.strip(), 0)  # nearly all text, and nothing below would change it
    tidy = _start(text, lines)
    trimmed = tidy.text.strip()
    if len(trimmed) > 4 * limit:
        raise TooLong(len(trimmed), limit)
    cleaned, dropped = _settle(trimmed)
    if len(cleaned) > limit:
        raise TooLong(len(cleaned), limit)
    return Cleaned(cleaned, tidy.removed + dropped)


def one_line(text: str) -> str:
    """Returns the text on one line for a list or a heading: clean, each run of white space one space.

    It has no limit and never raises.
    """
    return " ".join(_settle(_start(text, lines=False).text.strip())[0].split())


def _start(text: str, lines: bool) -> Cleaned:
    """Does what looks at one character at a time: line ends, tabs, and what is always dropped."""
    text = _BREAK.sub("\n", text).replace("\t", " ")
    if not lines:
        text = text.replace("\n", " ")
    if text.isascii() and text.isprintable():
        return Cleaned(text, 0)
    paired = _PAIR.sub(_join_pair, text)
    kept = _DROPPED.sub("", paired)
    return Cleaned(kept, len(paired) - len(kept))


def _join_pair(pair: re.Match[str]) -> str:
    return pair.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _settle(text: str) -> tuple[str, int]:
    """Drops marks and joiners that have nothing to join, and composes; returns the text and their count.

    What is dropped brings its neighbours together, so it repeats until nothing changes.
    """
    dropped = 0
    before = None
    while text != before:
        before = text
        if not text.isascii():
            bounded = _drop_loose(text, _LONGEST_RUN)
            composed = unicodedata.normalize("NFC", bounded)
            text = _drop_loose(composed, MARKS_PER_BASE)
            dropped += len(before) - len(bounded) + len(composed) - len(text)
        text = text.strip()
    return text, dropped


def _drop_loose(text: str, most: int) -> str:
    if max(text, default="") < "\u0300":
        return text
    in_flags = {place for flag in _FLAG.finditer(text) for place in range(*flag.span())}
    kept: list[str] = []
    marks = 0
    for place, char in enumerate(text):
        last = kept[-1] if kept else "\n"
        following = text[place + 1 : place + 2]
        if char < "\u0300":
            marks = 0
        elif char in _JOINERS:
            if not _joins(char, last, following):
                continue
        elif _SELECTOR.match(char):
            if not _selects(last, following):
                continue
        elif _TAG.match(char):
            if place not in in_flags:
                continue
        elif unicodedata.category(char)[0] == "M":
            marks += 1
            if marks > most or last == "\n":
                continue
        else:
            marks = 0
        kept.append(char)
    return "".join(kept)


def _joins(char: str, last: str, following: str) -> bool:
    if _in_joining_script(last):
        # Old spellings end a word with a vowel killer (virama) and a joiner.
        return _in_joining_script(following) or unicodedata.combining(last) == 9
    return char == "\u200d" and _is_emoji(last) and _is_emoji(following)


def _in_joining_script(char: str) -> bool:
    code = ord(char) if char else 0
    return (
        any(low <= code <= high for low, high in _JOINING_SCRIPTS) and unicodedata.category(char)[0] in "LM"
    )


def _is_emoji(char: str) -> bool:
    code = ord(char) if char else 0
    return 0x1F000 <= code <= 0x1FAFF or 0x2190 <= code <= 0x2BFF or code in (0xFE0F, 0xE007F)


def _selects(last: str, following: str) -> bool:
    """Tells whether a variation selector stands where one can do something."""
    if last in "0123456789#*":
        return following == "\u20e3"
    if _SELECTOR.match(last):
        return False
    return (last > "\u024f" or last in "©®") and unicodedata.category(last)[0] in "LSPN"


# Search

_SPELLED = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h",
        "ı": "i", "ŋ": "n", "ŧ": "t", "ĸ": "k", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ɨ": "i", "ʉ": "u",
        "ɛ": "e", "ɔ": "o", "ə": "e", "ƀ": "b", "ɖ": "d", "ǥ": "g", "ƿ": "w", "ȷ": "j",
    }
)  # fmt: skip
_UNSEEN = re.compile(f"{_DROPPED.pattern}|{_SELECTOR.pattern}|{_TAG.pattern}|[{_JOINERS}]")
_APOSTROPHE = re.compile(r"(?<=\w)['`´’‘ʼʻʹ′＇](?=\w)")
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def fold(text: str) -> str:
    """Returns the text as search compares it.

    Small letters without accents (ß is ss, ø is o, ł is l, æ is ae), full-width letters as plain ones,
    punctuation and signs as spaces, single spaces. An apostrophe inside a word vanishes, so that O'Brien,
    O’Brien and OBrien are one. Digits stay. Folding twice changes nothing.
    """
    before = None
    while text != before:
        before = text
        text = _fold_once(text)
    return text


def _fold_once(text: str) -> str:
    if text.isascii():
        return _NOT_WORD.sub(" ", _APOSTROPHE.sub("", text.lower())).strip()
    text = _drop_loose(_UNSEEN.sub("", _BREAK.sub(" ", text)), _LONGEST_RUN)
    text = _APOSTROPHE.sub("", text)
    text = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(_SPELLED)
    return " ".join(unicodedata.normalize("NFC", "".join(map(_folded, text))).split())


def _folded(char: str) -> str:
    if char.isascii():
        return char if char.isalnum() else " "
    kind = unicodedata.category(char)
    if kind == "Me":
        return ""
    if kind[0] == "M":
        # Accents go; the vowel signs of Indian scripts (class 0, 9) and the voicing of kana (8) are spelling.
        return char if unicodedata.combining(char) in (0, 8, 9) else ""
    return char if kind[0] in "LN" else " "


# The terminal

_HOSTILE = re.compile(f"{_DROPPED.pattern}|[\t\n\r\x0b\x0c\x85\u2028\u2029]")


def terminal_safe(text: str, *, lines: bool = False) -> str:
    """Returns text from outside (a file name, another program's error) so that a terminal only shows it.

    Control, bidi and invisible characters are written out (`\\x1b`, `\\u202e`, a byte that was no UTF-8 as
    `\\xe9`), so that the reader sees that they were there; joiners and marks that join nothing go. With
    `lines` newlines stay. Not for storing.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = _HOSTILE.sub(lambda found: _written(found.group(), lines), text)
    before = None
    while shown != before:
        before, shown = shown, _drop_loose(shown, MARKS_PER_BASE)
    return shown


def _written(char: str, lines: bool) -> str:
    code = ord(char)
    if char == "\n" and lines:
        return char
    if char in "\t\n\r":
        return {"\t": "\\t", "\n": "\\n", "\r": "\\r"}[char]
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"  # how Python carries a byte that it could not decode
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"

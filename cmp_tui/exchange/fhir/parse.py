"""From bytes to JSON values, without surprises: whatever the bytes are, the answer is a value or a sentence.

Numbers with a fraction become Decimal, so that "6.0" stays "6.0". What can be left out is (NaN, endless
numbers, keys that stand twice) and is told as an oddity; what can't be read raises Unreadable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

LONGEST_NUMBER = 60
LARGEST_POWER = 30
CUT_WORD = re.compile(r"\\?[\w.+-]{0,6}", re.ASCII)  # half a word, number or escape
TWICE = "A key stands twice in one object; the last one was taken."
NOT_A_NUMBER = "NaN or Infinity stands where a number belongs; it was left out."
ENDLESS = "A number is too large or too long to be true; it was left out."
WIDE = "The text is not UTF-8 as FHIR asks (it looks like {}); it was read all the same."
MARKED = "The text begins with a byte order mark, which FHIR does not use; it was read all the same."


class Unreadable(Exception):
    """The bytes are no JSON. Its text is a sentence that can follow the name of a file."""


class Parser:
    """Reads JSON and remembers what was odd since `oddities` was last asked."""

    def __init__(self) -> None:
        self._odd: dict[str, bool] = {}
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object(),
            parse_float=self._decimal,
            parse_int=self._integer,
            parse_constant=self._constant,
        )

    def oddities(self) -> list[tuple[str, bool]]:
        """(sentence, something was lost) of what was odd since the last call."""
        if not self._odd:
            return []
        odd, self._odd = self._odd, {}
        return list(odd.items())

    def value(self, data: bytes) -> object:
        """The JSON value in `data`. Raises Unreadable."""
        return self.value_of_text(self.text(data))

    def text(self, data: bytes) -> str:
        """`data` as text: UTF-8, or UTF-16 and UTF-32 where they give themselves away. Raises Unreadable."""
        if data[:3] == b"\xef\xbb\xbf":
            self._odd[MARKED] = False
            data = data[3:]
        encoding = "utf-8"
        if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]:
            encoding = json.detect_encoding(data)
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            raise Unreadable(
                f"is not {encoding.upper()} text (byte {error.start + 1:,}). Save or export it as UTF-8."
            ) from error
        if encoding != "utf-8":
            self._odd[WIDE.format(encoding.upper())] = False
        return text

    def value_of_text(self, text: str) -> object:
        """The JSON value in `text`. Raises Unreadable."""
        try:
            return self._decoder.decode(text)
        except json.JSONDecodeError as error:
            raise Unreadable(_where(text, error)) from error
        except RecursionError as error:
            raise Unreadable("is nested too deeply to be FHIR.") from error
        except MemoryError as error:
            raise Unreadable("is too large for this machine's memory.") from error

    def _object(self) -> Callable[[list[tuple[str, object]]], dict[str, object]]:
        def made(pairs: list[tuple[str, object]]) -> dict[str, object]:
            # Called for every object of every file: a closure and nothing else, it is a third of the parsing.
            found = dict(pairs)
            if len(found) != len(pairs):
                self._odd[TWICE] = False
            return found

        return made

    def _decimal(self, digits: str) -> Decimal | None:
        if len(digits) <= LONGEST_NUMBER:
            try:
                number = Decimal(digits)
            except InvalidOperation:
                pass
            else:
                if not number or -LARGEST_POWER <= number.adjusted() <= LARGEST_POWER:
                    return number
        self._odd[ENDLESS] = True
        return None

    def _integer(self, digits: str) -> int | None:
        if len(digits) <= LARGEST_POWER:
            return int(digits)
        self._odd[ENDLESS] = True
        return None

    def _constant(self, name: str) -> None:
        self._odd[NOT_A_NUMBER] = True


def _where(text: str, error: json.JSONDecodeError) -> str:
    end = len(text.rstrip())
    if end == 0:
        return "is empty."
    near = CUT_WORD.fullmatch(text, error.pos, end)
    if error.msg != "Extra data" and (error.pos >= end or near or error.msg.startswith("Unterminated")):
        line = text.count("\n", 0, end) + 1
        return f"is cut off: it stops in the middle, in line {line:,}. Export it again."
    return f"is not JSON: line {error.lineno:,}, column {error.colno:,} can't be read."

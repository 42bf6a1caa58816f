"""The door that typed and pasted text comes in by: no control characters, and nothing cut off in silence."""

import unicodedata


def typed(text: str, *, lines: bool = False) -> str:
    """A piece of typed or pasted text without control characters; line breaks stay, or become spaces."""
    breaks = "\n" if lines else " "
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", breaks).replace("\t", " ")
    if text.isprintable():
        return text
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs"))


def whole(text: str, *, lines: bool = False) -> str:
    """The whole text of a field as it is saved: cleaned as at every other door of the program."""
    return unicodedata.normalize("NFC", typed(text, lines=lines)).strip()


def too_long(kept: int, given: int, limit: int) -> str:
    """The sentence for a paste that does not fit."""
    if not kept:
        return f"The field is full ({limit:,} characters): nothing of the {given:,} pasted characters fitted."
    return f"Only the first {kept:,} of {given:,} pasted characters fitted: a field holds {limit:,}."

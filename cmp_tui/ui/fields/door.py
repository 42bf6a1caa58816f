"""The door that typed and pasted text comes in by: no control characters, and nothing cut off in silence."""

import unicodedata

from cmp_tui.clinic.text import clean


def typed(text: str, *, lines: bool = False) -> str:
    """A piece of typed or pasted text, cleaned; line breaks stay, or become spaces. Its outer spaces stay."""
    if text.isprintable():
        return text
    if len(text) == 1 and unicodedata.category(text)[0] == "M":
        # An accent typed after its letter: alone it would be dropped as loose.
        return text
    body = text.strip()
    if not body:
        if not lines:
            return " " if text else ""
        return "".join(char for char in text.replace("\r\n", "\n").replace("\r", "\n") if char in " \n")
    start = text.index(body)
    head, tail = text[:start], text[start + len(body) :]
    cleaned = clean(body, lines=lines, limit=len(body) + 1).text
    return typed(head, lines=lines) + cleaned + typed(tail, lines=lines)


def whole(text: str, *, lines: bool = False) -> str:
    """The whole text of a field as it is saved: cleaned as at every other door of the program."""
    return clean(text, lines=lines, limit=len(text) + 1).text


def far_too_long(text: str, room: int) -> bool:
    """Whether a text can't fit, however much of it is dropped: then the work of cleaning it is saved."""
    return len(text) > 4 * room + 1_000


def too_long(given: int, room: int, limit: int) -> str:
    """The sentence for a text that does not fit. None of it is taken: half a sentence may say the opposite."""
    if not room:
        return f"The field is full: it holds {limit:,} characters. Nothing was added."
    return f"Nothing was added: it has {given:,} characters, {room:,} of {limit:,} are free. Shorten it."

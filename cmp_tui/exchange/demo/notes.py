"""Notes that fit a person: chosen from data/demo.toml and filled in. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random

from cmp_tui.exchange.demo.people import Persona
from cmp_tui.exchange.demo.records import day_text
from cmp_tui.exchange.demo.words import NoteWords, Words

POUNDS = 2.20462
LINES = ("why", "changed", "did", "next", "task", "note")


def drug_word(display: str) -> str:
    """A medicine as it is spoken of: 'Metoprolol succinate 50 mg ER tablet' is 'metoprolol succinate'."""
    words = []
    for word in display.split():
        if word[0].isdigit():
            break
        words.append(word)
    name = " ".join(words) or display
    return name[0].lower() + name[1:]


def fitting(persona: Persona, notes: Sequence[NoteWords]) -> list[NoteWords]:
    """The notes that can be about a person: their condition, and nothing in them that the person has not got."""
    groups = {one.key for one in persona.conditions}
    return [
        note
        for note in notes
        if (not note.group or note.group in groups)
        and _can_fill(persona, note)
        and (note.with_whom != "caregiver" or (persona.helper is not None and persona.helper.may_talk))
    ]


def write(
    persona: Persona, notes: Sequence[NoteWords], words: Words, day: date, rng: Random, used: set[NoteKey]
) -> NoteWords:
    """Chooses a note, preferably about the person's own conditions and not one used before, and fills it in.

    `day` is the weekday to come that it may name.
    """
    able = fitting(persona, notes)
    fresh = [note for note in able if _key(note) not in used] or able
    note = rng.choices(fresh, [3 if one.group else 1 for one in fresh])[0]
    used.add(_key(note))
    return fill(persona, note, words, day, rng)


def fill(persona: Persona, note: NoteWords, words: Words, day: date, rng: Random) -> NoteWords:
    """Fills the blanks of a note."""
    low = rng.randrange(96, 150, 4)
    blanks = {
        "drug": _drug(persona, note, rng) or "the tablet",
        "lb": str(round(persona.weight * POUNDS)),
        "bp": f"{rng.randrange(118, 158, 2)}/{rng.randrange(64, 90, 2)}",
        "sugar": f"{low} to {low + rng.randrange(30, 90, 5)}",
        "helper": persona.helper.words if persona.helper else "the neighbor",
        "doctor": words.doctor,
        "specialist": persona.specialist.name.partition(",")[0] if persona.specialist else words.doctor,
        "pharmacy": persona.pharmacy.name,
        "few": str(rng.randint(2, 4)),
        "day": day_text(day),
    }
    filled = {name: _said(getattr(note, name), blanks) for name in LINES}
    return note._replace(**filled)


NoteKey = tuple[str, str]


def _key(note: NoteWords) -> NoteKey:
    return note.why + note.note, note.did


def _said(text: str, blanks: dict[str, str]) -> str:
    filled = text.format_map(blanks)
    return filled[:1].upper() + filled[1:] if text.startswith("{") else filled


def _drugs(persona: Persona, note: NoteWords) -> list[str]:
    own = [display for display, _ in persona.drugs]
    if not note.group:
        return own
    of_group = {display for one in persona.conditions if one.key == note.group for display, _ in one.drugs}
    return [display for display in own if display in of_group]


def _drug(persona: Persona, note: NoteWords, rng: Random) -> str | None:
    drugs = _drugs(persona, note)
    return drug_word(rng.choice(drugs)) if drugs else None


def _can_fill(persona: Persona, note: NoteWords) -> bool:
    text = "".join(getattr(note, name) for name in LINES)
    if "{drug}" in text and not _drugs(persona, note):
        return False
    if "{helper}" in text and (persona.helper is None or not persona.helper.may_talk):
        return False
    return "{specialist}" not in text or persona.specialist is not None

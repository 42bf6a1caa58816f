"""What one cell says of payer, status, consent, plan, contact: words of people to the words of our records. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, NamedTuple

from cmp_tui.clinic.text import fold
from cmp_tui.exchange.caseload.dates import FIRST_EVENT, OLDEST, find_day, partial_birth
from cmp_tui.exchange.caseload.words import Phrases, Words
from cmp_tui.files.sheet_in import Cell

ERRORS = frozenset(
    {
        "#REF!",
        "#N/A",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#BUSY!",
    }
)
"""What a spreadsheet program shows where a formula has failed."""
_FILLERS = frozenset(
    {
        "on", "by", "per", "the", "a", "of", "and", "with", "w", "pt", "patient", "consent", "consented", "date",
        "given", "obtained", "plan", "copy", "to", "was", "in", "via", "at", "dated", "care", "form",
    }
)  # fmt: skip
LONGEST_NOTHING = 24
_NOTHING = re.compile(r"[\s\-–—_.?/*]*")


class Read(NamedTuple):
    """What a cell says. `wrong`: why it could not be read. `keep`: its words say more than was read."""

    value: Any = None
    wrong: str = ""
    keep: bool = False
    told: str = ""


class StatusIn(NamedTuple):
    """How someone stands in the program. `words` are the sheet's; `reason` too, where they say more than that."""

    status: str
    died: bool
    reason: str
    day: date | None
    words: str = ""


class ConsentIn(NamedTuple):
    """What a cell says of consent; each part may be missing. `decision` "" is a plain no: nobody has agreed yet."""

    decision: str | None = None
    day: date | None = None
    mode: str | None = None


class GivenIn(NamedTuple):
    """Whether a copy of the plan was given, when and how."""

    given: bool
    day: date | None
    how: str | None


class OutcomeIn(NamedTuple):
    """How a contact ended, how it was held, with whom; and the words themselves."""

    outcome: str | None
    mode: str | None
    with_whom: str | None
    words: str


class DayIn(NamedTuple):
    """A day, and the words beside it."""

    day: date
    rest: str = ""


def as_text(value: Cell) -> str:
    """Returns a cell as text, as a person would type it."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


class CellReader:
    """Reads the cells of one sheet. `today` is the clinic's day."""

    def __init__(self, words: Words, today: date) -> None:
        self._words, self._today = words, today

    def is_empty(self, value: Cell) -> bool:
        """Tells whether a cell says nothing: empty, a dash, "n/a"."""
        if not isinstance(value, str):
            return False
        if value[:1].isdigit():
            return False
        if len(value) > LONGEST_NOTHING:
            return not value.strip()
        return _NOTHING.fullmatch(value) is not None or fold(value) in self._words.empty

    # -- days

    def birth(self, value: Cell, day_first: bool) -> Read:
        """Reads a birth date; `value` of the result is as it is stored."""
        try:
            found = find_day(value, day_first, self._today, birth=True)
        except (ValueError, OverflowError):
            return Read(wrong="is no day of the calendar")
        if found is None:
            partial = partial_birth(as_text(value))
            if partial is None:
                return Read(wrong="can't be read as a birth date")
            return Read(partial) if self._is_age(int(partial[:4])) else Read(wrong="is no year of birth")
        day, told = found.day, ""
        slip = found.digits == "4" and day.year <= self._today.year
        if day > self._today and not slip and day.year - 100 >= self._today.year - OLDEST:
            # Spreadsheets take "28" for 2028.
            try:
                day, told = day.replace(year=day.year - 100), f"is to come; read as {day.year - 100}"
            except ValueError:
                return Read(wrong="is no day of the calendar")
        if day > self._today or not self._is_age(day.year):
            return Read(wrong="is no day on which a patient was born")
        if found.digits == "2" and self._today.year - day.year >= 100:
            told = f"read as {day.year}"
        if found.turned:
            told = f"read as {day.isoformat()}, other than the column's order"
        return Read(day.isoformat(), told=told)

    def _is_age(self, year: int) -> bool:
        return 0 <= self._today.year - year <= OLDEST

    def day(self, value: Cell, day_first: bool, *, future: bool = False) -> Read:
        """Reads a day of the work, with the words beside it. Days to come are wrong unless `future`."""
        try:
            found = find_day(value, day_first, self._today)
        except (ValueError, OverflowError):
            return Read(wrong="is no day of the calendar")
        if found is None:
            return Read(wrong="can't be read as a day")
        if found.day < FIRST_EVENT:
            return Read(wrong=f"is before {FIRST_EVENT.year}")
        if found.day > self._today and not future:
            return Read(wrong="is still to come")
        told = f"read as {found.day.isoformat()}, other than the column's order" if found.turned else ""
        return Read(DayIn(found.day, found.rest), keep=bool(fold(found.rest)), told=told)

    # -- words

    def code(self, column: str, value: Cell, what: str) -> Read:
        """Reads a coded word: exactly, or the first that stands in the text (which is kept then)."""
        folded = fold(as_text(value))
        phrases = self._words.phrases[column]
        if found := phrases.whole(folded):
            return Read(found)
        if found := phrases.foremost(folded):
            return Read(found, keep=True)
        return Read(wrong=f"is no {what} that is known")

    def status(self, value: Cell, day_first: bool) -> Read:
        """Reads how someone stands in the program: StatusIn."""
        text = as_text(value)
        day = self._day_within(text, day_first)
        folded = fold(text)
        phrases = self._words.phrases["status"]
        status = phrases.whole(folded) or self._first_of(phrases, folded)
        if status is None:
            return Read(wrong="is no status that is known")
        died = any(_says(folded, word) for word in self._words.died)
        if died:
            status = "finished"
        reason = "" if phrases.whole(folded) and not died else text
        return Read(StatusIn(status, died, reason[:300], day, text[:300]))

    def _first_of(self, phrases: Phrases, folded: str) -> str | None:
        """The first phrase decides; "not enrolled" and "inactive" are whole words of their own."""
        found = phrases.within(folded)
        if found is None:
            tokens = {phrases.whole(token) for token in folded.split()} - {None}
            return tokens.pop() if len(tokens) == 1 else None
        return found

    def consent(self, value: Cell, day_first: bool) -> Read:
        """Reads day, decision and mode out of a cell of consent: ConsentIn."""
        found = self._dated(value, day_first)
        if isinstance(found, Read):
            return found
        day, rest = found
        decision = self._said("decision", rest)
        mode = self._said("consent_mode", rest)
        if decision is None and any(token in self._words.no for token in (fold(rest), *fold(rest).split())):
            decision = ""
        if day is None and decision is None and mode is None:
            return Read(wrong="does not say when, how or whether")
        left = self._left(rest, "decision", "consent_mode")
        return Read(ConsentIn(decision, day, mode), keep=bool(left))

    def given(self, value: Cell, day_first: bool) -> Read:
        """Reads whether, when and how a copy of the plan was given: GivenIn."""
        found = self._dated(value, day_first)
        if isinstance(found, Read):
            return found
        day, rest = found
        folded = fold(rest)
        how = self._said("given_how", rest)
        tokens = {folded, *folded.split()}
        no = bool(tokens & self._words.no)
        yes = (
            day is not None
            or how is not None
            or bool(tokens & self._words.yes)
            or rest.strip() in self._words.yes
        )
        if not no and not yes:
            return Read(wrong="does not say whether it was given")
        left = self._left(rest, "given_how")
        return Read(GivenIn(yes and not no, day, how), keep=bool(left))

    def outcome(self, value: Cell) -> Read:
        """Reads how a contact ended: OutcomeIn. What is not known stays as words."""
        text = as_text(value)
        folded = fold(text)
        said = {
            column: self._words.phrases[column].whole(folded) or self._words.phrases[column].within(folded)
            for column in ("outcome", "contact_mode", "with_whom")
        }
        wrong = "" if said["outcome"] else "is no outcome that is known"
        plain = self._words.phrases["outcome"].whole(folded) is not None
        return Read(
            OutcomeIn(said["outcome"], said["contact_mode"], said["with_whom"], "" if plain else text),
            told=wrong,
        )

    # -- inside

    def _dated(self, value: Cell, day_first: bool) -> tuple[date | None, str] | Read:
        """The day in a cell, if there is one, and the words beside it; a Read when the day is none."""
        if isinstance(value, bool):
            return None, as_text(value)
        read = self.day(value, day_first)
        if isinstance(read.value, DayIn):
            return read.value.day, read.value.rest
        if read.wrong != "can't be read as a day":
            return read
        return None, as_text(value)

    def _day_within(self, text: str, day_first: bool) -> date | None:
        read = self.day(text, day_first)
        return read.value.day if isinstance(read.value, DayIn) else None

    def _said(self, column: str, text: str) -> str | None:
        folded = fold(text)
        phrases = self._words.phrases[column]
        found = phrases.whole(folded) or phrases.within(folded)
        if found is None:
            found = next((one for token in folded.split() if (one := phrases.whole(token))), None)
        if found is None and column == "decision" and text.strip() in self._words.yes:
            return "accepted"
        return found

    def _left(self, text: str, *columns: str) -> str:
        """The words of a text that none of the columns knows."""
        folded = fold(text)
        for column in columns:
            folded = self._words.phrases[column].without(folded)
        known = _FILLERS | self._words.yes | self._words.no
        return " ".join(
            token
            for token in folded.split()
            if token not in known and not any(self._words.phrases[column].whole(token) for column in columns)
        )


def _says(folded: str, word: str) -> bool:
    return f" {word} " in f" {folded} "


def merged(one: ConsentIn, other: ConsentIn) -> ConsentIn:
    """Returns what two cells of consent say together; the first goes before the second."""
    decision = (
        one.decision if one.decision else other.decision if other.decision is not None else one.decision
    )
    return ConsentIn(decision, one.day or other.day, one.mode or other.mode)


def record_number(value: Cell) -> str:
    """Returns a record number as it is stored: 12.0 is 12."""
    return as_text(value)

"""Careful hands for hostile JSON: every look into a resource goes through here and never raises.

A field of the wrong shape (a number where text belongs, text where a list belongs) counts as absent and is
told once for each resource and field. Texts and dates repeat a lot, so the results are kept while one reading
lasts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from cmp_tui.exchange.fhir.problems import Problems
from cmp_tui.exchange.fhir.records import Code, Moment
from cmp_tui.exchange.fhir.values import LABEL, LINE, SYSTEMS, cleaned, moment

Raw = dict[str, object]
Take = Callable[[str, str], str | None]

TOO_LONG = "has more than {:,} characters; what is beyond was left out"
MISSHAPEN = "does not have the shape that FHIR gives it; it was left out"
REMEMBERED = 50_000


class Context:
    """Where the reading is, what it has counted, and how it looks at a value."""

    def __init__(self, take: Take, *, strip_digits: bool) -> None:
        self.problems = Problems()
        self.not_taken: Counter[str] = Counter()
        self.strip_digits = strip_digits
        self.file = ""
        self.line: int | None = None
        self.source = ""  # the resource being read
        self.dirty = 0  # texts of this file that held characters that are no text
        self._take = take
        self._kinds: dict[tuple[str, str], str | None] = {}
        self._texts: dict[tuple[str, int], str] = {}
        self._codes: dict[tuple[str | None, str | None, str | None], Code] = {}
        self._moments: dict[str, Moment | None] = {}
        self._told: set[tuple[str, str]] = set()

    # What is told

    def problem(self, sentence: str, *, lost: bool = True) -> None:
        """A problem at the place where the reading is."""
        self.problems.add(self.file, self.line, sentence, lost=lost)

    def odd(self, field: str, what: str = MISSHAPEN) -> None:
        """A field of the present resource can't be used. Told once for each resource and field."""
        if (self.source, field) not in self._told:
            if len(self._told) > REMEMBERED:
                self._told.clear()
            self._told.add((self.source, field))
            self.problem(f"{self.source}: “{field}” {what}.")

    def skip(self, kind: str) -> None:
        """Counts a resource that is left out on purpose."""
        self.not_taken[kind] += 1

    # Shapes

    def items(self, raw: Raw, field: str) -> list[Raw]:
        """The objects in a list. A single object counts as a list of one."""
        value = raw.get(field)
        if value is None:
            return []
        if isinstance(value, list):
            if len(value) == 1 and isinstance(value[0], dict):
                return value
            objects = [item for item in value if isinstance(item, dict)]
            if len(objects) != len(value):
                self.odd(field)
            return objects
        if isinstance(value, dict):
            return [value]
        self.odd(field)
        return []

    def part(self, raw: Raw, field: str) -> Raw:
        """The object in a field, empty if there is none. Of a list it is the first."""
        value = raw.get(field)
        if isinstance(value, dict):
            return value
        if value is None:
            return {}
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return value[0]
        self.odd(field)
        return {}

    def flag(self, raw: Raw, field: str) -> bool | None:
        """A yes or no."""
        value = raw.get(field)
        if value is None or isinstance(value, bool):
            return value
        self.odd(field)
        return None

    def number(self, raw: Raw, field: str) -> Decimal | None:
        """A number, as it was written."""
        value = raw.get(field)
        if isinstance(value, Decimal):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        if value is not None:
            self.odd(field)
        return None

    # Words

    def text(self, raw: Raw, field: str, limit: int = LABEL) -> str:
        """Cleaned text of a field, "" if there is none."""
        value = raw.get(field)
        if value is None:
            return ""
        if isinstance(value, str):
            known = self._texts.get((value, limit))
            return self.clean(value, limit) if known is None else known
        self.odd(field)
        return ""

    def texts(self, raw: Raw, field: str, limit: int = LABEL) -> list[str]:
        """The cleaned texts of a list. A single text counts as a list of one."""
        value = raw.get(field)
        if value is None:
            return []
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            self.odd(field)
            return []
        words = [self.clean(item, limit) for item in value if isinstance(item, str)]
        if any(item is not None and not isinstance(item, str) for item in value):
            self.odd(field)
        return [word for word in words if word]

    def clean(self, value: str, limit: int = LABEL) -> str:
        """Text without control characters, in NFC, cut at `limit` characters."""
        key = (value, limit)
        known = self._texts.get(key)
        if known is None:
            known, removed, whole = cleaned(value, limit)
            if not whole:
                self.odd("text", TOO_LONG.format(limit))
            if removed:
                self.dirty += 1
            elif whole and len(value) <= LINE:
                if len(self._texts) > REMEMBERED:
                    self._texts.clear()
                self._texts[key] = known
        return known

    # Codes

    def codings(self, concept: Raw) -> list[Code]:
        """The codes of a CodeableConcept, with short names for the systems we know."""
        if "coding" not in concept:
            return []
        found = []
        for coding in self.items(concept, "coding"):
            key = coding.get("system"), coding.get("code"), coding.get("display")
            try:
                known = self._codes.get(key)  # type: ignore[arg-type]  # what is no text is not found
            except TypeError:
                known = None
            known = known or self._code(coding)
            if known.code:
                found.append(known)
        return found

    def _code(self, coding: Raw) -> Code:
        dirty = self.dirty
        system = self.text(coding, "system", 200)
        code = Code(
            SYSTEMS.get(system, system), self.text(coding, "code", 64), self.text(coding, "display", LINE)
        )
        key = coding.get("system"), coding.get("code"), coding.get("display")
        if dirty == self.dirty and all(part is None or isinstance(part, str) for part in key):
            if len(self._codes) > REMEMBERED:
                self._codes.clear()
            self._codes[key] = code  # type: ignore[index]  # just looked
        return code

    def listed(self, concept: Raw) -> bool:
        """Whether the code list may take a code of a CodeableConcept: False is certain. Quick, tells nothing."""
        codings = concept.get("coding")
        if not isinstance(codings, list):
            return True  # odd: to be looked at with care
        for coding in codings:
            if not isinstance(coding, dict):
                return True
            system, code = coding.get("system"), coding.get("code")
            if not isinstance(system, str) or not isinstance(code, str):
                return True
            key = SYSTEMS.get(system, system), code
            if (self._kinds[key] if key in self._kinds else self._ask(key)) is not None:
                return True
        return False

    def _ask(self, key: tuple[str, str]) -> str | None:
        if len(self._kinds) > REMEMBERED:
            self._kinds.clear()
        kind = self._kinds[key] = self._take(*key)
        return kind

    def code(self, concept: Raw) -> str:
        """The first code of a CodeableConcept, or of a Coding."""
        for coding in self.items(concept, "coding") or [concept]:
            code = self.text(coding, "code", 64)
            if code:
                return code
        return ""

    def words(self, concept: Raw, codes: list[Code] | None = None) -> str:
        """What a CodeableConcept says to people: its text, else a display, else a code."""
        text = self.text(concept, "text", LINE)
        if text:
            return text
        codes = self.codings(concept) if codes is None else codes
        for code in codes:
            if code.display:
                return code.display
        for coding in self.items(concept, "coding"):
            if display := self.text(coding, "display", LINE):
                return display
        return codes[0].code if codes else ""

    def taken(self, codes: list[Code]) -> tuple[str, Code] | None:
        """(kind, code) of the first code that the caller's code list takes."""
        for code in codes:
            key = (code.system, code.code)
            kind = self._kinds[key] if key in self._kinds else self._ask(key)
            if kind is not None:
                return kind, code
        return None

    # Time

    def moment(self, raw: Raw, field: str) -> Moment | None:
        """A FHIR date, dateTime or instant. What is no date is told and left out."""
        value = raw.get(field)
        if value is None:
            return None
        if not isinstance(value, str):
            self.odd(field)
            return None
        if value in self._moments:
            return self._moments[value]
        found = moment(value)
        if found is None:
            self.odd(field, "is no date that FHIR knows; it was left out")
        else:
            if len(self._moments) > REMEMBERED:
                self._moments.clear()
            self._moments[value] = found
        return found

    def day(self, raw: Raw, field: str) -> str:
        """The day, month or year of a date field, as text."""
        found = self.moment(raw, field)
        return found.day if found else ""

    def period(self, raw: Raw, field: str) -> tuple[Moment | None, Moment | None]:
        """Start and end of a Period."""
        period = self.part(raw, field)
        return self.moment(period, "start"), self.moment(period, "end")

    def ended(self, raw: Raw) -> bool:
        """Whether a name, phone or address says that it holds no longer."""
        return raw.get("use") == "old" or self.part(raw, "period").get("end") is not None

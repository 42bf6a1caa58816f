"""Preventive measures: vaccines, screenings and checks, for whom and how often, from data/preventive.toml.

A row that can't be used is left out and told; the others go on. Nothing here decides: what is due is a reminder, and
where the guidance is individual the measure says "ask the practitioner".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.reference_rows import Row, Words, key_line
from cmp_tui.clinic.rule_rows import BadRule

FILE = "preventive.toml"
KINDS = ("vaccine", "screening", "check", "talk")
PROOFS = ("vaccine", "measurement", "instrument", "visit", "service")
"""What in the chart can show that a measure was done: a vaccine, a value, an instrument, a visit, a billed service."""
WHO = ("sex", "from_age", "to_age", "groups", "not_groups", "payers", "smoked")
MEASURE = (
    *(
        "name",
        "kind",
        "title",
        "title_es",
        "note",
        "months",
        "season",
        "doses",
        "dose_months",
        "ask",
        "until",
    ),
    *("source", "checked_on", "proof", "choice", *WHO),
)
LONGEST_TITLE, LONGEST_NOTE, MOST_MONTHS = 80, 300, 240
STALE_MONTHS = 12
"""After so many months since it was checked a measure is marked: guidance moves every year."""


class Person(NamedTuple):
    """What decides whether a measure is for somebody. None is: not known."""

    age: int | None
    sex: str
    groups: frozenset[str]
    payer: str | None = None
    smoked: bool | None = None


class Done(NamedTuple):
    """Something in the chart that may show a measure: one of PROOFS, its name there, and its day."""

    proof: str
    name: str
    day: date


class Answer(NamedTuple):
    """What somebody said of a measure (done elsewhere, declined, not suitable): it rests until a day, or for good."""

    until: date | None


@dataclass(frozen=True, slots=True)
class Proof:
    """What in the chart counts as done, and for how many months (0: for good).

    Before the day `since` it does not count (the older vaccine of the same name).
    """

    proof: str
    name: str
    months: int
    since: date


class Choice(NamedTuple):
    """What may have been done elsewhere ("Colonoscopy"), and for how many months it holds (0: for good)."""

    title: Words
    months: int


@dataclass(frozen=True, slots=True)
class Measure:
    """A preventive measure.

    It holds for `months` (0: once for good), or for a season that begins on the first of month `season`. `doses` are
    needed in all, each `dose_months` after the one before. `choices` are for the answer "done elsewhere". With `ask`
    the practitioner decides whether it is suitable. `note` is for the care manager. `source` and `checked_on` tell
    where it is from.
    """

    name: str
    kind: str
    title: Words
    note: str
    sex: str
    from_age: int
    to_age: int
    groups: frozenset[str]
    not_groups: frozenset[str]
    payers: frozenset[str]
    smoked: bool
    months: int
    season: int
    doses: int
    dose_months: int
    ask: bool
    until: date
    proofs: tuple[Proof, ...]
    choices: tuple[Choice, ...]
    source: str
    checked_on: date

    @property
    def by_itself(self) -> bool:
        """Whether it is asked for even where nothing of it is on record: for a condition, or for the season."""
        return bool(self.groups or self.season)

    def fits(self, person: Person, today: date) -> bool | None:
        """Whether the measure is for somebody; None when what decides is not known. After `until` it is for nobody."""
        if today > self.until:
            return False
        answers = (
            None if person.age is None else self.from_age <= person.age <= self.to_age,
            None if self.sex and person.sex not in ("F", "M") else not self.sex or person.sex == self.sex,
            not self.groups or not self.groups.isdisjoint(person.groups),
            self.not_groups.isdisjoint(person.groups),
            (None if person.payer is None else person.payer in self.payers) if self.payers else True,
            person.smoked if self.smoked else True,
        )
        if False in answers:
            return False
        return None if None in answers else True

    def due_on(self, done: Iterable[Done], answers: Iterable[Answer], today: date) -> date | None:
        """Returns the day on which it is due (again), None for never again; with nothing done, today."""
        rests = [answer.until for answer in answers]
        counted = [(one.day, proof) for one in done if one.day <= today and (proof := self._proof(one))]
        days = {day for day, _ in counted}
        if 0 < len(days) < self.doses:
            rests.append(max(days) + relativedelta(months=self.dose_months))
        else:
            rests += [self._end(day, proof) for day, proof in counted]
        known = [day for day in rests if day is not None]
        return None if len(known) < len(rests) else max(known, default=today)

    def stale(self, today: date) -> bool:
        """Whether the row was not compared with its source for STALE_MONTHS."""
        return today > self.checked_on + relativedelta(months=STALE_MONTHS)

    def _proof(self, done: Done) -> Proof | None:
        for proof in self.proofs:
            if (proof.proof, proof.name) == (done.proof, done.name) and done.day >= proof.since:
                return proof
        return None

    def _end(self, day: date, proof: Proof) -> date | None:
        if self.season:
            begin = date(day.year if day.month >= self.season else day.year - 1, self.season, 1)
            return begin + relativedelta(years=1)
        return day + relativedelta(months=proof.months) if proof.months else None


@dataclass(frozen=True, slots=True)
class PreventiveBook:
    """The measures by name in the order of the file, and a sentence for each row left out."""

    measures: Mapping[str, Measure]
    problems: tuple[str, ...]

    def title(self, name: str) -> str:
        """Returns a measure's title; its name when it is not there (any more)."""
        found = self.measures.get(name)
        return name if found is None else found.title.en


class _Known(NamedTuple):
    proofs: Mapping[str, Collection[str] | None]
    groups: frozenset[str]
    payers: frozenset[str]
    sources: Mapping[str, str]


def preventive_book(reference: Reference) -> PreventiveBook:
    """Returns the measures, read once. What can't be used is told and left out."""
    return reference.made(FILE, lambda: _book(reference))


def _book(reference: Reference) -> PreventiveBook:
    try:
        table = reference.table(FILE)
    except Stopped as error:
        return PreventiveBook(MappingProxyType({}), (str(error),))
    found: dict[str, Measure] = {}
    problems: list[str] = []
    top = Row("", 1, table)
    try:
        top.only(("sources", "measure"))
        sources = {
            key: Row("sources", 1, table["sources"]).text(key, 300) for key in table.get("sources", {})
        }
        rows = list(top.rows("measure"))
        if not rows:
            raise top.bad("measure is missing; there is no [[measure]]")
    except (BadRule, TypeError, AttributeError) as wrong:
        bad = (
            wrong if isinstance(wrong, BadRule) else BadRule("sources", 1, "sources are texts by their keys")
        )
        return PreventiveBook(MappingProxyType({}), (_told(reference, bad, "Nothing of it is in use"),))
    known = _known(reference, sources)
    for row in rows:
        try:
            measure = _measure(row, known)
            if measure.name in found:
                raise row.bad(f"name {measure.name!r} stands there twice")
            found[measure.name] = measure
        except BadRule as wrong:
            problems.append(_told(reference, wrong, "This measure is left out, the others are in use"))
    return PreventiveBook(MappingProxyType(found), tuple(problems))


def _told(reference: Reference, wrong: BadRule, then: str) -> str:
    return f"{FILE}, line {key_line(reference.text(FILE), wrong)}: {wrong.why}. {then}."


def _known(reference: Reference, sources: Mapping[str, str]) -> _Known:
    own = reference.table("measurements.toml")
    proofs: dict[str, Collection[str] | None] = {
        "vaccine": frozenset(own.get("vaccine", ())),
        "measurement": frozenset(own.get("measure", ())),
        "visit": frozenset(code.code for code in reference.codes("visit_kind")),
        "instrument": _instruments(reference),
        "service": None,  # codes of others: any
    }
    groups = frozenset(
        str(one.get("id")) for one in reference.table("condition_groups.toml").get("group", ())
    )
    payers = frozenset(code.code for code in reference.codes("payer"))
    return _Known(MappingProxyType(proofs), groups, payers, sources)


def _instruments(reference: Reference) -> frozenset[str]:
    """The names of the instruments, by their files: their room lies above this one."""
    folders = (folder for folder in (reference.folder, reference.own) if folder is not None)
    return frozenset(path.stem for folder in folders for path in (folder / "instruments").glob("*.toml"))


def _measure(row: Row, known: _Known) -> Measure:
    row.only(MEASURE)
    months = row.whole("months", MOST_MONTHS)
    source = row.one_of("source", tuple(known.sources))
    from_age, to_age = row.whole("from_age", 120, default=0), row.whole("to_age", 120, default=120)
    if to_age < from_age:
        raise row.bad("to_age is less than from_age")
    doses, gap = row.whole("doses", 4, least=1, default=1), row.whole("dose_months", 24, default=0)
    if (doses > 1) != (gap > 0):
        raise row.bad("dose_months is the time between two doses; doses says how many there are")
    title = row.words("title", LONGEST_TITLE)
    return Measure(
        name=row.name("name"),
        kind=row.one_of("kind", KINDS),
        title=title,
        note=row.text("note", LONGEST_NOTE, ""),
        sex=row.one_of("sex", ("", "F", "M"), ""),
        from_age=from_age,
        to_age=to_age,
        groups=frozenset(row.texts("groups", known.groups, "group of condition_groups.toml")),
        not_groups=frozenset(row.texts("not_groups", known.groups, "group of condition_groups.toml")),
        payers=frozenset(row.texts("payers", known.payers, "payer of records.toml")),
        smoked=row.yes("smoked"),
        months=months,
        season=row.whole("season", 12, default=0),
        doses=doses,
        dose_months=gap,
        ask=row.yes("ask"),
        until=row.day("until") if "until" in row.values else date.max,
        proofs=tuple(_proof(row, one, months, known) for one in _inner(row, "proof")),
        choices=tuple(_choice(row, one) for one in _inner(row, "choice")) or (Choice(title, months),),
        source=known.sources[source],
        checked_on=row.day("checked_on"),
    )


def _inner(row: Row, key: str) -> list[Row]:
    value = row.values.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise row.bad(f'{key} is a list such as [{{ vaccine = "zoster" }}]')
    return [Row(row.table, row.number, one) for one in value]


def _proof(outer: Row, row: Row, months: int, known: _Known) -> Proof:
    kinds = [kind for kind in PROOFS if kind in row.values]
    if len(kinds) != 1:
        raise outer.bad(f"proof has one of {', '.join(PROOFS)} in each entry")
    kind = kinds[0]
    if extra := sorted(set(row.values) - {kind, "months", "since"}):
        raise outer.bad(f"proof does not know {extra[0]}")
    name, names = row.values[kind], known.proofs[kind]
    if not isinstance(name, str) or not name or (names is not None and name not in names):
        raise outer.bad(f"proof names the {kind} {name!r}, which is not there")
    months = row.whole("months", MOST_MONTHS, default=months)
    return Proof(kind, name, months, row.day("since") if "since" in row.values else date.min)


def _choice(outer: Row, row: Row) -> Choice:
    if extra := sorted(set(row.values) - {"title", "title_es", "months"}):
        raise outer.bad(f"choice does not know {extra[0]}")
    return Choice(row.words("title", LONGEST_TITLE), row.whole("months", MOST_MONTHS))

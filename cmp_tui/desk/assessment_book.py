"""The comprehensive assessment, read from data/comprehensive.toml or the clinic's own file in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from cmp_tui.assessments.library import library
from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.rule_rows import BadRule, line_of
from cmp_tui.desk.assessment_rules import (
    CHOOSES,
    EACH,
    INSTRUMENT,
    KINDS,
    TELLS,
    Book,
    Choice,
    Filled,
    Question,
    Section,
    Suggest,
    Test,
)

FILE = "comprehensive.toml"
NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
MOST_QUESTIONS, MOST_SECTIONS = 200, 10
COLUMNS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "patient": frozenset(
            {"language", "interpreter", "best_time", "may_leave_message", "email", "remarks"}
        ),
        "person": frozenset(
            {"name", "relationship", "phone", "language", "may_talk", "caregiver", "remarks"}
        ),
        "allergy": frozenset({"substance", "reaction", "severity"}),
        "condition": frozenset({"display", "own_words", "chronic", "onset"}),
        "conditions": frozenset({"confirmed"}),
        "plan": frozenset({"matters", "home", "function", "caregiver"}),
    }
)
"""What an answer may fill, besides measurements, vaccinations, what was declined of prevention, and tasks."""
REFUSES = "refuses"
"""The answer to a question about a vaccine or a test by which somebody declines it."""
NEEDED: Mapping[str, str] = MappingProxyType(
    {"person": "name", "allergy": "substance", "condition": "display"}
)
"""The column without which there is no record."""
TEXTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "section": frozenset({"name", "title"}),
        "record": frozenset({"name", "of"}),
        "question": frozenset(
            {
                "name", "section", "text", "kind", "unit", "instrument", "of", "fills", "record", "task", "help",
            }
        ),
        "suggest": frozenset({"name", "kind", "words", "topic", "responsible", "own_words"}),
    }
)  # fmt: skip
OTHERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "section": frozenset(),
        "record": frozenset({"fixed"}),
        "question": frozenset({"options", "least", "most", "places", "fresh_days", "when", "optional"}),
        "suggest": frozenset({"when", "any", "days", "ticked"}),
    }
)
MUST: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "section": ("name", "title"),
        "record": ("name", "of"),
        "question": ("name", "section", "text", "kind"),
        "suggest": ("name", "kind", "words"),
    }
)
TOLD = ("medications", "allergies", "people", "conditions")
Bad = Callable[[str], BadRule]


def book_of(reference: Reference) -> Book:
    """Returns the comprehensive assessment, read once. Raises Stopped with the file and the line of what can't be
    used."""
    return reference.made(FILE, lambda: _read(reference))


def _read(reference: Reference) -> Book:
    table = reference.table(FILE)
    try:
        if extra := sorted(set(table) - set(MUST)):
            raise BadRule(extra[0], 1, f"{extra[0]} is not known; there are {', '.join(MUST)}")
        sections = tuple(
            Section(row["name"], row["title"]) for row, _ in _rows(table, "section", needed=True)
        )
        if len(sections) > MOST_SECTIONS:
            raise BadRule("section", MOST_SECTIONS + 1, f"there are at most {MOST_SECTIONS} sections")
        records = {row["name"]: _record(row, bad) for row, bad in _rows(table, "record")}
        questions: list[Question] = []
        shelf = library(reference).instruments
        for row, bad in _rows(table, "question", needed=True):
            questions.append(_question(row, bad, sections, records, questions, shelf, reference))
        if len(questions) > MOST_QUESTIONS:
            raise BadRule("question", MOST_QUESTIONS + 1, f"there are at most {MOST_QUESTIONS} questions")
        empty = next((one for one in sections if not any(q.section == one.name for q in questions)), None)
        if empty is not None:
            raise BadRule("section", sections.index(empty) + 1, f"no question is in the section {empty.name}")
        known = {one.name: one for one in questions}
        suggests = tuple(_suggest(row, bad, known, shelf, reference) for row, bad in _rows(table, "suggest"))
    except BadRule as wrong:
        raise _stopped(reference, wrong) from wrong
    return Book(sections, tuple(questions), MappingProxyType(records), suggests)


def _rows(table: Mapping[str, Any], name: str, needed: bool = False) -> list[tuple[Mapping[str, Any], Bad]]:
    rows = table.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadRule(name, 1, f"{name} is written as [[{name}]]")
    if needed and not rows:
        raise BadRule(name, 1, f"there is no [[{name}]]")
    found: list[tuple[Mapping[str, Any], Bad]] = []
    names: set[str] = set()
    for number, row in enumerate(rows, 1):

        def bad(why: str, number: int = number) -> BadRule:
            return BadRule(name, number, why)

        for key in MUST[name]:
            if key not in row:
                raise bad(f"{key} is missing")
        for key, value in row.items():
            if key not in TEXTS[name] | OTHERS[name]:
                raise bad(f"{key} is not known here")
            if key in TEXTS[name] and (not isinstance(value, str) or not value.strip()):
                raise bad(f"{key} is a text")
            if key in ("least", "most") and not _is_number(value):
                raise bad(f"{key} is a number")
            if key in ("places", "fresh_days", "days") and not (_is_whole(value) and 0 <= value <= 3660):
                raise bad(f"{key} is a whole number")
            if key in ("optional", "ticked") and not isinstance(value, bool):
                raise bad(f"{key} is true or false")
        if not NAME.fullmatch(row["name"]):
            raise bad("name is made of small letters, digits, - and _, a letter first")
        if row["name"] in names:
            raise bad(f"name {row['name']} stands there twice")
        names.add(row["name"])
        found.append((row, bad))
    return found


def _record(row: Mapping[str, Any], bad: Bad) -> Filled:
    if row["of"] not in NEEDED:
        raise bad(f"of is one of {', '.join(NEEDED)}")
    fixed = row.get("fixed", {})
    if not isinstance(fixed, dict) or set(fixed) - COLUMNS[row["of"]]:
        raise bad(f"fixed holds columns of {row['of']}: {', '.join(sorted(COLUMNS[row['of']]))}")
    return Filled(row["name"], row["of"], MappingProxyType(dict(fixed)))


def _question(
    row: Mapping[str, Any],
    bad: Bad,
    sections: tuple[Section, ...],
    records: Mapping[str, Filled],
    before: list[Question],
    shelf: Mapping[str, Any],
    reference: Reference,
) -> Question:
    kind = row["kind"]
    if "-" in row["name"]:
        raise bad("name is made of small letters, digits and _")
    if kind not in KINDS:
        raise bad(f"kind is one of {', '.join(sorted(KINDS))}")
    if row["section"] not in [one.name for one in sections]:
        raise bad(f"section {row['section']} is not there")
    if kind == "number" and not row.get("least", 0) < row.get("most", 0):
        raise bad("most is more than least, for a number")
    if kind == INSTRUMENT and row.get("instrument") not in shelf:
        raise bad(f"instrument {row.get('instrument', '')!r} is no file of data/instruments")
    if kind == TELLS and row.get("of") not in TOLD:
        raise bad(f"of is one of {', '.join(TOLD)}")
    known = {one.name: one for one in before}
    question = Question(
        name=row["name"], section=row["section"], text=row["text"], kind=kind, options=_options(row, kind, bad),
        unit=row.get("unit", ""), least=row.get("least", 0), most=row.get("most", 0),
        places=row.get("places", 0), instrument=row.get("instrument", ""), fresh_days=row.get("fresh_days", 0),
        of=row.get("of", ""), fills=row.get("fills", ""), record=row.get("record", ""), task=row.get("task", ""),
        when=_tests(row.get("when", []), "when", bad, known, shelf, reference),
        optional=row.get("optional", False), help=row.get("help", ""),
    )  # fmt: skip
    _check_fills(question, bad, records, reference)
    return question


def _options(row: Mapping[str, Any], kind: str, bad: Bad) -> tuple[Choice, ...]:
    if kind == "yes-no":
        return (Choice("yes", "Yes"), Choice("no", "No"))
    rows = row.get("options", [])
    if kind not in CHOOSES:
        if rows:
            raise bad(f"options are not for the kind {kind}")
        return ()
    good = isinstance(rows, list) and all(
        isinstance(one, dict)
        and isinstance(one.get("code"), str)
        and isinstance(one.get("words"), str)
        and set(one) <= {"code", "words", "alone"}
        for one in rows
    )
    if not good or not 2 <= len(rows) <= 20:
        raise bad('options are 2 to 20 tables such as { code = "cane", words = "Cane" }')
    if len({one["code"] for one in rows}) < len(rows):
        raise bad("options have the same code twice")
    return tuple(Choice(one["code"], one["words"], bool(one.get("alone", False))) for one in rows)


def _check_fills(question: Question, bad: Bad, records: Mapping[str, Filled], reference: Reference) -> None:
    if question.record and (question.record not in records or not question.fills):
        raise bad(f"record {question.record} is no [[record]], or nothing is filled")
    if not question.fills:
        return
    what, _, column = question.fills.partition(".")
    if question.fills == "task":
        if not question.task:
            raise bad("task is missing: its title")
        return
    if what in ("measurement", "vaccination"):
        table = reference.table("measurements.toml")
        entry = table.get("measure" if what == "measurement" else "vaccine", {}).get(column)
        if entry is None:
            raise bad(f"fills {question.fills}: data/measurements.toml has no {column}")
        if question.kind == "number" and question.unit not in entry.get("units", {}):
            raise bad(f"unit {question.unit!r} is none that {column} has in data/measurements.toml")
        if what == "vaccination" and question.kind != "date":
            raise bad("fills a vaccination: its kind is date")
        return
    if what == "preventive":
        # Whether the measure is there is asked when it is filled: a clinic may leave it out of its own list.
        if not column or REFUSES not in {one.code for one in question.options}:
            raise bad(f"fills {question.fills}: its options have the code {REFUSES}")
        return
    if what == "plan" and question.kind not in ("text", "words"):
        raise bad("fills a text of the plan: its kind is text or words")
    if what not in COLUMNS or column not in COLUMNS[what]:
        raise bad(f"fills {question.fills}, which no answer can fill")
    if what in NEEDED and (not question.record or records[question.record].of != what):
        raise bad(f"fills {question.fills}: record names the [[record]] of a {what}")


def _suggest(
    row: Mapping[str, Any],
    bad: Bad,
    known: Mapping[str, Question],
    shelf: Mapping[str, Any],
    reference: Reference,
) -> Suggest:
    if row["kind"] not in ("goal", "task", "condition"):
        raise bad("kind is goal, task or condition")
    if row.get("own_words") and row["own_words"] not in known:
        raise bad(f"own_words {row['own_words']} is no question")
    if row.get("responsible") and not reference.known("responsible", row["responsible"]):
        raise bad(f"responsible {row['responsible']} is not known")
    if len(row.get("topic", "")) > 40:
        raise bad("topic has at most 40 letters")
    if "{own}" in row["words"] and not row.get("own_words"):
        raise bad("words hold {own}: own_words names the question")
    when = _tests(row.get("when", []), "when", bad, known, shelf, reference)
    any_of = _tests(row.get("any", []), "any", bad, known, shelf, reference)
    if not when and not any_of:
        raise bad("when is missing: nothing says when it is suggested")
    return Suggest(
        row["name"], row["kind"], row["words"], when, any_of, row.get("topic", ""), row.get("responsible", ""),
        row.get("own_words", ""), row.get("days", 14), row.get("ticked", True),
    )  # fmt: skip


def _tests(
    rows: Any,
    key: str,
    bad: Bad,
    known: Mapping[str, Question],
    shelf: Mapping[str, Any],
    reference: Reference,
) -> tuple[Test, ...]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise bad(f'{key} is a list such as [{{ question = "pain", is = ["yes"] }}]')
    return tuple(_test(row, key, bad, known, shelf, reference) for row in rows)


def _test(
    row: Mapping[str, Any],
    key: str,
    bad: Bad,
    known: Mapping[str, Question],
    shelf: Mapping[str, Any],
    reference: Reference,
) -> Test:
    if extra := sorted(set(row) - {"question", "is", "given", "instrument", "group", "from", "to"}):
        raise bad(f"{key}: {extra[0]} is not known there")
    if sum(name in row for name in ("question", "instrument", "group")) != 1:
        raise bad(f"{key} names a question, an instrument or a group")
    least, most = row.get("from"), row.get("to")
    if any(one is not None and not _is_number(one) for one in (least, most)):
        raise bad(f"{key}: from and to are numbers")
    ranged = least is not None or most is not None
    if "group" in row:
        groups = {str(one.get("id")) for one in reference.table("condition_groups.toml").get("group", ())}
        if row["group"] not in groups:
            raise bad(f"{key}: {row['group']!r} is no group of data/condition_groups.toml")
        return Test(group=row["group"])
    if "instrument" in row:
        if row["instrument"] not in shelf or not ranged:
            raise bad(f"{key} names an instrument of data/instruments, with from or to")
        return Test(instrument=row["instrument"], least=least, most=most)
    question = known.get(row["question"])
    if question is None:
        raise bad(f"{key}: {row['question']!r} is no question before this one")
    codes = row.get("is", [])
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise bad(f"{key}: is = is a list of codes")
    options = {one.code for one in question.options}
    if wrong := next((code for code in codes if code not in options), None):
        raise bad(f"{key}: {question.name} has no answer {wrong!r}")
    given = row.get("given", False)
    if (bool(codes) + ranged + (given is True)) != 1 or (codes and question.kind not in {*CHOOSES, EACH}):
        raise bad(f"{key}: a question has is = [codes], given = true, or from and to")
    return Test(question.name, tuple(codes), given is True, least=least, most=most)


def _stopped(reference: Reference, wrong: BadRule) -> Stopped:
    """The error that names the line: that of the key with which its sentence begins, else that of its table."""
    text = reference.text(FILE)
    first = line_of(text, wrong.table, wrong.number)
    word = re.split(r"[ :]", wrong.why, maxsplit=1)[0]
    line = first
    for at, words in enumerate(text.splitlines()[first:], first + 1):
        if words.lstrip().startswith("["):
            break
        if words.split("=")[0].strip() == word:
            line = at
            break
    return Stopped(
        f"The reference file {FILE} can't be used: line {line}: {wrong.why}. Correct it, or take your own copy away."
    )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e6


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)

"""Reading an instrument's file: every mistake is found with its line, before anybody answers a question. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from cmp_tui.assessments.definition import Alarm, Band, Flag, Instrument, Item, Next, Option, Test
from cmp_tui.assessments.rules import span
from cmp_tui.clinic.rule_rows import BadRule

NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
KINDS = ("text", "arithmetic", "score")
METHODS = ("sum", "mean", "none")
MOST_ITEMS = 100


class Keys(NamedTuple):
    """The keys of one kind of table: those that must be there, and those that may."""

    needed: Mapping[str, Any]
    other: Mapping[str, Any]


TEXT = "a text"
WHOLE = "a whole number"
NUMBER = "a number"
YES = "true or false"
TABLE = "a table"
ROWS = "a list of tables"
ANY = "there"
TOP = Keys(
    dict.fromkeys(("title", "about", "edition", "ships", "source", "licence"), TEXT)
    | {"redistributable": YES, "item": ROWS},
    dict.fromkeys(("source_url", "licence_url", "notice", "confirmed", "stem"), TEXT)
    | {"options": TABLE, "score": TABLE, "band": ROWS, "flag": ROWS, "alarm": ROWS, "next": TABLE},
)
ITEM = Keys(
    {"name": TEXT, "text": TEXT},
    dict.fromkeys(("section", "unit", "low", "high", "chart", "number"), TEXT)
    | dict.fromkeys(("several", "reverse", "counts", "optional"), YES)
    | {
        "options": ANY,
        "least": NUMBER,
        "most": NUMBER,
        "places": WHOLE,
        "weight": NUMBER,
        "steps": ANY,
        "when": ANY,
    },
)
OPTION = Keys({"value": WHOLE, "words": TEXT}, {"points": NUMBER, "code": TEXT, "alone": YES})
SCORE = Keys({"method": TEXT}, {"most": NUMBER, "need": WHOLE, "places": WHOLE, "unit": TEXT, "worse": TEXT})
BAND = Keys({"from": NUMBER, "to": NUMBER, "words": TEXT}, {"raised": YES, "when": ANY})
FLAG = Keys({"name": TEXT, "words": TEXT, "any": ANY}, {"topic": TEXT, "goal": TEXT, "help": YES})
ALARM = Keys({"name": TEXT, "any": ANY}, {"words": TEXT})
NEXT = Keys({"instrument": TEXT, "from": NUMBER, "carry": TABLE}, {})
TEST = Keys({}, {"item": TEXT, "items": ANY, "is": ANY, "from": NUMBER, "to": NUMBER, "product": YES})

_FITS: Mapping[str, Callable[[Any], bool]] = {
    TEXT: lambda value: isinstance(value, str),
    WHOLE: lambda value: isinstance(value, int) and not isinstance(value, bool),
    NUMBER: lambda value: (
        isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e6  # no nan, no inf
    ),
    YES: lambda value: isinstance(value, bool),
    TABLE: lambda value: isinstance(value, dict),
    ROWS: lambda value: isinstance(value, list) and all(isinstance(one, dict) for one in value),
    ANY: lambda value: True,
}


class Place(NamedTuple):
    """Where in the file one is: the table's name and the how-manieth of that name."""

    table: str
    number: int

    def bad(self, why: str) -> BadRule:
        """Returns what is wrong here."""
        return BadRule(self.table, self.number, why)


def instrument_from(name: str, table: Mapping[str, Any], own: bool = False) -> Instrument:
    """Makes an instrument of its file's table. Raises BadRule, with the place of what can't be used."""
    top = Place("", 0)
    _check(table, TOP, top)
    if table["ships"] not in KINDS:
        raise top.bad(f"ships is one of {', '.join(KINDS)}")
    named = {key: _options(value, Place("options", 1)) for key, value in table.get("options", {}).items()}
    items: list[Item] = []
    rows: Sequence[Mapping[str, Any]] = table["item"]
    if not rows or len(rows) > MOST_ITEMS:
        raise top.bad(f"an instrument has 1 to {MOST_ITEMS} [[item]] tables")
    for number, row in enumerate(rows, 1):
        items.append(_item(row, named, items, Place("item", number)))
    scoring = table.get("score", {"method": "none"})
    place = Place("score", 1)
    _check(scoring, SCORE, place)
    if scoring["method"] not in METHODS:
        raise place.bad(f"method is one of {', '.join(METHODS)}")
    if scoring.get("worse", "") not in ("", "up", "down"):
        raise place.bad('worse is "up" or "down"')
    counted = [item for item in items if item.counts]
    if scoring["method"] != "none" and not counted:
        raise place.bad("no item counts for the score")
    if scoring.get("need", 0) > len(counted) or (scoring.get("need") and scoring["method"] != "mean"):
        raise place.bad("need is the fewest answers of a mean, at most as many as there are items")
    known = tuple(items)
    instrument = Instrument(
        name=name, title=table["title"], about=table["about"], edition=table["edition"], ships=table["ships"],
        source=table["source"], source_url=table.get("source_url", ""), licence=table["licence"],
        licence_url=table.get("licence_url", ""), redistributable=table["redistributable"],
        notice=table.get("notice", ""), confirmed=table.get("confirmed", ""), stem=table.get("stem", ""),
        items=known, method=scoring["method"], need=scoring.get("need", 0), places=scoring.get("places", 0),
        cap=scoring.get("most"), unit=scoring.get("unit", ""), worse=scoring.get("worse", ""), own=own,
    )  # fmt: skip
    return replace(
        instrument,
        bands=_bands(table, instrument),
        flags=tuple(_flag(row, known, Place("flag", at)) for at, row in enumerate(table.get("flag", ()), 1)),
        alarms=tuple(
            _alarm(row, known, Place("alarm", at)) for at, row in enumerate(table.get("alarm", ()), 1)
        ),
        next=_next(table["next"], known) if "next" in table else None,
    )


def _check(row: Mapping[str, Any], keys: Keys, place: Place) -> None:
    for key in keys.needed:
        if key not in row:
            raise place.bad(f"{key} is missing")
    for key, value in row.items():
        kind = keys.needed.get(key) or keys.other.get(key)
        if kind is None:
            raise place.bad(f"{key} is not known here")
        if not _FITS[kind](value):
            raise place.bad(f"{key} is {kind}")


def _options(rows: Any, place: Place) -> tuple[Option, ...]:
    if not _FITS[ROWS](rows) or not rows:
        raise place.bad('options are tables such as { value = 0, words = "Not at all" }')
    found: list[Option] = []
    for row in rows:
        _check(row, OPTION, place)
        if row["value"] in [one.value for one in found]:
            raise place.bad(f"two options have the value {row['value']}")
        points = row.get("points", row["value"])
        found.append(Option(row["value"], row["words"], points, row.get("code", ""), row.get("alone", False)))
    return tuple(found)


def _item(
    row: Mapping[str, Any], named: Mapping[str, tuple[Option, ...]], before: Sequence[Item], place: Place
) -> Item:
    _check(row, ITEM, place)
    name = row["name"]
    if not NAME.fullmatch(name):
        raise place.bad(f"the name {name!r} is not made of small letters, digits and _ (begin with a letter)")
    if name in [item.name for item in before]:
        raise place.bad(f"two items are called {name}")
    options = row.get("options")
    if isinstance(options, str):
        if options not in named:
            raise place.bad(f"[options] has no {options}")
        chosen = named[options]
    else:
        chosen = () if options is None else _options(options, place)
    if bool(chosen) == ("least" in row or "most" in row):
        raise place.bad("an item has options, or least and most")
    if not chosen and not ("least" in row and "most" in row and row["least"] < row["most"]):
        raise place.bad("least must be below most")
    kind = "number" if not chosen else "several" if row.get("several") else "choice"
    if row.get("several") and kind != "several":
        raise place.bad("several needs options")
    return Item(
        name=name, text=row["text"], kind=kind, section=row.get("section", ""), options=chosen,
        least=row.get("least", 0), most=row.get("most", 0), places=row.get("places", 0),
        unit=row.get("unit", ""), low=row.get("low", ""), high=row.get("high", ""),
        steps=_steps(row.get("steps", ()), place), weight=row.get("weight", 1),
        reverse=row.get("reverse", False), counts=row.get("counts", True),
        optional=row.get("optional", False), chart=row.get("chart", ""),
        when=_tests(row.get("when", ()), before, place), number=row.get("number", str(place.number)),
    )  # fmt: skip


def _steps(rows: Any, place: Place) -> tuple[tuple[float, float], ...]:
    good = isinstance(rows, (list, tuple)) and all(
        isinstance(row, list) and len(row) == 2 and all(_FITS[NUMBER](one) for one in row) for row in rows
    )
    if not good or [row[0] for row in rows] != sorted({row[0] for row in rows}):
        raise place.bad("steps are pairs of a number and its points, rising: [[0, 0], [4, 2]]")
    return tuple((row[0], row[1]) for row in rows)


def _tests(rows: Any, items: Sequence[Item], place: Place) -> tuple[Test, ...]:
    some = [rows] if isinstance(rows, dict) else rows
    if not isinstance(some, (list, tuple)) or not _FITS[ROWS](list(some)):
        raise place.bad('a condition is a table such as { item = "q1", is = [1, 2] }')
    return tuple(_test(row, items, place) for row in some)


def _test(row: Mapping[str, Any], items: Sequence[Item], place: Place) -> Test:
    _check(row, TEST, place)
    names = row.get("items", [row["item"]] if "item" in row else [])
    known = {item.name: item for item in items}
    if not isinstance(names, list) or not names or ("item" in row) == ("items" in row):
        raise place.bad("a condition names an item, or items")
    for name in names:
        if name not in known:
            raise place.bad(f"a condition names {name!r}, which is no item before it")
    if ("is" in row) == ("from" in row or "to" in row):
        raise place.bad("a condition has is = [values], or from and to")
    values = row.get("is", [])
    if not isinstance(values, list) or not all(_FITS[WHOLE](value) for value in values):
        raise place.bad("is = is a list of values")
    for value in values:
        for name in names:
            item = known[name]
            if item.options and item.option(value) is None:
                raise place.bad(f"{name} has no answer {value}")
    return Test(tuple(names), tuple(values), row.get("from"), row.get("to"), row.get("product", False))


def _bands(table: Mapping[str, Any], instrument: Instrument) -> tuple[Band, ...]:
    low, high = span(instrument)
    found: list[Band] = []
    for number, row in enumerate(table.get("band", ()), 1):
        place = Place("band", number)
        _check(row, BAND, place)
        if instrument.method == "none":
            raise place.bad("there are bands, but [score] makes no score")
        if not low <= row["from"] <= row["to"] <= high:
            raise place.bad(f"a band lies within the scores that there can be, {low:g} to {high:g}")
        tests = _tests(row.get("when", ()), instrument.items, place)
        for other in found:
            if not tests and not other.when and other.least <= row["to"] and row["from"] <= other.most:
                raise place.bad(f"it overlaps the band {other.words!r}")
        found.append(Band(row["from"], row["to"], row["words"], row.get("raised", False), tests))
    return tuple(found)


def _flag(row: Mapping[str, Any], items: Sequence[Item], place: Place) -> Flag:
    _check(row, FLAG, place)
    if not NAME.fullmatch(row["name"]):
        raise place.bad(f"the name {row['name']!r} is not made of small letters, digits and _")
    wants = row.get("help", False)
    if wants and not (row.get("topic") and row.get("goal")):
        raise place.bad("a flag with help needs a topic and the words of a goal")
    tests = _tests(row["any"], items, place)
    return Flag(row["name"], row["words"], tests, row.get("topic", ""), row.get("goal", ""), wants)


def _alarm(row: Mapping[str, Any], items: Sequence[Item], place: Place) -> Alarm:
    _check(row, ALARM, place)
    return Alarm(row["name"], _tests(row["any"], items, place), row.get("words", ""))


def _next(row: Mapping[str, Any], items: Sequence[Item]) -> Next:
    place = Place("next", 1)
    _check(row, NEXT, place)
    known = {item.name for item in items}
    for ours in row["carry"]:
        if ours not in known:
            raise place.bad(f"carry names {ours!r}, which is no item")
    return Next(row["instrument"], row["from"], dict(row["carry"]))

"""The files of instruments: all shipped ones load, a wrong one is left out with its line, the others go on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.assessments.crisis import LAST_RESORT, crisis
from cmp_tui.assessments.reading import instrument_from
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.reference import Reference, shipped
from cmp_tui.clinic.rule_rows import BadRule
from tests.assessments.shelf import HEAD, made, own_file, shelf

FILES = sorted((shipped("data") / "instruments").glob("*.toml"))
SHIPPED = (
    "phq-2", "phq-9", "gad-2", "gad-7", "ahc-hrsn", "ahc-hrsn-more", "stay-independent", "audit-c", "audit-c-4", "peg",
    "semcd-6", "loneliness-3", "oasis-m1033", "hrqol-4", "lace", "hospital", "katz", "lawton", "charlson", "mini-cog",
    "slums", "moca",
)  # fmt: skip
NEVER = (
    "morisky",
    "mmas",
    "prapare",
    "beers",
    "zarit",
    "patient activation",
    "brief pain inventory",
    "arms scale",
)
ITEM = '\n[[item]]\nname = "a"\ntext = "A?"\noptions = [{ value = 0, words = "no" }, { value = 1, words = "yes" }]\n'
SUM = '[score]\nmethod = "sum"\n'


def test_all_shipped_files_load() -> None:
    found = shelf()
    assert found.problems == ()
    assert set(found.instruments) == set(SHIPPED)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_says_where_it_is_from(path: Path) -> None:
    instrument = shelf().need(path.stem)
    assert instrument.source and instrument.licence and instrument.edition and instrument.confirmed
    assert instrument.redistributable or instrument.ships == "score"
    if instrument.ships == "text":
        assert instrument.licence_url.startswith("http") and instrument.source_url.startswith("http")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_instrument_that_may_not_be_here(path: Path) -> None:
    text = path.read_text(encoding="utf-8").casefold()
    named = [word for word in NEVER if word in text]
    assert named in ([], ["prapare"]) and (named == [] or path.stem == "ahc-hrsn")  # the CMS form cites it


def test_what_may_not_be_shown_is_not_there() -> None:
    for name in ("mini-cog", "slums", "moca"):
        assert sum(len(item.text) for item in shelf().need(name).items) < 80


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (ITEM + "colour = 1\n" + SUM, 13, "colour is not known here"),
        (ITEM + '[[item]]\nname = "a"\ntext = "again"\nleast = 0\nmost = 3\n' + SUM, 13, "two items are called a"),
        (ITEM + '[[item]]\nname = "b"\ntext = "B?"\n' + SUM, 13, "an item has options, or least and most"),
        (ITEM + '[[item]]\nname = "b"\ntext = "B?"\nleast = 3\nmost = 3\n', 16, "least must be below most"),
        (ITEM + '[score]\nmethod = "median"\n', 14, "method is one of sum, mean, none"),
        (ITEM + SUM + '[[band]]\nfrom = 0\nto = 2\nwords = "x"\n', 15, "within the scores that there can be, 0 to 1"),
        (ITEM + SUM + '[[band]]\nfrom = 0\nto = 1\nwords = "x"\n[[band]]\nfrom = 1\nto = 1\nwords = "y"\n', 19,
         "overlaps the band 'x'"),
        (ITEM + '[[flag]]\nname = "f"\nwords = "f"\nany = { item = "a", is = [7] }\n', 13, "a has no answer 7"),
        (ITEM + '[[flag]]\nname = "f"\nwords = "f"\nhelp = true\nany = { item = "a", is = [1] }\n', 13,
         "needs a topic and the words of a goal"),
        (ITEM + '[[flag]]\nname = "f"\nwords = "f"\nany = { item = "b", is = [1] }\n', 13, "'b', which is no item"),
        (ITEM + '[[flag]]\nname = "f"\nwords = "f"\nany = 5\n', 13, "a condition is a table"),
        (ITEM.replace('"A?"', '"A?"\nwhen = { item = "b", is = [1] }'), 9, "names 'b', which is no item before it"),
        (ITEM.replace('words = "yes"', 'words = "yes", points = "many"'), 9, "points is a number"),
        (ITEM.replace("value = 1", "value = 0"), 9, "two options have the value 0"),
        (ITEM.replace('name = "a"', 'name = "A b"'), 9, "is not made of small letters"),
        (ITEM + '[[item]]\nname = "n"\ntext = "N?"\nleast = 0\nmost = 9\nsteps = [[3, 0], [1, 1]]\n', 18,
         "steps are pairs"),
        (ITEM + '[next]\ninstrument = "phq-9"\nfrom = 1\ncarry = { z = "q1" }\n', 16, "carry names 'z'"),
        (ITEM + "reverse = \n", 13, "Invalid value"),
        ("", 1, "item is missing"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_with_its_line_and_the_others_go_on(
    tmp_path: Path, text: str, line: int, why: str
) -> None:
    own_file(tmp_path, "bad.toml", HEAD + text)
    own_file(tmp_path, "good.toml", HEAD + ITEM + SUM)
    found = shelf(tmp_path)
    assert len(found.problems) == 1
    sentence = found.problems[0]
    assert sentence.startswith(f"The instrument file bad.toml is left out: line {line}: "), sentence
    assert why in sentence
    assert found.need("good").own and len(found.instruments) == len(SHIPPED) + 1


def test_a_file_that_is_no_text_and_one_that_opens_nothing(tmp_path: Path) -> None:
    own_file(tmp_path, "a.toml", "").write_bytes(b"\xff\xfe\x00")
    own_file(
        tmp_path, "b.toml", HEAD + ITEM + SUM + '[next]\ninstrument = "zzz"\nfrom = 1\ncarry = { a = "q1" }\n'
    )
    own_file(
        tmp_path,
        "c.toml",
        HEAD + ITEM + SUM + '[next]\ninstrument = "phq-9"\nfrom = 1\ncarry = { a = "q99" }\n',
    )
    problems = "\n".join(shelf(tmp_path).problems)
    assert "a.toml is left out: it can't be read" in problems
    assert "b.toml is left out: [next] opens 'zzz', which is not there" in problems
    assert "c.toml is left out: [next] carries a to 'q99', which phq-9 does not ask" in problems


def test_the_clinics_own_file_stands_before_the_shipped_one(tmp_path: Path) -> None:
    own_file(tmp_path, "peg.toml", HEAD + ITEM + SUM)
    found = shelf(tmp_path).need("peg")
    assert (found.title, found.own) == ("Small", True)
    with pytest.raises(Gone, match="no instrument 'gone'"):
        shelf().need("gone")


BASE = tomllib.loads(FILES[[path.stem for path in FILES].index("phq-9")].read_text(encoding="utf-8"))


@st.composite
def spoiled(draw: st.DrawFn) -> dict[str, Any]:
    """The PHQ-9's table with something in it replaced or taken away."""

    def copy(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: copy(one) for key, one in value.items()}
        return [copy(one) for one in value] if isinstance(value, list) else value

    table = copy(BASE)
    place: Any = table
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return table
        key = draw(st.sampled_from(keys))
        if isinstance(place[key], (dict, list)) and draw(st.booleans()):
            place = place[key]
            continue
        if draw(st.booleans()):
            del place[key]
        else:
            junk = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5))
            place[key] = draw(
                st.one_of(junk, st.lists(junk, max_size=2), st.dictionaries(st.text(), junk, max_size=2))
            )
        return table


@given(spoiled())
def test_a_spoiled_file_is_a_sentence_and_never_a_fault(table: dict[str, Any]) -> None:
    try:
        instrument_from("spoiled", table)
    except BadRule as wrong:
        assert wrong.why


def test_a_condition_names_only_what_was_asked_before() -> None:
    with pytest.raises(BadRule, match="no item before it"):
        made(ITEM.replace('"A?"', '"A?"\nwhen = { item = "a", is = [1] }') + SUM)


# -- the crisis steps


def test_the_shipped_steps_name_988_and_open_tasks() -> None:
    steps = crisis(Reference(), "self-harm")
    assert steps.tasks and "988" in " ".join(steps.steps) and not steps.problem
    assert not re.search(r"\b(safe|prevents?|ensures?|guarantee)\b", " ".join(steps.steps))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[self-harm]\ntitle = 1\nsteps = ['x']\n", "line 1: [self-harm] can't be used, title is no text"),
        ("\n[self-harm]\ntitle = 'x'\nsteps = []\n", "line 2: [self-harm] can't be used, steps is no list"),
        ("[self-harm\n", "can't be read"),
        ("[other]\n", "it is missing"),
    ],
)
def test_wrong_steps_never_hide_the_alarm(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "crisis.toml").write_text(text, encoding="utf-8")
    steps = crisis(Reference(own=tmp_path), "self-harm")
    assert steps.tasks and "988" in " ".join(steps.steps)
    assert why in steps.problem and "general steps" in steps.problem


def test_an_alarm_that_no_file_knows_has_steps_and_tasks() -> None:
    steps = crisis(Reference(), "something-else")
    assert (steps.steps, steps.tasks) == (LAST_RESORT.steps, True)


def test_the_clinics_own_steps(tmp_path: Path) -> None:
    (tmp_path / "crisis.toml").write_text(
        "[self-harm]\ntitle = 'Ours'\nsteps = ['Call Amy.']\n", encoding="utf-8"
    )
    steps = crisis(Reference(own=tmp_path), "self-harm")
    assert (steps.title, steps.steps, steps.problem, steps.tasks) == ("Ours", ("Call Amy.",), "", True)

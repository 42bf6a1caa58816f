"""The filter language: what it reads, what it writes, and what it says when it does not understand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.caseload.language import COMPARE, KEYS, NotUnderstood, Term, parse, split, write

WORDS = st.text(max_size=20).map(lambda text: " ".join(text.replace('"', "").split())).filter(bool)


def _terms() -> st.SearchStrategy[Term]:
    numbers = st.integers(0, 999_999).map(str)
    kinds = []
    for key in KEYS:
        if key.takes[0] == "number":
            kinds.append(
                st.builds(Term, st.just(key.name), st.sampled_from(list(COMPARE)), numbers, st.booleans())
            )
        listed = tuple(one for one in key.takes if one != "number")
        if listed:
            values = WORDS if listed == ("word",) else st.sampled_from(listed)
            kinds.append(st.builds(Term, st.just(key.name), st.just("="), values, st.booleans()))
    return st.one_of(kinds)


@given(st.lists(_terms(), max_size=6).map(tuple))
def test_what_is_written_reads_back(terms: tuple[Term, ...]) -> None:
    assert parse(write(terms)) == terms


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_a_sentence_and_stays_the_same(text: str) -> None:
    try:
        terms = parse(text)
    except NotUnderstood as error:
        assert str(error).endswith(".")
        return
    assert parse(write(terms)) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        ("  ", ()),
        ('""', ()),
        ("tran", (Term("name", "=", "tran"),)),
        ("-tran", (Term("name", "=", "tran", True),)),
        ("-", (Term("name", "=", "-"),)),
        ('"de la cruz"', (Term("name", "=", "de la cruz"),)),
        ('"a:b"', (Term("name", "=", "a:b"),)),
        ("has:diabetes min:<20", (Term("has", "=", "diabetes"), Term("min", "<", "20"))),
        ("MIN:20", (Term("min", "=", "20"),)),
        ("age:>=75", (Term("age", ">=", "75"),)),
        ("risk:6", (Term("risk", "=", "6"),)),
        ("risk:>=5", (Term("risk", ">=", "5"),)),
        ("-risk:HIGH", (Term("risk", "=", "high", True),)),
        ("due:OVERDUE", (Term("due", "=", "overdue"),)),
        ('payer:"Medicare Advantage"', (Term("payer", "=", "Medicare Advantage"),)),
        ('-has:"heart failure"', (Term("has", "=", "heart failure", True),)),
    ],
)
def test_reading(text: str, terms: tuple[Term, ...]) -> None:
    assert parse(text) == terms


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("tier:high", "There is no filter 'tier'. Filters: name, mrn, cm"),
        ("risk:soon", "risk: takes a number with <, <=, =, >= or > before it, or high, middle, low, none"),
        ("min:", "min: needs a value: minutes this month"),
        ("min:many", "min: takes a number with <, <=, =, >= or > before it"),
        ("min:<-3", "min: takes a number"),
        ("min:٣", "min: takes a number"),
        ("due:soon", "due: takes overdue, today, week, none."),
        ("sex:q", "sex: takes f, m, x, u."),
        (":", "There is no filter ''."),
    ],
)
def test_what_is_not_understood_says_what_there_is(text: str, says: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        parse(text)
    assert says in str(refused.value)


def test_an_unclosed_quote_holds_the_rest_together() -> None:
    assert split('name:"de la') == ['name:"de la']
    assert parse('name:"de la') == (Term("name", "=", "de la"),)

"""SQL steps say what a plain search in Python says."""

from __future__ import annotations

from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peewee import Context, Table

from cmp_tui.clinic.steps import stepped

ENTRY = Table("entry", ("at",))


def written(steps: list[tuple[int | str, str]]) -> str:
    return str(Context().sql(stepped(ENTRY.at, steps)).query()[0])


def value_of(sql: str, name: str, value: int) -> str:
    """Reads the expression as SQL reads it: nested CASE WHEN name >= n THEN … ELSE … END."""
    words = sql.replace(name, str(value)).split(" ")

    def read() -> str:
        word = words.pop(0)
        if word != "CASE":
            return word.strip("'")
        assert words.pop(0) == "WHEN"
        left, sign, right = int(words.pop(0)), words.pop(0), int(words.pop(0))
        assert sign == ">="
        is_upper = left >= right
        assert words.pop(0) == "THEN"
        upper = read()
        assert words.pop(0) == "ELSE"
        lower = read()
        assert words.pop(0) == "END"
        return upper if is_upper else lower

    found = read()
    assert not words
    return found


@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=130, unique=True).map(sorted), st.integers(-10, 520)
)
def test_the_last_step_at_or_before(begins: list[int], value: int) -> None:
    sql = written([(begin, f"d{begin}") for begin in begins])
    expected = begins[max(bisect_right(begins, value) - 1, 0)]
    assert value_of(sql, '"t1"."at"', value) == f"d{expected}"


def test_a_value_is_compared_few_times() -> None:
    sql = written([(begin, "x") for begin in range(128)])
    depth = most = 0
    for word in sql.split(" "):
        depth += {"CASE": 1, "END": -1}.get(word, 0)
        most = max(most, depth)
    assert most == 7


def test_only_our_own_plain_words_stand_in_it() -> None:
    assert "'2026-11-23'" in written([("2026-11-01", "2026-11-23")])
    with pytest.raises(ValueError, match="plain word"):
        written([(1, "x'; DROP TABLE patient")])

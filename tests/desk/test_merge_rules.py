"""Two records as one, on paper: what fills, what contradicts, what is left, and what may be there once."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.desk.merge_rules import (
    NAMES_LIMIT,
    PARTS,
    REMARKS_LIMIT,
    Risk,
    Time,
    Way,
    clashes,
    second_risks,
    second_times,
    second_ways,
    settle,
)

ANA: dict[str, Any] = {
    "family": "Ruiz-Moreno", "given": "Ana", "birth_date": "1948-02-11", "sex": "F", "city": "Austin",
    "mbi": "1EG4-TE5-MK73", "deceased": False, "remarks": "Hard of hearing.",
}  # fmt: skip
ANNA: dict[str, Any] = {
    "family": "Ruis", "given": "Anna M.", "preferred": "Anita", "birth_date": "1948", "sex": "U", "city": "Austin",
    "street": "12 Main St", "mbi": "1EG4TE5MK73", "deceased": False, "other_names": "Ana Lopez",
    "remarks": "Has a dog.",
}  # fmt: skip


def asked(mine: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    return [one.part.name for one in clashes(mine, theirs)]


def test_only_what_contradicts_is_asked() -> None:
    assert asked(ANA, ANNA) == ["family", "given"]
    assert asked(ANA, ANA) == []
    assert asked({**ANA, "street": "1 Oak Ave"}, ANNA) == ["family", "given", "address"]
    assert asked({**ANA, "birth_date": "1948-11-02"}, {**ANA, "birth_date": "1948-02"}) == ["birth_date"]
    assert asked({**ANA, "email": "a.b@x.org"}, {**ANA, "email": "ab@x.org"}) == ["email"]
    assert asked({**ANA, "family": "RUIZ-MORENO"}, {**ANA, "given": "Aná"}) == ["given"]
    assert asked({**ANA, "mbi": "µ"}, {**ANA, "mbi": "§"}) == ["mbi"]  # neither holds a sign of a number
    assert asked({**ANA, "interpreter": False}, {**ANA, "interpreter": True}) == ["interpreter"]


def test_what_one_leaves_empty_the_other_fills() -> None:
    outcome = settle(ANA, ANNA)
    assert outcome.values == {
        "preferred": "Anita",
        "street": "12 Main St",
        "other_names": "Ana Lopez; Anna M. Ruis",
        "remarks": "Hard of hearing.\nHas a dog.",
    }
    assert outcome.left == () and outcome.left_words == ()


def test_what_is_picked_of_the_other_stands_and_the_rest_is_a_name_or_a_note() -> None:
    mine, theirs = {**ANA, "language": "Spanish"}, {**ANNA, "language": "English"}
    outcome = settle(mine, theirs, {"family", "language"})
    assert outcome.values["family"] == "Ruis" and outcome.values["language"] == "English"
    assert outcome.values["other_names"] == "Ana Ruiz-Moreno; Ana Lopez; Anna M. Ruis"
    assert [(part.name, values) for part, values in outcome.left] == [("language", ("Spanish",))]


def test_the_more_exact_date_holds() -> None:
    assert settle({"birth_date": "1948"}, {"birth_date": "1948-02-11"}).values["birth_date"] == "1948-02-11"
    dead = {"deceased": True, "deceased_on": None}
    assert settle(dead, {"deceased": True, "deceased_on": "2026-10"}).values["deceased_on"] == "2026-10"


def test_a_death_is_asked_about() -> None:
    alive, dead = {"deceased": False, "deceased_on": None}, {"deceased": True, "deceased_on": "2026-10-03"}
    assert asked(alive, dead) == ["death"]
    assert settle(alive, dead).values == {}
    assert settle(alive, dead, {"death"}).values == dead


def test_what_has_no_room_goes_into_the_note() -> None:
    outcome = settle(
        {"remarks": "a" * REMARKS_LIMIT}, {"remarks": "b" * 10, "other_names": "x" * NAMES_LIMIT}
    )
    assert "remarks" not in outcome.values and outcome.left_words == (("Remarks", "b" * 10),)
    many = "; ".join(f"Name{number}" for number in range(60))
    names, rest = settle({"other_names": many[:NAMES_LIMIT]}, {"other_names": "Anna Ruis"}), "Anna Ruis"
    assert rest in dict(names.left_words)["Other names"]


texts = st.one_of(st.none(), st.sampled_from(["Ana", "ana", "Ruiz", "x" * 150, "a; b", ";", " "]))
WORDS = ("family", "given", "preferred", "other_names", "language", "street", "city", "remarks")
records = st.fixed_dictionaries(
    {
        **dict.fromkeys(WORDS, texts),
        "birth_date": st.sampled_from([None, "1948", "1948-02", "1948-02-11", "1950-01-01"]),
        "sex": st.sampled_from("FMU"),
        "interpreter": st.sampled_from([None, True, False]),
        "deceased": st.booleans(),
    }
)  # fmt: skip


@given(records, records, st.sets(st.sampled_from([part.name for part in PARTS])))
def test_whatever_is_merged_fits_and_nothing_is_dropped(mine: Any, theirs: Any, take: set[str]) -> None:
    outcome = settle(mine, theirs, take)
    result = {**mine, **outcome.values}
    assert len(result["other_names"] or "") <= NAMES_LIMIT and len(result["remarks"] or "") <= REMARKS_LIMIT
    said = " ".join(
        str(value) for value in (*result.values(), *(v for _, vs in outcome.left for v in vs), *outcome.left_words)
    ).casefold()  # fmt: skip
    for record in (mine, theirs):
        for name in ("family", "given", "preferred", "language", "street", "city", "remarks"):
            for word in (record[name] or "").replace(";", " ").split():
                assert word.casefold() in said
    again = settle(result, theirs, take)
    assert not {"birth_date", "sex", "interpreter"} & set(again.values)


def time(number: int, status: str, start: date | None, *, mine: bool = False, program: str = "CCM") -> Time:
    return Time(bytes([number]), program, status, start, mine)


MARCH, JUNE = date(2026, 3, 4), date(2026, 6, 1)


def test_of_two_enrollments_the_furthest_and_then_the_earlier_goes_on() -> None:
    (ended,) = second_times([time(1, "active", JUNE, mine=True), time(2, "active", MARCH)])
    assert (ended.key, ended.goes_on, ended.values["status"]) == (b"\x01", b"\x02", "cancelled")
    (ended,) = second_times([time(1, "onhold", MARCH), time(2, "active", JUNE)])
    assert ended.key == b"\x01"
    assert (ended.values["status"], ended.values["end"]) == ("finished", date(2026, 5, 31))
    (ended,) = second_times([time(1, "planned", None), time(2, "active", JUNE)])
    assert ended.values["status"] == "cancelled"
    assert second_times([time(1, "active", JUNE), time(2, "active", MARCH, program="RPM")]) == []
    assert second_times([time(1, "active", JUNE), time(2, "finished", MARCH)]) == []
    (ended,) = second_times([time(1, "active", MARCH), time(2, "active", MARCH, mine=True)])
    assert ended.key == b"\x01"


def way(number: int, stage: str, received: date, program: str | None = None, *, mine: bool = False) -> Way:
    return Way(bytes([number]), program, stage, received, mine)


def test_of_two_intakes_the_furthest_goes_on() -> None:
    (ended,) = second_ways([way(1, "outreach", MARCH, mine=True), way(2, "consent", JUNE)])
    assert (ended.key, ended.goes_on, ended.values["end"]) == (b"\x01", b"\x02", "merged")
    (ended,) = second_ways([way(1, "intake", JUNE), way(2, "intake", MARCH)])
    assert ended.key == b"\x01"
    assert second_ways([way(1, "intake", JUNE, "CCM"), way(2, "intake", MARCH, "RPM")]) == []
    assert second_ways([way(1, "ended", JUNE), way(2, "intake", MARCH)]) == []
    (ended,) = second_ways([way(1, "intake", JUNE, "CCM")], {"CCM"})
    assert ended.key == b"\x01"


def test_of_two_tiers_a_clinicians_holds_then_the_later() -> None:
    by_hand = Risk(b"\x01", MARCH, JUNE, False)
    computed, older = Risk(b"\x02", JUNE, None, True), Risk(b"\x03", MARCH, None, True)
    assert [one.key for one in second_risks([by_hand, computed, older])] == [b"\x02", b"\x03"]
    assert second_risks([computed]) == []

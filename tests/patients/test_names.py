"""Names in memory: any one slip is forgiven, the best fit stands first."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cmp_tui.patients.names import Known, NameIndex
from cmp_tui.patients.rules import fold_names

PEOPLE = (
    ("Ruiz-Moreno", "Ana"),
    ("Ruiz", "Ana Maria"),
    ("Okafor", "James"),
    ("Tran", "Linh"),
    ("Weiss", "Ruth"),
    ("Bell", "Thomas"),
    ("De la Cruz", "José"),
    ("Hernandez", "Elizabeth"),
    ("Nguyễn", "Thị Hoa"),
    ("O'Brien", "Siobhán"),
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def key_of(place: int) -> bytes:
    return place.to_bytes(16, "big")


def index() -> NameIndex:
    made = NameIndex()
    made.put(
        Known(key_of(n), fold_names(*name), f"19{40 + n}-01-01", n == 9) for n, name in enumerate(PEOPLE)
    )
    return made


def found(text: str, births: tuple[str, ...] = (), index: NameIndex = index()) -> list[int]:
    return [int.from_bytes(key, "big") for key, _ in index.find(text.split(), 10, births)]


def test_exact_start_and_any_order() -> None:
    assert found("ruiz") == [1, 0] and found("ana ruiz")[0] == found("ruiz ana")[0] == 1
    assert found("ru an") == [1, 0]
    assert found("delacruz") == found("de la cruz") == found("cruz jos") == [6]
    assert found("nguyen") == [8] and found("obrien") == [9]
    assert found("zz") == [] and found("") == []


def test_a_missing_or_wrong_space() -> None:
    assert found("jamesokafor") == found("oka for james") == found("jamesxokafor") == [2]


def test_all_words_but_one_as_a_last_resort() -> None:
    assert found("linh marie tran") == [3]
    assert found("quentin xavier") == []


def test_birth_dates_narrow() -> None:
    assert (
        found("ruiz", ("1940",)) == [0]
        and found("ruiz", ("1941-01-01",)) == [1]
        and found("ruiz", ("1950",)) == []
    )


def test_people_come_go_and_change() -> None:
    made = index()
    made.put([Known(key_of(2), "okonkwo james", "", False)])
    assert found("okafor", index=made) == [] and found("okonkwo", index=made) == [2]
    made.drop([key_of(2), key_of(77)])
    assert found("james", index=made) == [] and len(made) == len(PEOPLE) - 1
    made.put([Known(key_of(2), "okafor james", "", False)])
    assert found("okafor", index=made) == [2]


def test_many_gone_people_are_let_go() -> None:
    made = NameIndex()
    made.put(Known(key_of(n), f"family{n} given", "", False) for n in range(3000))
    made.drop(key_of(n) for n in range(2500))
    assert len(made) == 500 and found("family2999", index=made)[0] == 2999
    assert len(made.find(["given"], 1000)) == 500


@st.composite
def slips(draw: st.DrawFn) -> tuple[int, str]:
    place = draw(st.integers(0, len(PEOPLE) - 1))
    family, given = (fold_names(part).split()[-1] for part in PEOPLE[place])
    words = [family, given]
    which = draw(st.sampled_from([n for n in (0, 1) if len(words[n]) >= 3]))
    word = words[which]
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(LETTERS))
    cut = min(at, len(word) - 2)
    words[which] = draw(
        st.sampled_from(
            [
                word[:at] + letter + word[at:],
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at + 1 :],
                word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :],
            ]
        )
    )
    if draw(st.booleans()):
        words.reverse()
    return place, " ".join(words)


@given(slips())
@settings(max_examples=300)
def test_any_one_slip_is_forgiven(slip: tuple[int, str]) -> None:
    place, text = slip
    assert place in found(text)[:3]


@given(st.lists(st.text(LETTERS + "é中", min_size=1, max_size=12), min_size=1, max_size=6))
def test_nothing_that_is_asked_breaks_it(words: list[str]) -> None:
    assert len(index().find(words, 5)) <= 5


def test_filled_anew_it_knows_nobody_from_before() -> None:
    made = index()
    made.fill([Known(key_of(40), "zimmer anna", "1950-02-03", True)])
    assert len(made) == 1 and found("okafor", index=made) == [] and found("anna", index=made) == [40]
    assert (
        found("zimmer", births=("1950",), index=made) == [40]
        and found("zimmer", births=("1951",), index=made) == []
    )

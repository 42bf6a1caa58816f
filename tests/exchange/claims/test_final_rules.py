"""Which version of a claim holds."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.exchange.claims.final_rules import settle
from cmp_tui.exchange.claims.records import Claim

DAY = date(2026, 3, 2)


def claim(
    id: str = "A-1", family: str = "A", frequency: str = "1", version: str = "1", **more: object
) -> Claim:
    return Claim("m", id, family, "professional", DAY, DAY, frequency=frequency, version=version)._replace(
        **more
    )


def test_a_replacement_stands_in_for_what_it_replaces() -> None:
    settled = settle([claim(version="2", frequency="7", status="x"), claim()])
    assert [(one.id, one.status, one.replaced) for one in settled.kept] == [("A-1", "x", True)]
    assert settled.left["claims that a later version stands in for"] == 1


def test_a_replacement_may_have_another_day_if_only_one_is_meant() -> None:
    later = claim("A-2", frequency="7", version="2", start=date(2026, 3, 3))
    assert [one.id for one in settle([claim(), later]).kept] == ["A-1"]
    both = [claim(), claim("A-9"), later]
    assert [one.id for one in settle(both).kept] == ["A-1", "A-9", "A-2"]


def test_a_cancelled_claim_is_gone_and_named() -> None:
    settled = settle([claim(), claim(frequency="8", version="2"), claim("B-1", "B")])
    assert [one.id for one in settled.kept] == ["B-1"]
    assert settled.cancelled == ["A-1"]
    assert settled.left["cancelled claims"] == 1


def test_a_cancellation_of_what_is_not_in_the_files_is_named_too() -> None:
    assert settle([claim(frequency="8")]).cancelled == ["A-1"]


def test_the_same_twice_is_one_and_the_later_version_holds() -> None:
    settled = settle([claim(), claim(version="2"), claim(version="3", status="x")])
    assert [one.status for one in settled.kept] == ["x"]
    assert settled.left == {"claims that were there twice": 1, "claims that a later version stands in for": 1}


def test_two_claims_under_one_number_of_the_sender_are_two() -> None:
    assert len(settle([claim("A-1"), claim("A-2")]).kept) == 2


FREQUENCIES = st.sampled_from(["1", "7", "8", "2", ""])


@given(
    st.lists(
        st.tuples(st.sampled_from(["A-1", "A-2", "B-1"]), FREQUENCIES, st.sampled_from("123")), max_size=12
    )
)
def test_each_claim_is_kept_once_at_most(said: list[tuple[str, str, str]]) -> None:
    settled = settle([claim(id, id[0], frequency, version) for id, frequency, version in said])
    kept = [one.id for one in settled.kept]
    assert len(kept) == len(set(kept))
    assert set(kept) <= {id for id, _, _ in said}
    assert len(kept) + settled.left.total() >= len({id for id, _, _ in said}) - len(settled.cancelled)

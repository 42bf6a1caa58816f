"""Keys: UUIDs of version 7 that sort in the order in which they were made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.ids import IdMaker, following, read, shown

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@given(st.lists(st.integers(-5000, 100_000), min_size=1, max_size=60))
def test_keys_sort_as_they_were_made_whatever_the_clock_does(steps: list[int]) -> None:
    maker, now, keys = IdMaker(), NOW, []
    for step in steps:
        now += timedelta(milliseconds=step)
        keys.append(maker.new(now))
    assert keys == sorted(set(keys))


def test_each_is_a_uuid_of_version_7() -> None:
    maker = IdMaker()
    for number in range(20_000):
        key = maker.new(NOW + timedelta(seconds=number // 5000))
        found = UUID(bytes=key)
        assert (len(key), found.version, found.variant) == (16, 7, "specified in RFC 4122")


def test_a_key_begins_with_its_millisecond() -> None:
    assert int.from_bytes(IdMaker().new(NOW)[:6], "big") == int(NOW.timestamp() * 1000)


def test_two_makers_make_different_keys() -> None:
    first, second = IdMaker(), IdMaker()
    assert len({maker.new(NOW) for maker in (first, second) for _ in range(5000)}) == 10_000


def test_the_last_key_of_a_millisecond_goes_over_into_the_next() -> None:
    maker = IdMaker()
    maker._last = (int(NOW.timestamp() * 1000) + 1 << 74) - 1
    key = maker.new(NOW)
    assert UUID(bytes=key).version == 7
    assert int.from_bytes(key[:6], "big") == int(NOW.timestamp() * 1000) + 1


@given(st.binary(min_size=16, max_size=16))
def test_what_people_see_reads_back(key: bytes) -> None:
    assert read(shown(key)) == key


@pytest.mark.parametrize("text", ["", "x", "1234", "zz" * 16])
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(ValueError):
        read(text)


def test_one_key_stands_for_several_rows() -> None:
    for key in (IdMaker().new(NOW), bytes.fromhex("0193" + "f" * 28)):
        keys = [following(key, number) for number in range(50)]
        assert keys[0] == key
        assert len(set(keys)) == 50
        assert {one[:8] for one in keys} == {key[:8]}
        assert keys == [following(key, number) for number in range(50)]

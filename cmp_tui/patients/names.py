"""All patients' names in memory, for a search that forgives slips of the keyboard. Knows no database.

A name is found by its words. There are far fewer different words than patients, so a slip is looked for among
the words (rapidfuzz, a few milliseconds at 100,000 patients) and not among the people.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from heapq import nsmallest
from typing import NamedTuple

from cmp_tui.patients.rules import allowed_slips

EXACT, START, SLIP, SLIP_IN_START, TWO_SLIPS = 0, 10, 16, 30, 34
"""What a word costs that was typed exactly, not to its end, with one slip, with both, with two slips."""
UNASKED = 1
"""What each word of the name costs that was not typed."""
KEY = 16
GONE, ALIVE, DEAD = 0, 1, 2
LETTERS_FOR_START = 4
"""The fewest letters for which a slip is looked for in the start of longer words."""


class Known(NamedTuple):
    """A patient as the search knows them."""

    key: bytes
    folded: str
    birth_date: str
    deceased: bool


class NameIndex:
    """The words of all names, and who has them. Not for several threads at once.

    It is held for as long as the program runs, so it is kept small: one row of bytes for all keys, one for all names,
    and numbers for the rest, some seventy bytes a person where an object for each takes five hundred.
    """

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._keys = bytearray()
        self._texts = bytearray()
        self._ends = array("I")
        self._states = bytearray()
        self._gone = 0
        self._having: dict[str, int | array[int]] = {}
        self._sorted: list[str] = []
        self._starts: dict[int, list[str]] = {}

    def __len__(self) -> int:
        return len(self._states) - self._gone

    def put(self, people: Iterable[Known]) -> None:
        """Adds people, or replaces what was known of them."""
        new_words = False
        for known in people:
            self._drop(known.key)
            new_words |= self._add(known)
        if new_words:
            self._sorted, self._starts = sorted(self._having), {}

    def fill(self, people: Iterable[Known]) -> None:
        """Forgets everybody and takes these, each of whom comes once."""
        self._forget()
        for known in people:
            self._add(known)
        self._sorted = sorted(self._having)

    def drop(self, keys: Iterable[bytes]) -> None:
        """Forgets people (struck out)."""
        for key in keys:
            self._drop(key)
        if self._gone > 1000 and self._gone > len(self) // 4:
            self.fill([self._known(at) for at, state in enumerate(self._states) if state != GONE])

    def _add(self, known: Known) -> bool:
        """Adds someone who is not there; returns whether there is a new word."""
        at, new = len(self._states), False
        self._keys += known.key
        self._texts += f"{known.folded}\n{known.birth_date}".encode()
        self._ends.append(len(self._texts))
        self._states.append(DEAD if known.deceased else ALIVE)
        for word in known.folded.split():
            having = self._having.get(word)
            if having is None:
                self._having[word] = at
                new = True
            elif isinstance(having, int):
                self._having[word] = array("I", (having, at))
            else:
                having.append(at)
        return new

    def _drop(self, key: bytes) -> None:
        at = self._keys.find(key)
        while at >= 0:
            place, within = divmod(at, KEY)
            if not within and self._states[place] != GONE:
                self._states[place] = GONE
                self._gone += 1
                return
            at = self._keys.find(key, at + 1)

    def _known(self, at: int) -> Known:
        folded, _, born = self._text(at).decode().partition("\n")
        return Known(self._key(at), folded, born, self._states[at] == DEAD)

    def _key(self, at: int) -> bytes:
        return bytes(self._keys[at * KEY : at * KEY + KEY])

    def _text(self, at: int) -> bytes:
        return bytes(self._texts[self._ends[at - 1] if at else 0 : self._ends[at]])

    def _who_have(self, word: str) -> Sequence[int]:
        having = self._having[word]
        return (having,) if isinstance(having, int) else having

    # -- asking -----------------------------------------------------------------------------------------------

    def find(self, words: Sequence[str], limit: int, births: Sequence[str] = ()) -> list[tuple[bytes, int]]:
        """Returns the keys of who fits the folded words best, each with its cost; at most `limit`.

        Every word must fit a word of the name: exactly, as its start, or with slips. When nobody has them all,
        a missing or a wrong space is tried, then all words but one. `births` narrows to birth dates.
        """
        if not words:
            return []
        found = self._best([self._fitting(word) for word in words], limit, births)
        if found:
            return found
        for other in self._respaced(words):
            found = self._best([self._near_exact(word) for word in other], limit, births)
            if found:
                return [(key, cost + SLIP) for key, cost in found]
        if len(words) > 1:
            return self._but_one(words, limit, births)
        return []

    def _best(
        self, fitting: list[dict[str, int]], limit: int, births: Sequence[str]
    ) -> list[tuple[bytes, int]]:
        costs: dict[int, int] | None = None
        for words in sorted(fitting, key=lambda one: sum(len(self._who_have(word)) for word in one)):
            mine: dict[int, int] = {}
            # Dearest first, so that the cheapest fit of a person is the one that stays.
            for word, cost in sorted(words.items(), key=lambda item: -item[1]):
                if costs is None:
                    mine.update(dict.fromkeys(self._who_have(word), cost))
                else:
                    mine.update({at: costs[at] + cost for at in self._who_have(word) if at in costs})
            costs = mine
            if not costs:
                return []
        ranked: list[tuple[int, bool, bytes, bytes]] = []
        for at, cost in (costs or {}).items():
            state = self._states[at]
            if state == GONE:
                continue
            folded, _, born = self._text(at).partition(b"\n")
            if births and not fits_birth(born.decode(), births):
                continue
            unasked = max(0, folded.count(b" ") + 1 - len(fitting))
            ranked.append((cost + UNASKED * unasked, state == DEAD, folded, self._key(at)))
        return [(key, cost) for cost, _, _, key in nsmallest(limit, ranked)]

    def _but_one(self, words: Sequence[str], limit: int, births: Sequence[str]) -> list[tuple[bytes, int]]:
        fitting = [self._fitting(word) for word in words]
        found: dict[bytes, int] = {}
        for left_out in range(len(words)):
            rest = [one for place, one in enumerate(fitting) if place != left_out]
            for key, cost in self._best(rest, limit, births):
                found[key] = min(found.get(key, 999), cost + TWO_SLIPS)
        return nsmallest(limit, found.items(), key=lambda item: item[1])

    def _near_exact(self, word: str) -> dict[str, int]:
        found = dict.fromkeys(self._starting(word), START)
        if word in self._having:
            found[word] = EXACT
        return found

    def _fitting(self, word: str) -> dict[str, int]:
        """The words of names that fit a typed word, with their cost."""
        found: dict[str, int] = {}
        slips = allowed_slips(word)
        if slips:
            from rapidfuzz.distance import OSA
            from rapidfuzz.process import extract

            if len(word) >= LETTERS_FOR_START:
                for length in (len(word) - 1, len(word), len(word) + 1):
                    for start, _, _ in extract(
                        word, self._starts_of(length), scorer=OSA.distance, score_cutoff=1, limit=None
                    ):
                        found.update(dict.fromkeys(self._starting(start), SLIP_IN_START))
            for whole, distance, _ in extract(
                word, self._sorted, scorer=OSA.distance, score_cutoff=slips, limit=None
            ):
                if distance == 1:
                    found[whole] = SLIP
                else:
                    found.setdefault(whole, TWO_SLIPS)
        found.update(self._near_exact(word))
        return found

    def _starting(self, start: str) -> list[str]:
        first = bisect_left(self._sorted, start)
        end = bisect_left(self._sorted, start + "\U0010ffff", first)
        return self._sorted[first:end]

    def _starts_of(self, length: int) -> list[str]:
        """The different starts of this length of words that are longer."""
        starts = self._starts.get(length)
        if starts is None:
            starts = sorted({word[:length] for word in self._sorted if len(word) > length})
            self._starts[length] = starts
        return starts

    def _respaced(self, words: Sequence[str]) -> Iterable[list[str]]:
        """The words with one space left out or put in."""
        for place in range(len(words) - 1):
            yield [*words[:place], words[place] + words[place + 1], *words[place + 2 :]]
        for place, word in enumerate(words):
            for cut in range(2, len(word) - 2):
                if word[:cut] in self._having:
                    yield [*words[:place], word[:cut], word[cut:], *words[place + 1 :]]
                    # Another key was hit instead of the space.
                    yield [*words[:place], word[:cut], word[cut + 1 :], *words[place + 1 :]]


def fits_birth(stored: str, births: Sequence[str]) -> bool:
    """Tells whether a stored birth date (perhaps partial) may be one of those that are looked for."""
    return bool(stored) and any(stored.startswith(one) or one.startswith(stored) for one in births)

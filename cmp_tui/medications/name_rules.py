"""From a typed medicine to its ingredients, by rule. Pure.

Nothing is guessed between two names, and what is unknown stays unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from cmp_tui.medications.dose_rules import Dose, Frequency, count_in, doses_in, frequency_in, shape_in
from cmp_tui.medications.name_words import CUTS, LOCAL_ROUTES, NOISE, SALTS, WORD_ROUTES, words_of

if TYPE_CHECKING:
    from cmp_tui.medications.drug_book import DrugBook

SHORTEST = 6
"""Letters of a word that may be a misspelt name."""
TWO_WRONG_FROM = 8
"""Letters from which two wrong ones are allowed; the first letter must be right then."""
LONGEST_WORD = 40
MOST_HELD = 5_000
"""Texts that a book remembers; then it begins anew."""


class ReadAs(NamedTuple):
    """A word as it was typed, and the known name it was read as. A person has to see it."""

    typed: str
    name: str


class Names(NamedTuple):
    """The ingredients of a text, sorted; none when it isn't recognised. `local`: it stays where it is put."""

    ingredients: tuple[str, ...]
    read_as: tuple[ReadAs, ...]
    between: tuple[str, ...]
    unread: tuple[str, ...]
    rest: tuple[str, ...]
    local: bool
    route: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A medicine as it was read.

    `ingredients` are keys of the drug book, none when it isn't recognised. `read_as` names words read in spite of
    their spelling, `between` known names that a word lies equally near to (none was chosen), `unread` words of the
    name that nothing knows, `rest` the words beside the name (of an unknown text those to compare it by). `count` is
    pieces at a time.
    """

    text: str
    ingredients: tuple[str, ...]
    code: str | None = None
    doses: tuple[Dose, ...] = ()
    form: str = ""
    route: str = ""
    release: str = ""
    salt: tuple[str, ...] = ()
    count: Fraction | None = None
    frequency: Frequency | None = None
    read_as: tuple[ReadAs, ...] = ()
    between: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    local: bool = False

    @property
    def known(self) -> bool:
        """Whether at least one ingredient was recognised."""
        return bool(self.ingredients)


def read(book: DrugBook, text: str, code: str | None = None, dosage: str | None = None) -> Reading:
    """Returns a medicine out of its text, its code (kept as it is) and how it is taken. Never raises."""
    names = read_names(book, text)
    whole = f"{text} {dosage}" if dosage else text
    several = len(names.ingredients) > 1 and not names.local
    several = several and not any(key.startswith("insulin") for key in names.ingredients)
    doses = _taken(doses_in(text, several), doses_in(dosage or ""))
    shape = shape_in(words_of(whole)[0])
    return Reading(
        text=text,
        ingredients=names.ingredients,
        code=code or None,
        doses=doses,
        form=shape.form,
        route=shape.route,
        release=shape.release,
        salt=shape.salt,
        count=(count_in(dosage) if dosage else None) or count_in(text),
        frequency=(frequency_in(dosage) if dosage else None) or frequency_in(text),
        read_as=names.read_as,
        between=names.between,
        unread=names.unread,
        rest=names.rest,
        local=names.local,
    )


def _taken(named: tuple[Dose, ...], directed: tuple[Dose, ...]) -> tuple[Dose, ...]:
    """The doses of a text, else those of its directions. Of insulin what is injected ("18 units") tells more than how
    strong the pen is ("100 units/mL"): it goes first wherever it is said."""
    injected = [one for one in (*named, *directed) if one.unit == "units" and not one.per]
    if injected and all(one.unit == "units" for one in named):
        return tuple(dict.fromkeys(injected))
    return named or directed


def read_names(book: DrugBook, text: str) -> Names:
    """Returns the ingredients that a text names; quicker than `read`, which also looks at the dose.

    The book remembers what it read (`held`): lists are checked again at every key.
    """
    found = book.held.get(text)
    if found is None:
        found = _names_in(book, text)
        if len(book.held) >= MOST_HELD:
            book.held.clear()
        book.held[text] = found
    return found


def _names_in(book: DrugBook, text: str) -> Names:
    words, joined = words_of(text)
    names, starts = book.names, book.starts
    found: list[str] = []
    left: list[int] = []
    tied: set[int] = set()
    route = ""
    apart = last_hit = False
    at, end, cut = 0, len(words), False
    while at < end:
        word = words[at]
        apart = apart or joined[at]
        hit = None
        if not cut and word in starts:
            for size in range(min(starts[word], end - at), 0, -1):
                phrase = word if size == 1 else " ".join(words[at : at + size])
                if (hit := names.get(phrase)) is not None:
                    break
            if hit is not None:
                salt = size == 1 and found and not apart and word in SALTS
                without = at + size < end and words[at + size] == "free"
                # "INH" is isoniazid, but "albuterol inh" is inhaled.
                way = size == 1 and bool(found) and not apart and word in WORD_ROUTES
                if way:
                    route = route or WORD_ROUTES[word]
                elif not salt and not without:
                    found.extend(hit)
                    apart, last_hit = False, True
                at += size
                continue
        if word in CUTS:
            cut = cut or bool(found)
        elif not cut and word not in NOISE and len(word) > 2 and not word[0].isdigit():
            left.append(at)
            if (joined[at] and last_hit) or (at + 1 < end and joined[at + 1]):
                tied.add(at)
        if not route:
            route = WORD_ROUTES.get(word, "")
        at += 1
    read_as: list[ReadAs] = []
    between: tuple[str, ...] = ()
    unread: list[str] = []
    if left:
        read_as, between, unread = _misspelt(book, words, left, tied, found)
    keys = _settled(found) if len(found) > 1 else tuple(found)
    rest = tuple(words[at] for at in left)
    return Names(keys, tuple(read_as), between, tuple(unread), rest, _local(book, keys, route), route)


def said(book: DrugBook, reading: Reading) -> str:
    """Returns in plain words what a medicine was read as, or that and why it was not."""
    if not reading.known:
        if reading.between:
            return f"not recognised: it could be {' or '.join(reading.between)}. Correct the name."
        return "not recognised, so nothing is known of it. Correct the name, or ask the pharmacist."
    words = " + ".join(book.name(key) for key in reading.ingredients)
    if reading.read_as:
        words += "".join(f' (read as {one.name}; typed "{one.typed}")' for one in reading.read_as)
    if reading.between:
        words += f"; a part could be {' or '.join(reading.between)}"
    elif reading.unread:
        words += f"; not recognised in it: {', '.join(reading.unread)}"
    return words


def _misspelt(
    book: DrugBook, words: list[str], left: list[int], tied: set[int], found: list[str]
) -> tuple[list[ReadAs], tuple[str, ...], list[str]]:
    """Reads words that no name has: two that belong together, or one spelt nearly so. Adds to `found`."""
    read_as: list[ReadAs] = []
    between: tuple[str, ...] = ()
    unread: list[str] = []
    known_before = bool(found)
    skip = -1
    for place, at in enumerate(left):
        if at == skip:
            continue
        word = words[at]
        following = left[place + 1] if place + 1 < len(left) else -1
        if following == at + 1 and (hit := book.names.get(word + words[following])):
            found.extend(hit)
            read_as.append(ReadAs(f"{word} {words[following]}", word + words[following]))
            skip = following
            continue
        part = at in tied
        name: str | None = None
        near: tuple[str, ...] = ()
        if part or not known_before or len(word) >= TWO_WRONG_FROM:
            reach = 1 if known_before and not part else 2
            name, near = nearest(book, word, reach)
        if name:
            found.extend(book.names[name])
            read_as.append(ReadAs(word, name))
        elif near:
            between = between or near
            unread.append(word)
        elif part or not known_before:
            unread.append(word)
    if found and not known_before:
        unread = [word for word in unread if any(words[at] == word for at in tied)]
    return read_as, between, unread


def nearest(book: DrugBook, word: str, reach: int = 2) -> tuple[str | None, tuple[str, ...]]:
    """Returns the one known name to which a word is nearest, or None and the names it lies equally near to.

    One letter may be wrong, missing, too many or swapped from SHORTEST letters on, two from TWO_WRONG_FROM on; with
    two wrong, no other medicine's name may be three away.
    """
    if (
        not SHORTEST <= len(word) <= LONGEST_WORD
        or not word.isalpha()
        or word in NOISE
        or word in book.others
    ):
        return None, ()
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    reach = min(reach, 1 if len(word) < TWO_WRONG_FROM else 2)
    widest = reach + 1 if reach > 1 else reach
    hits = [
        (name, int(distance))
        for name, distance, _ in extract(word, book.near, scorer=OSA.distance, score_cutoff=widest, limit=20)
    ]
    near = [
        (name, distance)
        for name, distance in hits
        if distance == 1 or (distance <= reach and name[0] == word[0] and len(name) >= TWO_WRONG_FROM)
    ]
    if not near:
        return None, ()
    least = min(distance for _, distance in near)
    if least > 1:
        near = [hit for hit in hits if hit[0][0] == word[0]]
        least += 1
    names = sorted(name for name, distance in near if distance <= least)
    if book.others.isdisjoint(names) and len({book.names[name] for name in names}) == 1:
        return min(near, key=lambda hit: (hit[1], hit[0]))[0], ()
    return None, tuple(names)


def _settled(found: list[str]) -> tuple[str, ...]:
    """Sorted, each once; "insulin" beside "insulin glargine" says nothing more."""
    keys = sorted(set(found))
    return tuple(
        key for key in keys if not any(other != key and other.startswith(f"{key}-") for other in keys)
    )


def _local(book: DrugBook, keys: tuple[str, ...], route: str) -> bool:
    if not keys:
        return False
    parts = [book.ingredients[key] for key in keys]
    if any(part.anywhere for part in parts):
        return False
    if route:
        return route in LOCAL_ROUTES
    return all(part.local for part in parts)

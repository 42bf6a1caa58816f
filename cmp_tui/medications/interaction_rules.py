"""What is known of a list of medicines: pairs, duplicates, allergies, what is riskier in older people. Pure and quick.

It is no complete checker and never says that there is nothing: it names what it knows, and what it could not read.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from cmp_tui.medications.drug_book import OLDER_FROM, AllergyGroup, DrugBook
from cmp_tui.medications.interaction_book import SEVERITIES as SEVERITIES
from cmp_tui.medications.interaction_book import InteractionBook, Pair
from cmp_tui.medications.name_rules import Names, read_names
from cmp_tui.medications.name_words import words_of

KINDS = ("interaction", "allergy", "duplicate", "class", "older")
KIND_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "interaction": "interaction",
        "allergy": "allergy",
        "duplicate": "same medicine twice",
        "class": "same kind twice",
        "older": f"riskier from {OLDER_FROM} years on",
    }
)
SEVERITY_WORDS: Mapping[str, str] = MappingProxyType(
    {"avoid": "ask at once", "serious": "ask today", "watch": "ask at the next contact"}
)
_RANK = {severity: place for place, severity in enumerate(SEVERITIES)}
_KIND = {kind: place for place, kind in enumerate(KINDS)}


class Taken(NamedTuple):
    """A medicine or an allergy: the caller's key for it, its text, its code when there is one."""

    key: Hashable
    text: str
    code: str | None = None
    dosage: str | None = None


class Finding(NamedTuple):
    """Something to ask about. `keys` are the medicines concerned (of an allergy: the medicine, then the allergy).

    `also` are further pairs that hold between the same two. `own`: it is from the clinic's own table.
    """

    kind: str
    severity: str
    keys: tuple[Hashable, ...]
    title: str
    reason: str
    ask: str
    source: str
    also: tuple[Pair, ...] = ()
    own: bool = False


class Checked(NamedTuple):
    """What was found, the worst first; what was not recognised and so not checked; what was checked for few pairs."""

    findings: tuple[Finding, ...]
    unread: tuple[Hashable, ...]
    local: tuple[Hashable, ...]
    partly: tuple[Hashable, ...]
    allergies_unread: tuple[Hashable, ...]
    pairs: int

    def sentence(self, book: InteractionBook) -> str:
        """Returns what a check is worth, in plain words; shown with every check."""
        found = sum(1 for one in self.findings if one.kind == "interaction")
        if found:
            begin = f"{found} of the {self.pairs} pairs that we know"
        else:
            begin = f"None of the {self.pairs} pairs that we know"
        own = f" ({book.own} of them from the clinic's own table)" if book.own else ""
        words = f"{begin}{own}. This is no complete check: ask the pharmacist."
        if self.unread:
            many = len(self.unread)
            words += f" {many} medicine{'s were' if many > 1 else ' was'} not recognised and not checked."
        if self.partly:
            words += f" Of {len(self.partly)} only a part was recognised."
        return words


class _One(NamedTuple):
    key: Hashable
    place: int
    ingredients: tuple[str, ...]
    local: bool
    route: str


def check(
    book: InteractionBook,
    taken: Sequence[Taken | tuple[Hashable, str, str | None]],
    *,
    allergies: Sequence[Taken | tuple[Hashable, str, str | None]] = (),
    age: int | None = None,
) -> Checked:
    """Returns what is known of the medicines that somebody takes, with the allergies and the age in years."""
    drugs = book.drugs
    read = [(one[0], read_names(drugs, one[1])) for one in taken]
    known = [
        _One(key, place, names.ingredients, names.local, names.route)
        for place, (key, names) in enumerate(read)
        if names.ingredients
    ]
    findings = [*_pairs(book, known), *_duplicates(drugs, known)]
    unread_allergies: list[Hashable] = []
    for one in allergies:
        found, recognised = _allergy(drugs, known, one[0], one[1])
        findings += found
        if not recognised:
            unread_allergies.append(one[0])
    if age is not None and age >= OLDER_FROM:
        findings += _older(drugs, known)
    order = {one[0]: place for place, one in enumerate(taken)}
    findings.sort(
        key=lambda one: (_RANK[one.severity], _KIND[one.kind], [order.get(key, -1) for key in one.keys])
    )
    return Checked(
        tuple(findings),
        tuple(key for key, names in read if not names.ingredients),
        tuple(one.key for one in known if one.local),
        tuple(key for key, names in read if _partly(names)),
        tuple(unread_allergies),
        len(book.pairs),
    )


def _partly(names: Names) -> bool:
    return bool(names.ingredients and (names.unread or names.between))


def _pairs(book: InteractionBook, known: list[_One]) -> Iterable[Finding]:
    holders: dict[str, list[_One]] = {}
    for one in known:
        for key in one.ingredients:
            holders.setdefault(key, []).append(one)
    present = holders.keys()
    met: dict[tuple[int, int], list[tuple[str, str, Pair]]] = {}
    for key in present:
        partners = book.partners.get(key)
        if not partners:
            continue
        for other in present & partners.keys():
            if other <= key:
                continue
            for first in holders[key]:
                for second in holders[other]:
                    if first.place == second.place:
                        continue
                    rows = met.setdefault(
                        (min(first.place, second.place), max(first.place, second.place)), []
                    )
                    rows += [
                        (key, other, pair)
                        for pair in partners[other]
                        if _holds(pair, first, key, second, other)
                    ]
    by_place = {one.place: one for one in known}
    for (left, right), rows in met.items():
        if not rows:
            continue
        rows.sort(key=lambda row: (_RANK[row[2].severity], not row[2].single, row[0], row[1]))
        mine, theirs, pair = rows[0]
        if mine not in by_place[left].ingredients:
            mine, theirs = theirs, mine
        title = f"{book.drugs.name(mine)} with {book.drugs.name(theirs)}"
        also = tuple(dict.fromkeys(row[2] for row in rows[1:] if row[2] is not pair))
        keys = (by_place[left].key, by_place[right].key)
        yield Finding(
            "interaction", pair.severity, keys, title, pair.reason, pair.ask, pair.source, also, pair.own
        )


def _holds(pair: Pair, first: _One, key: str, second: _One, other: str) -> bool:
    """Whether a pair holds where one of the two stays where it is put."""
    return (not first.local or key in pair.local) and (not second.local or other in pair.local)


def _duplicates(drugs: DrugBook, known: list[_One]) -> Iterable[Finding]:
    """The same ingredient, or two of one class, in two medicines that act in the same place."""
    same: dict[tuple[str, str], list[_One]] = {}
    kinds: dict[tuple[str, str], list[tuple[_One, str]]] = {}
    for one in known:
        where = (one.route or "local") if one.local else ""
        for key in one.ingredients:
            same.setdefault((key, where), []).append(one)
            for kind in drugs.ingredients[key].classes:
                if drugs.classes[kind].duplicate:
                    kinds.setdefault((kind, where), []).append((one, key))
    twice: dict[tuple[tuple[int, ...], str], list[str]] = {}
    for (key, where), those in same.items():
        if len(those) > 1:
            twice.setdefault((tuple(one.place for one in those), where), []).append(key)
    by_place = {one.place: one.key for one in known}
    for (places, where), keys in twice.items():
        yield Finding(
            "duplicate",
            "watch" if where else "serious",
            tuple(by_place[place] for place in places),
            f"{' and '.join(drugs.name(key) for key in keys)} twice",
            "The same ingredient stands in more than one line; the doses add up.",
            "Ask the prescriber: are both lines meant, or is one left over?",
            "Compared by ingredient.",
        )
    told = {places for places, _ in twice}
    for (kind, where), members in sorted(kinds.items()):
        places = tuple(dict.fromkeys(one.place for one, _ in members))
        names = list(dict.fromkeys(drugs.name(key) for _, key in members))
        if len(places) < 2 or len(names) < 2 or places in told:
            continue
        told.add(places)
        yield Finding(
            "class",
            "watch" if where else "serious",
            tuple(by_place[place] for place in places),
            f"{drugs.classes[kind].name} twice: {' and '.join(names)}",
            "Two medicines of one kind mostly add harm and not effect; after a hospital stay one is often left over.",
            "Ask the prescriber: are both meant, or should one have stopped?",
            "Compared by kind of medicine.",
        )


def _allergy(drugs: DrugBook, known: list[_One], key: Hashable, text: str) -> tuple[list[Finding], bool]:
    """What meets an allergy, and whether the allergy was recognised as one to a medicine."""
    group = _group(drugs, text)
    ingredients = () if group else read_names(drugs, text).ingredients
    found: list[Finding] = []
    groups = (
        [group] if group else [one for one in drugs.groups if not one.ingredients.isdisjoint(ingredients)]
    )
    for one in known:
        if same := [each for each in one.ingredients if each in ingredients]:
            found.append(
                Finding(
                    "allergy", "avoid", (one.key, key), f"{drugs.name(same[0])}, with an allergy to it on record",
                    "An allergy to this very medicine is on record.",
                    "Ask the prescriber at once: is the allergy known, and what was the reaction?",
                    "Compared with the list of allergies.",
                )
            )  # fmt: skip
            continue
        for each in groups:
            finding = _of_group(drugs, one, key, text, each, bool(group))
            if finding:
                found.append(finding)
                break
    return found, bool(groups or ingredients)


def _of_group(
    drugs: DrugBook, one: _One, key: Hashable, text: str, group: AllergyGroup, said: bool
) -> Finding | None:
    for each in one.ingredients:
        inside = each in group.ingredients
        if inside or each in group.near:
            severity = "avoid" if inside and said else "serious" if inside else "watch"
            reason = f"An allergy to {group.name} is on record." if inside and said else group.reason
            title = f"{drugs.name(each)}, with an allergy to {' '.join(text.split())[:60]}"
            ask = "Ask the prescriber: is the allergy known, and what was the reaction?"
            return Finding("allergy", severity, (one.key, key), title, reason, ask, group.source)
    return None


def _group(drugs: DrugBook, text: str) -> AllergyGroup | None:
    words = " ".join(words_of(text)[0])
    for ending in ("", " allergy", " allergies", " drugs", " antibiotics", " class"):
        if ending and not words.endswith(ending):
            continue
        found = drugs.allergies.get(words.removesuffix(ending))
        if found:
            return found
    return None


def _older(drugs: DrugBook, known: list[_One]) -> Iterable[Finding]:
    """One finding for each medicine, with all that is known of it."""
    for one in known:
        if one.local:
            continue
        hits = [(key, risk) for key in one.ingredients for risk in drugs.risks.get(key, ())]
        if hits:
            risks = list(dict.fromkeys(risk for _, risk in hits))
            yield Finding(
                "older",
                "watch",
                (one.key,),
                f"{drugs.name(hits[0][0])} at {OLDER_FROM} years and more",
                " ".join(risk.reason for risk in risks),
                " ".join(dict.fromkeys(risk.ask for risk in risks)),
                "; ".join(risk.source for risk in risks),
            )

"""Who the fictional patients are: the same for the same seed, with ages as of the year. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.text import fold
from cmp_tui.exchange.demo.days import Days
from cmp_tui.exchange.demo.words import ConditionWords, PersonWords, ProviderWords, Words

COUNT = 150
APART = frozenset({"declined", "no-consent", "planned"})
"""Parts in which someone is not enrolled."""
RELATIONS = (
    "child",
    "child",
    "child",
    "spouse",
    "sibling",
    "grandchild",
    "friend",
    "neighbor",
    "paid-caregiver",
)
FEMALE, MALE = frozenset({"Bridget", "Denise", "Gail", "Lucía", "Noor"}), frozenset({"Peter"})
CONDITIONS_MOST, CONDITIONS_LEAST = 6, 2


class Helper(NamedTuple):
    """Someone around a patient."""

    name: str
    relationship: str
    phone: str
    caregiver: bool
    may_talk: bool
    words: str
    """As a note names them: 'daughter Lucía'."""


@dataclass(frozen=True)
class Persona:
    """A fictional patient. `standing`: enrolled (before the file begins), new (since then), or not enrolled."""

    number: int
    mrn: str
    family: str
    given: str | None
    preferred: str | None
    other_names: str | None
    sex: str
    born: date
    language: str
    interpreter: bool
    street: str
    town: str
    postal_code: str
    best_time: str | None
    may_leave_message: bool
    email: str | None
    payer: str
    remarks: str | None
    manager: str | None
    helper: Helper | None
    phones: tuple[tuple[str, str, str | None], ...]
    conditions: tuple[ConditionWords, ...]
    drugs: tuple[tuple[str, str], ...]
    specialist: ProviderWords | None
    pharmacy: ProviderWords
    case: str
    standing: str
    since: date
    """The day of the consent and the first day in the program, for those who are or will be in it."""
    weight: float = field(default=80.0)
    """In kilograms, today."""

    @property
    def in_program(self) -> bool:
        """Whether they are in the program before the work ends."""
        return self.standing in ("enrolled", "new")


def make_people(words: Words, seed: int, days: Days) -> list[Persona]:
    """Makes the fictional patients: those named in the file first, then others up to COUNT."""
    rng = Random(f"{seed} people")
    numbers = _phone_numbers(words, rng)
    full = [*words.people, *_others(words, rng, COUNT - len(words.people))]
    return [
        _persona(number, person, words, Random(f"{seed} {number} {person.family}"), days, numbers)
        for number, person in enumerate(full)
    ]


def _others(words: Words, rng: Random, count: int) -> Iterator[PersonWords]:
    """People with names from the lists; nobody shares both names with another one."""
    taken: set[tuple[str, str]] = set()
    weights = [one.weight for one in words.conditions]
    while len(taken) < count:
        sex = rng.choice("FFFMM")
        family = rng.choice(words.names.families)
        given = rng.choice(words.names.women if sex == "F" else words.names.men)
        if (family, given) in taken:
            continue
        taken.add((family, given))
        wanted = rng.randint(CONDITIONS_LEAST, CONDITIONS_MOST)
        keys = dict.fromkeys(one.key for one in rng.choices(words.conditions, weights, k=wanted + 2))
        age = min(97, max(47, round(rng.gauss(74, 9))))
        spanish = fold(family) in {
            "alvarez",
            "cardoza",
            "castellano",
            "escobar",
            "gallardo",
            "guerrero",
            "lozano",
        }
        yield PersonWords(
            family, sex, age, list(keys)[:wanted], given, language="Spanish" if spanish else None
        )


def _persona(
    number: int, person: PersonWords, words: Words, rng: Random, days: Days, numbers: Iterator[str]
) -> Persona:
    places = words.places
    conditions = _conditions(person, words)
    standing, manager = _standing(person, rng)
    helper = _helper(person, words, rng, next(numbers))
    groups = [one.key for one in conditions]
    specialists = [one for one in words.providers if any(group in one.groups for group in groups)]
    age_year = days.today.year - person.age
    best_time = person.best_time or (rng.choice(places.best_times) if rng.random() < 0.55 else None)
    latin = fold(f"{person.given or ''} {person.family}").replace("'", "").split()
    writes = rng.random() < 0.4 and latin and all(part.isascii() for part in latin)
    return Persona(
        number=number,
        mrn=f"L{41_007 + number * 37}",
        family=person.family,
        given=person.given,
        preferred=person.preferred,
        other_names=person.other_names,
        sex=person.sex,
        born=date(age_year - 1, 1, 1) + timedelta(days=rng.randrange(365)),
        language=person.language or "English",
        interpreter=person.interpreter,
        street=" ".join(
            part
            for part in (str(rng.randint(2, 940)), rng.choice(places.streets), rng.choice(places.units))
            if part
        ),
        town=rng.choice(places.towns),
        postal_code=f"{places.postal_code}-{rng.randint(1000, 9899)}",
        best_time=best_time,
        may_leave_message=rng.random() < 0.8,
        email=f"{latin[0]}.{latin[-1]}{number}@example.com" if writes else None,
        payer=person.payer or _payer(person.age, rng),
        remarks=person.remarks,
        manager=manager,
        helper=helper,
        phones=tuple(_phones(rng, places.phone_remarks, numbers)),
        conditions=conditions,
        drugs=tuple(_drugs(conditions, rng)),
        specialist=rng.choice(specialists) if specialists else None,
        pharmacy=rng.choice([one for one in words.providers if one.role == "pharmacy"]),
        case=person.case,
        standing=standing,
        since=_since(standing, rng, days),
        weight=round(rng.uniform(52, 108), 1),
    )


def _conditions(person: PersonWords, words: Words) -> tuple[ConditionWords, ...]:
    known = {one.key: one for one in words.conditions}
    return tuple(known[key] for key in person.conditions)


def _standing(person: PersonWords, rng: Random) -> tuple[str, str | None]:
    """In the program or not, and whose patient."""
    if person.case or person.manager:
        return ("none" if person.case in APART else "enrolled"), person.manager
    draw = rng.random()
    standing = "enrolled" if draw < 0.62 else "new" if draw < 0.72 else "none"
    manager = rng.choice(("dana", "dana", "dana", "ben", "ben", "ben" if standing != "none" else None))
    if standing == "none" and rng.random() < 0.4:
        manager = None
    return standing, manager


def _since(standing: str, rng: Random, days: Days) -> date:
    if standing == "new":
        return rng.choice(days.business(days.first + timedelta(days=7), days.back(13)))
    return rng.choice(days.business(Month.of(days.first).plus(-26).first, days.first - timedelta(days=3)))


def _helper(person: PersonWords, words: Words, rng: Random, phone: str) -> Helper | None:
    if person.helper is None and rng.random() < 0.5:
        return None
    name = person.helper or rng.choice(words.names.helpers)
    relation = "child" if person.helper else rng.choice(RELATIONS)
    said = {"child": "daughter" if name in FEMALE else "son" if name in MALE else "child"}.get(
        relation, relation
    )
    may_talk = person.helper is not None or rng.random() < 0.7
    called = said if said != "child" else "their child"
    return Helper(name, relation, phone, rng.random() < 0.6, may_talk, f"{called.replace('-', ' ')} {name}")


def _phones(
    rng: Random, remarks: Sequence[str], numbers: Iterator[str]
) -> Iterator[tuple[str, str, str | None]]:
    yield next(numbers), rng.choice(("mobile", "home")), rng.choice(remarks) if rng.random() < 0.12 else None
    if rng.random() < 0.35:
        yield next(numbers), rng.choice(("home", "work", "other")), None


def _drugs(conditions: Sequence[ConditionWords], rng: Random) -> Iterator[tuple[str, str]]:
    given: set[str] = set()
    for condition in conditions:
        for display, dosage in condition.drugs[: rng.randint(1, 3)]:
            if display.partition(" ")[0] not in given:
                given.add(display.partition(" ")[0])
                yield display, dosage


def _payer(age: int, rng: Random) -> str:
    if age >= 65:
        return rng.choice(("Medicare", "Medicare", "Medicare", "Medicare Advantage"))
    return rng.choice(("commercial", "Medicaid", "Medicare"))


def _phone_numbers(words: Words, rng: Random) -> Iterator[str]:
    """Numbers of the range that is kept for fiction (555-0100 to 555-0199), each once."""
    every = [f"({area}) 555-{last:04d}" for area in words.places.areas for last in range(100, 200)]
    rng.shuffle(every)
    yield from every

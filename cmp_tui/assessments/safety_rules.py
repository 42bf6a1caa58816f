"""Who gets the tasks that an alarm opens. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Colleague(NamedTuple):
    """A member of the staff, as the choice of who acts on an alarm needs it."""

    id: bytes
    name: str
    roles: frozenset[str]
    active: bool
    may_bill: bool


class Sent(NamedTuple):
    """Who acts on an alarm: the nurse, the practitioner (None when the clinic has none), and why not those meant."""

    nurse: bytes
    practitioner: bytes | None
    words: tuple[str, ...]


def who_acts(
    staff: Sequence[Colleague],
    me: bytes,
    care_manager: bytes | None,
    practitioner: bytes | None,
    covers: Mapping[bytes, bytes],
    names_practitioner: str = "",
) -> Sent:
    """Chooses two different people. `covers`: who stands in for whom today.

    The nurse is who asked, when care manager by role: they are there now. Else the patient's care manager, or who
    stands in. The practitioner is the patient's own, or who stands in, or another clinician of the clinic; who
    works no more is passed over.
    """
    known = {one.id: one for one in staff if one.active}
    words: list[str] = []
    mine = known.get(me)
    if mine is not None and me == practitioner and "clinician" in mine.roles:
        others = {key: one for key, one in known.items() if key != me}
        nurse = _standing(others, care_manager, covers) or _first(others, "care-manager") or me
        return Sent(nurse, me, ())
    asks = mine is not None and "care-manager" in mine.roles
    nurse = me if asks else _standing(known, care_manager, covers) or _first(known, "care-manager") or me
    doctor = _standing({key: one for key, one in known.items() if key != nurse}, practitioner, covers)
    if doctor is None or "clinician" not in known[doctor].roles:
        meant = names_practitioner
        able = [one for one in known.values() if "clinician" in one.roles and one.id != nurse]
        able.sort(key=lambda one: (not one.may_bill, one.id != me, one.name.casefold(), one.id))
        doctor = able[0].id if able else None
        if doctor is not None and meant:
            words.append(
                f"{meant} can't be reached here: the practitioner's task goes to {known[doctor].name}."
            )
    elif practitioner is not None and doctor != practitioner:
        words.append(f"The practitioner's panel is covered: the task goes to {known[doctor].name}.")
    if doctor is None:
        words.append("No practitioner works with this file: reach one by the clinic's steps now.")
    return Sent(nurse, doctor, tuple(words))


def _standing(
    known: Mapping[bytes, Colleague], person: bytes | None, covers: Mapping[bytes, bytes]
) -> bytes | None:
    """Who stands in for a person today, else the person; None when neither works here."""
    both = (covers.get(person) if person else None, person)
    return next((key for key in both if key is not None and key in known), None)


def _first(known: Mapping[bytes, Colleague], role: str) -> bytes | None:
    found = [one for one in known.values() if role in one.roles]
    return min(found, key=lambda one: (one.name.casefold(), one.id)).id if found else None

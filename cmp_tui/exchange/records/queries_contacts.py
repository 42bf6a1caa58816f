"""The contacts and the groups to which the time entries of a records folder belong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from cmp_tui.clinic.records import rows
from cmp_tui.contacts.model import Contact
from cmp_tui.exchange.records.plan import FilePlan
from cmp_tui.exchange.records.queries_match import PIECE, Known, Placed
from cmp_tui.exchange.records.rows import Row, Values

When = tuple[bytes, bytes, datetime]
NOTHING_SAID = {"mode": "none", "outcome": "not-applicable"}


class Brief(NamedTuple):
    """A contact: whose it was and when, and what a time entry may say of it."""

    key: bytes
    patient: bytes
    staff: bytes
    at: datetime
    mode: str
    outcome: str
    with_whom: str


class Contacts:
    """Finds the contact of a time entry: by its id, else by patient, person and time; or makes one."""

    def __init__(
        self,
        plan: FilePlan,
        moved: dict[bytes, bytes],
        new_id: Callable[[], bytes],
        signature: Callable[[bytes], str],
    ) -> None:
        self._plan, self._moved, self._new_id, self._signature = plan, moved, new_id, signature
        self._names = plan.layout.stored
        self._new: set[bytes] = {row[0] for row in plan.adds}
        self._there: set[bytes] = set()
        place = {name: number for number, name in enumerate(self._names)}
        self._places = [place["id" if name == "key" else name] for name in Brief._fields]
        self._by_time: dict[When, list[Brief]] | None = None
        self._of_entries: dict[bytes, Brief] = {}
        self._empty = not Contact.select(Contact.id).limit(1).exists()

    def resolve(self, batch: Sequence[Row]) -> None:
        """Turns the contacts' ids in a batch into those under which they are kept here."""
        asked = {self._moved.get(key, key) for row in batch if (key := row.given.get("contact")) is not None}
        for one in self._read("id", asked - self._new - self._there):
            self._there.add(one.key)
        for row in batch:
            said = row.given.pop("contact", None)
            if said is None:
                continue
            key = self._moved.get(said, said)
            if key in self._new or key in self._there:
                row.given["contact"] = row.full["contact"] = key
            else:  # contacts.csv is not in the folder, perhaps
                row.full["contact"], row.contact = None, said

    def look_up(self, batch: Sequence[Placed]) -> None:
        """Reads the contacts of a batch: those that new entries may belong to, and those of entries that are here."""
        times = {_when(placed.row.full) for placed in batch if placed.known is None and not placed.why}
        new = self._times()
        wanted = {when for when in times if when not in new}
        new.update((when, []) for when in wanted)
        moments = Contact.at.in_({at for _, _, at in wanted})
        for one in self._read("patient", {patient for patient, _, _ in wanted}, moments):
            if (when := (one.patient, one.staff, one.at)) in wanted:
                new[when].append(one)
        keys = {placed.known["contact"] for placed in batch if placed.known is not None and placed.row.said}
        self._of_entries = {one.key: one for one in self._read("id", keys - {None})}

    def of_time(self, row: Row, *, by_id_only: bool) -> None:
        """Links a new time entry to its contact, which is made when the entry says enough of one.

        `by_id_only`: the file names contacts by their ids, so an entry without one has none unless it says so.
        """
        full, said = row.full, row.said
        if full["contact"] is not None:
            return
        speaks = "with_whom" in said or any(
            said.get(name, plain) != plain for name, plain in NOTHING_SAID.items()
        )
        if by_id_only and not speaks:
            return
        at = _when(full)
        there = self._times()[at]
        if there and (
            row.contact is None or self._moved.get(row.contact, row.contact) in (c.key for c in there)
        ):
            full["contact"] = self._best(there, said).key
        elif speaks:
            full["contact"] = self._make(row, at)

    def contradicted(self, row: Row, known: Known) -> str:
        """Says where a time entry's contact differs from what the row says of it; it stays as it is."""
        here = self._of_entries.get(known["contact"]) if row.said and "contact" not in row.given else None
        told = [
            f"{name} is {getattr(here, name)} here"
            for name, value in row.said.items()
            if here is not None and getattr(here, name) != value
        ]
        return f"its contact stays as it is: {', '.join(told)}." if told else ""

    def _times(self) -> dict[When, list[Brief]]:
        """The contacts of a person with a patient at a moment, as far as they are known: first those of the folder."""
        if self._by_time is None:
            self._by_time = {}
            for row in self._plan.adds:
                one = Brief(*(row[place] for place in self._places))
                self._by_time.setdefault((one.patient, one.staff, one.at), []).append(one)
        return self._by_time

    def _read(self, name: str, wanted: Collection[Any], also: Any = None) -> Iterator[Brief]:
        """The living contacts with one of these values in a column, and another condition."""
        values = [] if self._empty else list(wanted)
        for at in range(0, len(values), PIECE):
            columns = [getattr(Contact, "id" if each == "key" else each) for each in Brief._fields]
            query = Contact.live(*columns).where(getattr(Contact, name).in_(values[at : at + PIECE]))
            for row in rows(query if also is None else query.where(also)):
                yield Brief(*row)

    def _best(self, there: Sequence[Brief], said: Values) -> Brief:
        return max(there, key=lambda one: sum(getattr(one, name) == value for name, value in said.items()))

    def _make(self, row: Row, when: When) -> bytes:
        """A contact at the entry's start, of whom and how the row says."""
        key = self._moved.get(row.contact, row.contact) if row.contact is not None else self._new_id()
        if row.contact is not None and key == row.contact and self._is_used(key):
            key = self._moved[row.contact] = self._new_id()
        if key not in self._new:
            said = {**NOTHING_SAID, "with_whom": "patient", **row.said}
            values: Values = {
                **dict.fromkeys(self._names),
                "id": key,
                "patient": row.full["patient"],
                "staff": row.full["staff"],
                "at": row.full["start"],
                "precision": row.full["precision"],
                "signed_as": self._signature(row.full["staff"]),
                **said,
            }
            self._plan.adds.append(tuple(values[name] for name in self._names))
            self._plan.made += 1
            self._new.add(key)
            self._times()[when].append(Brief(key, *when, said["mode"], said["outcome"], said["with_whom"]))
        return key

    def _is_used(self, key: bytes) -> bool:
        return not self._empty and Contact.select().where(Contact.id == key).exists()


def _when(values: Values) -> When:
    return values["patient"], values["staff"], values["start"]


class Groups:
    """The activities that several patients share: their entries have one group, and each a place of its own, so that
    their shares are whole seconds and add up to the whole."""

    def __init__(self, present: frozenset[str], new_id: Callable[[], bytes]) -> None:
        self._named, self._placed = "group" in present, "group_place" in present
        self._new_id = new_id
        self._open: dict[tuple[Any, ...], tuple[bytes, set[int]]] = {}

    def meet(self, known: Known) -> None:
        """Sees an entry that is here already."""
        if known["group_size"] > 1 and known["group"] is not None:
            _, places = self._open.setdefault(self._key(known), (known["group"], set()))
            places.add(known["group_place"])

    def join(self, values: Values) -> None:
        """Gives a new entry its group and its place, where the file does not name them."""
        size = values["group_size"]
        if size < 2 or (self._named and self._placed):
            return
        key = self._key(values)
        group, places = self._open.get(key, (b"", set()))
        if not group or len(places) >= size:
            group, places = self._open[key] = (values["group"] or self._new_id(), set())
        if not self._placed:
            values["group_place"] = next(place for place in range(size) if place not in places)
        places.add(values["group_place"])
        if not self._named:
            values["group"] = group

    def _key(self, values: Known | Values) -> tuple[Any, ...]:
        if self._named and values["group"] is not None:
            return (values["group"], values["start"])
        return (values["staff"], values["start"], values["end"], values["group_size"])

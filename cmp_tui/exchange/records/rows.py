"""From the cells of a row to the records it tells of: what it leaves open is filled, each file in its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from cmp_tui.billing.charge_lines import is_kept
from cmp_tui.clinic.ids import following
from cmp_tui.clinic.records import Record
from cmp_tui.clinic.staff import CLINICAL, MAY_BILL, USERNAME
from cmp_tui.exchange.records.layout import Layout
from cmp_tui.exchange.records.rules_time import Spent, Unreadable, pieces, spent, standing_at
from cmp_tui.patients.coding import ConditionTables, is_icd
from cmp_tui.patients.model import Sourced
from cmp_tui.patients.rules import NAMES, fold_names, phone_digits

NO_NAME = "(no name)"
MOST_IN_A_GROUP = 1_000
Values = dict[str, Any]


class StaffFacts(NamedTuple):
    """What rows need of a member of the staff."""

    key: bytes
    name: str
    credential: str
    clinical: bool

    @property
    def signature(self) -> str:
        """As it stands under a note."""
        return self.name if self.credential == "none" else f"{self.name}, {self.credential}"


@dataclass(slots=True)
class Row:
    """A record that a row of a file tells of.

    `given` is what the row says, by field; `full` is everything a new record would have. `said` is what a time entry
    says of its contact (mode, outcome, with_whom), `contact` the id of a contact that is not there.
    """

    line: int
    given: Values
    full: Values
    key: bytes | None = None
    said: Values = field(default_factory=dict)
    contact: bytes | None = None
    warning: str = ""


class Shaper:
    """Makes records of rows. `staff` has the people of the staff by key, those of the folder included."""

    def __init__(self, zone: ZoneInfo, tables: ConditionTables, staff: Mapping[bytes, StaffFacts]) -> None:
        self._zone, self._tables, self._staff = zone, tables, staff

    def shape(self, layout: Layout, present: frozenset[str], line: int, cells: Values) -> list[Row]:
        """Returns the records of a row. `cells` has the cells that are not empty, by heading; `present` are the
        headings of the file. Raises Unreadable."""
        given = {
            column.field: cells[column.name]
            for column in layout.columns
            if column.field and column.name in cells
        }
        key = given.pop("id", None)
        full = {**_defaults(layout.model), **given}
        if issubclass(layout.model, Sourced) and given.get("source"):
            full["source_version"] = 0 if cells.get("source_edited") else 1
        if layout.name == "time_entries":
            return self._entries(line, key, cells, given, full)
        special = _SPECIAL.get(layout.name)
        if special is not None:
            special(self, given, full, present)
        return [Row(line, given, full, key)]

    # -- one way for each file that needs one ----------------------------------------------------------------

    def _staff_member(self, given: Values, full: Values, present: frozenset[str]) -> None:
        given["username"] = full["username"] = given["username"].lower()
        if not USERNAME.fullmatch(given["username"]):
            raise Unreadable("username: this is letters, digits, '-', '.' or '_', and starts with a letter.")
        full["name"] = full["name"] or given["username"]
        credential = full["credential"] = full["credential"] or "none"
        full["clinical"] = credential in CLINICAL if full["clinical"] is None else full["clinical"]
        full["may_bill"] = credential in MAY_BILL if full["may_bill"] is None else full["may_bill"]
        full["roles"] = full["roles"] or frozenset()

    def _patient(self, given: Values, full: Values, present: frozenset[str]) -> None:
        full["family"] = full["family"] or NO_NAME
        full["folded"] = folded(full)
        if full["deceased_on"]:
            full["deceased"] = True

    def _phone(self, given: Values, full: Values, present: frozenset[str]) -> None:
        full["digits"] = phone_digits(full["number"])

    def _provider(self, given: Values, full: Values, present: frozenset[str]) -> None:
        full["folded"] = fold_names(full["name"], full["organization"]) or full["name"]

    def _condition(self, given: Values, full: Values, present: frozenset[str]) -> None:
        full["display"] = full["display"] or full["own_words"] or full["code"]
        if not full["display"]:
            raise Unreadable("display: this is needed, or else code.")
        if full["resolved"] and "status" not in given:
            full["status"] = "resolved"
        if full["code"] and "system" not in given and is_icd(full["code"]):
            full["system"] = "icd-10-cm"
        if full["code"] and full["system"] in ("icd-10-cm", "snomed") and "group" not in present:
            # The group goes by the code, as when somebody types it.
            coded = self._tables.classify(full["system"], full["code"], full["display"])
            given["code"] = full["code"] = coded.code
            full["group"] = coded.group
            if "chronic" not in present:
                full["chronic"] = coded.chronic

    def _enrollment(self, given: Values, full: Values, present: frozenset[str]) -> None:
        if not full["status"]:
            full["status"] = "finished" if full["end"] else "active" if full["start"] else "planned"

    def _contact(self, given: Values, full: Values, present: frozenset[str]) -> None:
        at, precision = standing_at(given["at"], given.get("precision"), self._zone)
        given["at"] = full["at"] = at
        full["precision"] = precision
        if precision:
            given["precision"] = precision
        full["mode"] = full["mode"] or "none"
        full["outcome"] = full["outcome"] or "not-applicable"
        full["signed_as"] = full["signed_as"] or self.signature(full["staff"])

    def signature(self, staff: bytes) -> str:
        """What stands under a note of someone."""
        return self._staff[staff].signature

    def _closed_month(self, given: Values, full: Values, present: frozenset[str]) -> None:
        if not isinstance(full["passed"] or [], list):
            raise Unreadable("passed: this is not what a closed month keeps.")

    def _closed_result(self, given: Values, full: Values, present: frozenset[str]) -> None:
        if not is_kept(full["result"], full["charges"]):
            raise Unreadable("result: this is not what a closed month keeps of a patient.")

    def _vaccination(self, given: Values, full: Values, present: frozenset[str]) -> None:
        full["kind"] = full["kind"] or "other"

    # -- time ------------------------------------------------------------------------------------------------

    def _entries(self, line: int, key: bytes | None, cells: Values, given: Values, full: Values) -> list[Row]:
        """The entries of a row: several when its time crosses midnight."""
        start: date | datetime = given["start"]
        time = spent(start, given.get("end"), cells.get("minutes"), given.get("precision"), self._zone)
        said: Values = {name: cells[name] for name in ("mode", "outcome", "with_whom") if name in cells}
        self._worker(given, full)
        for name in ("group_size", "group_place"):
            if full[name] > MOST_IN_A_GROUP or (name == "group_size" and not full[name]):
                raise Unreadable(f"{name}: write a number from 1 to {MOST_IN_A_GROUP}.")
        if full["group_place"] >= full["group_size"]:
            raise Unreadable("group_place: this is from 0 to one less than group_size.")
        rows = []
        for number, (begins, ends) in enumerate(pieces(time, self._zone)):
            own = {**given, **_span(time, begins, ends, "typed" in given)}
            own_key = key if not number or key is None else following(key, number)
            rows.append(Row(line, own, {**full, **own}, own_key, said))
        rows[0].warning = time.warning
        return rows

    def _worker(self, given: Values, full: Values) -> None:
        """Credential and clinical or not are those of the person, unless the row says others."""
        person = self._staff[given["staff"]]
        if full["credential"] is None:
            full["credential"] = person.credential
        if full["clinical"] is None:
            same = full["credential"] == person.credential
            full["clinical"] = person.clinical if same else full["credential"] in CLINICAL
        full["activity"] = full["activity"] or "other"


def _span(time: Spent, start: datetime, end: datetime, typed_given: bool) -> Values:
    values: Values = {"start": start, "end": end}
    if time.precision is not None:
        values["precision"] = time.precision
    if time.typed and not typed_given:
        values["typed"] = True
    return values


def _defaults(model: type[Record]) -> Values:
    """Every field of a new record, empty or with its default."""
    full: Values = dict.fromkeys(model._meta.sorted_field_names)
    for own, default in model._meta.defaults.items():
        full[own.name] = default() if callable(default) else default
    return full


def folded(values: Mapping[str, Any]) -> str:
    """What the search looks at of a patient."""
    return fold_names(*(values[name] for name in NAMES)) or values["family"]


_SPECIAL: Mapping[str, Callable[[Shaper, Values, Values, frozenset[str]], None]] = MappingProxyType(
    {
        "staff": Shaper._staff_member,
        "patients": Shaper._patient,
        "phones": Shaper._phone,
        "providers": Shaper._provider,
        "conditions": Shaper._condition,
        "enrollments": Shaper._enrollment,
        "contacts": Shaper._contact,
        "vaccinations": Shaper._vaccination,
        "closed_months": Shaper._closed_month,
        "closed_results": Shaper._closed_result,
    }
)


def following_changes(layout: Layout, now: Mapping[str, Any], given: Values, changes: Values) -> Values:
    """Returns what follows from a change of a record: what the search looks at, a death, what a credential means."""
    also: Values = {}
    if layout.name == "patients":
        if any(name in changes for name in NAMES):
            also["folded"] = folded({**now, **changes})
        if changes.get("deceased_on"):
            also["deceased"] = True
    elif layout.name == "phones" and "number" in changes:
        also["digits"] = phone_digits(changes["number"])
    elif layout.name == "providers" and {"name", "organization"} & set(changes):
        whole = {**now, **changes}
        also["folded"] = fold_names(whole["name"], whole["organization"]) or whole["name"]
    elif layout.name == "staff" and "credential" in changes:
        also = {"clinical": changes["credential"] in CLINICAL, "may_bill": changes["credential"] in MAY_BILL}
        also = {name: value for name, value in also.items() if name not in given}
    return {name: value for name, value in also.items() if now[name] != value}

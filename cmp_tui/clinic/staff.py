"""The people of the clinic who use the program, and the clinic's settings."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Gone, Invalid, Refused, Stopped
from cmp_tui.clinic.model import Setting, Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Person, Scope
from cmp_tui.clinic.settings import Settings, check, from_rows

CLINICAL = frozenset({"RN", "LPN", "MA", "SW", "PharmD", "MD", "DO", "NP", "PA", "CNS", "CNM"})
"""Credentials that count as clinical staff unless the clinic says otherwise (billing-rules, section 2)."""
USERNAME = re.compile(r"[^\W\d_][\w.-]*")
SETTLED = frozenset({"practice", "practice_person"})
MAKING = frozenset({"clinic.init", "exchange.open_demo"})
"""The actions that may set what is settled when a file is made."""
MAY_BILL = frozenset({"MD", "DO", "NP", "PA", "CNS", "CNM"})
"""Who may bill for care management: physician, NP, PA, CNS, CNM (MAC Noridian, CCM page)."""


class StaffRow(NamedTuple):
    """One member of the staff."""

    id: bytes
    version: int
    username: str
    name: str
    credential: str
    clinical: bool
    may_bill: bool
    npi: str | None
    place_of_service: str | None
    roles: frozenset[str]
    os_user: str | None
    active: bool


def os_user() -> str:
    """Returns the name of the operating-system user who runs the program, as the kernel knows it."""
    uid = os.getuid()
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def add_staff(
    change: Change,
    *,
    username: str,
    name: str,
    credential: str,
    roles: frozenset[str],
    os_user: str | None = None,
    clinical: bool | None = None,
    may_bill: bool | None = None,
    npi: str | None = None,
    place_of_service: str | None = None,
) -> Staff:
    """Adds a member of the staff. Raises Invalid when the username or the operating-system user is taken."""
    _check({"roles": roles, "username": username})
    return change.add(
        Staff,
        username=username.lower(),
        name=name,
        credential=credential,
        roles=roles,
        os_user=os_user,
        clinical=credential in CLINICAL if clinical is None else clinical,
        may_bill=credential in MAY_BILL if may_bill is None else may_bill,
        npi=npi,
        place_of_service=place_of_service,
    )


def edit_staff(change: Change, /, key: bytes, seen: int | None, **values: Any) -> Staff:
    """Changes a member of the staff. The last administrator keeps the role.

    With another credential, whether their time is clinical and whether they may bill follow from it, unless they
    are given too. Raises Invalid, Conflict, Gone, and Refused for the last administrator.
    """
    _check(values)
    if "username" in values:
        values["username"] = values["username"].lower()
    credential = values.get("credential")
    if credential and credential != change.get(Staff, key).credential:
        values = {"clinical": credential in CLINICAL, "may_bill": credential in MAY_BILL, **values}
    row = change.edit(Staff, key, seen, **values)
    _keep_an_admin()
    return row


def disable_staff(change: Change, username: str) -> Staff:
    """Ends someone's access; what they wrote stays theirs."""
    row = Staff.get_or_none((Staff.username == username) & Staff.struck_at.is_null())
    if row is None:
        raise Gone(f"There is no {username!r} among the staff. See: cmp-tui staff list")
    if row.id == change.who.id:
        raise Refused("You can't disable yourself; let another administrator do it.")
    row = change.edit(Staff, row.id, None, active=False)
    _keep_an_admin()
    return row


def _check(values: Mapping[str, Any]) -> None:
    if "roles" in values and not values["roles"]:
        raise Invalid({"roles": "Give at least one role: care-manager, clinician, admin, auditor."})
    if "username" in values and not USERNAME.fullmatch(values["username"]):
        raise Invalid(
            {"username": "A username is letters, digits, '-', '.' or '_', and starts with a letter."}
        )


def _keep_an_admin() -> None:
    for (roles,) in rows(Staff.live(Staff.roles).where(Staff.active == True)):  # noqa: E712
        if "admin" in roles:
            return
    raise Refused("The clinic needs at least one administrator. Give someone else the role first.")


def change_setting(change: Change, name: str, value: Any) -> None:
    """Sets one of the clinic's settings.

    Whether a file is a practice file, and as whom it opens, is settled when it is made: later on a real clinic
    would let everybody sign as one person, at any time they like. Raises Invalid with what it takes, Refused.
    """
    value = check(name, value)
    if name in SETTLED and change.action not in MAKING:
        raise Refused(
            f"{name} can't be changed: a clinic file is a practice file from the start, or never. "
            "Make one with: cmp-tui demo"
        )
    row = Setting.get_or_none((Setting.key == name) & Setting.struck_at.is_null())
    if row is None:
        change.add(Setting, key=name, value=value)
    else:
        change.edit(Setting, row.id, None, value=value)


def staff_list(scope: Scope, *, everyone: bool = False) -> list[StaffRow]:
    """Returns the active staff by name; with `everyone` also those whose access has ended."""
    columns = [getattr(Staff, name) for name in StaffRow._fields]
    query = Staff.live(*columns).order_by(Staff.name)
    if not everyone:
        query = query.where(Staff.active == True)  # noqa: E712
    return [StaffRow(*row) for row in rows(query)]


def settings_list(scope: Scope) -> Settings:
    """Returns the clinic's settings."""
    return scope.settings


def me(scope: Scope) -> Person:
    """Returns the person who asks."""
    return scope.who


def read_settings() -> Settings:
    """Reads the clinic's settings from the open file. Raises Stopped when they were damaged outside the program."""
    try:
        settings = from_rows(dict(rows(Setting.live(Setting.key, Setting.value))))
        settings.zone  # noqa: B018 - a zone that is none shows here
    except (ValueError, TypeError, LookupError, OSError) as error:
        raise Stopped(
            "The settings in this clinic file are damaged: they were altered outside the program. "
            "Restore the last backup, or ask for help."
        ) from error
    return settings


def find_person(*, os_name: str | None = None, username: str | None = None) -> Person | None:
    """Returns the active member of the staff who is bound to an operating-system user, or has a username."""
    query = Staff.live(
        Staff.id, Staff.username, Staff.name, Staff.credential, Staff.clinical, Staff.roles
    ).where(Staff.active == True)  # noqa: E712
    query = query.where(Staff.username == username if username else Staff.os_user == os_name)
    for key, login, name, credential, clinical, roles in rows(query):
        return Person(bytes(key), login, name, credential, clinical, roles)
    return None

"""Making a new clinic and opening an existing one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import Clock, frozen_from
from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.file import create, open_file, remove_file
from cmp_tui.clinic.model import TABLES as GROUND
from cmp_tui.clinic.records import Table
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.rights import Rights
from cmp_tui.clinic.scope import Person, Scope
from cmp_tui.clinic.settings import Settings
from cmp_tui.clinic.settings import check as check_setting
from cmp_tui.clinic.staff import add_staff, change_setting, os_user, read_settings

FOUNDER = Person(b"\0" * 16, "cmp-tui", "cmp-tui", "none", False, frozenset({"admin"}))


def open_clinic(
    path: Path,
    tables: Sequence[type[Table]],
    *,
    key: str | None = None,
    clock: Clock | None = None,
    frozen: str | None = None,
    os_name: str | None = None,
    rights: Rights | None = None,
    reference: Reference | None = None,
) -> Clinic:
    """Opens a clinic file for the operating-system user who runs the program (or `os_name`).

    `tables` are the rooms' tables; the ground's own are added. `frozen` is the value of CMP_TUI_NOW: only a
    practice file takes it. Raises Stopped with a sentence.
    """
    database = open_file(path, key)
    if database.pragma_number("user_version") < database.schema:
        from cmp_tui.clinic.migrating import migrate

        try:
            migrate(database, path, (*GROUND, *tables))
        except BaseException:
            database.close()
            raise
    clinic = Clinic(
        database,
        (*GROUND, *tables),
        os_name=os_name or os_user(),
        clock=clock,
        rights=rights,
        reference=reference,
    )
    try:
        with clinic._connected():
            settings = read_settings()
        if frozen:
            if not settings.practice:
                raise Stopped("CMP_TUI_NOW is set, but a real clinic file runs on the real time. Unset it.")
            clinic.clock = frozen_from(frozen, settings.zone)
    except BaseException:
        clinic.close_here()
        raise
    return clinic


def make_clinic(
    path: Path,
    tables: Sequence[type[Table]],
    *,
    admin: dict[str, Any],
    settings: dict[str, Any],
    key: str | None = None,
    clock: Clock | None = None,
    os_name: str | None = None,
    rights: Rights | None = None,
    reference: Reference | None = None,
) -> Clinic:
    """Makes a clinic file with its first person (care-manager and admin) and its settings, and opens it.

    `admin` has username, name, credential; the person is bound to the operating-system user (or `os_name`).
    Raises Stopped or Invalid; then no file is left behind.
    """
    for name, value in settings.items():
        check_setting(name, value)
    who = os_name or os_user()
    database = create(path, (*GROUND, *tables), key)
    clinic = Clinic(
        database, (*GROUND, *tables), os_name=who, clock=clock, rights=rights, reference=reference
    )
    try:
        _found(clinic, admin, settings, who)
    except BaseException:
        clinic.close_here()
        remove_file(path)
        raise
    return clinic


def _found(clinic: Clinic, admin: dict[str, Any], settings: dict[str, Any], who: str) -> None:
    """The first change of a file: its settings and its first person."""
    with clinic._writing():
        chosen = Settings(**settings)
        now = clinic.clock.now()
        scope = Scope(FOUNDER, now, clinic.clock.today(chosen.zone), chosen, clinic.reference)
        change = Change(clinic._database, scope, "clinic.init", clinic.new_ids)
        for name, value in settings.items():
            change_setting(change, name, value)
        add_staff(change, os_user=who, roles=frozenset({"care-manager", "admin"}), **admin)
        change.commit_entry()

"""The open clinic: the door through which everything is read and written, for one person."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from cmp_tui.clinic import audit, history, working
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clock import Clock
from cmp_tui.clinic.errors import Refused, Stopped
from cmp_tui.clinic.file import SAID_BY_THE_FILE, ClinicDatabase, copy_to, root_message
from cmp_tui.clinic.ids import IdMaker
from cmp_tui.clinic.records import Record, Table
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.rights import Rights, name_of
from cmp_tui.clinic.scope import Person, Scope
from cmp_tui.clinic.staff import find_person, read_settings

P = ParamSpec("P")
T = TypeVar("T")
WAIT_SECONDS = 15.0


class Clinic:
    """An open clinic file and the person who uses it.

    `run` and `read` may be called from any thread; each thread has its own connection. Nothing is cached: the
    person's roles and the settings are read anew each time, so that ending someone's access works at once.
    """

    def __init__(
        self,
        database: ClinicDatabase,
        tables: Sequence[type[Table]],
        *,
        os_name: str,
        clock: Clock | None = None,
        rights: Rights | None = None,
        reference: Reference | None = None,
    ) -> None:
        self.path = Path(database.database)
        self.clock = clock or Clock()
        self.reference = reference or Reference(own=self.path.with_suffix(".data"))
        self.rights = rights or Rights()
        self.tables = tuple(tables)
        self._database = database
        self._os_name = os_name
        self._ids = IdMaker()
        self._ids_lock = threading.Lock()

    @property
    def records(self) -> tuple[type[Record], ...]:
        """The tables whose rows have a history."""
        return tuple(table for table in self.tables if issubclass(table, Record))

    # -- reading ---------------------------------------------------------------------------------------------

    def read(self, query: Callable[Concatenate[Scope, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Asks a query, with the scope first; all it reads is of one moment.

        Raises Refused when the person's roles do not allow it.
        """
        with self._reading():
            scope = self._scope()
            self.rights.require_ask(scope.roles, name_of(query))
            return query(scope, *args, **kwargs)

    def new_id(self) -> bytes:
        """Returns a new key, made before its row (a form makes it when it opens)."""
        return self.new_ids(1)[0]

    def new_ids(self, number: int) -> list[bytes]:
        """Returns as many new keys, in rising order."""
        with self._ids_lock:
            return self._ids.several(self.clock.now(), number)

    # -- writing ---------------------------------------------------------------------------------------------

    def run(self, action: Callable[Concatenate[Change, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Does an action in one change and commits it; only then does it return.

        Raises Refused, Invalid, Conflict, Gone or Stopped; then nothing was written.
        """
        name = name_of(action)
        with self._writing():
            scope = self._scope()
            self.rights.require(scope.roles, name)
            change = Change(self._database, scope, name, self.new_ids)
            result = action(change, *args, **kwargs)
            change.commit_entry()
        return result

    def look(self, kind: str, patient: bytes | None = None, **facts: Any) -> None:
        """Logs a look ("chart", "search", "list", "export"): one audit entry. What can't be logged isn't shown."""
        with self._writing():
            scope = self._scope()
            self.rights.require(scope.roles, f"look.{kind}")
            change = Change(self._database, scope, f"look.{kind}", self.new_ids)
            change.about(patient)
            change.note(**facts)
            change.commit_entry()

    def undo(self, seq: int) -> history.Done:
        """Takes back one of the person's own changes, as a new change."""
        return self.run(history.undo, seq, self.records, self.rights)

    def redo(self, seq: int) -> history.Done:
        """Takes back an undo."""
        return self.run(history.redo, seq, self.records, self.rights)

    def verify(self, head: audit.Head | None = None) -> list[audit.Finding]:
        """Checks the file's pages, the audit chain, the images and every row; returns what is wrong.

        `head` is one that was kept outside the file.
        """
        with self._reading():
            scope = self._scope()
            self.rights.require_ask(scope.roles, name_of(audit.verify_chain))
            try:
                damage = [
                    audit.Finding(0, f"the file is damaged: {says}") for says in self._database.damage()
                ]
                return damage + audit.verify_chain(scope, self.records, head)
            except (
                *SAID_BY_THE_FILE,
                TypeError,
                ValueError,
            ) as error:  # values that no column can hold
                return [audit.Finding(0, f"the file is damaged: {root_message(error)}")]

    # -- working state ---------------------------------------------------------------------------------------

    def keep(self, kind: str, key: str, data: dict[str, Any], patient: bytes | None = None) -> None:
        """Keeps working state of the person (a draft, perhaps about a patient) at once."""
        with self._writing():
            owner = self._scope().who.id
            working.keep(owner, kind, key, self.clock.now(), data, new_id=self.new_id(), patient=patient)

    def forget(self, kind: str, key: str) -> None:
        """Lets go of working state of the person."""
        with self._writing():
            working.forget(self._scope().who.id, kind, key)

    def kept(self, kind: str) -> list[working.Kept]:
        """Returns the person's working state of one kind, oldest first."""
        with self._reading():
            return working.kept(self._scope().who.id, kind)

    # -- the file --------------------------------------------------------------------------------------------

    def backup(self, target: Path) -> audit.Head:
        """Writes a checked copy of the file; returns the head of the copy's audit chain. Raises Stopped."""
        self.look("backup")
        with self._connected():
            return audit.Head(*copy_to(self._database, target))

    def close_here(self) -> None:
        """Closes this thread's connection."""
        if not self._database.is_closed():
            self._database.close()

    # -- inside ----------------------------------------------------------------------------------------------

    @contextmanager
    def _connected(self) -> Iterator[None]:
        """This thread's connection is open and the tables are bound to it; what the database says goes in words."""
        try:
            if self._database.is_closed():
                self._database.connect()
            if self.tables[0]._meta.database is not self._database:
                self._database.bind(list(self.tables), bind_refs=False, bind_backrefs=False)
            yield
        except SAID_BY_THE_FILE as error:
            explained = _explained(error, self.path)
            if explained is error:
                raise
            raise explained from error

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """One snapshot for all that is read; within a change, the change's own."""
        with self._connected():
            own = not self._database.connection().in_transaction
            if own:
                self._database.execute_sql("BEGIN")
            try:
                yield
            finally:
                if own and self._database.connection().in_transaction:
                    self._database.execute_sql("ROLLBACK")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One IMMEDIATE transaction; waiting for other writers happens before anything is done."""
        with self._connected():
            if self._database.connection().in_transaction:
                raise TypeError("A change is open already; hand it on to the other action.")
            self._database.writable(True)
            try:
                self._begin()
                try:
                    self._refuse_newer()
                    yield
                    self._database.execute_sql("COMMIT")
                except BaseException:
                    if self._database.connection().in_transaction:
                        self._database.execute_sql("ROLLBACK")
                    raise
            finally:
                self._database.writable(False)

    def _refuse_newer(self) -> None:
        """A newer program may have brought the file up while this one was running."""
        if self._database.pragma_number("user_version") != self._database.schema:
            raise Stopped(
                f"{self.path} has been brought up to date by a newer cmp-tui. Nothing was saved. "
                "Leave this program and start the new one."
            )

    def _begin(self) -> None:
        """Begins to write, tried again with jitter for up to 15 seconds."""
        until = self.clock.ticks() + WAIT_SECONDS
        while not self._database.begin_at_once():
            if self.clock.ticks() > until:
                raise Stopped(
                    "Another program has kept the clinic file busy for 15 seconds. Nothing was saved and "
                    "nothing is lost here: try again in a moment."
                )
            time.sleep(random.uniform(0.001, 0.012))

    def _scope(self) -> Scope:
        settings = read_settings()
        return Scope(
            self._person(settings.practice, settings.practice_person),
            self.clock.now(),
            self.clock.today(settings.zone),
            settings,
            self.reference,
            self.rights,
            self.clock.mark(),
        )

    def _person(self, practice: bool, practice_person: str) -> Person:
        person = (
            find_person(username=practice_person)
            if practice and practice_person
            else find_person(os_name=self._os_name)
        )
        if person is None:
            raise Refused(
                f"{self._os_name!r} is not (or no longer) among this clinic's staff. An administrator can change "
                f"that with: cmp-tui staff add --os-user {self._os_name}"
            )
        return person


def _explained(error: Exception, path: Path) -> Exception:
    """Returns the sentence for what the database said; what only a mistake in the program can cause, as it is."""
    text = root_message(error)
    if "disk is full" in text or "disk I/O error" in text:
        return Stopped(
            f"The disk is full or can't be written ({text}). Nothing was saved; what you typed is still here. "
            "Make room and save again."
        )
    if "readonly" in text or "unable to open" in text:
        return Stopped(f"{path} can't be written any more. Nothing was saved; what you typed is still here.")
    if "malformed" in text or "HMAC" in text or "not a database" in text:
        return Stopped(f"{path} is damaged ({text}). Stop using it and restore the last backup.")
    return error

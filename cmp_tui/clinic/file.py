"""The only door to the clinic file: it opens, checks, migrates and copies it. Nothing else opens the file."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from peewee import DatabaseError
from playhouse.sqlcipher_ext import SqlCipherDatabase
from sqlcipher3 import dbapi2 as driver

from cmp_tui.clinic.disk import make_file, refuse_network
from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.records import Table

APPLICATION_ID = 0x434D5031  # "CMP1"
SCHEMA = 1
MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 5

AUDIT_GUARDS = (
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
       BEGIN SELECT RAISE(ABORT, 'the audit chain is never changed'); END""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
       BEGIN SELECT RAISE(ABORT, 'the audit chain is never cut'); END""",
    # REPLACE and upserts walk past the two above; an entry must be the next one and must name the last hash.
    """CREATE TRIGGER audit_no_gap BEFORE INSERT ON audit
       WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)
         OR NEW.prev IS NOT (SELECT coalesce((SELECT hash FROM audit ORDER BY seq DESC LIMIT 1), x''))
       BEGIN SELECT RAISE(ABORT, 'the audit chain has no gaps'); END""",
    """CREATE TRIGGER image_no_update BEFORE UPDATE ON image
       BEGIN SELECT RAISE(ABORT, 'images are never changed'); END""",
    """CREATE TRIGGER image_no_delete BEFORE DELETE ON image
       BEGIN SELECT RAISE(ABORT, 'images are never removed'); END""",
)


class ClinicDatabase(SqlCipherDatabase):
    """Peewee's database over the one file, with every pragma set in order and read back.

    `key` is 64 hexadecimal digits (a raw SQLCipher key) or nothing for a file without encryption.
    Outside a change each connection refuses to write.
    """

    def __init__(self, path: Path, key: str | None = None) -> None:
        super().__init__(str(path), autoconnect=False)
        self._raw_key = key

    def _connect(self) -> Any:
        connection = driver.connect(self.database, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            if self._raw_key:
                connection.execute(f"PRAGMA key = \"x'{int(self._raw_key, 16):064x}'\"")
            for name, value, reads_back in (
                ("busy_timeout", BUSY_SECONDS * 1000, BUSY_SECONDS * 1000),
                ("journal_mode", "WAL", "wal"),
                ("synchronous", "FULL", 2),
                ("foreign_keys", "ON", 1),
                ("trusted_schema", "OFF", 0),
                ("recursive_triggers", "ON", 1),
                ("secure_delete", "ON", 1),
                ("cell_size_check", "ON", 1),
                ("journal_size_limit", 64 << 20, 64 << 20),
                ("query_only", "ON", 1),
            ):
                connection.execute(f"PRAGMA {name} = {value}").fetchall()
                got = connection.execute(f"PRAGMA {name}").fetchone()[0]
                if got != reads_back:
                    raise Stopped(f"The database library did not accept {name} = {value} (it says {got}).")
            self._add_conn_hooks(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def writable(self, allowed: bool) -> None:
        """Opens or shuts this thread's connection for writing."""
        self.execute_sql(f"PRAGMA query_only = {'OFF' if allowed else 'ON'}")

    def pragma_number(self, name: str) -> int:
        """Returns a pragma's number."""
        return int(self.execute_sql(f"PRAGMA {name}").fetchone()[0])


def create(path: Path, tables: Sequence[type[Table]], key: str | None = None) -> ClinicDatabase:
    """Makes a new clinic file with all tables. Raises Stopped when something lies there already."""
    if path.exists():
        raise Stopped(f"{path} exists already. Open it, or choose another name with --db.")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    refuse_network(path.parent)
    try:
        make_file(path)
    except OSError as error:
        raise Stopped(f"{path} can't be made: {error.strerror}. Choose another place with --db.") from error
    database = ClinicDatabase(path, key)
    try:
        database.connect()
        database.writable(True)
        with database.atomic("IMMEDIATE"):
            database.bind(list(tables), bind_refs=False, bind_backrefs=False)
            database.create_tables(list(tables), safe=False)
            for guard in AUDIT_GUARDS:
                database.execute_sql(guard)
            database.execute_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            database.execute_sql(f"PRAGMA user_version = {SCHEMA}")
        database.writable(False)
    except BaseException:
        database.close()
        for left in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            left.unlink(missing_ok=True)
        raise
    return database


def open_file(path: Path, key: str | None = None, *, migrations: Path = MIGRATIONS, schema: int = SCHEMA) -> ClinicDatabase:
    """Opens an existing clinic file, connected on this thread; an older one is copied aside and migrated.

    Raises Stopped when there is none, when it is not ours, newer than this program, or not writable.
    """
    if not path.is_file():
        raise Stopped(f"There is no clinic file at {path}. Make one with: cmp-tui init")
    refuse_network(path)
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)) or not path.stat().st_mode & 0o222:
        raise Stopped(
            f"{path} is read-only for you. Every look at a chart is logged in the file, so it must be writable: "
            "ask its owner for access to the file and its folder."
        )
    database = ClinicDatabase(path, key)
    try:
        database.connect()
        ours = database.pragma_number("application_id") == APPLICATION_ID
        found = database.pragma_number("user_version")
    except DatabaseError as error:
        database.close()
        raise Stopped(open_failure(path, error)) from error
    except driver.Error as error:
        raise Stopped(open_failure(path, error)) from error
    if not ours:
        database.close()
        raise Stopped(f"{path} is a database, but not a clinic file. Name the right one with --db.")
    if found > schema:
        database.close()
        raise Stopped(
            f"{path} was written by a newer cmp-tui (schema {found}, this program knows {schema}). "
            "Nothing was changed. Update the program."
        )
    if found < schema:
        try:
            migrate(database, path, found, migrations, schema)
        except BaseException:
            database.close()
            raise
    return database


def open_failure(path: Path, error: BaseException) -> str:
    """Returns the sentence for an error while opening."""
    text = root_message(error)
    if "not a database" in text:
        return f"{path} is not a clinic file, or it is locked with a key. Name the right one with --db."
    if "locked" in text:
        return f"{path} is being used exclusively by another program. Try again in a moment."
    return f"{path} can't be opened: {text}. It was not changed; try a backup copy, or ask for help."


def root_message(error: BaseException) -> str:
    """Returns the text of the first cause: Peewee may hide "disk is full" behind a failed rollback."""
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in seen:
        seen.append(cause)
        cause = cause.__cause__ or cause.__context__
    for earlier in reversed(seen):
        if isinstance(earlier, driver.Error):
            return str(earlier)
    return str(error)


def migrate(database: ClinicDatabase, path: Path, found: int, migrations: Path, schema: int) -> None:
    """Brings an older file up to this program's schema; a checked copy of the old file is kept beside it."""
    from playhouse.migrations import Runner

    copy_to(database, path.with_name(f"{path.name}.schema-{found}.backup"), replace=True)
    database.writable(True)
    try:
        runner = Runner(database, str(migrations))
        for step in runner.migrations():
            if step.idx <= found or step.idx > schema:
                continue
            runner.up(step.name)
            database.execute_sql(f"PRAGMA user_version = {step.idx}")
        broken = database.execute_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise Stopped(f"{path}: the migration left {len(broken)} broken links. The old file is kept as a copy.")
    finally:
        database.writable(False)


def copy_to(database: ClinicDatabase, target: Path, *, replace: bool = False) -> None:
    """Writes a whole, checked copy of the open file to `target`: made aside, checked, then renamed.

    Raises Stopped when `target` exists (unless `replace`) or the copy can't be made.
    """
    if target.exists() and not replace:
        raise Stopped(f"{target} exists already. Choose another name for the copy.")
    aside = target.with_name(f".{target.name}.part")
    aside.unlink(missing_ok=True)
    try:
        make_file(aside)
        database.writable(True)  # VACUUM INTO counts as writing
        try:
            database.execute_sql("VACUUM INTO ?", (str(aside),))
        finally:
            database.writable(False)
        check = driver.connect(str(aside), isolation_level=None)
        try:
            if database._raw_key:
                check.execute(f"PRAGMA key = \"x'{int(database._raw_key, 16):064x}'\"")
            said = check.execute("PRAGMA integrity_check").fetchone()[0]
        finally:
            check.close()
        if said != "ok":
            raise Stopped(f"The copy did not pass its check ({said}). Nothing was written to {target}.")
        with aside.open("rb") as handle:
            os.fsync(handle.fileno())
        aside.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except (OSError, DatabaseError) as error:
        raise Stopped(f"The copy {target} can't be written: {root_message(error)}.") from error
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)

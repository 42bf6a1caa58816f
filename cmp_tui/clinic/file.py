"""The only door to the clinic file: it makes, opens, checks and copies it. Nothing else opens the file."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from peewee import DatabaseError, OperationalError
from playhouse.sqlcipher_ext import SqlCipherDatabase
from sqlcipher3 import dbapi2 as driver

from cmp_tui.clinic.disk import make_file, refuse_network
from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.gathered import HASH, short_hash
from cmp_tui.clinic.records import Table

APPLICATION_ID = 0x434D5031  # "CMP1"
SCHEMA = 2
BUSY_SECONDS = 5
CACHE_KB = 48_000
"""What a connection holds of the file at most: all that Today looks at for a panel, so that it is read once."""
STATEMENTS = 512
"""How many statements a connection keeps prepared: Today alone asks some forty, of each view its own."""
DriverError: type[Exception] = driver.Error
SAID_BY_THE_FILE = (DatabaseError, driver.Error, UnicodeDecodeError)
"""What reading a file may raise; the driver can't decode its own words about a name that was damaged."""
KEY = re.compile("[0-9a-fA-F]{64}")

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
    # An image belongs to the change that is being written, whose entry follows it.
    """CREATE TRIGGER image_no_late BEFORE INSERT ON image
       WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)
       BEGIN SELECT RAISE(ABORT, 'images are written with their change only'); END""",
)


class ClinicDatabase(SqlCipherDatabase):  # type: ignore[misc]
    """Peewee's database over the one file, with every pragma set in order and read back.

    `key` is 64 hexadecimal digits (a raw SQLCipher key) or nothing for a file without encryption; `new` says that
    the file is being made. Outside a change each connection refuses to write. Raises Stopped for a wrong key's
    form; connecting raises it for a file that is not ours, and leaves that file as it is.
    """

    def __init__(
        self, path: Path, key: str | None = None, *, new: bool = False, schema: int = SCHEMA
    ) -> None:
        super().__init__(str(path), autoconnect=False)
        self.register_function(short_hash, HASH, 1, deterministic=True)
        if key is not None and not KEY.fullmatch(key):
            raise Stopped("A key is 64 hexadecimal digits.")
        self._raw_key = key
        self._new = new
        self.schema = schema

    def _connect(self) -> Any:
        connection = driver.connect(
            self.database, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=STATEMENTS
        )
        try:
            self._unlock(connection)
            if not self._new and connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                raise Stopped(f"{self.database} is not a clinic file. Name the right one with --db.")
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
                ("cache_size", -CACHE_KB, -CACHE_KB),
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

    def _unlock(self, connection: Any) -> None:
        connection.execute("PRAGMA cipher_log_level = NONE")
        if self._raw_key:
            connection.execute(f"PRAGMA key = \"x'{self._raw_key}'\"")

    def writable(self, allowed: bool) -> None:
        """Opens or shuts this thread's connection for writing."""
        self.execute_sql(f"PRAGMA query_only = {'OFF' if allowed else 'ON'}")

    def begin_at_once(self) -> bool:
        """Begins an IMMEDIATE transaction; returns False when another program is writing just now.

        Waiting is the caller's: many who try again with jitter are served more evenly than the library's own
        waiting serves them (8 flat-out writers: longest wait 1 s instead of 5).
        """
        self.execute_sql("PRAGMA busy_timeout = 0")
        try:
            self.execute_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            if "locked" not in root_message(error):
                raise
            return False
        finally:
            self.execute_sql(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        return True

    def pragma_number(self, name: str) -> int:
        """Returns a pragma's number."""
        return int(self.execute_sql(f"PRAGMA {name}").fetchone()[0])

    def damage(self) -> list[str]:
        """Checks every page, index and link of the file; returns what is wrong with it in the library's words."""
        if self._raw_key:
            said = [str(row[0]) for row in self.execute_sql("PRAGMA cipher_integrity_check").fetchall()]
        else:
            said = []
        said += [row[0] for row in self.execute_sql("PRAGMA integrity_check").fetchall() if row[0] != "ok"]
        broken = self.execute_sql("PRAGMA foreign_key_check").fetchall()
        return said + [f"a row of {row[0]} points to a row of {row[2]} that is not there" for row in broken]

    def check_copy(self, path: Path) -> tuple[int, int, str]:
        """Opens a copy with this file's key; returns its schema, the number and the hash of its last audit entry.

        Raises Stopped when the copy is not whole.
        """
        connection = driver.connect(str(path), isolation_level=None)
        try:
            self._unlock(connection)
            said = connection.execute("PRAGMA integrity_check").fetchone()[0]
            if said != "ok":
                raise Stopped(f"The copy did not pass its check ({said}). Nothing was kept of it.")
            schema = connection.execute("PRAGMA user_version").fetchone()[0]
            head = connection.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
            return schema, *((head[0], head[1].hex()) if head else (0, ""))
        finally:
            connection.close()


def create(path: Path, tables: Sequence[type[Table]], key: str | None = None) -> ClinicDatabase:
    """Makes a new clinic file with all tables. Raises Stopped when something lies there already."""
    database = ClinicDatabase(path, key, new=True)
    try:
        if path.exists():
            raise Stopped(f"{path} exists already. Open it, or choose another name with --db.")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        refuse_network(path.parent)
        make_file(path)
    except OSError as error:
        raise Stopped(f"{path} can't be made: {error.strerror}. Choose another place with --db.") from error
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
    except BaseException as error:
        database.close()
        remove_file(path)
        if isinstance(error, (DatabaseError, DriverError)):
            raise Stopped(
                f"{path} can't be made: {root_message(error)}. Choose another place with --db."
            ) from error
        raise
    database._new = False
    return database


def remove_file(path: Path) -> None:
    """Takes away a clinic file that was just made and could not be finished."""
    for left in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        left.unlink(missing_ok=True)


def open_file(path: Path, key: str | None = None, *, schema: int = SCHEMA) -> ClinicDatabase:
    """Opens an existing clinic file, connected on this thread. It may be of an older schema.

    Raises Stopped when there is none, when it is not ours, newer than this program, or not writable.
    """
    database = ClinicDatabase(path, key, schema=schema)
    try:
        if not path.is_file():
            raise Stopped(f"There is no clinic file at {path}. Make one with: cmp-tui init")
        refuse_network(path)
        may_write = all(
            os.access(place, os.W_OK) and place.stat().st_mode & 0o222 for place in (path, path.parent)
        )
    except OSError as error:
        raise Stopped(f"{path} can't be read: {error.strerror}. Ask its owner for access.") from error
    if not may_write:
        raise Stopped(
            f"{path} is read-only for you. Every look at a chart is logged in the file, so it must be writable: "
            "ask its owner for access to the file and its folder."
        )
    try:
        database.connect()
        found = database.pragma_number("user_version")
    except SAID_BY_THE_FILE as error:
        database.close()
        raise Stopped(open_failure(path, error)) from error
    if found > schema:
        database.close()
        raise Stopped(
            f"{path} was written by a newer cmp-tui (schema {found}, this program knows {schema}). "
            "Nothing was changed. Update the program."
        )
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
        if isinstance(earlier, UnicodeDecodeError):
            return earlier.object.decode("utf-8", "replace")
        if isinstance(earlier, driver.Error):
            return str(earlier)
    return str(error)


def copy_to(database: ClinicDatabase, target: Path, *, only_schema: int | None = None) -> tuple[int, str]:
    """Writes a whole, checked copy of the open file to `target`: made aside, checked, then renamed.

    Returns the number and the hash of the copy's last audit entry. With `only_schema` it replaces an earlier copy,
    but only by a file that still has this schema. Raises Stopped when `target` exists or can't be written.
    """
    if only_schema is None and target.exists():
        raise Stopped(f"{target} exists already. Choose another name for the copy.")
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        aside.unlink(missing_ok=True)
        make_file(aside)
        database.writable(True)  # VACUUM INTO counts as writing
        try:
            database.execute_sql("VACUUM INTO ?", (str(aside),))
        finally:
            database.writable(False)
        schema, seq, digest = database.check_copy(aside)
        if only_schema is None or schema == only_schema:
            with aside.open("rb") as handle:
                os.fsync(handle.fileno())
            aside.replace(target)
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except (OSError, DatabaseError, DriverError) as error:
        raise Stopped(f"The copy {target} can't be written: {root_message(error)}.") from error
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
    return seq, digest

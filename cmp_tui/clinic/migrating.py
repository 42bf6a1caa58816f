"""An older clinic file is brought up to this program's schema; a copy of the old file is kept beside it.

A migration is a file `migrations/0002_words.py` with `up(migrator, database)` in the manner of playhouse.migrations;
its number is the schema that it leads to. It adds tables and columns that may be empty: an empty column does not
change what a row's hash proves. One that alters rows must write their images like any change.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from peewee import DatabaseError
from playhouse.migrate import SchemaMigrator
from playhouse.migrations import Migration

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.file import ClinicDatabase, copy_to, root_message

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database: ClinicDatabase, path: Path, migrations: Path = MIGRATIONS) -> None:
    """Brings the open file up to its database's schema, in one transaction; does nothing when it is there already.

    Raises Stopped when a step fails; the file is then as it was.
    """
    found = database.pragma_number("user_version")
    if found >= database.schema:
        return
    copy = path.with_name(f"{path.name}.schema-{found}.backup")
    copy_to(database, copy, only_schema=found)
    database.writable(True)
    database.execute_sql(
        "PRAGMA foreign_keys = OFF"
    )  # a table that is rebuilt must not cascade; checked below
    try:
        with database.atomic("IMMEDIATE"):
            _steps(database, migrations)
    except Exception as error:
        raise Stopped(
            f"{path} could not be brought up to schema {database.schema}: {_text(error)}. It is as it was, and a copy "
            f"lies at {copy}. Go on with the program you had, and report this."
        ) from error
    finally:
        database.execute_sql("PRAGMA foreign_keys = ON")
        database.writable(False)


def _steps(database: ClinicDatabase, migrations: Path) -> None:
    """Runs the steps that the file still lacks; another program may have run them since it was opened."""
    migrator = SchemaMigrator.from_database(database)
    at = database.pragma_number("user_version")
    for step in Migration.load_directory(str(migrations)):
        if at < step.idx <= database.schema:
            module: Any = step.load()
            module.up(migrator, database)
            at = step.idx
    if at < database.schema:
        raise LookupError(f"there is no step from {at} to {database.schema}")
    broken = database.execute_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise LookupError(f"{len(broken)} links would be broken")
    database.execute_sql(f"PRAGMA user_version = {at}")


def _text(error: Exception) -> str:
    return root_message(error) if isinstance(error, DatabaseError) else str(error)

"""An older clinic file is brought up to this program's schema; a copy of the old file is kept beside it.

Tables, indexes and columns that may be empty are added from the models themselves: an empty column does not change
what a row's hash proves, so a schema that only adds needs no more than its number. What else a schema does stands in
a file `migrations/0002_words.py` with `up(migrator, database)` in the manner of playhouse.migrations; its number is
the schema that it leads to. One that alters rows must write their images like any change.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from peewee import DatabaseError, ForeignKeyField
from playhouse.migrate import SchemaMigrator
from playhouse.migrations import Migration

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.file import ClinicDatabase, copy_to, root_message
from cmp_tui.clinic.records import Table

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(
    database: ClinicDatabase, path: Path, tables: Sequence[type[Table]], migrations: Path = MIGRATIONS
) -> None:
    """Brings the open file up to its database's schema, in one transaction; does nothing when it is there already.

    `tables` are all tables of this program.

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
            _steps(database, tables, migrations)
    except Exception as error:
        raise Stopped(
            f"{path} could not be brought up to schema {database.schema}: {_text(error)}. It is as it was, and a copy "
            f"lies at {copy}. Go on with the program you had, and report this."
        ) from error
    finally:
        database.execute_sql("PRAGMA foreign_keys = ON")
        database.writable(False)


def _steps(database: ClinicDatabase, tables: Sequence[type[Table]], migrations: Path) -> None:
    """Runs the steps that the file still lacks; another program may have run them since it was opened."""
    at = database.pragma_number("user_version")
    if at >= database.schema:
        return
    if migrations.is_dir():
        migrator = SchemaMigrator.from_database(database)
        for step in Migration.load_directory(str(migrations)):
            if at < step.idx <= database.schema:
                module: Any = step.load()
                module.up(migrator, database)
    _complete(database, tables)
    broken = database.execute_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise LookupError(f"{len(broken)} links would be broken")
    database.execute_sql(f"PRAGMA user_version = {database.schema}")


def _complete(database: ClinicDatabase, tables: Sequence[type[Table]]) -> None:
    """Adds the tables, columns and indexes that the models have and the file lacks; other indexes go."""
    database.bind(list(tables), bind_refs=False, bind_backrefs=False)
    present = set(database.get_tables())
    for model in tables:
        meta: Any = model._meta
        if meta.table_name not in present:
            model.create_table(safe=False)
            continue
        columns = {column.name for column in database.get_columns(meta.table_name)}
        for field in meta.sorted_fields:
            if field.column_name not in columns:
                if not field.null:
                    raise LookupError(f"{meta.table_name}.{field.column_name} needs a step of its own")
                definition = database.get_sql_context().sql(field.ddl(database.get_sql_context())).query()[0]
                database.execute_sql(
                    f'ALTER TABLE "{meta.table_name}" ADD COLUMN {definition}{_link_of(field)}'
                )
        model._schema.create_indexes(safe=True)  # type: ignore[attr-defined]
        wanted = {index._name for index in meta.fields_to_index()}
        for index in database.get_indexes(meta.table_name):
            if index.name not in wanted and index.sql:  # one that belongs to a table's own rules has no text
                database.execute_sql(f'DROP INDEX "{index.name}"')


def _link_of(field: Any) -> str:
    """What a new column says of the row that it points to."""
    if not isinstance(field, ForeignKeyField):
        return ""
    there = field.rel_field
    on_delete = f" ON DELETE {field.on_delete}" if field.on_delete else ""
    return f' REFERENCES "{field.rel_model._meta.table_name}" ("{there.column_name}"){on_delete}'


def _text(error: Exception) -> str:
    return root_message(error) if isinstance(error, DatabaseError) else str(error)

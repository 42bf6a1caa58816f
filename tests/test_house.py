"""The rules of the house that no tool checks: read from the source, and from what a started command has loaded."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import cmp_tui

PACKAGE = Path(cmp_tui.__file__).parent
ROOT = Path(__file__).parents[1]
SOURCES = {str(path.relative_to(PACKAGE)): path for path in sorted(PACKAGE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in SOURCES.items()}


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno


def running(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The imports that a program makes when it loads the module: not those inside functions or for types only."""
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from imports(node)


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


# -- one door to the file, one clock


def test_there_is_one_database_library_and_one_door() -> None:
    found = [
        f"{name}:{line} imports {module}"
        for name, tree in TREES.items()
        for module, line in imports(tree)
        if module.partition(".")[0] in ("sqlite3", "pysqlite3", "apsw", "sqlcipher3")
        and not (name == "clinic/file.py" and module.startswith("sqlcipher3"))
    ]
    assert found == []


def test_no_test_opens_a_clinic_file_with_another_library() -> None:
    word = re.compile(r"^\s*(import|from)\s+(sqlite3|pysqlite3|apsw)\b", re.MULTILINE)
    found = [
        str(path)
        for path in Path(__file__).parent.rglob("*.py")
        if word.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_only_the_door_connects_and_begins() -> None:
    """`open()` on a clinic file drops its locks; SQL that SQLite alone knows stays in clinic/."""
    found = []
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                call = node.func.attr
                if call in ("execute_sql", "executemany", "executescript", "atomic") and not name.startswith(
                    "clinic/"
                ):
                    found.append(f"{name}:{node.lineno} calls {call}()")
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and not name.startswith("clinic/")
            ) and re.match(
                r"\s*(PRAGMA|VACUUM|ATTACH|BEGIN|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b", node.value
            ):
                found.append(f"{name}:{node.lineno} holds SQL")
    assert found == []


def test_nothing_in_the_ground_opens_the_file_by_hand() -> None:
    allowed = {"clinic/file.py": ["os.open", "aside.open"], "clinic/disk.py": ["os.open"]}
    for name, tree in TREES.items():
        if not name.startswith("clinic/"):
            continue
        calls = [
            dotted(node.func)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and re.search(r"(^|\.)(open|read_bytes|write_bytes|write_text)$", dotted(node.func))
        ]
        assert [call for call in calls if call not in allowed.get(name, [])] == [], name


CLOCKS = re.compile(
    r"(^|\.)(time\.(time|time_ns|monotonic|monotonic_ns|perf_counter|localtime|gmtime|strftime)"
    r"|datetime\.(now|utcnow|today)|date\.today)$"
)


def test_the_machines_clock_is_asked_in_one_place() -> None:
    found = [
        f"{name}:{node.lineno} {dotted(node)}"
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and CLOCKS.search(dotted(node)) and name != "clinic/clock.py"
    ]
    found += [
        f"{name}:{node.lineno} imports {alias.name} from time"
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time" and name != "clinic/clock.py"
        for alias in node.names
        if alias.name != "sleep"
    ]
    assert found == []


# -- furniture


def forbidden_to(name: str) -> tuple[str, ...]:
    """What a file may not import, by its name: rules_*.py, *_rules.py, *_forms.py and their like."""
    room, _, _ = name.partition("/")
    words = set(Path(name).stem.split("_"))
    if room in ("clinic", "files"):
        return ("textual", "rich")
    if "rules" in words:
        return ("peewee", "playhouse", "textual", "rich", "openpyxl", "cmp_tui.clinic.clock")
    screen = words & {"screen", "panel", "forms", "form"} or room in ("ui", "app.py", "screens.py")
    if screen or any(module.startswith("textual") for module, _ in imports(TREES[name])):
        return ("peewee", "playhouse")
    return ("textual", "rich") if words & {"queries", "actions", "model", "export", "sources"} else ()


def test_furniture_keeps_to_its_imports() -> None:
    """What import-linter can't say, as it knows whole names only."""
    found = [
        f"{name}:{line} imports {module}"
        for name, tree in TREES.items()
        for module, line in imports(tree)
        for bad in forbidden_to(name)
        if module == bad or module.startswith(f"{bad}.")
    ]
    assert found == []


def test_heavy_libraries_load_when_used() -> None:
    heavy = ("openpyxl", "rapidfuzz", "reportlab", "cryptography")
    found = [
        f"{name}:{line} {module}"
        for name, tree in TREES.items()
        for module, line in running(tree)
        if module.startswith(heavy)
    ]
    assert found == []


# -- no state, no work at import


MAKES = (
    "list",
    "dict",
    "set",
    "defaultdict",
    "deque",
    "Counter",
    "OrderedDict",
    "count",
    "ContextVar",
    "local",
)
CHANGES = (
    *(
        "append",
        "extend",
        "insert",
        "add",
        "update",
        "setdefault",
        "pop",
        "popitem",
        "clear",
        "remove",
        "discard",
    ),
    *("sort", "reverse", "appendleft"),
)


def mutable(value: ast.AST | None) -> bool:
    if isinstance(value, (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)):
        return True
    return isinstance(value, ast.Call) and dotted(value.func).rpartition(".")[2] in MAKES


def changed_names(tree: ast.Module) -> set[str]:
    """Names that something in the module changes in place, or declares global."""
    changed: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            changed |= set(node.names)
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES
        ):
            changed.add(dotted(node.func.value))
        elif isinstance(node, (ast.Assign, ast.AugAssign, ast.Delete)):
            targets = [node.target] if isinstance(node, ast.AugAssign) else node.targets
            changed |= {dotted(target.value) for target in targets if isinstance(target, ast.Subscript)}
    return changed


def test_no_module_keeps_state() -> None:
    found = []
    for name, tree in TREES.items():
        changed = changed_names(tree)
        for node in tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            if isinstance(node, ast.AnnAssign):
                targets = [node.target]
            for target in targets:
                if (
                    isinstance(target, ast.Name)
                    and target.id in changed
                    and mutable(getattr(node, "value", None))
                ):
                    found.append(f"{name}:{node.lineno} {target.id}")
        found += [f"{name}:{node.lineno} global" for node in ast.walk(tree) if isinstance(node, ast.Global)]
    assert found == []


def test_no_cache_outlives_its_owner() -> None:
    """A cache on a function is a global; on pure functions of small values it is allowed by name here."""
    allowed = ("clinic/calendar.py", "clinic/reference.py", "clinic/text.py")
    found = [
        f"{name}:{node.lineno}"
        for name, tree in TREES.items()
        if name not in allowed
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if re.search(r"(^|\.)(cache|lru_cache)$", dotted(getattr(decorator, "func", decorator)))
    ]
    assert found == []


def test_every_init_is_empty() -> None:
    assert [
        name for name, path in SOURCES.items() if path.name == "__init__.py" and path.stat().st_size
    ] == []


# -- text from people is data


def is_plain(call: ast.Call) -> bool:
    """Whether a call that may parse markup is told not to, or is given text that can't hold any."""
    switches = [word.value for word in call.keywords if word.arg == "markup"]
    if any(isinstance(value, ast.Constant) and value.value is False for value in switches):
        return True
    if not call.args:
        return True
    content = call.args[0]
    if isinstance(content, ast.Constant):
        return "[" not in str(content.value)
    return isinstance(content, ast.Call) and bool(
        re.search(r"(^|\.)(Content|Text)(\.|$)", dotted(content.func))
    )


def marked_up(tree: ast.AST) -> Iterator[str]:
    """What parses its text as markup, or may."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = dotted(node.func)
        if called.rpartition(".")[2] in ("from_markup", "render_markup"):
            yield f"{node.lineno} {called}()"
        if any(
            word.arg == "markup" and isinstance(word.value, ast.Constant) and word.value.value is True
            for word in node.keywords
        ):
            yield f"{node.lineno} {called}(markup=True)"
        parses = called.rpartition(".")[2] in ("Static", "Label") or called.endswith(
            (".notify", "super().__init__")
        )
        if parses and not is_plain(node):
            yield f"{node.lineno} {called}(…) without markup=False"


def test_nothing_is_parsed_as_markup() -> None:
    found = [f"{name}:{what}" for name, tree in TREES.items() for what in marked_up(tree)]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "Static(note)",
        "Label(f'{name}')",
        "self.notify(text)",
        "Static('[b]x[/b]')",
        "Content.from_markup(x)",
        "X(markup=True)",
    ],
)
def test_the_check_for_markup_finds_it(source: str) -> None:
    assert list(marked_up(ast.parse(source)))


def test_no_markdown_widget() -> None:
    """Its parser reads links and code out of people's notes."""
    found = [
        f"{name}:{line}"
        for name, tree in TREES.items()
        for module, line in imports(tree)
        if module in ("textual.widgets.markdown", "rich.markdown", "rich.markup", "textual.markup")
    ]
    assert found == []


def test_nothing_prints_but_the_command_line() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and dotted(node.func) == "print"
    ]
    assert found == []


# -- a file holds one thing


def test_a_file_is_short() -> None:
    """Past 300 lines a file usually holds two things; past 700 it surely does."""
    long = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in SOURCES.items()}
    assert {name: lines for name, lines in long.items() if lines > 700} == {}


def test_every_module_says_what_it_is() -> None:
    silent = [name for name, tree in TREES.items() if not ast.get_docstring(tree)]
    assert [name for name in silent if not name.endswith("__init__.py")] == []


LEAKS = re.compile(r"/work/|/opt/venv|/root/|/tmp/brief|BRIEF\.md", re.IGNORECASE)


def test_no_file_names_this_machine() -> None:
    mine = Path(__file__).resolve()
    found = []
    for folder in ("cmp_tui", "tests", "data", "themes", ".ci"):
        for path in (ROOT / folder).rglob("*"):
            if (
                path.suffix in (".py", ".toml", ".tcss", ".md", "")
                and path.is_file()
                and path.resolve() != mine
            ):
                text = path.read_text(encoding="utf-8", errors="replace")
                found += [f"{path}: {match[0]}" for match in LEAKS.finditer(text)]
    assert found == []


# -- starting fast

LOADED = """
import json, sys
sys.argv = ["cmp-tui", *{arguments!r}]
try:
    from cmp_tui.cli.main import main
    main()
except SystemExit:
    pass
print("\\n" + json.dumps(sorted(name.partition(".")[0] for name in sys.modules)))
"""
HEAVY = {"textual", "openpyxl", "rapidfuzz", "reportlab", "rich", "cryptography", "asyncio"}


def loaded(*arguments: str, **env: str) -> set[str]:
    import os

    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(arguments=list(arguments))],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent), **env},
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


COMMANDS = (
    "",
    "init",
    "staff",
    "staff add",
    "import",
    "import fhir",
    "export",
    "queue",
    "find",
    "show",
    "log",
    "timer",
    "audit",
)


@pytest.mark.skipif(not (PACKAGE / "cli" / "main.py").exists(), reason="the command line is not there yet")
@pytest.mark.parametrize("command", COMMANDS)
def test_help_loads_nothing_heavy(command: str) -> None:
    assert loaded(*command.split(), "--help") & (HEAVY - {"asyncio"}) == set()


@pytest.mark.skipif(not (PACKAGE / "cli" / "main.py").exists(), reason="the command line is not there yet")
def test_a_command_runs_without_the_screens(tmp_path: Path) -> None:
    path = str(tmp_path / "a.cmp")
    make = ("--db", path, "init", "--name", "Lake", "--time-zone", "America/Chicago", "--admin", "dana")
    first = loaded(*make, "--admin-name", "Dana Ruiz", "--credential", "RN")
    assert Path(path).exists()
    for modules in (first, loaded("--db", path, "staff", "list"), loaded("--db", path, "queue")):
        assert modules & HEAVY - {"asyncio"} == set()


# -- tables


def test_every_table_of_every_room_is_in_the_file() -> None:
    import importlib

    from cmp_tui.clinic.model import TABLES as GROUND
    from cmp_tui.clinic.records import Record, Table
    from cmp_tui.tables import TABLES

    for path in sorted(PACKAGE.glob("*/model.py")):
        module = importlib.import_module(f"cmp_tui.{path.parent.name}.model")
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Table) and value.__module__ == module.__name__:
                abstract = value.__subclasses__() and value not in (*GROUND, *TABLES)
                assert abstract or value in (*GROUND, *TABLES), value
                assert issubclass(value, Record) or path.parent.name == "clinic", f"{value} has no history"
    assert len(TABLES) == len(set(TABLES))


def test_what_draws_never_asks_the_database() -> None:
    """Whatever a module is called: who imports the screen's library imports neither Peewee nor a table."""
    found = []
    for name, tree in TREES.items():
        named = {module for module, _ in imports(tree)}
        draws = any(module.partition(".")[0] in ("textual", "rich") for module in named)
        asks = [
            module
            for module in named
            if module.partition(".")[0] in ("peewee", "playhouse")
            or module.endswith(".model")
            or module in ("cmp_tui.clinic.records", "cmp_tui.clinic.change", "cmp_tui.clinic.file")
        ]
        if draws and asks:
            found.append(f"{name} imports {', '.join(sorted(asks))}")
    assert found == []

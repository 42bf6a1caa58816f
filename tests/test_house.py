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


def furniture(name: str) -> str:
    return Path(name).stem


@pytest.mark.parametrize("name", SOURCES)
def test_furniture_keeps_to_its_imports(name: str) -> None:
    """What import-linter can't say by a file's name: rules_*.py, *_rules.py, *_forms.py and their like."""
    room, _, _ = name.partition("/")
    words = set(furniture(name).split("_"))
    forbidden: tuple[str, ...] = ()
    if "rules" in words:
        forbidden = ("peewee", "playhouse", "textual", "rich", "openpyxl", "cmp_tui.clinic.clock")
    elif words & {"screen", "panel", "forms", "form"} or room in ("ui", "app.py", "screens.py"):
        forbidden = ("peewee", "playhouse")
    elif room not in ("ui", "cli", "app.py", "screens.py"):
        forbidden = ("textual", "rich")
    if room in ("clinic", "files"):
        forbidden = (*forbidden, "textual", "rich")
    found = [
        f"{name}:{line} imports {module}"
        for module, line in imports(TREES[name])
        if module.startswith(tuple(f"{bad}." for bad in forbidden)) or module in forbidden
    ]
    assert found == []


@pytest.mark.parametrize("name", SOURCES)
def test_heavy_libraries_load_when_used(name: str) -> None:
    heavy = ("openpyxl", "rapidfuzz", "reportlab", "cryptography")
    assert [
        f"{name}:{line} {module}" for module, line in running(TREES[name]) if module.startswith(heavy)
    ] == []


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


@pytest.mark.parametrize("name", SOURCES)
def test_no_module_keeps_state(name: str) -> None:
    tree, found = TREES[name], []
    changed = changed_names(tree)
    for node in tree.body:
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AnnAssign)
            else []
        )
        for target in targets:
            if isinstance(target, ast.Name) and mutable(node.value) and target.id in changed:  # type: ignore[union-attr]
                found.append(f"{name}:{node.lineno} {target.id}")
    assert found == []
    assert not any(isinstance(node, ast.Global) for node in ast.walk(tree)), f"{name} declares a global"


@pytest.mark.parametrize("name", SOURCES)
def test_no_cache_outlives_its_owner(name: str) -> None:
    """A cache on a function is a global; on pure functions of small values it is allowed by name here."""
    allowed = ("clinic/calendar.py", "clinic/reference.py", "clinic/text.py")
    caches = [
        f"{name}:{node.lineno}"
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if re.search(
            r"(^|\.)(cache|lru_cache)$",
            dotted(decorator.func if isinstance(decorator, ast.Call) else decorator),
        )
    ]
    assert name in allowed or caches == []


def test_every_init_is_empty() -> None:
    assert [
        name for name, path in SOURCES.items() if path.name == "__init__.py" and path.stat().st_size
    ] == []


# -- text from people is data


PARSERS = (
    "from_markup",
    "Text.from_markup",
    "Content.from_markup",
    "escape",
    "markup.escape",
    "render_markup",
)


@pytest.mark.parametrize("name", SOURCES)
def test_nothing_is_parsed_as_markup(name: str) -> None:
    found = []
    for node in ast.walk(TREES[name]):
        if not isinstance(node, ast.Call):
            continue
        called = dotted(node.func)
        if called.rpartition(".")[2] in ("from_markup", "render_markup"):
            found.append(f"{name}:{node.lineno} {called}()")
        switch = [word for word in node.keywords if word.arg == "markup"]
        if any(isinstance(word.value, ast.Constant) and word.value.value is True for word in switch):
            found.append(f"{name}:{node.lineno} markup=True")
        if called in ("Static", "Label", "Button", "Checkbox", "RadioButton", "Collapsible") and called in (
            "Static",
            "Label",
        ):
            plain = any(isinstance(word.value, ast.Constant) and word.value.value is False for word in switch)
            content = node.args[0] if node.args else None
            safe = content is None or (isinstance(content, ast.Constant) and "[" not in str(content.value))
            typed = (isinstance(content, ast.Call) and "Content" in dotted(content.func)) or "Text" in dotted(
                getattr(content, "func", ast.Constant(0))
            )
            if not (plain or safe or typed):
                found.append(f"{name}:{node.lineno} {called}(…) without markup=False")
        if called.endswith(".notify") and not any(
            isinstance(word.value, ast.Constant) and word.value.value is False for word in switch
        ):
            found.append(f"{name}:{node.lineno} notify(…) without markup=False")
    assert found == []


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


@pytest.mark.parametrize("name", SOURCES)
def test_a_file_is_short(name: str) -> None:
    """About 300 lines; the longest that are left are named in DESIGN's own words: past it, a file holds two things."""
    assert len(SOURCES[name].read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("name", SOURCES)
def test_every_module_says_what_it_is(name: str) -> None:
    path = SOURCES[name]
    assert path.name == "__init__.py" or ast.get_docstring(TREES[name]), name


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

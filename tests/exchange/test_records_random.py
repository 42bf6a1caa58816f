"""Records folders by property: random rows of every file come back as they were, and random text never breaks it."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cmp_tui.billing.model import ClosedResult
from cmp_tui.clinic.calendar import day_of, day_start
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.clinic.records import Record
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.staff import add_staff
from cmp_tui.contacts.model import ClosedMonth, Contact, TimeEntry, Timer
from cmp_tui.exchange.demo.actions import make_demo
from cmp_tui.exchange.records.layout import LAYOUTS, Column, Layout
from cmp_tui.exchange.records.reading import Fault, read_lines
from cmp_tui.exchange.records.rules_time import Unreadable, read_instant, read_moment, write_instant
from cmp_tui.files.csv_in import Line
from cmp_tui.files.formula import defused
from cmp_tui.patients.model import Patient, Sourced
from cmp_tui.tables import TABLES
from tests.conftest import MONDAY
from tests.exchange.records_folder import bring, export, fresh, living, plan, refused

REFERENCE = Reference()
ZONE = ZoneInfo("America/Chicago")
SLOW = settings(
    max_examples=10,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
HOSTILE = (
    "=SUM(A1)", "-5", "+1", "@x", "'=x", "''", '"', 'a"b', "a,b", "a\nb", "\ufeffx", "Ruíz", "漢字", "x\x1b[2Jy",
    "'", "0", "null", "2026-01-01", "👩‍👩‍👧",
)  # fmt: skip
words = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12))
days = st.dates(date(1950, 1, 1), date(2150, 12, 31))
around_clock_changes = st.sampled_from(
    [datetime(2026, 11, 1, 6, 30, tzinfo=UTC), datetime(2026, 11, 1, 7, 30, tzinfo=UTC),
     datetime(2026, 3, 8, 7, 59, 59, tzinfo=UTC), datetime(2026, 11, 2, 6, 0, tzinfo=UTC)]
)  # fmt: skip
instants = st.one_of(
    around_clock_changes,
    st.integers(946_684_800, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
)
keys = st.binary(min_size=16, max_size=16)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice file with dana and ben and one patient."""
    path = tmp_path_factory.mktemp("template") / "clinic.cmp"
    clinic = fresh(path, practice=True)
    clinic.run(add_staff, username="ben", name="Ben", credential="LPN", roles=frozenset({"care-manager"}))
    clinic.close_here()
    return path


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bare") / "clinic.cmp"
    fresh(path, practice=True).close_here()
    return path


def opened(template: Path, folder: Path, name: str) -> Clinic:
    path = folder / name
    shutil.copyfile(template, path)
    path.chmod(0o600)
    return open_clinic(path, TABLES, os_name="dana", clock=FrozenClock(MONDAY))


# -- random rows of every file


class World:
    """The people and contacts that rows may point to."""

    def __init__(self, staff: list[bytes]) -> None:
        self.staff = staff
        self.patients: list[bytes] = []
        self.contacts: list[bytes] = []
        self.closed: list[bytes] = []


def value(draw: st.DrawFn, world: World, layout: Layout, column: Column) -> Any:
    field = layout.model._meta.fields[column.field]
    if field.null and draw(st.integers(0, 2)) == 0:
        return None
    match column.kind:
        case "text":
            text = draw(words)[: field.limit]  # type: ignore[attr-defined]
            return text if field.check(text, REFERENCE) else "x"
        case "code":
            return draw(st.sampled_from([code.code for code in REFERENCE.codes(column.codes)]))
        case "codes":
            return frozenset(
                draw(st.sets(st.sampled_from([code.code for code in REFERENCE.codes(column.codes)])))
            )
        case "yes-no":
            return draw(st.booleans())
        case "date":
            return draw(days)
        case "partial":
            return draw(days).isoformat()[: draw(st.sampled_from([4, 7, 10]))]
        case "month":
            return draw(days).isoformat()[:7]
        case "instant" | "moment":
            return draw(instants)
        case "count":
            return draw(st.integers(0, 5))
        case "number":
            return draw(st.floats(allow_nan=False, allow_infinity=False))
        case "staff":
            return draw(st.sampled_from(world.staff))
        case "patient":
            return draw(st.sampled_from(world.patients))
        case "facts":
            return facts(draw, column)
        case _:
            return draw(keys)


def facts(draw: st.DrawFn, column: Column) -> Any:
    """What a closed month keeps."""
    if column.name != "result":
        return [] if column.name == "charges" else [{"kind": "mbi", "mrn": "M1", "says": draw(words)}]
    return {"mrn": draw(words), "name": draw(words), "lines": [], "blocked": [], "minutes": {}}


def record(draw: st.DrawFn, world: World, layout: Layout) -> dict[str, Any]:
    values = {
        column.field: value(draw, world, layout, column)
        for column in layout.columns
        if column.field and column.name != "id"
    }
    values["id"] = draw(keys)
    if issubclass(layout.model, Sourced):
        values["source_version"] = None if values["source"] is None else draw(st.integers(0, 1))
        if values["source"] is None:
            values["source_digest"] = None
    if layout.model is Patient:
        values["folded"] = "x"
        values["deceased"] = values["deceased"] or values["deceased_on"] is not None
    if layout.name == "phones":
        values["digits"] = None
    if layout.name == "providers":
        values["folded"] = "x"
    if layout.model is Timer and values["status"] == "running":
        values["status"] = "parked"
    if layout.model is Contact and values["precision"]:
        values["at"] = standing(draw, values["at"], values["precision"])
    if layout.model is TimeEntry:
        entry(draw, world, values)
    return values


def standing(draw: st.DrawFn, at: datetime, precision: str) -> datetime:
    day = day_of(at, ZONE)
    return day_start(day.replace(day=1) if precision == "month" else day, ZONE)


def entry(draw: st.DrawFn, world: World, values: dict[str, Any]) -> None:
    if values["precision"] and draw(st.integers(0, 3)):
        values["start"] = standing(draw, values["start"], values["precision"])
    last = day_start(day_of(values["start"], ZONE) + timedelta(days=1), ZONE)
    values["end"] = min(last, values["start"] + timedelta(seconds=draw(st.integers(0, 9_000))))
    values["group_size"] = draw(st.integers(1, 3))
    values["group_place"] = draw(st.integers(0, values["group_size"] - 1))
    values["contact"] = draw(st.sampled_from([None, *world.contacts]))


@st.composite
def batches(draw: st.DrawFn, staff: list[bytes]) -> dict[type[Record], list[dict[str, Any]]]:
    world = World(staff)
    batch: dict[type[Record], list[dict[str, Any]]] = {}
    for layout in LAYOUTS:
        if layout.model is Staff:
            continue
        made = [
            record(draw, world, layout)
            for _ in range(draw(st.integers(1 if layout.model is Patient else 0, 3)))
        ]
        if layout.model is Patient:
            made = list({Patient.mrn.check(one["mrn"], REFERENCE): one for one in made}.values())
            world.patients = [one["id"] for one in made]
        if layout.model is Contact:
            world.contacts = [one["id"] for one in made]
        if layout.model is ClosedMonth:
            made = list({one["month"]: one for one in made}.values())
            world.closed = [one["id"] for one in made]
        if layout.model is ClosedResult:
            made = [{**one, "closed": draw(st.sampled_from(world.closed))} for one in made if world.closed]
        made = list({one["id"]: one for one in made}.values())
        batch[layout.model] = made
    return batch


@SLOW
@given(data=st.data())
def test_random_rows_of_every_file_come_back(template: Path, bare: Path, data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        one, two = opened(template, folder, "one.cmp"), opened(bare, folder, "two.cmp")
        staff = [key for (key,) in one.read(lambda scope: list(Staff.live(Staff.id).tuples()))]
        batch = data.draw(batches(staff))
        one.run(make_demo, batch)
        before = export(one, folder / "a")
        assert refused(bring(two, folder / "a")) == []
        assert export(two, folder / "b") == before
        for layout in LAYOUTS:
            if layout.model is not Staff:
                fields = [column.field for column in layout.columns if column.field]
                assert living(two, layout.model, *fields) == living(one, layout.model, *fields), layout.name
        assert plan(one, folder / "a").empty
        assert plan(two, folder / "a").empty
        one.close_here()
        two.close_here()


# -- random text in every cell

GARBAGE = (
    *HOSTILE, "M9", "nobody", "2026-13-40", "2026-02-29", "9999-99-99", "0001-01-01T00:00Z", "2026-03-08T02:30",
    "1e400", "99999999999999999999", "x" * 400, "-1", ";", "٣", "0" * 31 + "g",
)  # fmt: skip
PLAUSIBLE: dict[str, tuple[str, ...]] = {
    "patient": ("M1", "M2", "=M3"),
    "staff": ("dana", "BEN"),
    "text": ("a", "b", "M1", "dana", "=1"),
    "codes": ("", "care-manager", "admin;auditor"),
    "yes-no": ("0", "1"),
    "date": ("2026-10-05", "2026-10-06"),
    "partial": ("2026", "2026-10", "2026-10-05"),
    "month": ("2026-10", "2026-11"),
    "instant": ("2026-10-05T09:30", "2026-10-05T24:00", "2026-11-01T01:30", "2026-10-06T00:10:60-05:00"),
    "moment": ("2026-10-05", "2026-10-05T09:00", "2026-10-05T23:50", "2026-11-01T01:10:00-06:00"),
    "count": ("0", "1", "2", "3", "30"),
    "number": ("1.5", "-2", "1e3"),
    "key": tuple(f"{number:032x}" for number in range(1, 6)),
    "facts": ("[]", "{}", '{"a": [1]}', '{"mrn":"M1","name":"","lines":[],"blocked":[],"minutes":{}}', "NaN"),
}


def folder_of(seed: int, folder: Path) -> int:
    """Writes a folder of all files with few and often equal cells, some of them nonsense; returns its rows."""
    rng = Random(seed)
    folder.mkdir()
    count = 0
    for layout in LAYOUTS:
        kinds = {column.name: column for column in layout.columns}
        others = [name for name in kinds if name not in layout.needs]
        names = [*layout.needs, *rng.sample(others, rng.randrange(len(others) + 1))]
        rng.shuffle(names)
        lines = [names]
        for _ in range(rng.randrange(8)):
            lines.append([cell_of(rng, kinds[name], name in layout.needs) for name in names])
        if layout.name == "patients":  # the first three are those whom the other files know
            place = names.index("mrn")
            for line, mrn in zip(lines[1:], PLAUSIBLE["patient"], strict=False):
                line[place] = mrn
        count += len(lines) - 1
        with (folder / layout.file).open("w", newline="", encoding="utf-8") as out:
            csv.writer(out, lineterminator="\n").writerows(
                [[defused(cell) for cell in line] for line in lines]
            )
    return count


def cell_of(rng: Random, column: Column, needed: bool) -> str:
    if rng.random() < 0.04:
        return rng.choice(GARBAGE)
    if not needed and rng.random() < 0.4:
        return ""
    if column.kind == "code":
        return rng.choice(REFERENCE.codes(column.codes)[:3]).code
    return rng.choice(PLAUSIBLE[column.kind])


@settings(SLOW, max_examples=20)
@given(seed=st.integers(0, 10**9))
def test_what_a_plan_takes_is_written_whatever_the_cells_hold(template: Path, seed: int) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name) / "in"
        count = folder_of(seed, folder)
        clinic, other = opened(template, Path(name), "clinic.cmp"), opened(template, Path(name), "other.cmp")
        made = bring(clinic, folder)
        assert made.untold == 0
        told = sum(one.new + one.changed + one.same + one.refused for one in made.files.values())
        assert told >= count  # a row over midnight makes two records
        again = plan(clinic, folder)
        assert {one.layout.name: one.new for one in again.files.values() if one.new} == {}
        assert clinic.verify() == []
        # And what is there now comes back too.
        before = export(clinic, Path(name) / "a")
        assert refused(bring(other, Path(name) / "a")) == []
        assert export(other, Path(name) / "b") == before
        clinic.close_here()
        other.close_here()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
@example(b'a,b\n1,"x\n2,y\n3,"z"\n')
@example(b'a\n"1"\n\xff\n"2\n3\n')
def test_any_bytes_are_rows_and_faults(content: bytes) -> None:
    with TemporaryDirectory() as name:
        path = Path(name) / "x.csv"
        path.write_bytes(content)
        found = list(read_lines(path))
        assert all(isinstance(one, (Line, Fault)) for one in found)
        numbers = [one.number for one in found]
        assert numbers == sorted(set(numbers))


# -- times


ZONES = ("America/Chicago", "America/New_York", "Africa/Cairo", "Pacific/Apia", "Asia/Kathmandu")
LIKE_A_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?([+-][0-9]{2}:[0-9]{2})?"


@given(instants, st.sampled_from(ZONES))
def test_an_instant_comes_back(at: datetime, zone: str) -> None:
    assert read_instant(write_instant(at, ZoneInfo(zone)), ZoneInfo(zone)) == at


@settings(max_examples=500)
@given(st.one_of(st.text(max_size=30), st.from_regex(LIKE_A_TIME)))
def test_any_text_is_a_moment_or_unreadable(text: str) -> None:
    try:
        moment = read_moment(text, ZONE)
    except Unreadable as error:
        assert str(error)
    else:
        assert isinstance(moment, date)

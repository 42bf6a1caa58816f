"""Input that is broken, hostile or something else: a sentence with its file, and the rest goes on."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from cmp_tui.exchange.fhir import problems, sources
from cmp_tui.exchange.fhir.reading import read_fhir
from cmp_tui.exchange.fhir.records import digest
from tests.exchange.test_fhir_read import FIXTURES, patient, read, take, write

GOOD = json.dumps(patient("good")).encode()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("cut.json", (FIXTURES / "transaction.json").read_bytes()[:5000], "cut off"),
        ("half_word.json", b'{"resourceType": "Patient", "active": tr', "cut off"),
        ("comma.json", b'{"resourceType": "Patient", }', "not JSON"),
        ("twice.json", b'{"resourceType": "Patient"}}', "not JSON"),
        ("empty.json", b"", "empty"),
        ("blank.json", b" \n\n", "empty"),
        ("deep.json", b"[" * 100_000, "deep"),
        ("deep_patient.json", b'{"resourceType":"Patient","name":' + b'{"a":' * 100_000, "deep"),
        ("latin.json", '{"resourceType":"Patient","id":"é"}'.encode("latin-1"), "not UTF-8"),
        ("nul.json", b"\x00\x01\x02\x03", "not"),
        ("packed.json.gz", gzip.compress(GOOD)[:-20], "damaged"),
        ("not_packed.json.gz", GOOD, "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    tmp_path: Path, name: str, data: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "zz.json").write_bytes(GOOD)
    bundles, reading = read(tmp_path)
    assert [bundle.person.source for bundle in bundles] == ["Patient/good"]
    (problem,) = reading.problems
    assert (Path(problem.file).name, problem.lost) == (name, True)
    assert sentence in problem.sentence


@pytest.mark.parametrize(
    ("data", "sentence", "lost"),
    [
        (b'{"resourceType":"Patient","id":"p","x":NaN,"y":-Infinity}', "NaN", True),
        (
            b'{"resourceType":"Patient","id":"p","multipleBirthInteger":' + b"9" * 5000 + b"}",
            "too large",
            True,
        ),
        (b'{"resourceType":"Patient","id":"p","x":1e999999999}', "too large", True),
        (b'{"resourceType":"Patient","id":"p","gender":"male","gender":"female"}', "twice", False),
        (b'{"resourceType":"Patient","id":"p","name":[{"family":"W\\ud800e\\u0007"}]}', "no text", False),
        (b'\xef\xbb\xbf{"resourceType":"Patient","id":"p"}', "byte order mark", False),
        ('{"resourceType":"Patient","id":"p"}'.encode("utf-16"), "UTF-16", False),
        ('{"resourceType":"Patient","id":"p"}'.encode("utf-32-le"), "UTF-32", False),
        (b'{"resourceType":"Patient","id":"p","birthDate":"1938-13"}', "birthDate", True),
        (b'{"resourceType":"Patient","id":"p","birthDate":19380501}', "birthDate", True),
        (
            b'{"resourceType":"Patient","id":"p","name":[{"family":"' + b"x" * 500 + b'"}]}',
            "characters",
            True,
        ),
    ],
)
def test_what_is_odd_is_told_and_the_patient_is_read(
    tmp_path: Path, data: bytes, sentence: str, lost: bool
) -> None:
    (tmp_path / "odd.json").write_bytes(data)
    (bundle,), reading = read(tmp_path / "odd.json")
    assert bundle.person.source == "Patient/p"
    told = [problem for problem in reading.problems if sentence in problem.sentence]
    assert [(Path(problem.file).name, problem.lost) for problem in told] == [("odd.json", lost)]


def test_a_bad_line_is_named_by_its_number(tmp_path: Path) -> None:
    lines = [
        GOOD,
        b'{"resourceType":"Patient","id":"cut"',
        b"",
        b'{"resourceType":"Patient","id":"\xe9"}',
        b'{"a":1}',
    ]
    (tmp_path / "a.ndjson").write_bytes(b"\r\n".join([*lines, json.dumps(patient("p9")).encode()]))
    bundles, reading = read(tmp_path)
    assert [bundle.person.source for bundle in bundles] == ["Patient/good", "Patient/p9"]
    assert [problem.line for problem in reading.problems] == [2, 4, 5]
    assert [
        word
        for problem, word in zip(reading.problems, ("cut off", "UTF-8", "no FHIR"), strict=True)
        if word in problem.sentence
    ] == ["cut off", "UTF-8", "no FHIR"]


def test_kinds_of_files_are_told_by_what_is_in_them(tmp_path: Path) -> None:
    (tmp_path / "lines.json").write_bytes(GOOD + b"\n" + json.dumps(patient("p2")).encode() + b"\n")
    (tmp_path / "pretty.ndjson").write_text(json.dumps(patient("p3"), indent=2))
    (tmp_path / "list.json").write_text(json.dumps([patient("p4"), patient("p5")]))
    (tmp_path / "packed.ndjson.gz").write_bytes(gzip.compress(json.dumps(patient("p6")).encode()))
    (tmp_path / "bundles.ndjson").write_text(
        json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": patient("p7")}]})
        + "\n"
    )
    (tmp_path / "wide.ndjson").write_bytes((json.dumps(patient("p8")) + "\n").encode("utf-16"))
    (tmp_path / ".hidden.json").write_bytes(b"{")
    bundles, reading = read(tmp_path)
    found = sorted(bundle.person.source for bundle in bundles)
    assert found == ["Patient/good", *(f"Patient/p{number}" for number in range(2, 9))]
    assert not [problem for problem in reading.problems if problem.lost]


def test_other_files_are_named_and_no_problem(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "x"}')
    (tmp_path / "number.json").write_text("12")
    (tmp_path / "readme.txt").write_text("hello")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "p.json").write_bytes(GOOD)
    bundles, reading = read(tmp_path)
    assert len(bundles) == 1
    assert [Path(each.file).name for each in reading.not_fhir] == [
        "number.json",
        "package.json",
        "readme.txt",
    ]
    assert (reading.files, reading.problems) == (1, [])


def test_paths_that_cannot_be_used(tmp_path: Path) -> None:
    bundles, reading = read(tmp_path / "none.json", tmp_path)
    assert bundles == []
    assert [problem.sentence for problem in reading.problems] == [
        "The path is not there. Check its spelling."
    ]


def test_a_file_that_is_reached_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_bytes(GOOD)
    bundles, reading = read(tmp_path, tmp_path / "p.json")
    assert (len(bundles), reading.files) == (1, 1)


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "SUSPECT", 1 << 16)
    (tmp_path / "bomb.ndjson.gz").write_bytes(gzip.compress(b'{"a":1}\n' * 500_000))
    (tmp_path / "bomb.json.gz").write_bytes(gzip.compress(b"[" + b" " * 4_000_000 + b"]"))
    _, reading = read(tmp_path)
    assert ["far more" in problem.sentence for problem in reading.problems] == [True, True]


def test_what_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LARGEST", 1000)
    (tmp_path / "large.json").write_text(json.dumps(patient(), indent=1) + " " * 2000)
    (tmp_path / "long.ndjson").write_bytes(GOOD + b"\n" + GOOD + b" " * 2000)
    bundles, reading = read(tmp_path)
    assert [bundle.person.source for bundle in bundles] == ["Patient/good"]
    assert [Path(problem.file).name for problem in reading.problems] == ["large.json", "long.ndjson"]


def test_many_faults_in_one_file_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_bytes(b'{"resourceType":\n' * (problems.EACH_FILE + 20))
    _, reading = read(tmp_path)
    assert len(reading.problems) == problems.EACH_FILE + 1
    assert reading.problems[-1].sentence.startswith("20 more problems")


def test_one_id_for_two_people_is_never_mixed(tmp_path: Path) -> None:
    other = patient(name=[{"family": "Bell"}], birthDate="1955-11-03")
    condition = {
        "resourceType": "Condition",
        "code": {"text": "Gout"},
        "subject": {"reference": "Patient/p1"},
    }
    write(tmp_path, "a.json", patient())
    write(tmp_path, "b.json", other, condition)
    (bundle,), reading = read(tmp_path)
    assert (bundle.person.name.family, bundle.conditions) == ("Weiss", ())
    assert "two different people" in reading.problems[0].sentence

    (tmp_path / "a.ndjson").write_text(json.dumps(patient("n")) + "\n")
    (tmp_path / "b.ndjson").write_text(json.dumps({**other, "id": "n"}) + "\n")
    bundles, _ = read(tmp_path / "a.ndjson", tmp_path / "b.ndjson")
    assert bundles == []


def test_a_second_file_of_the_same_patient_comes_as_more(tmp_path: Path) -> None:
    condition = {
        "resourceType": "Condition",
        "code": {"text": "Gout"},
        "subject": {"reference": "Patient/p1"},
    }
    write(tmp_path, "a.json", patient())
    write(tmp_path, "b.json", patient(), condition)
    first, second = read(tmp_path)[0]
    assert (first.again, second.again) == (False, True)
    assert digest(first.person) == digest(second.person)
    assert [each.display for each in second.conditions] == ["Gout"]


def test_names_of_files_are_safe_to_show(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m.json").write_bytes(b"{")
    _, reading = read(tmp_path)
    assert "\x1b" not in reading.problems[0].file


def test_progress_goes_up_to_the_end(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []

    def hear(done: int, total: int) -> None:
        heard.append((done, total))

    for _ in read_fhir([FIXTURES], take=take, on_progress=hear).patients():
        pass
    assert heard == sorted(heard)
    assert heard[-1] == (heard[-1][1], sum(path.stat().st_size for path in FIXTURES.rglob("*.*")))


def test_patients_in_bundles_come_before_the_next_file_is_read(tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path, f"{number}.json", patient(f"p{number}"))
    heard: list[int] = []
    reading = read_fhir([tmp_path], take=take, on_progress=lambda done, _: heard.append(done))
    assert next(reading.patients()).person.source == "Patient/p0"
    assert heard == []


def test_a_digest_tells_changed_from_unchanged(tmp_path: Path) -> None:
    one = read(FIXTURES / "transaction.json")[0][0]
    two = read(FIXTURES / "transaction.json")[0][0]
    assert one == two
    assert list(map(digest, one.visits)) == list(map(digest, two.visits))
    text = (FIXTURES / "transaction.json").read_text().replace("Office visit", "Office call")
    (tmp_path / "a.json").write_text(text)
    three = read(tmp_path / "a.json")[0][0]
    changed = [
        old.source for old, new in zip(one.visits, three.visits, strict=True) if digest(old) != digest(new)
    ]
    assert len(changed) == 1
    every = [digest(each) for each in (*one.conditions, *one.visits, *one.stays, *one.measurements)]
    assert len(set(every)) == len(every)

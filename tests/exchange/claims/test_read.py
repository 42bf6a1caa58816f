"""Reading claim files: what is taken of them, and what is said of lines and files that can't be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from cmp_tui.clinic.reference import Reference
from cmp_tui.exchange.claims.book import Book, claims_book
from cmp_tui.exchange.claims.reading import Reading, read_claims
from cmp_tui.exchange.claims.records import Claim, Member
from tests.exchange.claims.files import (
    CARRIER,
    DOCTOR,
    HOSPITAL,
    HOUSE,
    OTHER,
    PEOPLE,
    emergency,
    house,
    institutional,
    office,
    person,
    professional,
    subscriber,
    write_rif,
    x12,
)

TODAY = date(2026, 11, 23)


def book() -> Book:
    return claims_book(Reference())


def read(*paths: Path) -> Reading:
    return read_claims(paths, book().marks, TODAY)


def claims(reading: Reading) -> list[Claim]:
    return [claim for _, settled in reading.people() for claim in settled.kept]


def told(reading: Reading) -> list[tuple[str, int | None, str]]:
    return [(Path(one.file).name, one.line, one.sentence) for one in reading.problems]


# -- RIF


def test_people_and_their_claims(tmp_path: Path) -> None:
    write_rif(tmp_path / "beneficiary.csv", PEOPLE, person(BENE_MDL_NAME="Q"))
    write_rif(tmp_path / "inpatient.csv", HOUSE, house("1", "02-Mar-2026", "06-Mar-2026"))
    write_rif(
        tmp_path / "carrier.csv", CARRIER,
        office("2", "09-Mar-2026"), office("2", "09-Mar-2026", "85025", line="2"), office("3", "10-Mar-2026", "99490"),
    )  # fmt: skip
    reading = read(tmp_path)
    ((member, settled),) = reading.people()
    assert isinstance(member, Member)
    assert member[:9] == (
        "beneficiary/501", "Mooney", "Ida Q", "1947-05-03", "F", "1EG4TE5MK73", "Medicare", "", "",
    )  # fmt: skip
    assert (member.postal_code, reading.lines, sorted(reading.files)) == (
        "60007", 4, ["beneficiary.csv", "carrier.csv", "inpatient.csv"],
    )  # fmt: skip
    stay, visit, care = settled.kept
    assert (stay.id, stay.kind, stay.admitted, stay.discharged, stay.status, stay.facility) == (
        "91", "inpatient", date(2026, 3, 2), date(2026, 3, 6), "01", HOSPITAL,
    )  # fmt: skip
    assert stay.diagnoses == ("I5023", "E1122")
    assert [(line.number, line.code, line.npi) for line in visit.lines] == [("1", "99214", DOCTOR)]
    assert [(line.code, line.day) for line in care.lines] == [("99490", date(2026, 3, 10))]
    assert care.billing == OTHER


def test_commas_quotes_and_a_mark_at_the_beginning(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        '\ufeffBENE_ID,BENE_BIRTH_DT,BENE_SRNM_NAME\n501,19470503,"VAN, DYKE"\n', encoding="utf-8"
    )
    write_rif(tmp_path / "inpatient.csv", HOUSE, house("1", "02-Mar-2026"))
    ((member, _),) = read(tmp_path).people()
    assert isinstance(member, Member)
    assert (member.family, member.birth_date) == ("Van, Dyke", "1947-05-03")


def test_the_latest_year_speaks_and_what_it_does_not_say_stays(tmp_path: Path) -> None:
    write_rif(tmp_path / "a_2026.csv", PEOPLE, person(BENE_SRNM_NAME="MOONEY-REY", MBI_NUM=""))
    write_rif(tmp_path / "b_2024.csv", PEOPLE, person(RFRNC_YR="2024"))
    ((member, _),) = read(tmp_path).people()
    assert isinstance(member, Member)
    assert (member.family, member.mbi) == ("Mooney-Rey", "1EG4TE5MK73")


def test_one_number_for_two_people_is_told_and_theirs_stays_out(tmp_path: Path) -> None:
    write_rif(
        tmp_path / "p.csv", PEOPLE, person(), person(BENE_SRNM_NAME="ADAMS", BENE_BIRTH_DT="01-Jan-1950")
    )
    write_rif(tmp_path / "q.csv", HOUSE, house("1", "02-Mar-2026"))
    reading = read(tmp_path)
    assert claims(reading) == []
    assert [sentence for _, _, sentence in told(reading)] == [
        "One member number stands for two different people here; their claims were left out."
    ]


def test_bad_lines_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    rows = [
        house("1", "02-Mar-2026"), house("2", "not a day"), house("3", "02-Mar-2027"), house("", "02-Mar-2026"),
        house("5", "05-Mar-2026"),
    ]  # fmt: skip
    path = write_rif(tmp_path / "inpatient.csv", HOUSE, *rows)
    with path.open("a", encoding="utf-8") as file:
        file.write("1|2|3\n\n")
    path.write_bytes(path.read_bytes() + b"\xff\xfe|x\n")
    reading = read(path)
    assert [one.id for one in claims(reading)] == ["91", "95"]
    assert told(reading) == [
        (
            "inpatient.csv",
            3,
            "The claim's first day (CLM_FROM_DT) is missing or no date; the claim was left out.",
        ),
        ("inpatient.csv", 4, "The claim's first day (CLM_FROM_DT) is still to come; the claim was left out."),
        ("inpatient.csv", 5, "This line names no claim or no person; it was left out."),
        ("inpatient.csv", 7, f"This line has 3 fields instead of {len(HOUSE)}; it was left out."),
        ("inpatient.csv", 9, f"This line has 2 fields instead of {len(HOUSE)}; it was left out."),
    ]


def test_what_is_not_taken_is_counted_by_name(tmp_path: Path) -> None:
    write_rif(
        tmp_path / "a.csv", HOUSE,
        house("1", "02-Mar-2026", FINAL_ACTION="N"), house("2", "02-Mar-2026", NCH_CLM_TYPE_CD="82"),
        house("3", "02-Mar-2026", NCH_CLM_TYPE_CD="99"), house("4", "02-Mar-2026", PRNCPAL_DGNS_VRSN_CD="9"),
    )  # fmt: skip
    write_rif(
        tmp_path / "b.csv", CARRIER,
        office("5", "02-Mar-2026", CARR_CLM_PMT_DNL_CD="0"), office("6", "02-Mar-2026", LINE_PRCSG_IND_CD="N"),
    )  # fmt: skip
    write_rif(tmp_path / "pde.csv", ("PDE_ID", "BENE_ID"), {"PDE_ID": "1", "BENE_ID": "501"})
    write_rif(tmp_path / "summary.csv", ("BENE_ID", "CLAIMS"), {"BENE_ID": "501", "CLAIMS": "9"})
    (tmp_path / "letter.txt").write_text("Dear colleague")
    (tmp_path / "empty.csv").write_text("")
    reading = read(tmp_path)
    assert [one.id for one in claims(reading)] == ["94", "96"]
    assert reading.left == {
        "claims that a later version stands in for": 1, "diagnoses in ICD-9": 1, "denied claims": 1, "denied lines": 1,
    }  # fmt: skip
    assert reading.not_taken == {
        "equipment": 1, "claims of an unknown kind": 1, "medicines from a pharmacy (PDE)": 1,
    }  # fmt: skip
    assert [Path(one).name for one in reading.others] == ["letter.txt", "summary.csv"]
    assert told(reading) == [("empty.csv", None, "The file is empty.")]


def test_a_packed_file_and_a_path_that_is_not_there_are_told(tmp_path: Path) -> None:
    (tmp_path / "claims.csv.gz").write_bytes(b"\x1f\x8b")
    reading = read(tmp_path, tmp_path / "nowhere")
    assert [sentence for _, _, sentence in told(reading)] == [
        "The path is not there. Check its spelling.", "The file is packed. Unpack it first.",
    ]  # fmt: skip


def test_progress_ends_with_all_bytes(tmp_path: Path) -> None:
    write_rif(tmp_path / "a.csv", HOUSE, *(emergency(str(n), "02-Mar-2026") for n in range(6_000)))
    heard: list[tuple[int, int]] = []
    read_claims([tmp_path], book().marks, TODAY, lambda done, total: heard.append((done, total)))
    assert heard[-1][0] == heard[-1][1] > 0
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)


# -- X12


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_professional_claim(tmp_path: Path) -> None:
    reading = read(write(tmp_path / "a.txt", x12(subscriber(professional("C7", "20260302")))))
    ((member, settled),) = reading.people()
    assert isinstance(member, Member)
    assert member[:8] == (
        "member/1EG4TE5MK73", "Mooney", "Ida", "1947-05-03", "F", "1EG4TE5MK73", "Medicare", "1 Elm St",
    )  # fmt: skip
    (claim,) = settled.kept
    assert (claim.id, claim.kind, claim.start, claim.billing) == (
        f"{OTHER}-C7-20260302", "professional", date(2026, 3, 2), OTHER,
    )  # fmt: skip
    assert claim.diagnoses == ("E119", "I10")
    (line,) = claim.lines
    assert (line.code, line.place, line.npi, line.name) == ("99214", "11", DOCTOR, "Amy Levin")


def test_an_institutional_claim_with_other_signs(tmp_path: Path) -> None:
    text = x12(
        subscriber(institutional("H1", "20260302", "20260306", status="03")), implementation="005010X223A2"
    )
    text = text.replace("~\n", "'").replace("*", "|").replace(":", ">")
    (claim,) = claims(read(write(tmp_path / "a.edi", text)))
    assert (claim.kind, claim.admitted, claim.end, claim.status, claim.facility) == (
        "inpatient", date(2026, 3, 2), date(2026, 3, 6), "03", OTHER,
    )  # fmt: skip


def test_a_patient_who_is_insured_with_someone(tmp_path: Path) -> None:
    dependent = "~\n".join(["HL*3*2*23*0", "PAT*19", "NM1*QC*1*MOONEY*TIM", "DMG*D8*20010101*M"])
    text = x12(subscriber(professional("C1", "20260302"), dependent, professional("C2", "20260303")))
    people = {
        member.source: settled
        for member, settled in read(write(tmp_path / "a", text)).people()
        if isinstance(member, Member)
    }
    assert {source: [claim.id[-11:] for claim in one.kept] for source, one in people.items()} == {
        "member/1EG4TE5MK73": ["C1-20260302"], "member/1EG4TE5MK73/mooney-tim-2001-01-01": ["C2-20260303"],
    }  # fmt: skip


def test_what_another_payer_knows_is_not_the_patient(tmp_path: Path) -> None:
    claim = professional("C1", "20260302").split("~\n")
    other = ["SBR*S*18*******CI", "NM1*IL*1*SOMEONE*ELSE****MI*9", "NM1*82*1*OTHER*DOC****XX*1000000061"]
    text = x12(subscriber("~\n".join([*claim[:3], *other, *claim[3:]])))
    ((member, settled),) = read(write(tmp_path / "a", text)).people()
    assert isinstance(member, Member)
    assert (member.family, settled.kept[0].lines[0].npi) == ("Mooney", DOCTOR)


def test_transactions_of_other_kinds_are_counted(tmp_path: Path) -> None:
    text = x12(subscriber(professional("C1", "20260302"))).replace("ST*837", "ST*835")
    dental = x12(subscriber(professional("C1", "20260302")), implementation="005010X224A2")
    reading = read(write(tmp_path / "a", text), write(tmp_path / "b", dental))
    assert reading.not_taken == {"X12 transactions of another kind (835)": 1, "dental claims (837D)": 1}
    assert reading.files == []


def test_claims_without_a_day_and_broken_files_are_told(tmp_path: Path) -> None:
    text = x12(
        subscriber(professional("C1", "x"), professional("C2", "20270101"), professional("C3", "20260301"))
    )
    cut = x12(subscriber(professional("C4", "20260302"))).partition("SE*")[0]
    reading = read(write(tmp_path / "a", text), write(tmp_path / "b", "ISA*00*"), write(tmp_path / "c", cut))
    assert [claim.id[-11:-9] for claim in claims(reading)] == ["C3", "C4"]
    assert told(reading) == [
        ("a", None, "Segment 13: this claim has no day of service; it was left out."),
        ("a", None, "Segment 19: this claim has a day that is still to come; it was left out."),
        ("b", None, "Its first segment (ISA) is not whole."),
        ("c", None, "The file is cut off: its last segment (IEA) is missing."),
    ]


# -- anything


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "rif", "x12"]), st.integers(0, 900))
def test_nothing_in_a_file_breaks_the_reading(
    tmp_path_factory: object, junk: bytes, kind: str, place: int
) -> None:
    folder = tmp_path_factory.mktemp("junk")  # type: ignore[attr-defined]
    whole = {
        "": b"",
        "rif": write_rif(
            folder / "x", HOUSE, house("1", "02-Mar-2026"), emergency("2", "04-Apr-2026")
        ).read_bytes(),
        "x12": x12(subscriber(professional("C1", "20260302"))).encode(),
    }[kind]
    (folder / "x").write_bytes(whole[:place] + junk + whole[place:])
    reading = read(folder)
    assert all("Mooney" not in one.sentence for one in reading.problems)
    for _, settled in reading.people():
        for claim in settled.kept:
            assert claim.start <= claim.end <= TODAY

"""Claim files for tests, in a few words. Everybody in them is made up."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

Row = dict[str, str]

PEOPLE = (
    "DML_IND", "BENE_ID", "BENE_ZIP_CD", "BENE_BIRTH_DT", "BENE_SEX_IDENT_CD", "BENE_SRNM_NAME", "BENE_GVN_NAME",
    "BENE_MDL_NAME", "MBI_NUM", "DEATH_DT", "RFRNC_YR",
)  # fmt: skip
HOUSE = (
    "DML_IND", "BENE_ID", "CLM_ID", "CLM_GRP_ID", "FINAL_ACTION", "NCH_CLM_TYPE_CD", "CLM_FROM_DT", "CLM_THRU_DT",
    "NCH_WKLY_PROC_DT", "PRVDR_NUM", "CLM_FAC_TYPE_CD", "CLM_SRVC_CLSFCTN_TYPE_CD", "CLM_FREQ_CD", "ORG_NPI_NUM",
    "AT_PHYSN_NPI", "PTNT_DSCHRG_STUS_CD", "CLM_ADMSN_DT", "NCH_BENE_DSCHRG_DT", "PRNCPAL_DGNS_CD",
    "PRNCPAL_DGNS_VRSN_CD", "ICD_DGNS_CD1", "ICD_DGNS_VRSN_CD1", "ICD_DGNS_CD2", "ICD_DGNS_VRSN_CD2", "CLM_LINE_NUM",
    "REV_CNTR", "REV_CNTR_DT", "HCPCS_CD", "RNDRNG_PHYSN_NPI",
)  # fmt: skip
CARRIER = (
    "DML_IND", "BENE_ID", "CLM_ID", "CLM_GRP_ID", "FINAL_ACTION", "NCH_CLM_TYPE_CD", "CLM_FROM_DT", "CLM_THRU_DT",
    "NCH_WKLY_PROC_DT", "CARR_CLM_PMT_DNL_CD", "PRNCPAL_DGNS_CD", "PRNCPAL_DGNS_VRSN_CD", "ICD_DGNS_CD1",
    "ICD_DGNS_VRSN_CD1", "CARR_CLM_BLG_NPI_NUM", "LINE_NUM", "PRF_PHYSN_NPI", "LINE_1ST_EXPNS_DT", "LINE_LAST_EXPNS_DT",
    "HCPCS_CD", "LINE_PLACE_OF_SRVC_CD", "LINE_PRCSG_IND_CD",
)  # fmt: skip

HOSPITAL, FACILITY, DOCTOR, OTHER, OURS = "1000000012", "1000000020", "1000000038", "1000000046", "1000000053"


def write_rif(path: Path, columns: Iterable[str], *rows: Row) -> Path:
    """Writes a file with these columns; what a row does not say is empty."""
    columns = tuple(columns)
    lines = ["|".join(columns), *("|".join(row.get(name, "") for name in columns) for row in rows)]
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def person(key: str = "501", family: str = "MOONEY", given: str = "IDA", **more: str) -> Row:
    """Ida Mooney, born 3 May 1947."""
    return {
        "DML_IND": "INSERT", "BENE_ID": key, "BENE_BIRTH_DT": "03-May-1947", "BENE_SEX_IDENT_CD": "2",
        "BENE_SRNM_NAME": family, "BENE_GVN_NAME": given, "MBI_NUM": "1EG4TE5MK73", "RFRNC_YR": "2026",
        "BENE_ZIP_CD": "60007", **more,
    }  # fmt: skip


def house(claim: str, first: str, last: str = "", key: str = "501", **more: str) -> Row:
    """A hospital's bill of a stay: heart failure, diabetes."""
    return {
        "DML_IND": "INSERT", "BENE_ID": key, "CLM_ID": claim, "CLM_GRP_ID": f"9{claim}", "FINAL_ACTION": "F",
        "NCH_CLM_TYPE_CD": "60", "CLM_FROM_DT": first, "CLM_THRU_DT": last or first, "CLM_ADMSN_DT": first,
        "NCH_BENE_DSCHRG_DT": last or first, "NCH_WKLY_PROC_DT": last or first, "PRVDR_NUM": "140010",
        "CLM_FAC_TYPE_CD": "1", "CLM_SRVC_CLSFCTN_TYPE_CD": "1", "CLM_FREQ_CD": "1", "ORG_NPI_NUM": HOSPITAL,
        "PTNT_DSCHRG_STUS_CD": "01", "PRNCPAL_DGNS_CD": "I5023", "PRNCPAL_DGNS_VRSN_CD": "0", "ICD_DGNS_CD1": "I5023",
        "ICD_DGNS_VRSN_CD1": "0", "ICD_DGNS_CD2": "E1122", "ICD_DGNS_VRSN_CD2": "0", "CLM_LINE_NUM": "1",
        "REV_CNTR": "0120", **more,
    }  # fmt: skip


def emergency(claim: str, day: str, key: str = "501", **more: str) -> Row:
    """A hospital's bill of an emergency visit."""
    own = {
        "NCH_CLM_TYPE_CD": "40", "CLM_ADMSN_DT": "", "NCH_BENE_DSCHRG_DT": "", "CLM_SRVC_CLSFCTN_TYPE_CD": "3",
        "REV_CNTR": "0450", "REV_CNTR_DT": day, "HCPCS_CD": "99284", "PRNCPAL_DGNS_CD": "R0602", "ICD_DGNS_CD1": "",
        "ICD_DGNS_CD2": "",
    }  # fmt: skip
    return house(claim, day, key=key, **{**own, **more})


def office(claim: str, day: str, code: str = "99214", key: str = "501", line: str = "1", **more: str) -> Row:
    """A practitioner's line."""
    return {
        "DML_IND": "INSERT", "BENE_ID": key, "CLM_ID": claim, "CLM_GRP_ID": f"9{claim}", "FINAL_ACTION": "F",
        "NCH_CLM_TYPE_CD": "71", "CLM_FROM_DT": day, "CLM_THRU_DT": day, "NCH_WKLY_PROC_DT": day,
        "CARR_CLM_PMT_DNL_CD": "1", "PRNCPAL_DGNS_CD": "E119", "PRNCPAL_DGNS_VRSN_CD": "0",
        "CARR_CLM_BLG_NPI_NUM": OTHER,
        "LINE_NUM": line, "PRF_PHYSN_NPI": DOCTOR, "LINE_1ST_EXPNS_DT": day, "LINE_LAST_EXPNS_DT": day,
        "HCPCS_CD": code,
        "LINE_PLACE_OF_SRVC_CD": "11", "LINE_PRCSG_IND_CD": "A", **more,
    }  # fmt: skip


def x12(*claims: str, implementation: str = "005010X222A1", end: str = "~\n", sent: str = "20260701") -> str:
    """A whole 837 file around claims (see `subscriber`)."""
    isa = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260701*0800*^*00501*000000001*0*T*:"
    begin = [isa, "GS*HC*S*R*20260701*0800*1*X*" + implementation, f"ST*837*0001*{implementation}"]
    begin += [f"BHT*0019*00*1*{sent}*0800*CH", "HL*1**20*1", f"NM1*85*2*OTHER CLINIC*****XX*{OTHER}"]
    return end.join([*begin, *claims, "SE*9*0001", "GE*1*1", "IEA*1*000000001", ""])


def subscriber(*segments: str, number: str = "1EG4TE5MK73", end: str = "~\n", born: str = "19470503") -> str:
    """A subscriber who is the patient, with claims."""
    who = ["HL*2*1*22*0", "SBR*P*18*******MB", f"NM1*IL*1*MOONEY*IDA****MI*{number}", "N3*1 ELM ST"]
    who += ["N4*ELK GROVE*IL*60007", f"DMG*D8*{born}*F"]
    return end.join([*who, *segments])


def professional(number: str, day: str, code: str = "99214", frequency: str = "1", end: str = "~\n") -> str:
    """A professional claim with one line."""
    parts = [f"CLM*{number}*100***11:B:{frequency}*Y*A*Y*Y", "HI*ABK:E119*ABF:I10"]
    parts += [
        f"NM1*82*1*LEVIN*AMY****XX*{DOCTOR}",
        "LX*1",
        f"SV1*HC:{code}:25*100*UN*1***1",
        f"DTP*472*D8*{day}",
    ]
    return end.join(parts)


def institutional(
    number: str,
    first: str,
    last: str,
    bill: str = "11",
    frequency: str = "1",
    status: str = "01",
    revenue: str = "0120",
) -> str:
    """A hospital's claim with one line."""
    parts = [f"CLM*{number}*900***{bill}:A:{frequency}**A*Y*Y", f"DTP*434*RD8*{first}-{last}"]
    parts += [
        f"DTP*435*DT*{first}0930",
        f"CL1*1*7*{status}",
        "HI*ABK:I5023",
        "LX*1",
        f"SV2*{revenue}**900*UN*1",
    ]
    return "~\n".join(parts)

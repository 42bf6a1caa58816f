"""Encounters: visits, and stays with their admission and discharge."""

from __future__ import annotations

import re
from types import MappingProxyType

from cmp_tui.exchange.fhir.context import Context, Raw
from cmp_tui.exchange.fhir.directory import Directory
from cmp_tui.exchange.fhir.records import Stay, Visit
from cmp_tui.exchange.fhir.refs import NOBODY, Links, Ref
from cmp_tui.exchange.fhir.values import LINE

# HL7 ActCode first, then the words that older Synthea and others write into the class.
STAYS = MappingProxyType(
    {
        "IMP": "inpatient",
        "ACUTE": "inpatient",
        "NONAC": "inpatient",
        "SS": "inpatient",
        "inpatient": "inpatient",
        "OBSENC": "observation",
        "observation": "observation",
        "EMER": "ed",
        "emergency": "ed",
        "snf": "snf",
    }
)
SETTINGS = MappingProxyType(
    {
        "AMB": "office",
        "ambulatory": "office",
        "outpatient": "office",
        "wellness": "office",
        "urgentcare": "office",
        "HH": "home",
        "home": "home",
        "VR": "virtual",
        "virtual": "virtual",
        "hospice": "hospice",
    }
)
NOT_HAPPENED = ("cancelled", "entered-in-error")
SNF = re.compile(r"skilled nursing|\bsnf\b", re.IGNORECASE)
HOSPICE = re.compile(r"\bhospice\b", re.IGNORECASE)
BY_WORDS = (  # for systems that use their own class codes
    (re.compile(r"\bobservation\b", re.IGNORECASE), "observation"),
    (re.compile(r"\binpatient\b", re.IGNORECASE), "inpatient"),
    (re.compile(r"\bemergency\b", re.IGNORECASE), "ed"),
)
VIRTUAL = re.compile(r"tele(?:health|medicine|phone)|\bvideo\b|\bvirtual\b", re.IGNORECASE)
DISPOSITIONS = MappingProxyType(
    {
        "home": "home alt-home",
        "hospital": "hosp other-hcf psy rehab long 2 5 43 62 63 65 66 82 85 88 90 91 93 94",
        "snf": "snf 3 61 83 89",
        "nursing-facility": "4 64 84 92",
        "hospice": "50 51",
        "died": "exp 20 40 41 42",
        "other": "aadvice oth 7 21 70 87 95",
    }
)
GOES_HOME = ("1", "6", "8", "81", "86")  # NUBC discharge status: home, home health, home IV
DISPOSITION_OF = MappingProxyType(
    {code: ours for ours, codes in DISPOSITIONS.items() for code in codes.split()}
)


def encounter(
    context: Context, raw: Raw, source: str, links: Links, directory: Directory
) -> tuple[Visit | Stay, str, str, Ref] | None:
    """A visit or a stay; with it the key of its place, of the encounter it is part of, and of its reason.

    Cancelled ones and mistakes are left out. Those to come are visits with the status "planned".
    """
    status = context.text(raw, "status")
    if status in NOT_HAPPENED:
        context.skip(f"Encounter ({status})")
        return None
    types = context.items(raw, "type")
    words = next((said for item in types if (said := context.words(item))), "")
    kind, setting = _where(context, raw, words)
    start, end = context.period(raw, "period")
    person = _practitioner(context, raw, links)
    practitioner = directory.mention(person) if person.key else ""
    place = links.ref(raw, "serviceProvider", "Organization")
    if not place.key and not place.display:
        for item in context.items(raw, "location")[:1]:
            place = links.ref(item, "location", "Location")
    facility = place.display or directory.place_name(place.key)
    reasons = [said for item in context.items(raw, "reasonCode")[:3] if (said := context.words(item))]
    because = NOBODY
    if not reasons:
        for item in context.items(raw, "reasonReference")[:1]:
            because = links.whom(item, "Condition")
    reason = context.clean("; ".join(reasons), LINE) or because.display
    name = directory.name(practitioner) or person.display
    found: Visit | Stay
    if kind and status != "planned":
        to, disposition = _discharged_to(context, raw)
        found = Stay(
            source, kind, words, status, start, end, practitioner, name, facility, to, disposition, reason
        )
    else:
        found = Visit(
            source, setting or "other", words, status, start, end, practitioner, name, facility, reason
        )
    return found, place.key if not facility else "", links.ref(raw, "partOf", "Encounter").key, because


def _where(context: Context, raw: Raw, words: str) -> tuple[str, str]:
    """(kind of stay or "", setting of a visit or "")."""
    classed = context.part(raw, "class")
    code = context.code(classed)
    kind = STAYS.get(code, "")
    setting = SETTINGS.get(code, "")
    if not kind and not setting:
        said = f"{context.text(classed, 'display')} {words}"
        kind = next((each for pattern, each in BY_WORDS if pattern.search(said)), "")
        if not kind:
            setting = "virtual" if VIRTUAL.search(said) else "other"
    if kind == "inpatient" or setting in ("home", "other"):
        if SNF.search(words) and kind:
            kind = "snf"
        elif HOSPICE.search(words):
            kind, setting = "", "hospice"
    return kind, setting


def _practitioner(context: Context, raw: Raw, links: Links) -> Ref:
    """Who saw the patient: the attending or primary performer, else the first practitioner named."""
    best, best_rank = NOBODY, 9
    for item in context.items(raw, "participant"):
        ref = links.ref(item, "individual", "Practitioner")
        if not ref.key.startswith("Practitioner"):
            continue
        roles = [context.code(role) for role in context.items(item, "type")]
        if "ESC" in roles:
            continue
        rank = 0 if "ATND" in roles else 1 if "PPRF" in roles else 2
        if rank < best_rank:
            best, best_rank = ref, rank
    return best


def _discharged_to(context: Context, raw: Raw) -> tuple[str, str]:
    """(the clinic's code or "", the source's words)."""
    hospitalization = context.part(raw, "hospitalization")
    if not hospitalization:
        return "", ""
    concept = context.part(hospitalization, "dischargeDisposition")
    words = context.words(concept)
    for code in context.codings(concept):
        bare = code.code.lstrip("0")
        if bare in GOES_HOME:
            return "home", words
        if bare in DISPOSITION_OF:
            return DISPOSITION_OF[bare], words
    return "", words

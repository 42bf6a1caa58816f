"""Patient, the people close to them, and who pays."""

from __future__ import annotations

from hashlib import blake2b
from types import MappingProxyType

from cmp_tui.exchange.fhir.context import Context, Raw
from cmp_tui.exchange.fhir.people import NO_NAME, address, identifiers, names, phones
from cmp_tui.exchange.fhir.records import Caregiver, Payer, Person
from cmp_tui.exchange.fhir.refs import Links

SEXES = MappingProxyType({"male": "M", "female": "F", "other": "X", "unknown": "U"})
MBI_SYSTEMS = ("http://hl7.org/fhir/sid/us-mbi", "http://terminology.hl7.org/NamingSystem/cmsMBI")
INTERPRETER = ("http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired",)
INTERPRETER_CODED = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-interpreter-needed"
YES, NO = "373066001", "373067005"  # SNOMED CT qualifiers, as US Core uses them
NOT_A_RECORD_NUMBER = ("SS", "SB", "DL", "PPN", "MC", "MA", "MB", "MCD", "TAX", "JHN", "CZ")
RELATIONSHIPS = MappingProxyType(
    {
        "spouse": "SPS SPOUSE HUSB WIFE",
        "partner": "DOMPART SIGOTHR FMRSPS",
        "child": "CHILD CHLDADOPT CHLDFOST CHLDINLAW NCHILD STPCHLD DAU DAUADOPT DAUC DAUFOST DAUINLAW STPDAU "
        "SON SONADOPT SONC SONFOST SONINLAW STPSON",
        "parent": "PRN PRNINLAW NPRN STPPRN MTH NMTH MTHINLAW STPMTH FTH NFTH FTHINLAW STPFTH",
        "sibling": "SIB SIBINLAW HSIB NSIB STPSIB BRO NBRO HBRO STPBRO BROINLAW SIS NSIS HSIS STPSIS SISINLAW",
        "grandchild": "GRNDCHILD GRNDDAU GRNDSON",
        "friend": "FRND",
        "neighbor": "NBOR",
        "guardian": "GUARD GUADLTM POWATT DPOWATT HPOWATT SPOWATT",
        "paid-caregiver": "CAREGIVER PCA",
    }
)
RELATIONSHIP_OF = MappingProxyType(
    {code: ours for ours, codes in RELATIONSHIPS.items() for code in codes.split()}
)
RELATIONSHIP_WORDS = (
    ("grandchild", ("grand",)),
    ("paid-caregiver", ("aide", "paid", "home health")),
    ("spouse", ("spouse", "wife", "husband")),
    ("partner", ("partner",)),
    ("child", ("daughter", "son", "child")),
    ("parent", ("mother", "father", "parent")),
    ("sibling", ("sister", "brother", "sibling")),
    ("friend", ("friend",)),
    ("neighbor", ("neighbor", "neighbour")),
    ("guardian", ("guardian", "attorney")),
)
# Source of Payment Typology, then HL7 ActCode
PAYER_KINDS = MappingProxyType(
    {"1": "Medicare", "11": "Medicare", "111": "Medicare Advantage", "2": "Medicaid"}
)
COMMERCIAL = ("5", "EHCPOL", "HMO", "PPO", "POS", "HSAPOL", "DENTPRG")


def person(
    context: Context, raw: Raw, source: str, links: Links, practitioners: tuple[str, ...] = ()
) -> tuple[Person, list[tuple[str, str, Raw]]]:
    """The person, and the identifiers that others may use for them. `practitioners`: their primary care."""
    found = identifiers(context, raw)
    every = names(context, raw)
    if not every:
        context.problem(f"{source} has no name; the patient was read without one.", lost=False)
    mrn, mrn_from = _record_number(context, found, source)
    calls, email = phones(context, raw)
    language, language_code = _language(context, raw)
    died = context.moment(raw, "deceasedDateTime")
    return (
        Person(
            source=source,
            mrn=mrn,
            mrn_from=mrn_from,
            name=every[0] if every else NO_NAME,
            other_names=tuple(every[1:]),
            birth_date=context.day(raw, "birthDate"),
            sex=SEXES.get(context.text(raw, "gender"), "U"),
            deceased=bool(died or context.flag(raw, "deceasedBoolean")),
            deceased_on=died.day if died else "",
            phones=calls,
            email=email,
            address=address(context, raw),
            language=language,
            language_code=language_code,
            interpreter=_interpreter(context, raw),
            marital=context.code(context.part(raw, "maritalStatus")),
            mbi=next((_bare(value) for system, value, item in found if _is_mbi(context, system, item)), ""),
            active=context.flag(raw, "active") is not False,
            replaced_by=_replaced_by(context, raw, links),
            practitioners=practitioners,
        ),
        found,
    )


def contacts(context: Context, raw: Raw, source: str) -> list[Caregiver]:
    """The contacts inside a Patient. They have no id, so name and relation make the source."""
    found = []
    for item in context.items(raw, "contact"):
        relation, code = _relation(context, item)
        name = next(iter(names(context, {"name": item.get("name")})), NO_NAME)
        calls, email = phones(context, item)
        if context.ended(item) or not (name != NO_NAME or calls or email):
            continue
        mark = blake2b(f"{name.family}|{name.given}|{relation}".encode(), digest_size=6).hexdigest()
        found.append(Caregiver(f"{source}/contact/{mark}", name, code, relation, calls, email))
    return found


def related_person(context: Context, raw: Raw, source: str) -> Caregiver | None:
    """A RelatedPerson, unless it is no longer one."""
    if context.flag(raw, "active") is False or context.ended(raw):
        context.skip("RelatedPerson (not active)")
        return None
    relation, code = _relation(context, raw)
    calls, email = phones(context, raw)
    name = next(iter(names(context, raw)), NO_NAME)
    return Caregiver(source, name, code, relation, calls, email)


def payer(context: Context, raw: Raw, source: str, links: Links) -> tuple[Payer, str] | None:
    """A Coverage, and the key of the organization that pays if its name isn't known yet."""
    status = context.text(raw, "status")
    if status in ("entered-in-error", "cancelled"):
        context.skip(f"Coverage ({status})")
        return None
    payors = context.items(raw, "payor")
    ref = links.whom(payors[0], "Organization") if payors else None
    name = ref.display if ref else ""
    concept = context.part(raw, "type")
    codes = [code.code for code in context.codings(concept)]
    words = context.words(concept)
    member = context.text(raw, "subscriberId")
    for _, value, _ in identifiers(context, raw):
        member = member or value
    order = raw.get("order")
    start, end = context.period(raw, "period")
    found = Payer(
        source,
        name or ("" if ref and ref.key else words),
        payer_kind(codes, f"{name} {words}"),
        member,
        status,
        order if isinstance(order, int) else 1,
        start.day if start else "",
        end.day if end else "",
    )
    return found, "" if name or not ref else ref.key


def payer_kind(codes: list[str], words: str) -> str:
    """The clinic's payer code. Types of Coverage are seldom coded alike, so the words count too."""
    for code in codes:
        if code in PAYER_KINDS:
            return PAYER_KINDS[code]
        if code in COMMERCIAL:
            return "commercial"
    text = words.casefold()
    if "medicare" in text:
        return "Medicare Advantage" if "advantage" in text or "part c" in text else "Medicare"
    if "medicaid" in text:
        return "Medicaid"
    if "self" in text.replace("-", " ").split() or "no_insurance" in text or "no insurance" in text:
        return "self"
    return "other"


def _record_number(context: Context, found: list[tuple[str, str, Raw]], source: str) -> tuple[str, str]:
    fitting = []
    for _, value, item in found:
        concept = context.part(item, "type")
        code = context.code(concept)
        stated = code == "MR" or context.words(concept).casefold() in ("mrn", "medical record number")
        if not stated and (code in NOT_A_RECORD_NUMBER or _never(context.text(item, "system", 200))):
            continue
        use = context.text(item, "use")
        rank = (not stated, context.ended(item), use == "secondary", use not in ("usual", "official"))
        fitting.append((rank, value))
    if not fitting:
        return source.partition("/")[2], "id"
    rank, value = min(fitting, key=lambda pair: pair[0])
    return value, "identifier" if rank[0] else "MR"


def _never(system: str) -> bool:
    folded = system.casefold()
    return any(word in folded for word in ("ssn", "mbi", "passport", "driver", "2.16.840.1.113883.4.3.")) or (
        folded == "http://hl7.org/fhir/sid/us-medicare"
    )


def _is_mbi(context: Context, system: str, item: Raw) -> bool:
    known = system in MBI_SYSTEMS or context.code(context.part(item, "type")) == "MC"
    return known and not context.ended(item)


def _bare(value: str) -> str:
    return value.replace("-", "").replace(" ", "").upper()


def _language(context: Context, raw: Raw) -> tuple[str, str]:
    spoken = context.items(raw, "communication")
    preferred = [item for item in spoken if context.flag(item, "preferred")]
    for item in preferred or spoken:
        concept = context.part(item, "language")
        if words := context.words(concept):
            return words, context.code(concept)
    return "", ""


def _interpreter(context: Context, raw: Raw) -> bool | None:
    for item in context.items(raw, "extension"):
        if item.get("url") in INTERPRETER:
            return context.flag(item, "valueBoolean")
        if item.get("url") == INTERPRETER_CODED:
            return {YES: True, NO: False}.get(context.code(context.part(item, "valueCoding")))
    return None


def _replaced_by(context: Context, raw: Raw, links: Links) -> str:
    for item in context.items(raw, "link"):
        if item.get("type") == "replaced-by":
            return links.ref(item, "other", "Patient").key
    return ""


def _relation(context: Context, raw: Raw) -> tuple[str, str]:
    """(the source's words, the clinic's code)."""
    words, ours = "", ""
    for concept in context.items(raw, "relationship"):
        codes = context.codings(concept)
        words = words or context.words(concept, codes)
        for code in codes:
            ours = ours or RELATIONSHIP_OF.get(code.code, "")
    heard = words.casefold()
    for code_, sounds in RELATIONSHIP_WORDS:
        if not ours and any(sound in heard for sound in sounds):
            ours = code_
    return words, ours or "other"

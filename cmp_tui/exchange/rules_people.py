"""From what a source says of people to the columns of our tables: patients, phones, who is around them, who treats
them. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from cmp_tui.clinic.partial import latest
from cmp_tui.clinic.text import fold
from cmp_tui.exchange.fhir.records import Attached, Caregiver, Name, Payer, Person, Practitioner, digest
from cmp_tui.exchange.plan import Values
from cmp_tui.exchange.rules_match import other_names
from cmp_tui.exchange.rules_values import LeftOut, Rules, bounded, digest_of
from cmp_tui.patients.rules import fold_names, is_mbi, phone_digits

NO_NAME = "(no name)"
SEEN_WITHIN = timedelta(days=730)
"""Who merely saw a patient belongs to the care team if it was within two years of their latest visit."""
ROLE_WORDS = (
    ("pharmacy", ("pharmac",)),
    ("home-health", ("home health", "home care", "visiting nurse")),
    ("therapist", ("therap", "counsel", "psycholog")),
    ("social-services", ("social",)),
)
PRIMARY_WORDS = ("general practice", "family", "internal medicine", "primary care")


def patient_values(rules: Rules, person: Person, payer: Payer | None) -> Values:
    """The columns of a patient that an import fills."""
    name = person.name
    nickname = next((other.given for other in person.other_names if other.use == "nickname"), "")
    address = person.address
    values: Values = {
        "mrn": person.mrn,
        "family": rules.cut(name.family or name.given or NO_NAME, 120, "family name"),
        "given": rules.cut(name.given if name.family else "", 120, "given name"),
        "preferred": rules.cut(nickname, 120, "preferred name"),
        "other_names": rules.cut(other_names(person), 300, "other names"),
        "birth_date": person.birth_date or None,
        "sex": person.sex,
        "deceased": person.deceased,
        "deceased_on": person.deceased_on or None,
        "language": rules.cut(person.language, 60, "language"),
        "interpreter": person.interpreter,
        "street": rules.cut(", ".join(address.lines), 200, "street"),
        "city": address.city or None,
        "state": address.state or None,
        "postal_code": address.postal_code or None,
        "email": person.email or None,
        "payer": payer.kind if payer else None,
        "mbi": _medicare_number(rules, person, payer),
    }
    values["folded"] = (
        fold_names(values["family"], values["given"], values["preferred"], values["other_names"])
        or values["family"]
    )
    return values


def patient_digest(person: Person, payer: Payer | None) -> str:
    """The digest of all that `patient_values` looks at."""
    return digest(person) + (digest(payer) if payer else "")


def _medicare_number(rules: Rules, person: Person, payer: Payer | None) -> str | None:
    if not person.mbi and payer and payer.kind.startswith("Medicare") and is_mbi(payer.member):
        return payer.member.replace("-", "").replace(" ", "").upper()
    return rules.whole(person.mbi, 20, "Medicare number")


def phone_rows(source: str, person: Person) -> list[Values]:
    """The telephones. A source gives them no id, so the second mobile phone is 'the second mobile phone'."""
    rows: list[Values] = []
    uses: dict[str, int] = {}
    for phone in person.phones:
        uses[phone.use] = number = uses.get(phone.use, 0) + 1
        rows.append(
            {
                "number": phone.number,
                "digits": phone_digits(phone.number),
                "use": phone.use,
                "rank": len(rows) + 1,
                "source": bounded(f"{source}/phone/{phone.use}{'' if number == 1 else f'-{number}'}"),
                "source_digest": digest_of(phone.use, phone.number),
            }
        )
    return rows


def person_values(rules: Rules, record: Caregiver) -> Values | LeftOut:
    """Someone around the patient. Whether we may talk to them is for the clinic to say."""
    name = rules.cut(full_name(record.name), 200, "name") or (record.phones and record.relation)
    if not name:
        return LeftOut("not-taken", "RelatedPerson (without a name)")
    relation = record.relation if record.relationship == "other" else ""
    return {
        "name": name,
        "relationship": record.relationship,
        "phone": record.phones[0].number if record.phones else None,
        "caregiver": record.relationship == "paid-caregiver",
        "remarks": rules.cut(relation, 300, "remarks"),
    }


def belongs(attached: Attached, last: date | None) -> bool:
    """Whether a practitioner belongs to the care team; `last` is the day of the patient's latest visit."""
    if attached.how != "seen":
        return True
    return bool(last and attached.last and latest(attached.last) >= last - SEEN_WITHIN)


def team_values(rules: Rules, attached: Attached, known: Practitioner | None) -> Values | LeftOut:
    """A member of the care team; `known` is what the directory says of them."""
    name = (full_name(known.name) if known else "") or attached.name
    if not name:
        return LeftOut("not-taken", "care team member (without a name)")
    values = practitioner_values(rules, known) if known else {}
    specialty = values.get("specialty")
    values.pop("folded", None)
    return {
        **values,
        "name": rules.cut(name, 200, "name"),
        "specialty": specialty or rules.cut(attached.role, 200, "specialty"),
        "role": _team_role(attached, f"{attached.role} {specialty or ''}".casefold()),
    }


def team_digest(values: Values) -> str:
    """The digest of a team member: of what is stored, since it comes from several places at the source."""
    return digest_of(*(f"{name}={values[name]}" for name in sorted(values)))


def _team_role(attached: Attached, words: str) -> str:
    if attached.how == "primary-care":
        return "primary-care"
    for role, sounds in ROLE_WORDS:
        if any(sound in words for sound in sounds):
            return role
    if not words.strip() or any(word in words for word in PRIMARY_WORDS):
        return "other"
    return "specialist"


def practitioner_values(rules: Rules, record: Practitioner) -> Values:
    """A practitioner of the directory; without a name for who has none."""
    name = rules.cut(full_name(record.name), 200, "name")
    return {
        "name": name,
        "folded": rules.cut(fold(name or ""), 300, "name") or name,
        "npi": rules.whole(record.npi, 10, "NPI"),
        "specialty": rules.cut(record.specialty, 200, "specialty"),
        "organization": rules.cut(record.organization, 200, "organization"),
        "phone": record.phones[0].number if record.phones else None,
    }


def full_name(name: Name) -> str:
    """A name as people say it: 'Dr. Ana Ruiz'."""
    return " ".join(filter(None, (name.prefix, name.given, name.family, name.suffix)))
